"""Features of what one visitor tried last, so that changing a word encodes that word and not the picture again."""

from __future__ import annotations

import threading
import time
import weakref
from collections import OrderedDict
from typing import Any

from torch import Tensor

#: Encoder's weights, modality, and content.
Key = tuple[str, str, bytes]
#: Memories that hold something.
_filled: weakref.WeakSet[FeatureMemory] = weakref.WeakSet()
#: Visits fill theirs while another thread looks through all of them.
_lock = threading.Lock()


class FeatureMemory:
    """The last pictures' and texts' features and warnings, by content, in memory only.

    One belongs to one visitor: nothing that was uploaded is looked up for another. ``forget_unused`` empties those
    that lie idle, because nobody tells when a program that spoke to the page has gone.

    Args:
        most: how many pictures and texts are remembered.
    """

    def __init__(self, most: int = 32) -> None:
        self._most = most
        self._kept: OrderedDict[Key, tuple[Tensor, list[str]]] = OrderedDict()
        self._used = time.monotonic()

    def recall(self, key: Key | None) -> tuple[Tensor, list[str]] | None:
        """Features (1, d_m) and warnings, None if they are not remembered."""
        # One step, for another handler of the same visitor may forget it meanwhile; at worst it is encoded again.
        found = None if key is None else self._kept.pop(key, None)
        if key is not None and found is not None:
            self._used = time.monotonic()
            self._kept[key] = found
        return found

    def keep(self, key: Key | None, features: Tensor, warnings: list[str]) -> None:
        """Remember them, forgetting what was not used for longest; a key of None is not remembered."""
        if key is None:
            return
        self._used = time.monotonic()
        with _lock:
            _filled.add(self)
        self._kept[key] = (features, warnings)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)


def forget_unused(seconds: float) -> None:
    """Empty every memory of this process that was not used for some seconds."""
    with _lock:
        for memory in list(_filled):
            if time.monotonic() - memory._used >= seconds:
                memory._kept.clear()
                _filled.discard(memory)


def memory_key(encoder_identity: dict[str, Any], modality: str, content: bytes | None) -> Key | None:
    """What names features: the encoder's weights, the modality, and the content's key; None without one."""
    return None if content is None else (str(encoder_identity["weights"]), modality, content)
