"""A picture on its way from its file to the encoder: read once, named once, opened once."""

from __future__ import annotations

import hashlib
from functools import cached_property
from pathlib import Path

from PIL import Image

from mamex.files.pictures.opening import name_of, open_content, read_content

#: A path, a file's bytes, or an opened picture.
Source = str | Path | bytes | Image.Image


class Picture:
    """What somebody gave as a picture.

    Args:
        source: a path, the bytes of a file, an opened picture, or what was one of these.
    """

    def __init__(self, source: Source | Picture) -> None:
        self._source: Source = source._source if isinstance(source, Picture) else source

    @cached_property
    def content(self) -> bytes | None:
        """The bytes of its file; None of an opened picture, which may have none.

        Raises:
            PictureError: the file is missing, not a plain one, or too large.
        """
        if isinstance(self._source, Image.Image):
            return None
        return self._source if isinstance(self._source, bytes) else read_content(self._source)

    @cached_property
    def key(self) -> bytes | None:
        """SHA-256 of its file, by which its features are known again; None of an opened picture.

        Raises:
            PictureError: see ``content``.
        """
        return None if self.content is None else hashlib.sha256(self.content).digest()

    @cached_property
    def opened(self) -> Image.Image:
        """Upright, in RGB, on white where it was transparent; see ``open_picture``. Not to be changed: copy it.

        Raises:
            PictureError: it can't be read as a picture.
        """
        content = self._source if isinstance(self._source, Image.Image) else self.content
        assert content is not None
        return open_content(content, name_of(self._source))
