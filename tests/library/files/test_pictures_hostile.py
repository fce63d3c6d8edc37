"""Pictures made to harm: each is opened within bounds, or refused in one sentence; ordinary ones come out as before."""

import io
import os
import struct
import threading
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from mamex.errors import PictureError
from mamex.files.pictures import picture as pictures
from mamex.files.pictures.picture import LONGEST_SIDE, open_picture
from tests.support.peak_memory import peak_memory

FIRST = """
from mamex.files.pictures.picture import open_picture
import io
from PIL import Image
small = io.BytesIO()
Image.new("RGB", (9, 9)).save(small, "PNG")
open_picture(small.getvalue())
"""


def file_of(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **options)
    return stream.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height, depth, colour, row: bytes, extra: bytes = b"") -> bytes:
    """Every row is the same, so that a large picture makes a small file."""
    packed = zlib.compressobj(6)
    pixels = b"".join([*(packed.compress(b"\0" + row) for _ in range(height)), packed.flush()])
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def directory(entries, after: bytes = b"") -> bytes:
    """A TIFF, or EXIF, of entries (tag, type, number of values, value)."""
    packed = b"".join(struct.pack("<HHLL", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<LH", 8, len(entries)) + packed + b"\0\0\0\0" + after


def greedy(size: int) -> bytes:
    """EXIF whose 5,000 entries all name the same bytes."""
    return directory([(1000 + tag, 7, size, 0) for tag in range(5000)], b"x" * size)


def with_segment(jpeg: bytes, marker: int, data: bytes) -> bytes:
    return jpeg[:2] + struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data + jpeg[2:]


PLAIN = Image.new("RGB", (64, 64), (9, 80, 200))
#: name -> the file; each cost from 300 MB to all there is, or minutes.
BOMBS = {
    "16 bit": lambda: png(8000, 8000, 16, 0, b"\x12\x34" * 8000),
    "colour": lambda: png(8000, 8000, 8, 2, b"abc" * 8000),
    "transparent": lambda: png(7300, 7300, 8, 6, b"abcd" * 7300),
    "16 bit transparent": lambda: png(7300, 7300, 16, 6, b"abcdefgh" * 7300),
    "palette": lambda: png(8000, 8000, 8, 3, b"\1" * 8000, chunk(b"PLTE", bytes(6)) + chunk(b"tRNS", b"\1\2")),
    "EXIF in a PNG": lambda: png(8, 8, 8, 0, bytes(8), chunk(b"eXIf", greedy(200_000))),
    "EXIF in a WebP": lambda: file_of(PLAIN, "WEBP", exif=greedy(200_000)),
    "EXIF in a JPEG": lambda: with_segment(file_of(PLAIN, "JPEG"), 0xE1, b"Exif\0\0" + greedy(100_000)[:65_000]),
    "MPF in a JPEG": lambda: with_segment(file_of(PLAIN, "JPEG"), 0xE2, b"MPF\0" + greedy(100_000)[:65_000]),
    "progressive": lambda: file_of(Image.new("RGB", (8000, 8000)), "JPEG", progressive=True, subsampling=0),
    "WebP": lambda: file_of(Image.new("RGB", (8000, 8000)), "WEBP", method=0),
    "float TIFF": lambda: file_of(Image.new("F", (6000, 6000), 3.0), "TIFF", compression="tiff_adobe_deflate"),
    "tags of a TIFF": lambda: directory([(1000 + tag, 7, 10**6, 0) for tag in range(5000)], bytes(10**6)),
    "a tile of a TIFF": lambda: directory(
        [(256, 4, 1, 9), (257, 4, 1, 9), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1), (277, 3, 1, 1),
         (322, 4, 1, 40_000), (323, 4, 1, 40_000), (324, 4, 1, 200), (325, 4, 1, 10**6)],
        zlib.compress(bytes(1000), 9) * 1000,
    ),
    "run lengths of a BMP": lambda: (
        b"BM" + struct.pack("<LHHL", 0, 0, 0, 1078)
        + struct.pack("<LllHHLLllLL", 40, 64_000_000, 1, 1, 8, 1, 0, 0, 0, 256, 0)
        + bytes(1024) + b"\0\2\xff\xff" * 100
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_no_picture_takes_more_than_300_mb(name, tmp_path):
    path = tmp_path / "bomb"
    path.write_bytes(BOMBS[name]())
    megabytes, sentence = peak_memory(FIRST, "open_picture(path)", path)
    assert megabytes < 310
    assert not sentence or sentence.startswith("bomb ")


def test_no_more_than_two_are_decoded_at_the_same_time(tmp_path):
    path = tmp_path / "large.png"
    path.write_bytes(png(7000, 7000, 8, 2, b"abc" * 7000))
    four = """
from concurrent.futures import ThreadPoolExecutor
with ThreadPoolExecutor(4) as pool:
    list(pool.map(open_picture, [path] * 4))
"""
    megabytes, sentence = peak_memory(FIRST, four.strip(), path)
    assert not sentence
    assert megabytes < 600


#: What each format can hold.
MODES = {
    "PNG": ("RGB", "L", "P", "RGBA", "I;16"),
    "TIFF": ("RGB", "L", "P", "RGBA", "I;16", "F"),
    "BMP": ("RGB", "L", "P", "RGBA"),
    "GIF": ("L", "P"),
    "JPEG": ("RGB", "L"),
    "WEBP": ("RGB", "RGBA"),
}


@pytest.mark.parametrize(("kind", "mode"), [(kind, mode) for kind in MODES for mode in MODES[kind]])
def test_pictures_up_to_the_bound_keep_every_pixel_and_larger_ones_their_looks(kind, mode, monkeypatch):
    ramp = np.linspace(0, 255, 600).astype(np.uint8).reshape(1, 600).repeat(500, axis=0)
    picture = Image.fromarray(ramp)
    if mode == "I;16":
        picture = Image.fromarray(ramp.astype(np.uint16) * 257)
    elif mode != "L":
        picture = picture.convert(mode)
    content = file_of(picture, kind)
    whole = open_picture(content)
    assert whole.size == (600, 500)
    assert np.abs(np.asarray(whole)[:, :, 0].astype(int) - ramp).max() <= (4 if kind in ("JPEG", "WEBP") else 1)
    monkeypatch.setattr(pictures, "LONGEST_SIDE", 200)
    small = open_picture(content)
    assert max(small.size) <= 200
    expected = whole.resize(small.size, Image.Resampling.BOX)
    assert np.abs(np.asarray(small).astype(int) - np.asarray(expected).astype(int)).max() <= 8


def test_a_side_as_long_as_the_bound_is_left_alone_and_one_pixel_more_is_halved():
    assert open_picture(file_of(Image.new("L", (LONGEST_SIDE, 3)))).size == (LONGEST_SIDE, 3)
    assert open_picture(file_of(Image.new("L", (LONGEST_SIDE + 1, 3)))).size == (LONGEST_SIDE // 2 + 1, 2)
    assert open_picture(file_of(Image.new("L", (3, LONGEST_SIDE + 1)), "JPEG")).size == (2, LONGEST_SIDE // 2 + 1)


def test_a_large_picture_is_turned_upright_too():
    exif = Image.Exif()
    exif[0x0112] = 6
    picture = Image.new("RGB", (LONGEST_SIDE * 2, LONGEST_SIDE))
    picture.paste((255, 0, 0), (0, 0, LONGEST_SIDE // 2, LONGEST_SIDE // 2))
    for kind in ("JPEG", "PNG", "WEBP", "TIFF"):
        seen = open_picture(file_of(picture, kind, exif=exif))
        assert seen.size == (LONGEST_SIDE // 2, LONGEST_SIDE)
        assert seen.getpixel((seen.width - 9, 9))[0] > 200


def test_the_side_that_is_up_may_be_told_by_xmp():
    xmp = b'http://ns.adobe.com/xap/1.0/\0<x tiff:Orientation="6"/>'
    picture = Image.new("RGB", (8, 16))
    assert open_picture(with_segment(file_of(picture, "JPEG"), 0xE1, xmp)).size == (16, 8)


@pytest.mark.parametrize("exif", [b"", b"x", b"Exif\0\0", b"II*\0\xff\xff\xff\xff", b"II*\0\x08\0\0\0\x09\0\x12\x01"])
def test_damaged_exif_does_not_cost_the_picture(exif):
    picture = with_segment(file_of(PLAIN, "JPEG"), 0xE1, b"Exif\0\0" + exif)
    assert open_picture(picture).size == PLAIN.size


def test_a_jpeg_with_thousands_of_scans_is_refused():
    content = file_of(Image.new("RGB", (64, 64)), "JPEG", progressive=True)
    last = content[content.rfind(b"\xff\xda") : -2]
    with pytest.raises(PictureError):
        open_picture(content[:-2] + last * 2000 + b"\xff\xd9")


def test_what_takes_for_ever_to_read_is_refused(monkeypatch):
    monkeypatch.setattr(pictures, "MAX_SECONDS", -1)
    with pytest.raises(PictureError, match="can't be read as a picture"):
        open_picture(file_of(PLAIN))


def pipe(path):
    os.mkfifo(path)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda path: path.mkdir(), "it is a folder"),
        (pipe, "it is not a plain file"),
        (lambda path: path.symlink_to("/dev/zero"), "it is not a plain file"),
        (lambda path: path.symlink_to("/proc/self/environ"), "it is empty"),
        (lambda path: path.symlink_to("gone"), "There is no picture at"),
        (lambda path: path.symlink_to(path), "it can't be opened"),
        (lambda path: path.write_bytes(b""), "it is empty"),
        (lambda path: os.truncate(os.open(path, os.O_CREAT | os.O_RDWR), 51 * 2**20), "it is larger than 50 MB"),
    ],
)
def test_what_is_no_plain_file_is_refused_at_once(make, words, tmp_path):
    path = tmp_path / "mug.jpg"
    make(path)
    refusals = []

    def attempt():
        with pytest.raises(PictureError) as caught:
            open_picture(path)
        refusals.append(str(caught.value))

    thread = threading.Thread(target=attempt, daemon=True)  # a pipe would be waited for
    thread.start()
    thread.join(30)
    assert refusals
    assert words in refusals[0]
    assert refusals[0].endswith(".")


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "\udc80", "x" * 300, "a/" * 3000, "\x1b[2Jmug"])
def test_names_that_no_file_can_have_are_answered_in_one_printable_sentence(name):
    with pytest.raises(PictureError) as caught:
        open_picture(name)
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 500


SEEDS = [
    file_of(PLAIN, "JPEG", progressive=True, exif=Image.Exif()),
    file_of(PLAIN, "PNG"),
    file_of(PLAIN, "WEBP"),
    file_of(PLAIN.convert("P"), "GIF"),
    file_of(PLAIN, "BMP"),
    file_of(PLAIN, "TIFF", compression="tiff_lzw"),
    png(9, 9, 16, 0, bytes(18)),
]


@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 2**16), st.integers(0, 255)), max_size=12), st.data())
@settings(max_examples=300)
def test_a_damaged_picture_is_opened_or_refused(content, changes, data):
    damaged = bytearray(content)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    end = data.draw(st.integers(0, len(damaged)))
    for source in (bytes(damaged), bytes(damaged[:end])):
        try:
            picture = open_picture(source)
        except PictureError as error:
            assert str(error).endswith(".")
        else:
            assert picture.mode == "RGB"
            assert max(picture.size) <= LONGEST_SIDE
