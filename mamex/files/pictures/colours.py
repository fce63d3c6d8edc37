"""Any kind of pixel to RGB on white, a strip at a time, so that a large picture costs little more than itself."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

#: Pixels converted at once.
_STRIP = 250_000
_NUMBERS = ("I", "F")  # without a fixed range, like depth maps


def to_rgb(picture: Image.Image, longest_side: int) -> Image.Image:
    """Convert to RGB; what is transparent becomes white, the backdrop of most shop photos.

    A picture with a longer side is shrunk by a whole number, each pixel the mean of those that it stands for.
    """
    by = -(-max(picture.size) // longest_side)
    span = _span(picture) if picture.mode in _NUMBERS else (0.0, 0.0)
    if by == 1 and picture.width * picture.height <= _STRIP:
        return _on_white(picture, span)
    result = Image.new("RGB", (-(-picture.width // by), -(-picture.height // by)))
    for top, strip in _strips(picture, by):
        strip = _on_white(strip, span)
        result.paste(strip.reduce(by) if by > 1 else strip, (0, top // by))
    return result


def _strips(picture: Image.Image, by: int = 1) -> Iterator[tuple[int, Image.Image]]:
    """Full width, ``by`` rows or a multiple, each with the place of its first row."""
    rows = max(1, _STRIP // picture.width // by) * by
    for top in range(0, picture.height, rows):
        yield top, picture.crop((0, top, picture.width, min(top + rows, picture.height)))


def _span(picture: Image.Image) -> tuple[float, float]:
    """The lowest and the highest number; what is no number counts as 0, and infinities don't count."""
    lowest, highest = np.inf, -np.inf
    for _, strip in _strips(picture):
        values = np.nan_to_num(np.asarray(strip, dtype=np.float64), nan=0.0, posinf=np.inf, neginf=-np.inf)
        finite = values[np.isfinite(values)]
        if len(finite):
            lowest, highest = min(lowest, float(finite.min())), max(highest, float(finite.max()))
    return (lowest, highest) if lowest <= highest else (0.0, 0.0)


def _on_white(picture: Image.Image, span: tuple[float, float]) -> Image.Image:
    if picture.mode.startswith("I;16"):
        # Sixteen-bit greys (scanners, medical cameras), which Pillow would clip to white.
        wide = np.asarray(picture).astype(np.uint16)
        clear = picture.info.get("transparency")
        alpha = np.where(wide == clear, 0, 255) if isinstance(clear, int) else np.full(wide.shape, 255)
        grey = (wide.astype(np.uint32) * 255 + 32767) // 65535
        picture = Image.fromarray(np.stack([grey, alpha], axis=-1).astype(np.uint8), "LA")
    elif picture.mode in _NUMBERS:
        lowest, highest = span  # darkest to lightest
        values = np.nan_to_num(np.asarray(picture, dtype=np.float64), nan=0.0, posinf=highest, neginf=lowest)
        stretched = (values - lowest) * (255 / max(highest - lowest, 1e-9))
        picture = Image.fromarray(stretched.astype(np.uint8), "L")
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        coloured = picture.convert("RGBA")
        backdrop = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(backdrop, coloured).convert("RGB")
    return picture.convert("RGB")
