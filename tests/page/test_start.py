"""What the page does before it takes its port: next to nothing, so that who comes early sees that it is starting."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_nothing_heavy_is_imported_before_the_port_is_taken():
    code = (
        "import app.main, app.server, app.state.own_shop, sys\n"
        "print([name for name in ('torch', 'gradio', 'pandas', 'open_clip') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "[]\n"
