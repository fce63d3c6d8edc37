"""Writing files so that a crash never leaves half of one."""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from safetensors import SafetensorError

from mamex.errors import StorageError

#: What marks a file as half written, and ours.
PART = ".part"
#: Versions before that mark left these.
_OLDER = r"training-state\.safetensors\.[a-z0-9_]{8}"
_LEFT_OVER = re.compile(rf"\.(.+\.[a-z0-9_]{{8}}\{PART}|{_OLDER})")


@contextmanager
def storage_errors(name: Path) -> Iterator[None]:
    """Say in a sentence that something can't be written; ``name`` is what to call it.

    Raises:
        StorageError: in the place of what the system, or safetensors, says of a full disk or a read-only folder.
    """
    try:
        yield
    except StorageError:
        raise
    except (OSError, SafetensorError) as error:
        reason = (error.strerror if isinstance(error, OSError) else "") or " ".join(str(error).split())
        raise StorageError(
            f"{name} can't be written ({reason}); make room or give leave there, or choose another folder."
        ) from error


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; what was written there takes its place when the block ends well.

    Raises:
        StorageError: it can't be written: the folder is read-only, the disk is full.
    """
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=PART, dir=path.parent)
        os.close(handle)
        temporary = Path(name)
        try:
            yield temporary
            # mkstemp makes files private to the user; give them the permissions that open() would have given.
            umask = os.umask(0)
            os.umask(umask)
            temporary.chmod(0o666 & ~umask)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def is_left_over(path: Path) -> bool:
    """Whether a file is what ``atomic_path`` leaves when its process is killed; whoever deletes it must know that."""
    if not _LEFT_OVER.fullmatch(path.name):
        return False
    try:
        found = path.lstat()
    except OSError:
        return False
    return stat.S_ISREG(found.st_mode) and (not hasattr(os, "getuid") or found.st_uid == os.getuid())


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text atomically."""
    with atomic_path(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_json(path: Path, value: Any) -> None:
    """Write indented JSON atomically."""
    write_text(path, json.dumps(value, indent=2, ensure_ascii=False) + "\n")


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
