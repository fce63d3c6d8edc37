"""Pixels are used whatever surrounds them: texts, profiles and EXIF may be damaged, or made to fill the memory."""

import io
import itertools
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from mamex.errors import PictureError
from mamex.files.pictures.headers import read_png
from mamex.files.pictures.picture import open_picture
from mamex.files.pictures.pieces import Pieces
from tests.library.files.test_pictures_hostile import chunk, file_of, with_segment
from tests.support.peak_memory import peak_memory

NOISE = Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8))
SMOOTH = NOISE.resize((800, 600), Image.Resampling.BICUBIC)
BOMB = zlib.compress(bytes(100_000_000), 9)
BIG = zlib.compress(np.random.default_rng(1).bytes(3_000_000))
ODD = {
    "a text that fills the memory": chunk(b"zTXt", b"Comment\0\0" + BOMB),
    "texts that fill the memory together": chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 900_000)) * 90,
    "a damaged text": chunk(b"zTXt", b"Comment\0\0no zip"),
    "a text packed in an unknown way": chunk(b"zTXt", b"Comment\0\7no zip"),
    "no text": chunk(b"zTXt", b"") + chunk(b"iTXt", b"") + chunk(b"tEXt", b""),
    "XMP that fills the memory": chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + BOMB),
    "a long text": chunk(b"tEXt", b"Comment\0" + b"a" * 5_000_000),
    "many texts": chunk(b"tEXt", b"Comment\0" + b"a" * 100) * 20_000,
    "a profile that fills the memory": chunk(b"iCCP", b"x\0\0" + BOMB),
    "a large profile": chunk(b"iCCP", b"x\0\0" + BIG),
    "a damaged profile": chunk(b"iCCP", b"x\0\0no zip") + chunk(b"iCCP", b"x\0\5no zip") + chunk(b"iCCP", b""),
    "short numbers": b"".join(chunk(name, b"\0") for name in (b"gAMA", b"pHYs", b"cHRM", b"sRGB", b"acTL", b"tIME")),
    "a wrong sum": chunk(b"tEXt", b"Comment\0words")[:-4] + b"\0\0\0\0",
    "EXIF of noise": chunk(b"eXIf", np.random.default_rng(2).bytes(100_000)),
    "a short transparent colour": chunk(b"tRNS", b"\0"),
    "an animation without frames": chunk(b"acTL", bytes(8)) + chunk(b"fcTL", bytes(26)),
}


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("late", [False, True])
def test_odd_chunks_of_a_png_are_ignored(name, late):
    content = file_of(NOISE)
    place = len(content) - 12 if late else 33
    picture = open_picture(content[:place] + ODD[name] + content[place:])
    assert np.array_equal(np.asarray(picture), np.asarray(NOISE))


def test_chunks_cost_no_memory(tmp_path):
    path = tmp_path / "bomb.png"
    content = file_of(NOISE)
    path.write_bytes(content[:33] + b"".join(ODD.values()) * 3 + content[33:])
    first = "import io\nfrom mamex.files.pictures.picture import open_picture\n"
    megabytes, sentence = peak_memory(first, "open_picture(path)", path)
    assert not sentence and megabytes < 150


@pytest.mark.parametrize("way", ["eXIf", "ImageMagick", "XMP", "packed XMP"])
def test_a_png_is_turned_upright_by_what_its_chunks_say(way):
    exif = Image.Exif()
    exif[0x0112] = 6
    xmp = b'<x tiff:Orientation="6"/>'
    extra = {
        "eXIf": chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0")),
        "ImageMagick": chunk(
            b"zTXt",
            b"Raw profile type exif\0\0" + zlib.compress(f"\nexif\n  99\n{exif.tobytes().hex()}\n".encode()),
        ),
        "XMP": chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + xmp),
        "packed XMP": chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(xmp)),
    }[way]
    content = file_of(NOISE)
    assert open_picture(content[:33] + extra + content[33:]).size == (60, 80)


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP"])
def test_an_animation_is_its_first_picture(kind):
    frames = {"save_all": True, "append_images": [Image.new("RGB", NOISE.size)]}
    first = Image.new("RGB", NOISE.size, (200, 30, 40))
    pixel = open_picture(file_of(first, kind, **frames)).getpixel((5, 5))
    assert np.abs(np.array(pixel) - (200, 30, 40)).max() < 6


