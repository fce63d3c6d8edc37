"""Content-kNN: a user is the mean of what they bought."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from mamex.baselines.base import Recommender
from mamex.data.cold_start import ColdStartData


class ContentKNN(Recommender):
    """s_ui = mean over the user's history j of x_j . x_i, with x the centred unit-length features side by side.

    Nothing is learnt. A user without a history scores every item 0.
    """

    name = "content-knn"

    def fit(self, data: ColdStartData, seed: int = 0) -> None:
        self._content = data.content
        length = np.maximum(data.histories.sum(axis=1), 1)
        self._profiles = torch.from_numpy(np.asarray(data.histories @ self._content.numpy() / length, dtype=np.float32))

    def score(self, users: np.ndarray, items: np.ndarray) -> Tensor:
        return self._profiles[users] @ self._content[items].T
