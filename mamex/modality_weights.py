"""How much each modality counts in ridge regression: the few combinations that are worth a try."""

from __future__ import annotations

import torch
from torch import Tensor

#: Weight of the lesser modalities beside one that counts 1.
LESSER_WEIGHT = 0.4


def modality_weights(modalities: int) -> list[Tensor]:
    """All equal, or all but one lesser: weights (M,) each."""
    equal = torch.ones(modalities)
    if modalities == 1:
        return [equal]
    return [equal, *torch.full((modalities, modalities), LESSER_WEIGHT).fill_diagonal_(1)]