@pytest.mark.parametrize("marker", [0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xFE])
@pytest.mark.parametrize(
    "data", [b"", b"JFIF\0", b"Adobe", b"Exif\0\0", b"ICC_PROFILE\0\5\3x", b"MPF\0x", b"\xff" * 60_000]
)
def test_odd_segments_of_a_jpeg_are_ignored(marker, data):
    content = file_of(SMOOTH, "JPEG")
    picture = open_picture(with_segment(content, marker, data))
    assert np.array_equal(np.asarray(picture), np.asarray(open_picture(content)))


@pytest.mark.parametrize("lost", [1, 2, 30])
@pytest.mark.parametrize("progressive", [False, True])
def test_a_jpeg_that_lacks_its_last_bytes_is_used(lost, progressive):
    content = file_of(SMOOTH, "JPEG", progressive=progressive)
    whole, cut = (np.asarray(open_picture(part)).astype(int) for part in (content, content[:-lost]))
    assert np.abs(whole - cut).mean() < 1


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
def test_a_jpeg_without_a_part_of_its_rows_is_refused(part):
    content = file_of(SMOOTH, "JPEG")
    with pytest.raises(PictureError, match="can't be read"):
        open_picture(content[: int(part * len(content))])


def test_the_kind_of_file_is_known_by_its_content(tmp_path):
    for kind in ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "MPO"):
        path = tmp_path / f"{kind}.txt"
        path.write_bytes(file_of(SMOOTH, kind))
        assert open_picture(path).size == SMOOTH.size


@pytest.mark.parametrize(("mode", "kinds"), [("CMYK", ("JPEG", "TIFF")), ("LAB", ("TIFF",)), ("YCbCr", ("JPEG",))])
def test_colours_of_printers(mode, kinds):
    if mode == "LAB":
        from PIL import ImageCms

        to = [ImageCms.createProfile(name) for name in ("sRGB", "LAB")]
        picture = ImageCms.profileToProfile(SMOOTH, *to, outputMode="LAB")
    else:
        picture = SMOOTH.convert(mode)
    for kind in kinds:
        seen = np.asarray(open_picture(file_of(picture, kind))).astype(int)
        assert np.abs(seen - np.asarray(SMOOTH)).mean() < 12


def test_pieces_are_read_as_one_file():
    data = bytes(range(256)) * 9
    cuts = [0, 1, 1, 700, 701, len(data)]
    pieces = io.BufferedReader(Pieces([memoryview(data)[a:b] for a, b in itertools.pairwise(cuts)]), 64)
    twin, generator = io.BytesIO(data), np.random.default_rng(3)
    for _ in range(500):
        place, size = int(generator.integers(0, len(data) + 9)), int(generator.integers(0, 900))
        assert pieces.seek(place) == twin.seek(place)
        assert pieces.read(size) == twin.read(size)
    assert pieces.seek(-5, io.SEEK_END) == twin.seek(-5, io.SEEK_END) and pieces.read() == twin.read()


def test_a_png_of_nothing_but_its_picture_is_read_as_it_is():
    content = file_of(NOISE)
    assert read_png(content).pieces is None
    for other in (content + b"x", content[:-1], content[:-12], content[:33] + chunk(b"tEXt", b"a\0b") + content[33:]):
        assert read_png(other).pieces is not None and list(open_picture(other).getdata()) == list(NOISE.getdata())


def test_a_png_of_a_million_chunks_is_refused_at_once():
    content = file_of(NOISE)
    many = struct.pack(">L4sL", 0, b"tEXt", zlib.crc32(b"tEXt")) * 1_000_000
    with pytest.raises(PictureError):
        open_picture(content[:33] + many + content[33:])
