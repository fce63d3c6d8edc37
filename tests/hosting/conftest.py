"""The scripts of assets/hosting are imported as they import one another: by name."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "assets" / "hosting"))
