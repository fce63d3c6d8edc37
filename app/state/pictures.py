"""A picture inside the page itself, so that its file need not be served."""

from __future__ import annotations

import base64
import io

from PIL import Image

from mamex.errors import PictureError
from mamex.files.pictures.picture import Source, open_picture


def picture_uri(source: Source | None, size: int) -> str:
    """A picture as a data URI, at most ``size`` pixels wide and high; "" if there is none that can be opened."""
    if source is None or source == "":
        return ""
    try:
        picture = open_picture(source)
    except PictureError:
        return ""
    picture.thumbnail((size, size), Image.Resampling.LANCZOS)
    stream = io.BytesIO()
    picture.save(stream, "WEBP", quality=80, method=2)
    return "data:image/webp;base64," + base64.b64encode(stream.getvalue()).decode()


def no_picture(source: Source | None) -> str:
    """What stands in the place of a launched picture that can't be shown."""
    return "picture deleted, as every upload is within the hour" if source else "no picture"
