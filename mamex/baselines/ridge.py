"""Ridge: one linear regression a user, from an item's features to whether the user bought it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from mamex.baselines.base import Recommender
from mamex.cold_start import ColdStartData
from mamex.evaluation import evaluate

#: Regularisation strengths tried on validation NDCG@20.
STRENGTHS = tuple(10.0**power for power in np.arange(-1, 4.01, 0.5))


class Ridge(Recommender):
    """W = (X'X + strength I)^-1 X'Y over the warm items; s_ui = x_i . w_u.

    X is the centred unit-length content (warm items, F), Y who bought them (warm items, n_users). One
    eigendecomposition X'X = V diag(e) V' serves all strengths: W = V diag(1 / (e + strength)) V'X'Y.
    """

    name = "ridge"

    def fit(self, data: ColdStartData, seed: int = 0) -> None:
        warm = data.content[data.warm_items]
        eigenvalues, vectors = torch.linalg.eigh((warm.T @ warm).double())
        self._eigenvalues = eigenvalues.clamp(min=0).float()
        vectors = vectors.float()
        self._items = data.content @ vectors  # (n_items, F)
        bought = data.histories[:, data.warm_items] @ warm.numpy()  # (n_users, F) = Y'X
        self._users = torch.from_numpy(np.asarray(bought, dtype=np.float32)) @ vectors
        best, self.strength = -1.0, STRENGTHS[len(STRENGTHS) // 2]
        for strength in STRENGTHS:
            value = evaluate(self._scorer(strength), data, "validation").mean["ndcg@20"]
            if value > best:
                best, self.strength = value, strength

    def _scorer(self, strength: float):
        def score(users: np.ndarray, items: np.ndarray) -> Tensor:
            return (self._users[users] / (self._eigenvalues + strength)) @ self._items[items].T

        return score

    def score(self, users: np.ndarray, items: np.ndarray) -> Tensor:
        return self._scorer(self.strength)(users, items)
