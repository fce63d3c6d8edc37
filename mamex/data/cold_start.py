"""The cold-start problem as arrays: what every method trains on and is scored by."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from scipy import sparse
from torch import Tensor
from torch.nn import functional

from mamex.config import DataConfig
from mamex.data.dataset import Dataset, ItemFeatures
from mamex.data.splits import Part, SplitInteractions, split_interactions, split_items
from mamex.errors import DatasetError


@dataclass(frozen=True)
class ColdStartData:
    """Items with features, split into warm and cold, and who interacted with what.

    Attributes:
        features: modality -> raw encoder features, float32 (n_items, d_m); rows of missing modalities are zero.
        present: (n_items, M) bool, columns in the order of ``features``.
        part: (n_items,) int8, a ``Part`` each.
        interactions: (n, 2) arrays of (user, item) positions for each part.
        n_users: number of users.
    """

    features: Mapping[str, Tensor]
    present: Tensor
    part: np.ndarray
    interactions: SplitInteractions
    n_users: int

    @property
    def n_items(self) -> int:
        return len(self.part)

    @cached_property
    def warm_items(self) -> np.ndarray:
        """Positions of the items with training interactions allowed, ascending."""
        return np.flatnonzero(self.part == Part.TRAIN)

    @cached_property
    def cold_items(self) -> np.ndarray:
        """Positions of the items that are held out of training, ascending."""
        return np.flatnonzero((self.part == Part.VALIDATION) | (self.part == Part.TEST))

    @cached_property
    def test_items(self) -> np.ndarray:
        """Positions of the cold items that are scored once, ascending."""
        return np.flatnonzero(self.part == Part.TEST)

    @cached_property
    def part_sizes(self) -> tuple[int, int, int]:
        """How many items are in each part, in the order of ``Part``."""
        train, validation, test = (int((self.part == part).sum()) for part in Part)
        return train, validation, test

    @cached_property
    def histories(self) -> sparse.csr_matrix:
        """Who bought which warm item: float32 (n_users, n_items), zeros and ones."""
        return interaction_matrix(self.interactions.train, self.n_users, self.n_items)

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of all arrays: two problems with the same fingerprint train the same model."""
        digest = hashlib.sha256(self.part.tobytes())
        for pairs in (self.interactions.train, self.interactions.validation, self.interactions.test):
            digest.update(np.ascontiguousarray(pairs).data)
        for name, values in self.features.items():
            digest.update(name.encode())
            digest.update(values.contiguous().numpy().data)
        digest.update(self.present.contiguous().numpy().data)
        return digest.hexdigest()

    @cached_property
    def content(self) -> Tensor:
        """All modalities side by side, (n_items, sum of d_m): centred on the warm items' mean and of unit length each.

        The simple baselines read this; a missing modality is a block of zeros.
        """
        blocks = []
        for column, modality in enumerate(self.features):
            here = self.present[:, column]
            warm = here & torch.from_numpy(self.part == Part.TRAIN)
            raw = self.features[modality]
            center = raw[warm].mean(dim=0) if bool(warm.any()) else raw.new_zeros(raw.shape[1])
            blocks.append(functional.normalize(raw - center, dim=-1) * here.unsqueeze(-1))
        return torch.cat(blocks, dim=1)


def cold_start_data(dataset: Dataset, features: ItemFeatures, config: DataConfig, seed: int) -> ColdStartData:
    """Split a dataset by item with ``seed`` and put it beside its features.

    Raises:
        DatasetError: too few items to split, an unknown group column, or a part without interactions.
    """
    split = split_items(dataset, config, seed)
    interactions = split_interactions(dataset, split)
    parts = {"training": interactions.train, "validation": interactions.validation, "test": interactions.test}
    for name, pairs in parts.items():
        if not len(pairs):
            bought = dataset.interactions["item"].nunique()
            raise DatasetError(
                f"The split leaves no {name} interactions; the dataset needs more of them: {bought:,} of "
                f"{dataset.n_items:,} items were ever bought, and each part needs some"
                + (
                    f", in groups of {config.group_column}; choose another data.group_column."
                    if config.group_column
                    else "."
                )
            )
    return ColdStartData(features.values, features.present, split.part, interactions, dataset.n_users)


def interaction_matrix(pairs: np.ndarray, n_users: int, n_items: int) -> sparse.csr_matrix:
    """(n, 2) user and item positions -> float32 zeros and ones (n_users, n_items)."""
    ones = np.ones(len(pairs), dtype=np.float32)
    return sparse.csr_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(n_users, n_items))
