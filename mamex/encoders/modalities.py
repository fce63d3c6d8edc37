"""How the sources of each modality become inputs of an encoder: what an item's source is, its key, and opening it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mamex.data.dataset import Dataset
from mamex.data.items.trainable import HARDLY
from mamex.encoders.base import Encoder
from mamex.encoders.cache import content_key
from mamex.files.pictures.picture import MAX_MEGABYTES, open_picture
from mamex.files.plain_files import NotPlainError, hash_plain
from mamex.modalities import IMAGE, TEXT

#: For each item what is to be encoded, and its content key; None where it has none.
Sources = tuple[list[Any], list[bytes | None]]


class Reader(ABC):
    """What is done with the items' sources of one modality before they are encoded."""

    @abstractmethod
    def of_items(self, dataset: Dataset, encoder: Encoder, warnings: list[str]) -> Sources:
        """The source of each item, and its key; what is lost is added to ``warnings``."""

    @abstractmethod
    def open(self, source: Any) -> Any:
        """What an encoder takes.

        Raises:
            MamexError: it can't be read.
        """

    def size(self, opened: Any) -> int:
        """Pixels that it takes in memory; 0 of what is small."""
        return 0


class PictureReader(Reader):
    """Pictures: files."""

    def of_items(self, dataset: Dataset, encoder: Encoder, warnings: list[str]) -> Sources:
        sources: list[Path | None] = []
        keys: list[bytes | None] = []
        absent = 0
        for path in dataset.image_paths():
            try:
                # Not held in memory: a shop's pictures are opened a batch at a time.
                key = hash_plain(path, MAX_MEGABYTES * 2**20) if path else None
            except (OSError, NotPlainError):
                key, absent = None, absent + 1
            sources.append(path if key else None)
            keys.append(key)
        if absent:
            warnings.append(
                f"Picture files that are missing or empty: {absent}; their items count as having no picture."
            )
        return sources, keys

    def open(self, source: Any) -> Any:
        return open_picture(source)

    def size(self, opened: Any) -> int:
        return int(opened.width * opened.height)


class TextReader(Reader):
    """Words."""

    def of_items(self, dataset: Dataset, encoder: Encoder, warnings: list[str]) -> Sources:
        texts: Sequence[str] = dataset.texts()
        cut = sum(encoder.tokens_cut(text) > 0 for text in texts)
        if cut:
            limit = encoder.context_length
            warnings.append(f"Texts longer than the {limit} tokens the encoder reads: {cut}; their ends were cut.")
        hardly = int((encoder.unknown_share(texts) >= HARDLY).sum())
        if hardly:
            warnings.append(
                f"The {encoder.identity['name']} encoder knows few or none of the words of {hardly:,} of "
                f"{len(texts):,} items, which look alike to it; choose another with --set encoder=MODEL/TAG."
            )
        return [text or None for text in texts], [content_key(text.encode()) if text else None for text in texts]

    def open(self, source: Any) -> Any:
        return source


#: By modality; of the others only features that exist already can be read.
READERS: dict[str, Reader] = {IMAGE: PictureReader(), TEXT: TextReader()}
