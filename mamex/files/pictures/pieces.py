"""A file in several pieces: what lay between them is left out, and nothing is copied."""

from __future__ import annotations

import io
from typing import Any


class Pieces(io.RawIOBase):
    """Bytes in several pieces, read as one file."""

    def __init__(self, pieces: list[memoryview]) -> None:
        super().__init__()
        self._pieces = [piece for piece in pieces if len(piece)]
        self._size = sum(map(len, self._pieces))
        self._place = self._number = self._before = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, base + offset)
        if self._place < self._before:
            self._number = self._before = 0
        return self._place

    def readinto(self, buffer: Any) -> int:
        """What is left of one piece, at most as much as there is room."""
        while self._number < len(self._pieces):
            piece = self._pieces[self._number]
            start = self._place - self._before
            if start < len(piece):
                data = piece[start : start + len(buffer)]
                buffer[: len(data)] = data
                self._place += len(data)
                return len(data)
            self._before += len(piece)
            self._number += 1
        return 0
