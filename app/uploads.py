"""Where uploads and downloads lie, and that each is deleted within the hour, with the features read from it.

Gradio's own ``delete_cache`` loses count of files once a field was updated, and its task ends for good at the first
error; so the page has a folder of its own and a thread that deletes by age alone.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import tempfile
import threading
import time
from pathlib import Path

from mamex.feature_memory import forget_unused

#: What names the folder; Gradio reads it at each upload.
VARIABLE = "GRADIO_TEMP_DIR"
PREFIX = "mamex-uploads-"
#: Seconds: how often files are looked for, and the age at which they are deleted; together less than an hour.
EVERY, KEPT_FOR = 300, 2700


def own_folder() -> Path:
    """The folder of this process: what ``GRADIO_TEMP_DIR`` names, or a new one that goes when the process ends."""
    given = os.environ.get(VARIABLE)
    if given:
        return Path(given)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    os.environ[VARIABLE] = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def delete_old(folder: Path, age: float = KEPT_FOR) -> None:
    """Delete every file below ``folder`` that was written ``age`` seconds ago or earlier, and folders left empty."""
    now = time.time()
    for path in sorted(folder.rglob("*"), reverse=True):  # what is inside comes before its folder
        with contextlib.suppress(OSError):  # somebody was faster, or it is not empty
            if path.is_dir():
                path.rmdir()
            elif now - path.lstat().st_ctime >= age:
                path.unlink()


def keep_clean() -> None:
    """Delete old uploads from now on, also of pages that were killed, and forget what idle visits remember."""

    def clean() -> None:
        folder = own_folder()
        while True:
            left_behind = Path(tempfile.gettempdir()).glob(f"{PREFIX}*")
            for each in {folder, *left_behind}:
                delete_old(each)
            forget_unused(KEPT_FOR)
            time.sleep(EVERY)

    own_folder()
    threading.Thread(target=clean, daemon=True, name="mamex-uploads").start()
