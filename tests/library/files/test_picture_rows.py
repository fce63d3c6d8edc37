"""PNG files that end before their last row does are refused, whatever their form; whole ones are opened."""

import struct
import zlib

import pytest
from PIL import Image

from mamex.errors import PictureError
from mamex.files.pictures import rows as picture_rows
from mamex.files.pictures.picture import open_picture
from mamex.files.pictures.rows import check_rows
from tests.library.files.test_pictures_hostile import chunk, file_of


def rows_of(width, height, bits, channels, interlaced, rows):
    """The bytes of a picture's first rows, after its own arithmetic; of all seven pictures if interlaced."""
    if not interlaced:
        return bytes(rows * (1 + (width * bits * channels + 7) // 8))
    data = b""
    for left, top, across, down in zip((0, 4, 0, 2, 0, 1, 0), (0, 0, 4, 0, 2, 0, 1), *PASS_STEPS, strict=True):
        columns = len(range(left, width, across))
        data += b"".join(bytes(1 + (columns * bits * channels + 7) // 8) for _ in range(top, height, down) if columns)
    return data[: len(data) * rows // height]


PASS_STEPS = (8, 8, 4, 4, 2, 2, 1), (8, 8, 8, 4, 4, 2, 2)


def png_of(width, height, bits, colour, interlaced, data, pieces=1):
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, int(interlaced))
    palette = chunk(b"PLTE", bytes(3 * 2**bits)) if colour == 3 else b""
    packed = zlib.compress(data)
    size = -(-len(packed) // pieces)
    parts = b"".join(chunk(b"IDAT", packed[start : start + size]) for start in range(0, len(packed), size))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + palette + parts + chunk(b"IEND", b"")


@pytest.mark.parametrize("interlaced", [False, True])
@pytest.mark.parametrize(
    ("bits", "colour", "channels"),
    [(1, 0, 1), (4, 0, 1), (16, 0, 1), (8, 2, 3), (16, 2, 3), (2, 3, 1), (8, 3, 1), (8, 4, 2), (8, 6, 4), (16, 6, 4)],
)
@pytest.mark.parametrize(("width", "height"), [(1, 1), (3, 5), (9, 13), (300, 200)])
def test_a_png_is_opened_with_all_its_rows_and_refused_with_fewer(bits, colour, channels, interlaced, width, height):
    whole = rows_of(width, height, bits, channels, interlaced, height)
    for pieces in (1, 3):
        assert open_picture(png_of(width, height, bits, colour, interlaced, whole, pieces)).size == (width, height)
    for rows in (height // 3, height - 1):
        with pytest.raises(PictureError, match="save it again"):
            open_picture(
                png_of(
                    width, height, bits, colour, interlaced, rows_of(width, height, bits, channels, interlaced, rows)
                )
            )


def test_the_first_picture_of_an_animated_png_is_counted_alone():
    frames = [Image.new("RGB", (40, 30), (shade, 0, 0)) for shade in (10, 90, 200)]
    animated = file_of(frames[0], save_all=True, append_images=frames[1:])
    assert open_picture(animated).getpixel((39, 29)) == (10, 0, 0)


def test_counting_rows_takes_no_memory_of_note_and_stops_at_the_last_row(monkeypatch):
    unpacked = []

    made = zlib.decompressobj

    class Counted:
        def __init__(self):
            self._inside = made()

        def decompress(self, *arguments):
            data = self._inside.decompress(*arguments)
            unpacked.append(len(data))
            return data

        def __getattr__(self, name):
            return getattr(self._inside, name)

    monkeypatch.setattr(picture_rows.zlib, "decompressobj", Counted)
    check_rows(png_of(100, 100, 8, 0, False, bytes(60_000_000)))
    assert sum(unpacked) <= 300_000
