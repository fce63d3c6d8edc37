"""The one folder of this process for all that passes through the page, and how it is emptied.

Uploads, downloads, unpacked batches, visitors' shops and copies of examples lie in rooms of a folder that this process
made: with a marker that it holds locked, owned by its user, readable by nobody else. Only such folders are ever swept:
nothing that was there before, nothing of another user, and nothing behind a link.
"""

from __future__ import annotations

import atexit
import contextlib
import logging
import os
import shutil
import stat
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock, Timeout

from app.state.expiry import EVERY, KEPT_FOR
from mamex.errors import MamexError

#: Names the folder in which ours is made; Gradio reads it too, when it is imported and at each upload.
VARIABLE = "GRADIO_TEMP_DIR"
#: Where Gradio would look for examples that it made before, beside the uploads.
EXAMPLES_VARIABLE = "GRADIO_EXAMPLES_CACHE"
PREFIX, MARKER = "mamex-page-", ".mamex-page"
#: Rooms that are emptied by age. Shops end with their visitor's hour, and examples with the page.
PASSING = ("uploads", "batches")
#: Seconds in which a process that has just made a folder locks it, or writes into it.
_NEWBORN = 60
#: What a file takes from the budget at least: a flood of empty ones fills a disk too.
_LEAST_BYTES = 4096
#: How often a folder is taken away at the end, until it is gone.
_TRIES = 20
_OWNER = os.getuid() if hasattr(os, "getuid") else 0
_log = logging.getLogger("mamex.app")
_most_bytes = 2**31
_made: tuple[Path, FileLock] | None = None


class ScratchError(MamexError):
    """The folder for passing files can't be made."""


def prepare() -> Path:
    """This process's folder, made at the first call; from then on Gradio puts uploads into it.

    Raises:
        ScratchError: it can't be made where ``GRADIO_TEMP_DIR`` or the system says.
    """
    global _made
    if _made is None:
        base = Path(os.environ.get(VARIABLE) or tempfile.gettempdir())
        try:
            base.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=base)).resolve()
            lock = FileLock(folder / MARKER)
            lock.acquire(blocking=False)
        except OSError as error:
            raise ScratchError(
                f"Uploads need a folder, and none can be made in {base} ({error.strerror or error}); set {VARIABLE} to "
                "a folder that can be written to."
            ) from error
        _made = folder, lock
        atexit.register(_remove, os.getpid())
        os.environ[VARIABLE] = str(room("uploads"))
        os.environ[EXAMPLES_VARIABLE] = str(folder / "gradio-examples")
    return _made[0]


def room(name: str) -> Path:
    """A folder within this process's own; it is made if it isn't there."""
    place = prepare() / name
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def new_folder(name: str) -> Path:
    """A new folder, with a name that nobody can guess, within a room."""
    return Path(tempfile.mkdtemp(dir=room(name)))


def is_upload(path: str) -> bool:
    """Whether a path that a visitor sent is a file that was uploaded to this page, or made by it for download."""
    try:
        real = Path(os.path.realpath(path))
        return real.is_relative_to(room("uploads")) and stat.S_ISREG(real.lstat().st_mode)
    except (OSError, ValueError):  # no such file, a name that no file can have
        return False


def used_bytes() -> int:
    """How much lies in this process's folder."""
    used = 0
    for parent, _, names in os.walk(prepare()):
        for name in names:
            with contextlib.suppress(OSError):  # deleted meanwhile
                used += max(os.lstat(Path(parent, name)).st_size, _LEAST_BYTES)
    return used


def limit_disk(megabytes: int) -> None:
    """Say how much may lie in this process's folder."""
    global _most_bytes
    _most_bytes = megabytes * 2**20


def megabytes_left() -> int:
    """How much more may lie there."""
    return max(_most_bytes - used_bytes(), 0) // 2**20


class Sweeper:
    """Deletes files of rooms by age, by two clocks: a clock that was set back must not let an upload stay."""

    def __init__(self) -> None:
        self._first_seen: dict[Path, float] = {}

    def delete_old(self, folder: Path, age: float = KEPT_FOR) -> None:
        """Delete our own files below a room that are ``age`` seconds old, and folders left empty; no links."""
        seen: dict[Path, float] = {}
        for parent, names, files in os.walk(folder, topdown=False):  # what is inside comes before its folder
            for name in files:
                path = Path(parent, name)
                with contextlib.suppress(OSError):  # somebody was faster
                    status = path.lstat()
                    if not stat.S_ISREG(status.st_mode) or status.st_uid != _OWNER:
                        continue
                    first = self._first_seen.get(path, time.monotonic())
                    if max(time.time() - status.st_ctime, time.monotonic() - first) >= age:
                        path.unlink()
                    else:
                        seen[path] = first
            for name in names:
                with contextlib.suppress(OSError):  # not empty, or a link
                    if time.time() - Path(parent, name).lstat().st_ctime >= _NEWBORN:
                        Path(parent, name).rmdir()
        self._first_seen = {path: first for path, first in self._first_seen.items() if folder not in path.parents}
        self._first_seen |= seen


def sweep_left_behind() -> None:
    """Delete what processes left behind that were killed before they could."""
    own = prepare()
    for folder in own.parent.glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # gone meanwhile
            if folder != own and _is_left_behind(folder):
                shutil.rmtree(folder, ignore_errors=True)


def _is_left_behind(folder: Path) -> bool:
    """Whether it was made here, by this user, for a process that runs no more."""
    marker = folder / MARKER
    for path, is_kind in ((folder, stat.S_ISDIR), (marker, stat.S_ISREG)):
        status = path.lstat()
        if not is_kind(status.st_mode) or status.st_uid != _OWNER:
            return False
    if time.time() - marker.lstat().st_ctime < _NEWBORN:
        return False
    try:
        with FileLock(marker, blocking=False):
            return True
    except Timeout:
        return False


def keep_clean(forget: Callable[[], None]) -> None:
    """Delete what is old from now on, also of pages that were killed, and forget what idle visits remember.

    Args:
        forget: called each time as well; forgets the visits themselves.
    """
    sweeper = Sweeper()

    def clean() -> None:
        from mamex.encoders.memory import forget_unused  # with torch, which a page that has just started does not need

        while True:
            try:
                sweep_left_behind()
                for name in PASSING:
                    sweeper.delete_old(room(name))
                forget_unused(KEPT_FOR)
                forget()
            except Exception:  # whatever happens, the next look must come
                _log.exception("Old uploads could not be looked through")
            time.sleep(EVERY)

    prepare()
    threading.Thread(target=clean, daemon=True, name="mamex-scratch").start()


def _remove(process: int) -> None:
    """Take the folder away when its process ends; a forked child's end is not it."""
    if _made is not None and process == os.getpid():
        for _ in range(_TRIES):  # a training that ends with the process may still be writing
            shutil.rmtree(_made[0], ignore_errors=True)
            if not _made[0].exists():
                break
            time.sleep(0.1)
        _made[1].release(force=True)
