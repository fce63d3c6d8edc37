"""Decodes one HEIC or AVIF, in a process of its own that may use little memory and time.

What such a file's header says of its size need not be what its pixels take, and its decoders are large. ``apart``
starts this file as a program; it knows nothing of the rest of MAMEX, so that it starts quickly. The file comes in
through standard input, and what goes out is one line and pixels:

    RGB WIDTH HEIGHT UP     and the pixels, on white, shrunk where a side is too long; UP as EXIF numbers orientations
    many WIDTH HEIGHT UP    too many pixels for any picture
    large WIDTH HEIGHT UP   too many for this kind; 0 x 0 where the memory ended before the size was known

It ends with another status than 0 if the file can't be read.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL import Image

#: Bytes of a pixel while it is decoded (measured), for each kind: planes of brightness and colour, and what is made of
#: them; with its own copy of each in Pillow.
AVIF_PIXEL, HEIC_PIXEL = 10, 5
_ORIENTATION = 0x0112
#: Pixels converted at once.
_STRIP = 250_000


def main() -> None:
    """Read the arguments, the file, and answer."""
    reader, *numbers = sys.argv[1:7]
    pixels, side, held, longest, seconds = map(int, numbers)
    # Where its parent found the decoders; this process, being isolated, may not look there.
    sys.path.extend(sys.argv[7:])
    content = sys.stdin.buffer.read()
    for name in ("PIL.TiffImagePlugin", "PIL.AvifImagePlugin" if reader == "PIL" else reader):
        importlib.import_module(name)
    image: Any = importlib.import_module("PIL.Image")
    image.preinit()
    image.MAX_IMAGE_PIXELS = None  # compared below
    _bind(held, seconds)
    size, up = (0, 0), 1
    try:
        size, up, each, strips = (_avif if reader == "PIL" else _heic)(content, reader)
        if size[0] * size[1] > pixels or max(size) > side:
            answer, data = "many", b""
        elif size[0] * size[1] * each > held:
            answer, data = "large", b""
        else:
            picture = _shrunk(size, strips, longest)
            answer, size, data = "RGB", picture.size, picture.tobytes()
    except Exception as error:
        if not isinstance(error, MemoryError) and "memory" not in str(error).lower():
            raise
        answer, data = "large", b""
    sys.stdout.buffer.write(f"{answer} {size[0]} {size[1]} {up}\n".encode() + data)


def _bind(held: int, seconds: int) -> None:
    """From here on: so many more bytes and seconds of a processor, and no further files; Windows has no such limits."""
    try:
        import resource
    except ImportError:
        return
    bounds = {
        "RLIMIT_CPU": int(time.process_time()) + 1 + seconds,
        "RLIMIT_FSIZE": 0,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": 3,
    }
    with contextlib.suppress(OSError), open("/proc/self/statm", "rb") as stream:  # noqa: PTH123
        # Of memory, Linux alone tells how much is used and keeps to the limit.
        bounds["RLIMIT_AS"] = int(stream.read().split()[0]) * resource.getpagesize() + held
    for name, value in bounds.items():
        kind = getattr(resource, name)
        most = resource.getrlimit(kind)[1]
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(kind, (value, value))


_Strips = Callable[[int], "Iterator[tuple[int, Image.Image]]"]
_Size = tuple[int, int]


def _avif(content: bytes, _: str) -> tuple[_Size, int, int, _Strips]:
    """Size, which side is up, bytes of a pixel, and what decodes it.

    That gives strips of full width, a number of rows or a multiple, each with the place of its first row.
    """
    plugin: Any = importlib.import_module("PIL.AvifImagePlugin")
    plugin.DEFAULT_MAX_THREADS = 1
    picture = plugin.AvifImageFile(io.BytesIO(content))

    def strips(by: int) -> Iterator[tuple[int, Image.Image]]:
        picture.load()
        for top, end in _places(picture.size, by):
            yield top, picture.crop((0, top, picture.width, end))

    # Of what its header and its EXIF say of turning, the header counts; Pillow tells both as EXIF.
    return picture.size, int(picture.getexif().get(_ORIENTATION, 1)), AVIF_PIXEL, strips


def _heic(content: bytes, reader: str) -> tuple[_Size, int, int, _Strips]:
    """The same; the library turns it upright itself, as its header says, and its EXIF doesn't count."""
    heif, image = importlib.import_module(reader), importlib.import_module("PIL.Image")
    for name in ("THUMBNAILS", "DEPTH_IMAGES", "AUX_IMAGES"):
        setattr(heif.options, name, False)
    heif.options.DECODE_THREADS = 1
    file = heif.open_heif(io.BytesIO(content), convert_hdr_to_8bit=True)
    first: Any = file[file.primary_index]

    def strips(by: int) -> Iterator[tuple[int, Image.Image]]:
        size, mode, stride = first.size, first.mode, first.stride
        data = memoryview(first.data)
        if first.size != size:
            raise ValueError("another size than declared")
        for top, end in _places(size, by):
            part = data[top * stride : end * stride]
            yield top, image.frombytes(mode, (size[0], end - top), part, "raw", mode, stride)

    return first.size, 1, HEIC_PIXEL, strips


def _places(size: _Size, by: int) -> Iterator[tuple[int, int]]:
    rows = max(1, _STRIP // size[0] // by) * by
    return ((top, min(top + rows, size[1])) for top in range(0, size[1], rows))


def _shrunk(size: _Size, strips: _Strips, longest: int) -> Image.Image:
    """In RGB, on white, and by a whole number smaller where a side is too long."""
    image: Any = importlib.import_module("PIL.Image")
    by = -(-max(size) // longest)
    result: Image.Image = image.new("RGB", (-(-size[0] // by), -(-size[1] // by)))
    for top, strip in strips(by):
        if strip.mode not in ("RGB", "L"):
            coloured = strip.convert("RGBA")
            strip = image.alpha_composite(image.new("RGBA", coloured.size, "white"), coloured)
        strip = strip.convert("RGB")
        result.paste(strip.reduce(by) if by > 1 else strip, (0, top // by))
    return result


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # what the decoders hold goes with the process
