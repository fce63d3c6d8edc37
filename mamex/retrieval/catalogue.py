"""The items on sale, that is the warm ones, as a trained model sees them; the nearest of them by faiss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import faiss
import numpy as np
import torch
from scipy import sparse
from torch import Tensor
from torch.nn import functional

from mamex.data.cold_start import ColdStartData
from mamex.data.dataset import Dataset
from mamex.model.paper import ItemForward, ItemTower

#: The space of the embeddings e_i, beside those of the modalities.
FUSED = "fused"


@dataclass(frozen=True)
class Item:
    """An item by name."""

    position: int  # in the whole dataset
    item_id: str
    title: str


@dataclass(frozen=True)
class Neighbour(Item):
    """An item of the catalogue and how alike it is (cosine, -1 to 1)."""

    similarity: float


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


@dataclass(frozen=True)
class Catalogue:
    """What a new product is compared with."""

    positions: np.ndarray  # (C,) item positions, ascending
    embeddings: Tensor  # e_i (C, d)
    forward: ItemForward  # gates and fusion weights of each (N = C)
    prepared: dict[str, Tensor]  # modality -> h_m (C, d_m)
    bought: sparse.csr_matrix  # (n_users, C), ones where the user owns the item
    spaces: dict[str, Neighbours]  # "fused" (by e_i), and each modality (by scaled features, of the items that have it)
    # Plain arrays: looking up a row of a data frame takes longer than the whole model.
    item_ids: np.ndarray  # (n_items,) str, of the whole dataset
    titles: np.ndarray  # (n_items,) str, of the whole dataset

    @cached_property
    def directions(self) -> np.ndarray:
        """Embeddings of unit length (C, d)."""
        return functional.normalize(self.embeddings, dim=1).numpy()

    @classmethod
    def of(cls, tower: ItemTower, data: ColdStartData, dataset: Dataset) -> Catalogue:
        """Embed and index the warm items."""
        positions = data.warm_items
        warm = torch.from_numpy(positions)
        features = {name: values[warm] for name, values in data.features.items()}
        prepared, scaled = tower.prepare(features), tower.scale(features)
        forward = tower.embed(prepared, data.present[warm])
        embeddings = forward.embeddings
        spaces = {FUSED: Neighbours(embeddings, positions)}
        for column, modality in enumerate(data.features):
            here = data.present[warm, column]
            spaces[modality] = Neighbours(scaled[modality][here], positions[here.numpy()])
        bought = data.histories[:, positions].tocsr()
        names = (dataset.items[column].to_numpy(dtype=object) for column in ("item_id", "title"))
        return cls(positions, embeddings, forward, prepared, bought, spaces, *names)

    def item(self, position: int) -> Item:
        """An item by its position in the whole dataset."""
        return Item(int(position), self.item_ids[position], self.titles[position])

    def neighbour(self, position: int, similarity: float) -> Neighbour:
        """An item that is so alike."""
        return Neighbour(int(position), self.item_ids[position], self.titles[position], float(similarity))

    def row(self, position: int) -> int:
        """The row of an item on sale, by its position in the whole dataset.

        Raises:
            KeyError: it is not on sale.
        """
        row = int(np.searchsorted(self.positions, position))
        if row == len(self.positions) or self.positions[row] != position:
            raise KeyError(position)
        return row

    def nearest(self, queries: Mapping[str, Tensor], count: int) -> dict[str, list[Neighbour]]:
        """The items that are most like one product in each space, nearest first.

        Args:
            queries: space -> the product there (1, d); in spaces that are left out nothing is found.
            count: how many in each.
        """
        found: dict[str, list[Neighbour]] = {}
        for space, index in self.spaces.items():
            found[space] = []
            if space in queries:
                positions, cosines = index.nearest(queries[space], count)
                found[space] = [self.neighbour(*pair) for pair in zip(positions[0], cosines[0], strict=True)]
        return found

    def bought_and_alike(self, users: np.ndarray, product: Tensor, most: int) -> list[tuple[int, list[Neighbour]]]:
        """For each user how many items they bought, and those of them that are most like a product, by cosine.

        Args:
            users: positions (A,).
            product: e_i (d,).
            most: how many items are listed.
        """
        likeness = self.directions @ functional.normalize(product, dim=0).numpy()  # (C,)
        starts, columns = self.bought.indptr, self.bought.indices
        found: list[tuple[int, list[Neighbour]]] = []
        for user in users.tolist():
            owned = columns[starts[user] : starts[user + 1]]
            best = owned[np.argsort(-likeness[owned], kind="stable")[:most]]
            found.append((len(owned), [self.neighbour(self.positions[row], likeness[row]) for row in best]))
        return found
