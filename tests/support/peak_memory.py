"""How much memory a piece of code takes at its peak, seen from a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_BEGINNING = """
import sys
from pathlib import Path
from mamex.errors import MamexError

def status(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name)) / 1000

path = Path(sys.argv[1])
"""
_MIDDLE = """
Path("/proc/self/clear_refs").write_text("5")  # the peak is counted from here
before, said = status("VmRSS"), ""
try:
"""
_END = """
except MamexError as error:
    said = str(error)
print(round(status("VmHWM") - before), said)
"""


def peak_memory(first: str, measured: str, path: Path, seconds: float = 120) -> tuple[int, str]:
    """Run ``first`` (imports and a small case), then ``measured``; both know ``path``.

    Returns:
        MB at the peak of ``measured`` over what there was before it, and the sentence that it refused with, or "".
    """
    measured = "\n".join(f"    {line}" for line in measured.splitlines())
    code = f"{_BEGINNING}\n{first}\n{_MIDDLE}\n{measured}\n{_END}"
    command = [sys.executable, "-c", code, str(path)]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, cwd=root, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    megabytes, _, sentence = done.stdout.partition(" ")
    return int(megabytes), sentence.strip()
