"""Reading whole files of strangers: plain files only, never more than was agreed, and never waiting for one."""

from __future__ import annotations

import hashlib
import io
import os
import stat
from pathlib import Path


class NotPlainError(Exception):
    """What can't be read as a whole file; the message goes after the file's name: "is a folder"."""


def open_plain(path: str | Path, most_bytes: int | None = None) -> io.BufferedReader:
    """Open a plain file that holds something, for reading.

    A pipe or a device would be waited for, or never end, and what /proc shows has no size: none of them is opened.

    Raises:
        FileNotFoundError: there is nothing, also where no file can have such a name.
        NotPlainError: it is something else than a plain file, empty, can't be read, or has more than ``most_bytes``.
    """
    try:
        # Without waiting for whoever should write into a pipe.
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(str(path)) from None
    except ValueError as error:  # NUL, and halves of surrogate pairs
        raise FileNotFoundError(str(path)) from error
    except OSError as error:
        raise NotPlainError(f"can't be opened ({error.strerror})") from error
    fault = _fault(os.fstat(descriptor), most_bytes)
    if fault:
        os.close(descriptor)
        raise NotPlainError(fault)
    return os.fdopen(descriptor, "rb")


def _fault(status: os.stat_result, most_bytes: int | None) -> str:
    if stat.S_ISDIR(status.st_mode):
        return "is a folder"
    if not stat.S_ISREG(status.st_mode):
        return "is not a plain file"
    if status.st_size == 0:
        return "is empty"
    if most_bytes is not None and status.st_size > most_bytes:
        return f"is larger than {most_bytes // 2**20 or 1:,} MB"
    return ""


def read_plain(path: str | Path, most_bytes: int) -> bytes:
    """The bytes of a plain file; of one that grows meanwhile, those that it had.

    Raises:
        FileNotFoundError, NotPlainError: see ``open_plain``.
    """
    with open_plain(path, most_bytes) as stream:
        try:
            return stream.read(os.fstat(stream.fileno()).st_size)
        except OSError as error:
            raise NotPlainError(f"can't be read ({error.strerror})") from error


def hash_plain(path: str | Path, most_bytes: int) -> bytes:
    """SHA-256 of a plain file, without holding it in memory.

    Raises:
        FileNotFoundError, NotPlainError: see ``open_plain``.
    """
    with open_plain(path, most_bytes) as stream:
        return hashlib.file_digest(stream, "sha256").digest()
