"""How much each modality counts in ridge regression: the few combinations that are worth a try."""

from __future__ import annotations

import torch
from torch import Tensor

from mamex.data.cold_start import ColdStartData

#: Weight of the lesser modalities beside one that counts 1.
LESSER_WEIGHT = 0.4


def modality_weights(modalities: int) -> list[Tensor]:
    """All equal, or all but one lesser: weights (M,) each."""
    equal = torch.ones(modalities)
    if modalities == 1:
        return [equal]
    return [equal, *torch.full((modalities, modalities), LESSER_WEIGHT).fill_diagonal_(1)]


def weighted_content(data: ColdStartData, weights: Tensor) -> Tensor:
    """Content of all items side by side (n_items, F), each modality's block times its weight (M,)."""
    widths = torch.tensor([values.shape[1] for values in data.features.values()])
    return data.content * weights.repeat_interleave(widths)
