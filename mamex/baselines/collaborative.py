"""Embeddings of users and warm items from interactions alone: what several rivals start from.

BPR matrix factorisation (Rendle et al., UAI 2009) and LightGCN (He et al., SIGIR 2020). Neither can score a cold item.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from scipy import sparse
from torch import Tensor, nn
from torch.nn import functional

from mamex.baselines.learned import TARGET, LearnedRecommender, Settings, Triples
from mamex.data.cold_start import ColdStartData
from mamex.data.splits import SplitInteractions
from mamex.evaluation import Candidates

#: Share of the warm interactions that early stopping watches.
HELD_OUT = 0.1
#: Results kept by ``warm_embeddings``: one seed's BPR and LightGCN, and a few more.
MOST_KEPT = 4

_kept: dict[tuple[str, int, int, int], tuple[Tensor, Tensor]] = {}


def warm_embeddings(data: ColdStartData, dimension: int, seed: int, layers: int = 0) -> tuple[Tensor, Tensor]:
    """Users (n_users, d) and items (n_items, d), the rows of cold items zero; read-only, the last few are kept.

    Cold items play no part: early stopping holds out a tenth of the warm interactions.

    Args:
        data: the problem.
        dimension: d.
        seed: drives initial values, sampling and what is held out; the caller's random state is left as it was.
        layers: 0 for BPR matrix factorisation, more for LightGCN.
    """
    key = (data.fingerprint, dimension, seed, layers)
    if key not in _kept:
        problem = warm_problem(data, seed)
        models = [Collaborative(settings) for settings in _candidates(dimension, layers)]
        for model in models:
            model.fit(problem, seed)
        users, warm = max(models, key=lambda model: model.validation[TARGET]).factors()
        items = torch.zeros(data.n_items, dimension)
        items[data.warm_items] = warm
        while len(_kept) >= MOST_KEPT:
            del _kept[next(iter(_kept))]
        _kept[key] = users, items
    return _kept[key]


def _candidates(dimension: int, layers: int) -> list[CollaborativeSettings]:
    """What is tried, the best on the held-out interactions to be taken.

    Sparse data need a tenfold penalty of dense ones; propagation, where a step costs as much whatever its batch,
    smooths both alike and is tried once.
    """
    if layers:
        return [CollaborativeSettings(dimension=dimension, layers=layers, learning_rate=3e-2, most_steps=25)]
    return [CollaborativeSettings(dimension=dimension, penalty=penalty) for penalty in (0.01, 0.1)]


def warm_problem(data: ColdStartData, seed: int) -> ColdStartData:
    """The warm items alone, renumbered; a tenth of their interactions, at random, are its validation part."""
    pairs = data.interactions.train.copy()
    pairs[:, 1] = np.searchsorted(data.warm_items, pairs[:, 1])
    held_out = np.random.default_rng(seed).random(len(pairs)) < HELD_OUT
    interactions = SplitInteractions(pairs[~held_out], pairs[held_out], pairs[:0])
    n_warm = len(data.warm_items)
    return ColdStartData(
        {}, torch.zeros(n_warm, 0, dtype=torch.bool), np.zeros(n_warm, np.int8), interactions, data.n_users
    )


@dataclass(frozen=True)
class CollaborativeSettings(Settings):
    """Settings of BPR and LightGCN.

    Attributes:
        layers: steps of propagation over the user-item graph; 0 is matrix factorisation.
        penalty: weight of the squared length of the batch's own embeddings (before propagation).
        most_steps: steps of a pass at most; batches become larger for it.
    """

    learning_rate: float = 1e-2
    epochs: int = 200
    batch: int = 64
    candidates: Candidates = "all"
    layers: int = 0
    penalty: float = 0.01
    most_steps: int = 100


class Collaborative(LearnedRecommender):
    """s_ui = e_u . e_i, with loss -ln sigmoid(s_ui - s_uj) + penalty (|e0_u|^2 + |e0_i|^2 + |e0_j|^2) / 2.

    e is e0 for matrix factorisation; for LightGCN the mean of e0, Ae0, A^2 e0 …, with A the adjacency of users and
    items scaled by 1 / sqrt(degree of user x degree of item).
    """

    settings_type = CollaborativeSettings
    settings: CollaborativeSettings

    def build(self, data: ColdStartData) -> None:
        self._triples = Triples(data, self.settings.batch, most_steps=self.settings.most_steps)
        self._start = nn.Parameter(0.1 * torch.randn(data.n_users + data.n_items, self.settings.dimension))
        self._optimizer = torch.optim.Adam([self._start], lr=self.settings.learning_rate, fused=True)
        self._n_users = data.n_users
        self._adjacency = normalised_adjacency(data.histories) if self.settings.layers else None

    def train_epoch(self) -> None:
        for users, bought, others in self._triples:
            rows = torch.stack([users, bought + self._n_users, others + self._n_users])
            user, positive, negative = functional.embedding(rows, self._propagate())
            gap = (user * (positive - negative)).sum(dim=1)
            size = functional.embedding(rows, self._start).square().sum() / rows.shape[1]
            loss = -functional.logsigmoid(gap).mean() + self.settings.penalty / 2 * size
            self._optimizer.zero_grad()
            loss.backward()
            self._optimizer.step()

    def _propagate(self) -> Tensor:
        if self._adjacency is None:
            return self._start
        layer = total = self._start
        for _ in range(self.settings.layers):
            layer = _SymmetricProduct.apply(layer, self._adjacency)
            total = total + layer
        return total / (self.settings.layers + 1)

    def embeddings(self) -> tuple[Tensor, Tensor]:
        everything = self._propagate()
        return everything[: self._n_users], everything[self._n_users :]

    def factors(self) -> tuple[Tensor, Tensor]:
        """Users and items of the best epoch."""
        return self._best

    def release(self) -> None:
        del self._triples, self._start, self._optimizer, self._adjacency


class _SymmetricProduct(torch.autograd.Function):
    """A @ x for a symmetric A: the gradient is A @ gradient, without the transposed copy that PyTorch would make."""

    @staticmethod
    def forward(context: Any, values: Tensor, matrix: Tensor) -> Tensor:
        context.matrix = matrix
        return matrix @ values

    @staticmethod
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, None]:
        return context.matrix @ gradient, None


def normalised_adjacency(histories: sparse.csr_matrix) -> Tensor:
    """D^-1/2 [[0, H], [H', 0]] D^-1/2 as a sparse tensor, users first, for histories H (n_users, n_items)."""
    graph = sparse.bmat([[None, histories], [histories.T, None]], format="csr")
    scale = sparse.diags(np.maximum(graph.sum(axis=1).A1, 1) ** -0.5)
    scaled = (scale @ graph @ scale).tocsr().astype(np.float32)
    with warnings.catch_warnings():  # PyTorch calls this format, twice as fast here as its other one, a beta
        warnings.simplefilter("ignore", UserWarning)
        return torch.sparse_csr_tensor(
            scaled.indptr, scaled.indices, scaled.data, size=scaled.shape, check_invariants=True
        )
