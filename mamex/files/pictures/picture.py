"""Opening pictures that strangers made: safely, upright, in RGB."""

from __future__ import annotations

import hashlib
import io
import threading
import time
import warnings
from pathlib import Path

from PIL import Image, ImageOps

from mamex.errors import PictureError
from mamex.files.pictures.apart import (
    Bounds,
    MissingReaderError,
    TooLargeError,
    TooManyPixelsError,
    kind_of,
    read_apart,
)
from mamex.files.pictures.colours import to_rgb
from mamex.files.pictures.headers import SIGNATURE, HeaderError, check_tiff, orientation, read_jpeg, read_png
from mamex.files.pictures.pieces import Pieces
from mamex.files.pictures.rows import check_rows
from mamex.files.plain_files import NotPlainError, read_plain
from mamex.files.words import printable

#: Pictures above this many pixels are refused before they are decoded (a "decompression bomb" guard).
MAX_PIXELS = 64_000_000
#: JPEG and WebP can't have longer sides anyhow; elsewhere one line of pixels would be a bomb of its own.
MAX_SIDE = 65_535
#: Of a file.
MAX_MEGABYTES = 50
#: Bytes that decoding may hold, the file included; with the result that makes less than 300 MB.
MAX_HELD = 265_000_000
#: Larger pictures are shrunk as they are opened: encoders look at some 300 pixels of each side.
LONGEST_SIDE = 2048
#: Of one processor, for reading one picture; the largest that are accepted take one or two.
MAX_SECONDS = 5
#: Pictures decoded at the same time, whoever asks for them.
_TURNS = threading.BoundedSemaphore(2)

#: What is decoded here; HEIC and AVIF are decoded apart. Pillow knows more, but some of it (EPS) starts other programs.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
#: Ways to compress a TIFF that people use; for the others, decoders are little tried.
_TIFF_WAYS = frozenset(
    ("raw", "packbits", "tiff_lzw", "tiff_deflate", "tiff_adobe_deflate", "jpeg", "group3", "group4", "tiff_ccitt")
)
#: Bytes of a pixel in memory, by mode; 4 for all others.
_PIXEL = {"1": 1, "L": 1, "P": 1, "I;16": 2, "I;16L": 2, "I;16B": 2, "I;16N": 2}
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

#: A path, a file's bytes, or an opened picture.
Source = str | Path | bytes | Image.Image

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


class Picture:
    """A picture on its way from its file to the encoder: read once, named once, opened once.

    Args:
        source: a path, the bytes of a file, an opened picture, or what was one of these.

    Attributes:
        key: SHA-256 of its file, by which its features are known again; None of an opened picture.

    Raises:
        PictureError: there is no such file, it is not a plain one, or it is too large.
    """

    def __init__(self, source: Source | Picture) -> None:
        self._source: Source = source._source if isinstance(source, Picture) else source
        self._content = _content_of(self._source)
        self._opened: Image.Image | None = None
        self.key = hashlib.sha256(self._content).digest() if isinstance(self._content, bytes) else None

    @property
    def opened(self) -> Image.Image:
        """Upright, in RGB, on white where it was transparent; see ``open_picture``. Not to be changed: copy it.

        Raises:
            PictureError: it can't be read as a picture.
        """
        # Not a cached_property, whose lock would let no two pictures be decoded at the same time.
        if self._opened is None:
            self._opened = _open(self._content, self._source)
        return self._opened


def open_picture(source: str | Path | bytes | Image.Image) -> Image.Image:
    """Read one picture and return it upright, in RGB, on white where it was transparent.

    A picture with a side of more than ``LONGEST_SIDE`` pixels is shrunk by a whole number until it has none. No more
    than two are read at the same time; further callers wait.

    Args:
        source: a path, the bytes of a file, or an already opened picture.

    Raises:
        PictureError: the file is missing, is not a plain file, is not a picture, is cut short, or is too large, in
            pixels or in what it takes to decode them.
    """
    return _open(_content_of(source), source)


