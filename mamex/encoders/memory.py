"""Features of what one visitor tried last, so that changing a word encodes that word and not the picture again."""

from __future__ import annotations

import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import torch
from torch import Tensor

from mamex.data.items.trainable import HARDLY
from mamex.encoders.base import Encoder
from mamex.progress import Marks

#: Encoder's weights, modality, and content.
Key = tuple[str, str, bytes]
#: Features (1, d_m), and what was lost on the way to them, in words.
Remembered = tuple[Tensor, list[str]]
#: Memories that hold something.
_filled: weakref.WeakSet[FeatureMemory] = weakref.WeakSet()
#: Visits fill theirs while another thread looks through all of them.
_lock = threading.Lock()


class Remembrable(Protocol):
    """What is to be encoded: a picture, or words."""

    @property
    def key(self) -> bytes | None:
        """What names its content; None if nothing does."""

    @property
    def opened(self) -> Any:
        """What the encoder takes.

        Raises:
            PictureError: it can't be read.
        """


class FeatureMemory:
    """The last pictures' and texts' features and warnings, by content, in memory only.

    One belongs to one visitor: nothing that was uploaded is looked up for another. ``forget_unused`` empties those
    that lie idle, because nobody tells when a program that spoke to the page has gone.

    Args:
        most: how many pictures and texts are remembered.
    """

    def __init__(self, most: int = 32) -> None:
        self._most = most
        self._kept: OrderedDict[Key, Remembered] = OrderedDict()
        self._used = time.monotonic()

    def read(self, encoder: Encoder, sources: Mapping[str, Remembrable], marks: Marks) -> dict[str, Remembered]:
        """Features (1, d_m) of one product, and what was lost, for each modality of ``sources``.

        Args:
            encoder: reads what is not remembered.
            sources: modality -> source.
            marks: is told when each modality was read.

        Raises:
            PictureError: a picture can't be read.
        """
        found: dict[str, Remembered] = {}
        for modality, source in sources.items():
            (found[modality],) = self.encode(encoder, modality, [source])
            marks.append((f"encode_{modality}", time.perf_counter()))
        return found

    def encode(self, encoder: Encoder, modality: str, sources: Sequence[Remembrable]) -> list[Remembered]:
        """Features of several sources of one modality; those that are not remembered are encoded together.

        Raises:
            PictureError: one of them can't be read.
        """
        keys: list[Key | None] = [
            None if source.key is None else (str(encoder.identity["weights"]), modality, source.key)
            for source in sources
        ]
        found = [self._recall(key) for key in keys]
        new = [place for place, known in enumerate(found) if known is None]
        if new:
            inputs = [sources[place].opened for place in new]
            features = torch.from_numpy(encoder.encode(modality, inputs))
            for row, place in enumerate(new):
                found[place] = features[row : row + 1].clone(), _lost(encoder, inputs[row])
                self._keep(keys[place], found[place])
        return [known for known in found if known is not None]

    def _recall(self, key: Key | None) -> Remembered | None:
        # One step, for another handler of the same visitor may forget it meanwhile; at worst it is encoded again.
        found = None if key is None else self._kept.pop(key, None)
        if key is not None and found is not None:
            self._used = time.monotonic()
            self._kept[key] = found
        return found

    def _keep(self, key: Key | None, found: Remembered | None) -> None:
        """Remember it, forgetting what was not used for longest; what has no key is not remembered."""
        if key is None or found is None:
            return
        self._used = time.monotonic()
        with _lock:
            _filled.add(self)
        self._kept[key] = found
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


def _lost(encoder: Encoder, opened: Any) -> list[str]:
    """What the encoder doesn't read of a text, in words."""
    unknown = []
    if isinstance(opened, str) and not opened.isascii() and encoder.unknown_share([opened])[0] >= HARDLY:
        unknown.append("The encoder knows few or none of these words, so others would be read alike.")
    limit = encoder.identity.get("context_length")
    # Each token takes at least a byte, so that a short text need not be counted; two tokens mark start and end.
    if not isinstance(opened, str) or limit is None or len(opened.encode("utf-8", "surrogatepass")) + 2 <= limit:
        return unknown
    cut = encoder.tokens_cut(opened)
    return unknown + [f"The text was cut at {limit} tokens: the last {cut} were not read."] * (cut > 0)


def forget_unused(seconds: float) -> None:
    """Empty every memory of this process that was not used for some seconds."""
    with _lock:
        for memory in list(_filled):
            if time.monotonic() - memory._used >= seconds:
                memory._kept.clear()
                _filled.discard(memory)
