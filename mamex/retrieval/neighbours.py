"""Nearest items in a space of vectors, by cosine, with faiss."""

from __future__ import annotations

import faiss
import numpy as np
from torch import Tensor
from torch.nn import functional


class Neighbours:
    """An exact cosine index over some of the items.

    Args:
        vectors: (n, d), one row an item; need not be of unit length.
        positions: (n,) the item position of each row.
    """

    def __init__(self, vectors: Tensor, positions: np.ndarray) -> None:
        self._positions = positions
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(_unit(vectors))

    def nearest(self, queries: Tensor, count: int) -> tuple[np.ndarray, np.ndarray]:
        """The ``count`` nearest items of each query (Q, d), nearest first, and their cosines.

        Returns:
            item positions (Q, n) and cosines (Q, n), n = min(count, indexed items).
        """
        count = min(count, len(self._positions))
        if not count:
            return np.zeros((len(queries), 0), dtype=np.int64), np.zeros((len(queries), 0), dtype=np.float32)
        cosines, rows = self._index.search(_unit(queries), count)
        return self._positions[rows], cosines

    def familiarity_limit(self, share: float = 0.01) -> float:
        """The cosine to its nearest other item below which only ``share`` of the indexed items fall."""
        if len(self._positions) < 2:
            return -1.0
        vectors = self._index.reconstruct_n(0, len(self._positions))
        cosines, _ = self._index.search(vectors, 2)  # the first hit is the item itself
        return float(np.quantile(cosines[:, 1], share))


def _unit(vectors: Tensor) -> np.ndarray:
    return np.ascontiguousarray(functional.normalize(vectors, dim=-1).numpy(), dtype=np.float32)
