"""Ridge: one linear regression a user, from an item's features to whether the user bought it."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from mamex.baselines.base import SelfTuned
from mamex.data.cold_start import ColdStartData
from mamex.evaluation import dot_products, evaluate
from mamex.training.modality_weights import modality_weights, weighted_content

#: Regularisation strengths tried on validation NDCG@20.
STRENGTHS = tuple(10.0**power for power in np.arange(-1, 4.01, 0.5))


class Ridge(SelfTuned):
    """W = (X'X + strength I)^-1 X'Y over the warm items; s_ui = x_i . w_u.

    X is the centred unit-length content (warm items, F), Y who bought them (warm items, n_users). One
    eigendecomposition X'X = V diag(e) V' serves all strengths: W = V diag(1 / (e + strength)) V'X'Y.
    """

    name = "ridge"

    def fit(self, data: ColdStartData, seed: int = 0) -> None:
        best = -1.0
        for weights in self._weights(len(data.features)):
            users, items, eigenvalues = _rotate(data, weights)
            for strength in STRENGTHS:
                scorer = dot_products(users / (eigenvalues + strength), items)
                value = evaluate(scorer, data, "validation", self.candidates).mean["ndcg@20"]
                if best < 0 or value > best:
                    best, self.strength, self.weights = value, strength, weights
                    self._users, self._items, self._eigenvalues = users, items, eigenvalues

    def _weights(self, modalities: int) -> list[Tensor]:
        return [torch.ones(modalities)]

    def score(self, users: np.ndarray, items: np.ndarray) -> Tensor:
        return dot_products(self._users / (self._eigenvalues + self.strength), self._items)(users, items)


class WeightedRidge(Ridge):
    """Ridge on content whose modalities are first weighted, the weights chosen on validation.

    MAMEX starts from a low-rank version of this, so it is the bar that learning has to clear.
    """

    name = "ridge-weighted"

    def _weights(self, modalities: int) -> list[Tensor]:
        return modality_weights(modalities)


def _rotate(data: ColdStartData, weights: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Y'XV (n_users, F), XV of all items (n_items, F) and e (F,), for weighted content X."""
    content = weighted_content(data, weights)
    warm = content[data.warm_items]
    eigenvalues, vectors = torch.linalg.eigh((warm.T @ warm).double())
    items = content @ vectors.float()
    bought = data.histories[:, data.warm_items] @ items[data.warm_items].numpy()
    return torch.from_numpy(np.asarray(bought, dtype=np.float32)), items, eigenvalues.clamp(min=0).float()
