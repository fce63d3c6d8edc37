"""The items on sale, that is the warm ones, as a trained model sees them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy import sparse
from torch import Tensor

from mamex.data.cold_start import ColdStartData
from mamex.model.paper import ItemForward, ItemTower
from mamex.retrieval.neighbours import Neighbours


@dataclass(frozen=True)
class Catalogue:
    """What a new product is compared with."""

    positions: np.ndarray  # (C,) item positions, ascending
    embeddings: Tensor  # e_i (C, d)
    forward: ItemForward  # gates and fusion weights of each (N = C)
    prepared: dict[str, Tensor]  # modality -> h_m (C, d_m)
    bought: sparse.csr_matrix  # (n_users, C), ones where the user owns the item
    spaces: dict[str, Neighbours]  # "fused" (by e_i), and each modality (by scaled features, of the items that have it)

    @classmethod
    def of(cls, tower: ItemTower, data: ColdStartData) -> Catalogue:
        """Embed and index the warm items."""
        positions = data.warm_items
        warm = torch.from_numpy(positions)
        features = {name: values[warm] for name, values in data.features.items()}
        prepared, scaled = tower.prepare(features), tower.scale(features)
        forward = tower.embed(prepared, data.present[warm])
        embeddings = forward.embeddings
        spaces = {"fused": Neighbours(embeddings, positions)}
        for column, modality in enumerate(data.features):
            here = data.present[warm, column]
            spaces[modality] = Neighbours(scaled[modality][here], positions[here.numpy()])
        return cls(positions, embeddings, forward, prepared, data.histories[:, positions].tocsr(), spaces)
