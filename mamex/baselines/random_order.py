"""The floor: a random order of the candidates for each user."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from mamex.baselines.base import Recommender
from mamex.data.cold_start import ColdStartData


class RandomOrder(Recommender):
    """Uniform random scores; any method that is not clearly above this has learnt nothing."""

    name = "random"

    def fit(self, data: ColdStartData, seed: int = 0) -> None:
        self._generator = torch.Generator().manual_seed(seed)

    def score(self, users: np.ndarray, items: np.ndarray) -> Tensor:
        return torch.rand(len(users), len(items), generator=self._generator)
