"""``python -m mamex``: see ``mamex.cli.main``."""

import sys

from mamex.cli.main import run

if __name__ == "__main__":
    sys.exit(run())
