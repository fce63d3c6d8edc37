"""Small copies of the catalogue's pictures, inside the page itself, so that no folder has to be served."""

from __future__ import annotations

from functools import lru_cache

from app.state.pictures import picture_uri
from mamex.data.dataset import Dataset

#: Two pixels of the file to one of the page, for sharp screens.
SMALL, LARGE = 112, 320
#: About 5 kB each.
MOST_KEPT = 4096


class Thumbnails:
    """Data URIs of the items' pictures, made when first shown and kept in memory."""

    def __init__(self, dataset: Dataset) -> None:
        self.paths = dataset.image_paths()
        self.uri = lru_cache(maxsize=MOST_KEPT)(self._uri)

    def _uri(self, position: int, size: int = SMALL) -> str:
        """The picture of one item as a data URI, "" if it has none that can be opened."""
        return picture_uri(self.paths[position], size)
