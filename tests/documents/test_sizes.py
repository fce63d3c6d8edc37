"""Folders and files that one can see at a glance, but for those that the record of the floors names with a reason."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RECORD = (ROOT / "assets" / "decisions" / "floors.md").read_text(encoding="utf-8")
#: Each opens a point of its list.
LARGER_FOLDERS = {name.rstrip("/") for name in re.findall(r"^- `(\S+)/`", RECORD, re.MULTILINE)}
LONGER_FILES = {"mamex/model/paper.py": 350}
MOST_ENTRIES, MOST_LINES = 12, 300
OURS = [path for top in ("app", "mamex", "tests") for path in (ROOT / top, *(ROOT / top).rglob("*"))
        if "__pycache__" not in path.parts]  # fmt: skip


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def test_no_folder_is_a_heap():
    entries = {path: sum(entry.name != "__pycache__" for entry in path.iterdir()) for path in OURS if path.is_dir()}
    larger = {name_of(path) for path, count in entries.items() if count > MOST_ENTRIES}
    assert larger - LARGER_FOLDERS == set()


def test_no_file_is_a_scroll():
    lines = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in OURS if path.suffix == ".py"}
    assert {name: count for name, count in lines.items() if count > LONGER_FILES.get(name, MOST_LINES)} == {}
