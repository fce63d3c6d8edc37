"""The pictures that items.csv names: found, told what was found otherwise than written, and placeholders left out."""

from mamex.data.contents.pictures.column import Pictures, find_pictures
from mamex.data.contents.pictures.finder import PictureFinder
from mamex.data.contents.pictures.search import PictureSearch

__all__ = ["PictureFinder", "PictureSearch", "Pictures", "find_pictures"]
