"""Opening pictures that strangers made: safely, upright, in RGB."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from mamex.errors import PictureError

#: Pictures above this many pixels are refused before they are decoded (a "decompression bomb" guard).
MAX_PIXELS = 64_000_000

#: What may be uploaded. Pillow knows more, but some of it (EPS) starts other programs on the file.
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")

Image.MAX_IMAGE_PIXELS = MAX_PIXELS


def open_picture(source: str | Path | bytes | Image.Image) -> Image.Image:
    """Read one picture and return it upright, in RGB, on white where it was transparent.

    Args:
        source: a path, the bytes of a file, or an already opened picture.

    Raises:
        PictureError: the file is missing, is not a picture, is cut short, or has more than ``MAX_PIXELS`` pixels.
    """
    name = Path(source).name if isinstance(source, (str, Path)) else "the picture"
    try:
        picture = _decode(source, name)
        upright: Image.Image = ImageOps.exif_transpose(picture)
        return _on_white(upright)
    except FileNotFoundError as error:
        raise PictureError(f"There is no picture at {source!s}.") from error
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise _too_large(name) from error
    # Pillow's decoders raise many kinds of error on broken files; all mean the same to the user.
    except Exception as error:
        raise PictureError(
            f"{name} can't be read as a picture; save it again as JPEG, PNG or WebP and try again."
        ) from error


def _decode(source: str | Path | bytes | Image.Image, name: str) -> Image.Image:
    if isinstance(source, Image.Image):
        return source
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    with warnings.catch_warnings():
        # Pillow only warns up to twice the limit; the size is compared below, which also holds between threads.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        with Image.open(stream, formats=FORMATS) as picture:
            if picture.width * picture.height > (Image.MAX_IMAGE_PIXELS or MAX_PIXELS):
                raise _too_large(name)
            picture.load()
            return picture


def _too_large(name: str) -> PictureError:
    limit = MAX_PIXELS // 1_000_000
    return PictureError(f"{name} has more than {limit} million pixels; make it smaller and try again.")


def _on_white(picture: Image.Image) -> Image.Image:
    """Convert to RGB; what is transparent becomes white, the backdrop of most shop photos."""
    if picture.mode.startswith("I;16"):
        # Sixteen-bit greys (scanners, medical cameras), which Pillow would clip to white.
        wide = np.asarray(picture).astype(np.uint16)
        clear = picture.info.get("transparency")
        alpha = np.where(wide == clear, 0, 255) if isinstance(clear, int) else np.full(wide.shape, 255)
        grey = (wide.astype(np.uint32) * 255 + 32767) // 65535
        picture = Image.fromarray(np.stack([grey, alpha], axis=-1).astype(np.uint8), "LA")
    elif picture.mode in ("I", "F"):
        # Numbers without a fixed range (depth maps): darkest to lightest.
        values = np.nan_to_num(np.asarray(picture, dtype=np.float64))
        span = max(float(np.ptp(values)), 1e-9)
        picture = Image.fromarray(((values - values.min()) * (255 / span)).astype(np.uint8), "L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        coloured = picture.convert("RGBA")
        backdrop = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(backdrop, coloured).convert("RGB")
    return picture.convert("RGB")
