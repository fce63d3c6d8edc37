"""The items on sale, that is the warm ones, as a trained model sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from scipy import sparse
from torch import Tensor

from mamex.data.cold_start import ColdStartData
from mamex.data.dataset import Dataset
from mamex.model.paper import ItemForward, ItemTower
from mamex.retrieval.neighbours import Neighbours

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
