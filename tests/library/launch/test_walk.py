"""The way of one launch through the library stays short: how many files it passes, and how often each is entered."""

import sys
from collections import Counter
from pathlib import Path

import pytest
from PIL import Image

import mamex
from mamex.launch.launcher import Launcher

LIBRARY = str(Path(mamex.__file__).parent)
#: Reading a stranger's file passes three more: that it is a plain one, what its headers declare, and that all its rows
#: are there.
MOST_FILES, MOST_FILES_FROM_DISK, MOST_ENTRIES = 10, 13, 2


def entries(work) -> Counter[str]:
    """File of the library -> how often it is entered from another one."""
    found: Counter[str] = Counter()
    stack: list[str | None] = []

    def watch(frame, event, _):
        if event == "call":
            name = frame.f_code.co_filename
            ours = name if name.startswith(LIBRARY) else None
            inside = next((outer for outer in reversed(stack) if outer), None)
            if ours and ours != inside:
                found[ours.removeprefix(LIBRARY)] += 1
            stack.append(ours)
        elif event == "return" and stack:
            stack.pop()

    sys.setprofile(watch)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


@pytest.fixture(scope="module")
def launcher(tiny_checkpoint):
    loaded = Launcher.load(tiny_checkpoint)
    loaded.launch(image=Image.new("RGB", (64, 64)), text="Warm up")
    return loaded


@pytest.mark.parametrize("text", ["Navy wool coat", None])
def test_a_launch_passes_few_files_and_none_again_and_again(launcher, text):
    picture = Image.new("RGB", (64, 64), "navy")
    found = entries(lambda: launcher.launch(image=picture, text=text))
    assert len(found) <= MOST_FILES, found
    assert max(found.values()) <= MOST_ENTRIES, found
    assert {"/launch/launcher.py", "/model/paper.py", "/retrieval/catalogue.py"} <= set(found)


def test_a_picture_from_the_disk_is_read_named_and_opened_once(launcher, tmp_path):
    path = tmp_path / "coat.png"
    Image.new("RGB", (64, 64), "navy").save(path)
    found = entries(lambda: launcher.launch(image=path, text="Navy wool coat"))
    assert len(found) <= MOST_FILES_FROM_DISK, found
    assert max(found.values()) <= MOST_ENTRIES, found
    assert found["/files/plain_files.py"] == 1
