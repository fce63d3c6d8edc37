"""Small cold-start problems as arrays, without pictures, words or files."""

from __future__ import annotations

import numpy as np
import torch

from mamex.data.cold_start import ColdStartData
from mamex.data.splits import SplitInteractions


def split_pairs(pairs: np.ndarray, part: np.ndarray) -> SplitInteractions:
    """Give each (user, item) pair to the part of its item."""
    train, validation, test = (pairs[part[pairs[:, 1]] == number] for number in range(3))
    return SplitInteractions(train, validation, test)


def planted_data(n_users: int = 40, n_items: int = 90, tastes: int = 3, seed: int = 0) -> ColdStartData:
    """Users buy mostly items of their taste, and both modalities show an item's taste through noise.

    A third of the items lack one modality. User 0 has bought nothing; user 1 has bought only cold items.
    """
    random = np.random.default_rng(seed)
    taste = np.arange(n_items) % tastes
    part = random.permutation(np.repeat([0, 1, 2], [n_items - 2 * (n_items // 4), n_items // 4, n_items // 4]))
    part = part.astype(np.int8)
    features = {}
    for modality, width in (("image", 12), ("text", 7)):
        centres = random.normal(0, 1, (tastes, width))
        features[modality] = torch.from_numpy(
            (3 + centres[taste] + random.normal(0, 0.7, (n_items, width))).astype(np.float32)
        )
    present = torch.ones(n_items, 2, dtype=torch.bool)
    present[0::6, 0] = False
    present[3::6, 1] = False
    for column, modality in enumerate(features):
        features[modality][~present[:, column]] = 0
    pairs = []
    for user in range(1, n_users):
        allowed = np.flatnonzero(part > 0) if user == 1 else np.arange(n_items)
        weight = np.where(taste[allowed] == user % tastes, 0.9, 0.1)
        basket = random.choice(allowed, size=12, replace=False, p=weight / weight.sum())
        pairs += [(user, item) for item in sorted(basket)]
    return ColdStartData(features, present, part, split_pairs(np.array(pairs), part), n_users)
