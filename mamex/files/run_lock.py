"""One run at a time in an output folder, and nothing left there by runs that were killed.

The lock is the operating system's: it ends with the process that holds it, however that ends. The file that carries it
is deleted when a run ends well; one that was left behind hinders nobody.
"""

from __future__ import annotations

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock, Timeout

from mamex.errors import CheckpointError, MamexError
from mamex.files.bounded_json import read_bounded
from mamex.files.writing import is_left_over

LOCK = ".mamex.lock"


@contextlib.contextmanager
def only_run(folder: Path, option: str, refusal: type[MamexError] = CheckpointError) -> Iterator[None]:
    """Make ``folder`` if need be, hold it for the time of a run, and delete what killed runs left half written there.

    Args:
        folder: where the run writes.
        option: what names the folder on the command line, for the messages.
        refusal: the error to raise.

    Raises:
        MamexError: another run holds it (the message says which), or it can't be made or written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(f"{folder} can't be made ({error.strerror}); choose another {option}.") from error
    lock = FileLock(folder / LOCK, timeout=0)
    try:
        lock.acquire()
    except Timeout as error:
        raise refusal(_held(folder, option)) from error
    except OSError as error:
        raise refusal(f"{folder} can't be written to ({error.strerror}); choose another {option}.") from error
    try:
        with contextlib.suppress(OSError):  # only a courtesy: the disk may be full
            (folder / LOCK).write_text(f"process {os.getpid()} on {socket.gethostname()}\n", encoding="utf-8")
        sweep(folder)
        yield
    finally:
        with contextlib.suppress(OSError):
            (folder / LOCK).unlink()  # while it is held, so that nobody's newer file is deleted
        lock.release()


def check_free(folder: Path, option: str, refusal: type[MamexError] = CheckpointError) -> None:
    """Say at once, and not after minutes of reading, that another run holds a folder.

    Raises:
        MamexError: it does.
    """
    if (folder / LOCK).exists():
        with only_run(folder, option, refusal):
            pass


def check_writable(folder: Path, option: str, refusal: type[MamexError] = CheckpointError) -> None:
    """Say at once, and not after minutes of reading, that a folder can't be written to; leaves nothing behind.

    Raises:
        MamexError: it can't, or another run holds it.
    """
    made = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        with only_run(folder, option, refusal):
            pass
    finally:
        for place in made:
            with contextlib.suppress(OSError):  # another run may have begun there meanwhile
                place.rmdir()


def is_empty(folder: Path, *names: str) -> bool:
    """Whether a folder holds nothing but what killed runs left, and files of these names."""
    return all(path.name in (LOCK, *names) or is_left_over(path) for path in folder.iterdir())


def _held(folder: Path, option: str) -> str:
    try:
        holder = read_bounded(folder / LOCK, 200).decode("utf-8").strip()
    except (OSError, ValueError):
        holder = ""
    who = f"Another run ({holder})" if holder.isprintable() and holder else "Another run"
    return f"{who} is writing to {folder}; wait for its end, or choose another {option}."


def sweep(folder: Path) -> None:
    """Delete what killed runs left half written in a folder, which must belong to one that this process holds."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if is_left_over(path):
            with contextlib.suppress(OSError):
                path.unlink()
