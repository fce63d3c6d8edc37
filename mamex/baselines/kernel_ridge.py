"""Kernel ridge: ridge that may bend. What linear maps of the content miss, and no network is needed to find."""

from __future__ import annotations

from itertools import product

import numpy as np
import torch
from torch import Tensor

from mamex.baselines.base import SelfTuned
from mamex.data.cold_start import ColdStartData
from mamex.data.splits import Part
from mamex.evaluation import candidate_items, evaluate
from mamex.model.kernel_components import rbf
from mamex.training.modality_weights import modality_weights, weighted_content

#: What is tried on validation NDCG@20, besides modality weights: inverse squared widths gamma, and strengths.
GAMMAS = (0.5, 1.0, 2.0)
STRENGTHS = (0.3, 1.0, 3.0, 10.0)


class KernelRidge(SelfTuned):
    """s_ui = y_u (K + strength I)^-1 k(x_i), with y_u which of the n warm items the user bought.

    K (n, n) and k (n,) hold exp(-gamma |x_j - x_i|^2) between items' contents, whose modalities are weighted as in
    ``WeightedRidge``. Saunders et al., "Ridge regression learning algorithm in dual variables", ICML 1998. Memory
    grows with the square of the warm items (20,000 need 1.6 GB) and time with their cube.
    """

    name = "ridge-kernel"

    def fit(self, data: ColdStartData, seed: int = 0) -> None:
        self._bought = data.histories[:, data.warm_items].tocsr()
        candidates = candidate_items(data, Part.VALIDATION, self.candidates)
        best = -1.0
        for weights, gamma in product(modality_weights(len(data.features)), GAMMAS):
            content = weighted_content(data, weights)
            warm = content[data.warm_items]
            kernel, towards = rbf(warm, warm, gamma), rbf(warm, content[candidates], gamma)
            for strength in STRENGTHS:
                solved = _solve(kernel, strength, towards).numpy()

                def scorer(users: np.ndarray, items: np.ndarray, solved: np.ndarray = solved) -> Tensor:
                    return torch.from_numpy(self._bought[users] @ solved[:, np.searchsorted(candidates, items)])

                value = evaluate(scorer, data, "validation", self.candidates).mean["ndcg@20"]
                if best < 0 or value > best:
                    best, self.weights, self.gamma, self.strength = value, weights, gamma, strength
        content = weighted_content(data, self.weights)
        warm = content[data.warm_items]
        self._solved = _solve(rbf(warm, warm, self.gamma), self.strength, rbf(warm, content, self.gamma)).numpy()

    def score(self, users: np.ndarray, items: np.ndarray) -> Tensor:
        return torch.from_numpy(self._bought[users] @ self._solved[:, items])


def _solve(kernel: Tensor, strength: float, towards: Tensor) -> Tensor:
    """(K + strength I)^-1 k for K (n, n) and k (n, c)."""
    regularised = kernel.clone()
    regularised.diagonal().add_(strength)
    return torch.cholesky_solve(towards, torch.linalg.cholesky(regularised))
