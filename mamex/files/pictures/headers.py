"""What surrounds a picture's pixels in its file, read before the pixels are, and with bounds of its own.

Pillow reads all metadata, as often as the file names them: 64 kB of EXIF, which nobody here asks for, can take 350 MB.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

SIGNATURE = b"\x89PNG\r\n\x1a\n"
#: Of a PNG; programs write one for each 4 or 8 kB of pixels.
MOST_CHUNKS = 100_000
#: Of what tells which side is up, unpacked.
MOST_METADATA = 1_000_000
#: Stretches of a JPEG before its pixels; cameras write about twenty, and one for each 64 kB of a colour profile.
MOST_SEGMENTS = 10_000
#: Times that a JPEG goes over its pixels; programs write a dozen, and each costs as much time as a whole picture.
MOST_SCANS = 100
#: Numbers in a TIFF's directory: one or two for each strip, and a strip has many rows.
MOST_NUMBERS = 200_000
_PROGRESSIVE = (0xC2, 0xC6, 0xCA, 0xCE)
_EXIF, _XMP = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0"
_LAST = b"\xff\xd9"
#: Bytes of what tells how a JPEG's colours are meant, by marker.
_SHORTEST = {0xE0: 14, 0xEE: 12}
#: Lengths of a PNG's transparent colour, by kind of picture.
_TRANSPARENT = {0: (2,), 2: (6,), 3: range(1, 257)}
_END = struct.pack(">L4sL", 0, b"IEND", zlib.crc32(b"IEND"))
_ORIENTATION = 0x0112
_XMP_ORIENTATION = re.compile(rb'tiff:Orientation(?:="|>)([0-9])')
_NEXT_MARKER = re.compile(rb"\xff([\x01-\xcf\xd8-\xfe])")
#: Bytes of one value of each type of a TIFF's directory.
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
_TEXTS = (1, 2, 6, 7)  # read as bytes; all others become a Python number each


class HeaderError(Exception):
    """A header that is damaged, or made to cost much."""


@dataclass(frozen=True)
class Png:
    """A PNG without its metadata.

    Attributes:
        pieces: the file's bytes without the chunks that don't matter to the pixels; an animation is its first picture.
            None if it has no others, so that it may be read as it is.
        info: the metadata that tell which side is up, named as Pillow names them.
    """

    pieces: list[memoryview] | None
    info: dict[str, Any]


@dataclass(frozen=True)
class Jpeg:
    """A JPEG without its metadata.

    Attributes:
        content: the file without the segments that don't matter to the pixels.
        info: the metadata that tell which side is up, named as Pillow names them.
        held: bytes that its decoder holds besides the pixels: those with several scans are decoded at the end.
        cut: whether its end is missing; one was put there, and what is missing before it becomes grey.
    """

    content: bytes
    info: dict[str, Any]
    held: int
    cut: bool


def read_jpeg(content: bytes) -> Jpeg:
    """Take the metadata off, and see what decoding will cost.

    Raises:
        HeaderError: it has no pixels, or goes over them too often.
    """
    kept, info = [content[:2]], {"exif": b"", "xmp": b""}
    frame, frame_marker, scan, end = b"", 0, b"", 2
    for marker, begin, end in _segments(content):
        data = content[begin + 4 : end]
        if marker == 0xE1:
            if data.startswith(_EXIF):
                info["exif"] += data[len(_EXIF) :] if info["exif"] else data
            elif data.startswith(_XMP):
                info["xmp"] = data[len(_XMP) :]
        # Comments, colour profiles, thumbnails and the like; and what is too short to be what it says.
        elif marker not in (0xFE, *range(0xE2, 0xEE), 0xEF) and len(data) >= _SHORTEST.get(marker, 0):
            kept.append(content[begin:end])
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            frame, frame_marker = data, marker
        scan = data if marker == 0xDA else scan
    if len(frame) < 9 or not scan:
        raise HeaderError("no pixels")
    _count_scans(content, end)
    cut = content.find(_LAST, end) < 0
    kept += [content[end:], _LAST if cut else b""]
    several = frame[5] > scan[0] or frame_marker in _PROGRESSIVE
    return Jpeg(b"".join(kept), info, _coefficients(frame) if several else 0, cut)


def _segments(content: bytes) -> Iterator[tuple[int, int, int]]:
    """Marker, begin and end of each segment up to the first that pixels follow."""
    place = 2
    for _ in range(MOST_SEGMENTS):
        begin = content.find(b"\xff", place)
        if begin < 0 or begin + 4 > len(content):
            break
        marker = content[begin + 1]
        if marker in (0x00, 0xFF):
            place = begin + (1 if marker else 2)
            continue
        alone = marker == 0x01 or 0xD0 <= marker <= 0xD9
        place = begin + 2 + (0 if alone else int.from_bytes(content[begin + 2 : begin + 4], "big"))
        yield marker, begin, place
        if marker == 0xDA:
            return
    raise HeaderError("no pixels")


def _count_scans(content: bytes, place: int) -> None:
    """``place``: where the pixels of the first scan begin."""
    for _ in range(MOST_SCANS * 4):  # each brings tables of its own
        found = _NEXT_MARKER.search(content, place)
        if found is None or found[1] == b"\xd9":
            return
        place = found.end() + int.from_bytes(content[found.end() : found.end() + 2], "big")
    raise HeaderError("too many scans")


def _coefficients(frame: bytes) -> int:
    """Bytes of all coefficients of a picture, two for each; the sides are filled up to whole blocks."""
    height, width, count = *struct.unpack(">HH", frame[1:5]), frame[5]
    factors = [divmod(frame[7 + 3 * place], 16) for place in range(count) if 7 + 3 * place < len(frame)]
    across, down = max((h for h, _ in factors), default=1) or 1, max((v for _, v in factors), default=1) or 1
    blocks = -(-width // (8 * across)) * -(-height // (8 * down))
    coefficients: int = sum(blocks * h * v for h, v in factors) * 64 * 2
    return coefficients


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
    if begin == len(SIGNATURE) and whole[place:] == _END:
        return Png(None, info)
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


def check_tiff(content: bytes) -> None:
    """Make sure that the first directory of a TIFF is no larger than its file, and that it has few numbers.

    Raises:
        HeaderError: it is not so, or its numbers are wider than a file of this size has any use for (BigTIFF).
    """
    order = "<" if content.startswith(b"II") else ">"
    numbers = size = 0
    if struct.unpack_from(f"{order}H", content, 2)[0] != 42:
        raise HeaderError("not a TIFF of 32 bits")
    for _, kind, count, _ in _entries(content, order):
        size += count * _SIZES.get(kind, 0)
        numbers += 0 if kind in _TEXTS else count
    if size > len(content) or numbers > MOST_NUMBERS:
        raise HeaderError("a directory larger than the file")


def _entries(content: bytes, order: str) -> Iterator[tuple[int, int, int, bytes]]:
    """Tag, type, number of values, and where they are or the values themselves, of a TIFF's first directory."""
    try:
        (begin,) = struct.unpack_from(f"{order}L", content, 4)
        (count,) = struct.unpack_from(f"{order}H", content, begin)
        for place in range(count):
            yield struct.unpack_from(f"{order}HHL4s", content, begin + 2 + 12 * place)
    except struct.error:
        return  # what was read counts, as for other programs


def orientation(info: Mapping[Any, Any]) -> int:
    """Which side is up, 1 to 8 as EXIF counts (1: as it is stored), from metadata as Pillow names them."""
    exif = info.get("exif") or _from_text(info.get("Raw profile type exif"))
    while exif.startswith(_EXIF):
        exif = exif[len(_EXIF) :]
    order, found = ("<" if exif.startswith(b"II") else ">"), None
    for tag, kind, count, value in _entries(exif, order):
        if tag == _ORIENTATION and count == 1 and kind in (3, 4):
            (found,) = struct.unpack_from(f"{order}{'H' if kind == 3 else 'L'}", value)
    if found is not None:
        return int(found)
    xmp = info.get("XML:com.adobe.xmp") or info.get("xmp") or b""
    match = _XMP_ORIENTATION.search(xmp.encode("utf-8", "replace") if isinstance(xmp, str) else bytes(xmp))
    return int(match[1]) if match else 1


def _from_text(profile: object) -> bytes:
    """EXIF that ImageMagick put into a PNG: three lines, then hexadecimal digits."""
    try:
        return bytes.fromhex("".join(str(profile).split("\n")[3:]))
    except ValueError:
        return b""
