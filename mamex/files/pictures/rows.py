"""Whether a PNG holds all rows that its header declares; Pillow shows black for those that aren't there."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from mamex.files.pictures.headers import SIGNATURE, HeaderError

_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
#: First column and row of each pass of an interlaced picture, and the steps to the next.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_BLOCK, _PIECE = 1 << 18, 1 << 16


def check_rows(content: bytes) -> None:
    """Unpack the pixels of a PNG, a block at a time and no more than there should be, and count them.

    Of an animation that is the first picture. Damage of any other kind is left to the decoder.

    Raises:
        HeaderError: the pixels end before the last row.
    """
    width, height, bits, colour, _, _, interlaced = struct.unpack_from(">LLBBBBB", content, len(SIGNATURE) + 8)
    missing = _size(width, height, bits * _CHANNELS.get(colour, 0), bool(interlaced))
    unpacker = zlib.decompressobj()
    try:
        for part in _packed(content):
            while part and missing > 0 and not unpacker.eof:
                missing -= len(unpacker.decompress(part, _BLOCK))
                part = unpacker.unconsumed_tail
            if missing <= 0 or unpacker.eof:
                break
        while missing > 0 and not unpacker.eof and (rest := unpacker.decompress(b"", _BLOCK)):
            missing -= len(rest)
    except zlib.error as error:
        raise HeaderError("damaged pixels") from error
    if missing > 0:
        raise HeaderError("cut short")


def _size(width: int, height: int, bits: int, interlaced: bool) -> int:
    """Bytes of all rows, each of which begins with the number of its filter."""
    passes = _PASSES if interlaced else ((0, 0, 1, 1),)
    total = 0
    for left, top, across, down in passes:
        columns, rows = -(-max(0, width - left) // across), -(-max(0, height - top) // down)
        total += rows * (1 + -(-columns * bits // 8)) if columns else 0
    return total


def _packed(content: bytes) -> Iterator[bytes]:
    """The data of the chunks of pixels, in order, in small pieces."""
    place = len(SIGNATURE)
    while place + 8 <= len(content):
        size, kind = struct.unpack_from(">L4s", content, place)
        if kind == b"IDAT":
            end = min(place + 8 + size, len(content))
            for start in range(place + 8, end, _PIECE):  # what is left of one is copied for each block
                yield content[start : min(start + _PIECE, end)]
        elif kind == b"IEND":
            return
        place += size + 12
