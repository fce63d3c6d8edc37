"""Pictures that strangers send, made by code: bombs, lies, halves, foreign formats, odd modes; and a few sound ones."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable

import pillow_heif
from PIL import Image, ImageCms, PngImagePlugin

from tests.hostile.judging.cases import Right

pillow_heif.register_heif_opener()

#: Name of the file, its bytes, what is right. Sound pictures are red, so that the answer can be checked.
Made = tuple[str, Callable[[], bytes], Right]
RED = (200, 30, 40)


def saved(picture: Image.Image, format: str, **options: object) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, format, **options)
    return stream.getvalue()


def red(mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> Image.Image:
    return Image.new("RGB", size, RED).convert(mode)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def raw_png(
    width: int, height: int, bits: int = 8, colour: int = 2, rows: int | None = None, extra: bytes = b""
) -> bytes:
    """A PNG of zeros whose header may lie; ``rows`` of it are really there."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(colour, 3)
    line = 1 + (width * channels * bits + 7) // 8
    packer = zlib.compressobj(1)
    there = height if rows is None else rows
    block = bytes(min(line, 2**31))
    data = b"".join(packer.compress(block) for _ in range(there)) + packer.flush()
    header = struct.pack(">2I5B", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + extra + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def pictures() -> list[Made]:
    """All of them."""
    return [*_sound(), *_bombs(), *_broken(), *_foreign()]


def _sound() -> list[Made]:
    made: list[Made] = [
        ("red.png", lambda: saved(red(), "PNG"), "answer"),
        ("red.jpg", lambda: saved(red(), "JPEG"), "answer"),
        ("red.webp", lambda: saved(red(), "WEBP"), "answer"),
        ("red.gif", lambda: saved(red(), "GIF"), "answer"),
        ("red.bmp", lambda: saved(red(), "BMP"), "answer"),
        ("red.tiff", lambda: saved(red(), "TIFF"), "answer"),
        ("red.avif", lambda: saved(red(), "AVIF"), "answer"),
        ("red.heic", lambda: saved(red(), "HEIF"), "answer"),
        ("red-alpha.avif", lambda: saved(red("RGBA"), "AVIF"), "answer"),
        ("red-turned.avif", lambda: saved(red(), "AVIF", exif=_turned()), "answer"),
        ("red-cmyk.jpg", lambda: saved(red("CMYK"), "JPEG"), "answer"),
        ("red-palette.png", lambda: saved(red("P"), "PNG"), "answer"),
        ("red-alpha.png", lambda: saved(red("RGBA"), "PNG"), "answer"),
        ("red-one-pixel.png", lambda: saved(red(size=(1, 1)), "PNG"), "answer"),
        ("red-one-row.png", lambda: saved(red(size=(3000, 1)), "PNG"), "answer"),
        ("red named as text.txt", lambda: saved(red(), "PNG"), "answer"),
        ("red-with-junk-behind.png", lambda: saved(red(), "PNG") + b"<script>alert(1)</script>" * 99, "answer"),
        ("red-turned.jpg", lambda: saved(red(), "JPEG", exif=_turned()), "answer"),
        ("red-profile.jpg", lambda: saved(red(), "JPEG", icc_profile=_profile()), "answer"),
        ("red-broken-profile.jpg", lambda: saved(red(), "JPEG", icc_profile=b"\xff" * 3000), "answer"),
        ("red-broken-exif.jpg", lambda: saved(red(), "JPEG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff"), "either"),
        ("red-moving.gif", lambda: saved(red(), "GIF", save_all=True, append_images=[red()] * 200), "answer"),
        ("red-long-comment.png", lambda: saved(red(), "PNG", pnginfo=_comment("x" * 900_000)), "either"),
        ("red-sixteen-bits.tiff", lambda: saved(Image.new("I;16", (40, 30), 9000), "TIFF"), "either"),
        ("red-floats.tiff", lambda: saved(Image.new("F", (40, 30), 0.5), "TIFF"), "either"),
        ("not-a-number.tiff", lambda: saved(Image.new("F", (40, 30), float("nan")), "TIFF"), "either"),
        ("one-bit.png", lambda: saved(Image.new("1", (40, 30), 1), "PNG"), "either"),
    ]
    for turn in (0, 2, 3, 4, 5, 6, 7, 8, 9, 65535):
        made.append((f"red-turned-{turn}.jpg", lambda turn=turn: saved(red(), "JPEG", exif=_turned(turn)), "answer"))
    return made


def _bombs() -> list[Made]:
    text_bomb = chunk(b"zTXt", b"a\x00\x00" + zlib.compress(bytes(80_000_000), 9))
    return [
        ("8000x8000-sixteen-bits.png", lambda: raw_png(8000, 8000, 16, 0), "either"),
        ("8000x8000-sixteen-bits-alpha.png", lambda: raw_png(8000, 8000, 16, 6), "either"),
        ("8000x8000.png", lambda: raw_png(8000, 8000), "either"),
        ("8000x8000-grey.png", lambda: raw_png(8000, 8000, 8, 0), "either"),
        ("8000x8000-palette.png", lambda: raw_png(8000, 8000, 8, 3, extra=chunk(b"PLTE", bytes(768))), "either"),
        ("8000x8000-one-bit.png", lambda: raw_png(8000, 8000, 1, 0), "either"),
        ("8000x8000.jpg", lambda: saved(Image.new("RGB", (8000, 8000)), "JPEG"), "either"),
        ("7000x9000.webp", lambda: saved(Image.new("RGB", (7000, 9000)), "WEBP", method=0), "either"),
        ("8000x8000.gif", lambda: saved(Image.new("P", (8000, 8000)), "GIF"), "either"),
        ("8000x7999.avif", lambda: saved(Image.new("RGB", (8000, 7999)), "AVIF", speed=10), "either"),
        ("65000x65000.avif", lambda: _redeclared("AVIF", 65000, 65000), "refusal"),
        ("65000x65000.heic", lambda: _redeclared("HEIF", 65000, 65000), "refusal"),
        ("8000x7999-declared.heic", lambda: _redeclared("HEIF", 8000, 7999), "refusal"),
        ("8000x8000-floats.tiff", lambda: _tiff(8000, 8000, 32, 3), "either"),
        ("8000x8000-whole.tiff", lambda: _tiff(8000, 8000, 32, 1), "either"),
        ("20000x20000.png", lambda: raw_png(20000, 20000, 1, 0), "refusal"),
        ("100000x100000-declared.png", lambda: raw_png(100_000, 100_000, rows=3), "refusal"),
        ("2^31-declared.png", lambda: raw_png(2**31 - 1, 1, rows=0), "refusal"),
        ("65000x65000.jpg", lambda: _resized_jpeg(65000, 65000), "refusal"),
        ("65535x65535.gif", lambda: b"GIF89a" + struct.pack("<2H3B", 65535, 65535, 0, 0, 0) + b";", "refusal"),
        ("16383x16383.webp", lambda: _lossy_webp(16383, 16383), "refusal"),
        ("2^31x2^31.bmp", lambda: _bmp(2**31 - 1, 2**31 - 1), "refusal"),
        ("2^32x2^32.tiff", lambda: _tiff(2**32 - 1, 2**32 - 1, 8, 1, data=b""), "refusal"),
        ("64000001x1.png", lambda: raw_png(64_000_001, 1, 1, 0), "refusal"),
        ("63000000x1.png", lambda: raw_png(63_000_000, 1, 1, 0), "either"),
        ("text-bomb.png", lambda: raw_png(40, 30, extra=text_bomb * 9), "either"),
        ("profile-bomb.png", lambda: raw_png(40, 30, extra=chunk(b"iCCP", text_bomb[8:-4])), "either"),
        ("moving-4000.gif", lambda: saved(red(), "GIF", save_all=True, append_images=_frames(3000)), "either"),
        ("many-pages.tiff", lambda: saved(red(), "TIFF", save_all=True, append_images=[red()] * 500), "either"),
        ("wide-8x8000000.png", lambda: raw_png(8, 7_900_000, 1, 0), "either"),
    ]


def _broken() -> list[Made]:
    made: list[Made] = [
        ("empty.png", lambda: b"", "refusal"),
        ("one-byte.png", lambda: b"\x89", "refusal"),
        ("beginning-alone.png", lambda: b"\x89PNG\r\n\x1a\n", "refusal"),
        ("nul.png", lambda: bytes(10_000), "refusal"),
        ("zero-size.png", lambda: raw_png(0, 0, rows=0), "refusal"),
        ("bits-of-7.png", lambda: raw_png(9, 9, 7), "refusal"),
        ("colour-of-9.png", lambda: raw_png(9, 9, 8, 9), "refusal"),
        ("palette-without-one.png", lambda: raw_png(9, 9, 8, 3), "either"),
        ("half-the-rows.png", lambda: raw_png(900, 900, rows=300), "refusal"),
        ("chunk-of-2^31.png", lambda: b"\x89PNG\r\n\x1a\n" + b"\x7f\xff\xff\xffIHDR" + bytes(99), "refusal"),
        ("wrong-checksum.png", lambda: saved(red(), "PNG").replace(b"IDAT", b"IDAT\x00", 1), "refusal"),
        ("zeros-as-pixels.png", lambda: _png_with_data(b"\x00" * 500), "refusal"),
        ("a-loop.tiff", lambda: b"II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00", "refusal"),
        ("a-loop-of-pages.tiff", lambda: _looping_tiff(), "either"),
        ("rle.bmp", lambda: _bmp(100, 100, compression=1, data=b"\x00\x02\xff\xff" * 99), "either"),
        ("two-beginnings.jpg", lambda: b"\xff\xd8" * 5000, "refusal"),
        ("quantisation-of-0.jpg", lambda: b"\xff\xd8\xff\xdb\x00\x03\x00" + bytes(64), "refusal"),
    ]
    formats = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF", "HEIF")
    for name in formats:
        for part in (1, 5, 9):

            def cut(name=name, part=part):
                return _cut(saved(_noise(), name), part / 10)

            made.append((f"cut-at-{part}0-percent.{name.lower()}", cut, "refusal"))
        for seed in (1, 2, 3):

            def spoilt(name=name, seed=seed):
                return _spoilt(saved(_noise(), name), seed)

            made.append((f"spoilt-{seed}.{name.lower()}", spoilt, "either"))
    return made


def _foreign() -> list[Made]:
    texts = {
        "page.html": b"<html><script>alert(1)</script></html>",
        "drawing.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        "entities.svg": b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><svg>&x;</svg>',
        "script.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n(/etc/passwd) (r) file\n",
        "document.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n",
        "commands.mvg": b"push graphic-context\nfill 'url(https://127.0.0.1/x)'\npop graphic-context",
        "pickled.png": b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94\x93.",
        "words.png": b"This is no picture at all. " * 50,
        "lines.xpm": b'/* XPM */\nstatic char *a[] = {"9 9 1 1","a c red"};',
        "portable.ppm": b"P6\n3 3\n255\n" + bytes(27),
        "portable-huge.ppm": b"P6\n900000 900000\n255\n",
        "photoshop.psd": b"8BPS\x00\x01" + bytes(6) + struct.pack(">H2I2H", 3, 99, 99, 8, 3) + bytes(40),
        "icon.ico": saved(red(size=(16, 16)), "ICO"),
        "archive.jpg": b"PK\x05\x06" + bytes(18),
        "targa.tga": saved(red(), "TGA"),
        "sun.ras": b"\x59\xa6\x6a\x95" + bytes(28),
        "movie.mp4": b"\x00\x00\x00\x18ftypmp42" + bytes(99),
        "heif.heic": b"\x00\x00\x00\x18ftypheic" + bytes(99),
        "avif.avif": b"\x00\x00\x00\x18ftypavif" + bytes(99),
    }
    return [(name, lambda data=data: data, "refusal") for name, data in texts.items()]


def _turned(turn: int = 6) -> bytes:
    exif = Image.Exif()
    exif[0x0112] = turn
    return exif.tobytes()


def _profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _comment(text: str) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", text, zip=True)
    return info


def _frames(count: int) -> list[Image.Image]:
    return [Image.new("RGB", (40, 30), (200, number % 60, 40)) for number in range(count)]


def _noise() -> Image.Image:
    return Image.radial_gradient("L").resize((160, 120)).convert("RGB")


def _cut(data: bytes, share: float) -> bytes:
    return data[: int(len(data) * share)]


def _spoilt(data: bytes, seed: int) -> bytes:
    """Bytes in the middle replaced, always the same ones."""
    spoilt = bytearray(data)
    for step in range(12):
        place = 20 + (seed * 7919 + step * 104_729) % (len(data) - 20)
        spoilt[place] = (seed * 31 + step * 17) % 256
    return bytes(spoilt)


def _png_with_data(data: bytes) -> bytes:
    header = struct.pack(">2I5B", 30, 30, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def _resized_jpeg(width: int, height: int) -> bytes:
    """A small JPEG whose header says that it is large."""
    data = bytearray(saved(red(size=(16, 16)), "JPEG"))
    frame = data.index(b"\xff\xc0")
    data[frame + 5 : frame + 9] = struct.pack(">2H", height, width)
    return bytes(data)


def _redeclared(kind: str, width: int, height: int) -> bytes:
    """A small picture whose header says that it is large."""
    size = struct.pack(">2I", 64, 64)
    return saved(red(size=(64, 64)), kind).replace(size, struct.pack(">2I", width, height))


def _lossy_webp(width: int, height: int) -> bytes:
    frame = b"\x10\x00\x00\x9d\x01\x2a" + struct.pack("<2H", width, height) + bytes(20)
    body = b"WEBPVP8 " + struct.pack("<I", len(frame)) + frame
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _bmp(width: int, height: int, compression: int = 0, data: bytes = b"") -> bytes:
    header = struct.pack("<I2i2H6I", 40, width, height, 1, 8, compression, len(data), 0, 0, 256, 0)
    palette = bytes(1024)
    start = 14 + len(header) + len(palette)
    return b"BM" + struct.pack("<I2HI", start + len(data), 0, 0, start) + header + palette + data


def _tiff(width: int, height: int, bits: int, sample: int, data: bytes | None = None) -> bytes:
    """A TIFF of one deflated strip of zeros."""
    if data is None:
        packer = zlib.compressobj(1)
        line = bytes(width * bits // 8)
        data = b"".join(packer.compress(line) for _ in range(height)) + packer.flush()
    tags = [
        (256, 4, width),
        (257, 4, height),
        (258, 3, bits),
        (259, 3, 8),
        (262, 3, 1),
        (273, 4, 8),
        (277, 3, 1),
        (278, 4, height),
        (279, 4, len(data)),
        (339, 3, sample),
    ]
    entries = b"".join(struct.pack("<2HII", tag, kind, 1, value) for tag, kind, value in tags)
    return b"II*\x00" + struct.pack("<I", 8 + len(data)) + data + struct.pack("<H", len(tags)) + entries + bytes(4)


def _looping_tiff() -> bytes:
    """The next page of the first page is the first page."""
    data = bytearray(saved(red(), "TIFF"))
    first = struct.unpack("<I", data[4:8])[0]
    count = struct.unpack("<H", data[first : first + 2])[0]
    place = first + 2 + count * 12
    data[place : place + 4] = struct.pack("<I", first)
    return bytes(data)
