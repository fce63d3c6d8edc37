"""Which pictures are the same, whatever their files are called."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path

import numpy as np

from mamex.files.pictures.picture import MAX_MEGABYTES
from mamex.files.plain_files import NotPlainError, hash_plain, open_plain

#: Read of each file that has another's size: most of them differ in their last bytes, and need not be read whole.
_TAIL = 4096


def same_pictures(paths: Sequence[Path | None]) -> np.ndarray:
    """Number the pictures by their content.

    Files are told apart by their sizes, then by their ends; only those that are alike in both are read whole.

    Returns:
        (n,) int64: equal where two pictures are the same, in the order of their first places; -1 where there is none.
    """
    files = list(dict.fromkeys(path for path in paths if path is not None))
    groups: Iterable[list[Path]] = [files]
    for trait in (_size, _tail, _hash):
        groups = [part for group in groups for part in _parted(group, trait)]
    first = {path: group[0] for group in groups for path in group}
    numbers: dict[Path, int] = {}
    return np.array(
        [-1 if path is None else numbers.setdefault(first[path], len(numbers)) for path in paths], dtype=np.int64
    )


def _parted(group: list[Path], trait: Callable[[Path], Hashable]) -> list[list[Path]]:
    """By a trait; a file that can't be read is like no other."""
    if len(group) < 2:
        return [group]
    parts: dict[Hashable, list[Path]] = defaultdict(list)
    for path in group:
        try:
            parts[trait(path)].append(path)
        except (OSError, NotPlainError):
            parts[path].append(path)
    return list(parts.values())


def _size(path: Path) -> int:
    return path.stat().st_size


def _tail(path: Path) -> bytes:
    with open_plain(path, MAX_MEGABYTES * 2**20) as stream:
        stream.seek(max(0, os.fstat(stream.fileno()).st_size - _TAIL))
        return hashlib.sha256(stream.read(_TAIL)).digest()


def _hash(path: Path) -> bytes:
    return hash_plain(path, MAX_MEGABYTES * 2**20)
