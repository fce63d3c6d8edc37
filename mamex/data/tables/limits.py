"""How large the tables of a dataset may be, and how much memory this machine has for them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

_BLOCK = 1 << 22
#: Bytes that one field takes while a table is read, its text included (measured on tables of millions of rows).
_FIELD = 64
#: What may end a field or a line, and of each byte whether it does.
_ENDS = (b"\n", b",", b";", b"\t", b"|", b"\r")
_IS_END = np.isin(np.arange(256), np.frombuffer(b"".join(_ENDS), dtype=np.uint8))
#: What a container may use; there is no such file outside of one.
_CONTAINER = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class DatasetLimits:
    """What is read of one table at most; each is looked at before the work that it bounds.

    Attributes:
        memory_megabytes: what reading the table may take.
        megabytes: its size, unpacked.
        rows: its records, without the header.
        columns: of its header.
        characters: of one field.
    """

    memory_megabytes: int
    megabytes: int = 8192
    rows: int = 200_000_000
    columns: int = 1000
    characters: int = 1_000_000

    @classmethod
    def of_this_machine(cls) -> DatasetLimits:
        """As much as half of its memory can hold."""
        return cls(memory_megabytes=machine_memory() // 2 // 2**20)

    def shortage(self, data: bytes) -> str:
        """Why a table can't be read, "" if it can; ``data`` is its text in UTF-8."""
        if len(data) > self.megabytes * 2**20:
            return f"is larger than {self.megabytes:,} MB unpacked; split it, or leave rows out"
        if _has_stretch(data, 4 * self.characters):
            return f"has a field of more than {self.characters:,} characters; shorten it"
        # Without quotation marks it is parsed by a faster program that copies less.
        copies = (3 if data.isascii() else 6) + (4 if b'"' in data else 0)
        needed = len(data) * copies + _FIELD * sum(int(np.count_nonzero(_IS_END[block])) for _, block in _blocks(data))
        if needed > self.memory_megabytes * 2**20:
            return (
                f"takes about {needed // 2**20:,} MB of memory to read, and {self.memory_megabytes:,} MB may be used; "
                "leave rows or columns out, or use a machine with more memory"
            )
        return ""


def _has_stretch(data: bytes, length: int) -> bool:
    """Whether there is a stretch of more bytes than that without an end of a field or a line."""
    step = max(1, length // 2)
    windows = range(0, len(data), step)
    # Where each half of that length has an end, no two ends are so far apart.
    if all(any(data.find(end, start, start + step) >= 0 for end in _ENDS) for start in windows[:-1]):
        return False
    longest = last = 0
    for start, block in _blocks(data):
        ends = np.flatnonzero(_IS_END[block]) + start
        if len(ends):
            longest = max(longest, int(ends[0]) - last, int(np.diff(ends).max(initial=0)))
            last = int(ends[-1])
    return max(longest, len(data) - last) > length


def _blocks(data: bytes) -> Iterator[tuple[int, np.ndarray]]:
    """Where each block of bytes begins, and its bytes."""
    for start in range(0, len(data), _BLOCK):
        yield start, np.frombuffer(data, dtype=np.uint8, count=min(_BLOCK, len(data) - start), offset=start)


def machine_memory() -> int:
    """Bytes that this machine has, or the container that the program runs in."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") if hasattr(os, "sysconf") else 8 * 2**30
    with suppress(OSError, ValueError):  # no container, or "max": all that there is
        memory = min(memory, int(_CONTAINER.read_text(encoding="ascii")))
    return memory
