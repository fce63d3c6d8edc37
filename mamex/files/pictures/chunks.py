"""A PNG without what surrounds its pixels: texts and profiles, which may be damaged, or made to fill the memory."""

from __future__ import annotations

import io
import struct
import zlib
from dataclasses import dataclass
from typing import Any

from mamex.files.pictures.headers import HeaderError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Programs write one for each 4 or 8 kB of pixels.
MOST_CHUNKS = 100_000
#: Of what tells which side is up, unpacked.
MOST_METADATA = 1_000_000
#: Lengths of a transparent colour, by kind of picture.
_TRANSPARENT = {0: (2,), 2: (6,), 3: range(1, 257)}
_END = struct.pack(">L4sL", 0, b"IEND", zlib.crc32(b"IEND"))


@dataclass(frozen=True)
class Png:
    """A PNG without its metadata.

    Attributes:
        pieces: the file's bytes without the chunks that don't matter to the pixels; an animation is its first picture.
        info: the metadata that tell which side is up, named as Pillow names them.
    """

    pieces: list[memoryview]
    info: dict[str, Any]


def read_png(content: bytes) -> Png:
    """Take the metadata off, without copying the pixels.

    Raises:
        HeaderError: it has no header, or too many chunks.
    """
    whole, place, colour = memoryview(content), len(SIGNATURE), -1
    pieces, begin = [whole[:place]], place
    info: dict[str, Any] = {}
    for _ in range(MOST_CHUNKS):
        if place + 8 > len(content):
            break
        size, kind = struct.unpack_from(">L4s", content, place)
        end, data = place + 12 + size, whole[place + 8 : place + 8 + size]
        if kind == b"IHDR" and size == 13:
            colour = data[9]
        if kind == b"IEND":
            break
        if not _matters(kind, size, colour):
            _read_metadata(kind, data, info)
            pieces.append(whole[begin:place])
            begin = end
        place = end
    else:
        raise HeaderError("too many chunks")
    if colour < 0:
        raise HeaderError("no header")
    # What is cut short stays so; its rows are counted.
    return Png([*pieces, whole[begin:place], memoryview(_END if place <= len(content) else b"")], info)


def _matters(kind: bytes, size: int, colour: int) -> bool:
    if kind == b"tRNS":
        return size in _TRANSPARENT.get(colour, ())
    if kind == b"PLTE":
        return colour == 3 or (size % 3 == 0 and 0 < size <= 768)
    return kind in (b"IHDR", b"IDAT")


def _read_metadata(kind: bytes, data: memoryview, info: dict[str, Any]) -> None:
    """Keep what tells which side is up; the first of each, and nothing that can't be read."""
    if kind == b"eXIf":
        info.setdefault("exif", bytes(data[:MOST_METADATA]))
    elif kind == b"zTXt" and bytes(data[:22]) == b"Raw profile type exif\0":
        info.setdefault("Raw profile type exif", _unpacked(data[23:]).decode("latin-1"))
    elif kind == b"iTXt" and bytes(data[:18]) == b"XML:com.adobe.xmp\0":
        packed, text = bytes(data[18:19]) == b"\1", bytes(data[20 : 20 + MOST_METADATA]).split(b"\0", 2)[-1]
        info.setdefault("xmp", _unpacked(text) if packed else text)


def _unpacked(data: bytes | memoryview) -> bytes:
    try:
        return zlib.decompressobj().decompress(data, MOST_METADATA)
    except zlib.error:
        return b""


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