def _open(content: bytes | Image.Image, source: Source) -> Image.Image:
    name = _name_of(source)
    try:
        with _TURNS:
            return _opened(content, name)
    except PictureError:
        raise
    except (Image.DecompressionBombError, TooManyPixelsError) as error:
        raise _too_large(name) from error
    except TooLargeError as error:
        raise _too_large_for_its_kind(name, str(error)) from error
    except MissingReaderError as error:
        raise PictureError(f"{name} can't be read as a picture: {error}; or save it as JPEG, and try again.") from error
    # Pillow's decoders raise many kinds of error on broken files; all mean the same to the user.
    except Exception as error:
        raise PictureError(
            f"{name} can't be read as a picture; save it again as JPEG, PNG or WebP and try again."
        ) from error


def _content_of(source: Source) -> bytes | Image.Image:
    return read_content(source) if isinstance(source, (str, Path)) else source


def _name_of(source: str | Path | bytes | Image.Image) -> str:
    """A name for messages: short, and without what would steer a terminal."""
    if not isinstance(source, (str, Path)):
        return "the picture"
    name = Path(source).name or str(source)
    short = name if len(name) <= 100 else f"{name[:60]}…{name[-20:]}"
    return short if short.isprintable() else printable(short)


def read_content(path: str | Path) -> bytes:
    """The bytes of a picture's file.

    Raises:
        PictureError: it is missing, not a plain file, or too large.
    """
    try:
        return read_plain(path, MAX_MEGABYTES * 2**20)
    except FileNotFoundError as error:
        is_address = str(path).lower().startswith(("http:", "https:", "data:", "ftp:"))
        advice = "download it first and give its path" if is_address else "give the path of one"
        raise PictureError(f"There is no picture at {printable(str(path))[:300]}; {advice}.") from error
    except NotPlainError as error:
        advice = "make it smaller" if "larger" in str(error) else "choose another file"
        raise PictureError(f"{_name_of(path)} can't be read as a picture: it {error}; {advice}.") from error


def _opened(content: bytes | Image.Image, name: str) -> Image.Image:
    if isinstance(content, Image.Image):
        _check_size(content, name)
        return _plain(ImageOps.exif_transpose(content))
    if len(content) > MAX_MEGABYTES * 2**20:
        raise PictureError(f"{name} is larger than {MAX_MEGABYTES} MB; make it smaller and try again.")
    kind = kind_of(content) if content[4:8] == b"ftyp" else None
    bounds = Bounds(Image.MAX_IMAGE_PIXELS or MAX_PIXELS, MAX_SIDE, MAX_HELD, LONGEST_SIDE, MAX_SECONDS)
    picture, up = read_apart(content, kind, bounds) if kind else _decode(content, name)
    result = _plain(picture)
    turn = _UPRIGHT.get(up)
    return result.transpose(turn) if turn is not None else result


def _plain(picture: Image.Image) -> Image.Image:
    """In RGB, on white, and not too large; most pictures are so already."""
    done = picture.mode == "RGB" and max(picture.size) <= LONGEST_SIDE and "transparency" not in picture.info
    return picture if done else to_rgb(picture, LONGEST_SIDE)


def _decode(content: bytes, name: str) -> tuple[Image.Image, int]:
    """The picture as it is stored, and which side of it is up."""
    held, info, file, cut = len(content), None, content, False
    pieces: list[memoryview] | None = None
    if content.startswith(b"\xff\xd8"):
        jpeg = read_jpeg(content)
        file, info, cut = jpeg.content, jpeg.info, jpeg.cut
        held += len(jpeg.content) + jpeg.held
    elif content.startswith(SIGNATURE):
        png = read_png(content)
        pieces, info = png.pieces, png.info
    elif content.startswith((b"II", b"MM")):
        check_tiff(content)
    with warnings.catch_warnings():
        # Pillow only warns up to twice the limit; the size is compared below, which also holds between threads.
        warnings.simplefilter("ignore")
        with Image.open(_Watched(pieces or file), formats=FORMATS) as picture:
            _check_size(picture, name)
            size = f"{picture.width:,} x {picture.height:,}"
            if picture.format == "JPEG":
                _shrink_early(picture)
            elif picture.format == "TIFF" and picture.info.get("compression") not in _TIFF_WAYS:
                raise HeaderError("a TIFF compressed in a way that is hardly used")
            if held + _decoding(picture) > MAX_HELD:
                raise TooLargeError(size)
            if picture.format == "PNG":
                check_rows(content)
            picture.load()
            if cut and _is_grey_below(picture):
                raise HeaderError("cut short")
            # Pillow turns a TIFF upright by itself.
            up = 1 if picture.format == "TIFF" else orientation(info if info is not None else picture.info)
            return picture, up


def _check_size(picture: Image.Image, name: str) -> None:
    if picture.width * picture.height > (Image.MAX_IMAGE_PIXELS or MAX_PIXELS) or max(picture.size) > MAX_SIDE:
        raise _too_large(name)


def _too_large(name: str) -> PictureError:
    return PictureError(
        f"{name} has more than {MAX_PIXELS // 1_000_000} million pixels, or more than {MAX_SIDE:,} in a row; "
        "make it smaller and try again."
    )


def _too_large_for_its_kind(name: str, size: str) -> PictureError:
    return PictureError(
        f"{name} has {size} pixels, more than can be read of a picture of its kind; make it smaller, or save it as "
        "JPEG, and try again."
    )


def _shrink_early(picture: Image.Image) -> None:
    """Let a large JPEG be decoded at a half, a quarter or an eighth of its size, which its own arithmetic allows."""
    by = next((by for by in (1, 2, 4) if max(picture.size) <= by * LONGEST_SIDE), 8)
    if by > 1:
        picture.draft(None, (max(1, picture.width // by), max(1, picture.height // by)))


def _is_grey_below(picture: Image.Image) -> bool:
    """Whether the last twentieth of its rows is all of one colour, as where a JPEG was cut; less is no loss."""
    rows = max(1, picture.height // 20)
    below = picture.crop((0, picture.height - rows, picture.width, picture.height))
    return all(len(set(below.getchannel(band).getextrema())) == 1 for band in below.getbands())


def _decoding(picture: Image.Image) -> int:
    """Bytes that decoding takes at its peak, the picture included (measured)."""
    pixels, each = picture.width * picture.height, _PIXEL.get(picture.mode, 4)
    if picture.format == "WEBP":
        return pixels * 16  # two frames of an animation, their bytes, and the picture; one of pixels is treated alike
    if picture.format == "GIF":
        return pixels * 6  # the frame, and what it leaves behind for the next
    if picture.format == "PNG":
        return pixels * each * (3 if getattr(picture, "is_animated", False) else 1)
    if picture.format == "BMP":
        return pixels * (each + 3)  # run lengths are unpacked in Python first
    if picture.format == "TIFF":
        turned = picture.tag_v2.get(274, 1) != 1  # type: ignore[attr-defined]
        return pixels * each * (2 if turned else 1) + _largest_part(picture)
    return pixels * each


def _largest_part(picture: Image.Image) -> int:
    """Bytes of one strip or tile of a TIFF, which are unpacked at once."""
    tags = picture.tag_v2  # type: ignore[attr-defined]
    bits: int = sum(tags.get(258, (1,))) * (1 if len(tags.get(258, (1,))) > 1 else int(tags.get(277, 1)))
    if 322 in tags:
        pixels = int(tags[322]) * int(tags[323])
    else:
        pixels = picture.width * min(int(tags.get(278, picture.height)), picture.height)
    return pixels * max(4, -(-bits // 8))


class _Watched(io.BufferedReader):
    """A file's bytes, which can neither be read again and again nor for longer than ``MAX_SECONDS``."""

    def __init__(self, content: bytes | list[memoryview]) -> None:
        file = io.BytesIO(content) if isinstance(content, bytes) else Pieces(content)
        super().__init__(file)
        self._left = 3 * file.seek(0, io.SEEK_END) + 2**20
        file.seek(0)
        self._until = time.thread_time() + MAX_SECONDS

    def read(self, size: int | None = -1) -> bytes:
        data = super().read(size)
        self._left -= len(data)
        if self._left < 0 or time.thread_time() > self._until:
            raise HeaderError("made to cost much")
        return data
