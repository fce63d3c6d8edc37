"""What all rivals share that learn by gradient descent: settings, triples, early stopping, scores by dot product.

A rival says how to build its networks, what one epoch is, and which embeddings it ends up with; everything by which
methods are compared (split, validation, patience, seeds) is here, the same for all of them.
"""

from __future__ import annotations

import itertools
import math
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn

from mamex.baselines.base import Recommender
from mamex.data.cold_start import ColdStartData
from mamex.evaluation import Candidates, dot_products, evaluate

#: What early stopping watches, as for MAMEX.
TARGET = "ndcg@20"
#: How often the items that a user is said not to have bought are drawn anew where they did.
_ROUNDS = 3


@dataclass(frozen=True)
class Settings:
    """What can be tuned of every rival; each adds its own.

    Attributes:
        dimension: width d of user and item embeddings.
        learning_rate: step size of Adam.
        weight_decay: L2 penalty on all parameters (matrix factorisation has a penalty of its own).
        epochs: epochs at most. An epoch ends with a validation; it is a pass over the training interactions, or the
            next ``epoch_steps`` steps of one, because on dense data the best moment can lie within the first pass.
        epoch_steps: steps of an epoch at most, for the rivals that learn from triples.
        patience: epochs without a better validation NDCG@20 before stopping.
        batch: interactions of one step.
        candidates: what competes on validation.
    """

    dimension: int = 64
    learning_rate: float = 1e-3
    weight_decay: float = 0.0
    epochs: int = 60
    epoch_steps: int = 50
    patience: int = 8
    batch: int = 2048
    candidates: Candidates = "cold"


class LearnedRecommender(Recommender):
    """A rival trained in epochs.

    Args:
        settings: its hyperparameters; the defaults of ``settings_type`` if None.

    Attributes:
        settings_type: the dataclass of its hyperparameters.
        search_space: setting -> values that a random search may draw from.
        seed: of the last ``fit``, for what ``build`` starts from.
        epochs_run, best_epoch: how the last ``fit`` went.
        validation: metrics of the best epoch.
    """

    settings_type: ClassVar[type[Settings]] = Settings
    search_space: ClassVar[Mapping[str, tuple[Any, ...]]] = {"learning_rate": (3e-4, 1e-3, 3e-3)}

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or self.settings_type()

    def fit(self, data: ColdStartData, seed: int = 0) -> None:
        """Train, keep the epoch with the best validation NDCG@20; the caller's random state is left as it was."""
        self.seed = seed
        self.validation: dict[str, float] = {}
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            self.build(data)
            for epoch in range(1, self.settings.epochs + 1):
                self.train_epoch()
                with torch.no_grad():
                    users, items = self.embeddings()
                scorer = dot_products(users, items)
                found = evaluate(scorer, data, "validation", self.settings.candidates).mean
                if not self.validation or found[TARGET] > self.validation[TARGET]:
                    self.validation, self.best_epoch = found, epoch
                    self._best = users.detach().clone(), items.detach().clone()
                self.epochs_run = epoch
                if epoch - self.best_epoch >= self.settings.patience:
                    break
        self.release()

    def score(self, users: np.ndarray, items: np.ndarray) -> Tensor:
        return dot_products(*self._best)(users, items)

    @abstractmethod
    def build(self, data: ColdStartData) -> None:
        """Make networks, optimiser and whatever ``train_epoch`` needs; random numbers from torch's global generator."""

    @abstractmethod
    def train_epoch(self) -> None:
        """One pass over the training interactions, or as many steps of it as ``Settings`` says."""

    @abstractmethod
    def embeddings(self) -> tuple[Tensor, Tensor]:
        """Users (n_users, d) and all items (n_items, d), cold ones from their content alone, as they stand now."""

    def release(self) -> None:
        """Let go of what only training needs; rivals that hold much override it."""


class Purchases:
    """Who bought which warm item, to be asked for many pairs at once."""

    def __init__(self, data: ColdStartData) -> None:
        self._n_items = data.n_items
        pairs = torch.from_numpy(data.interactions.train)
        self._keys = (pairs[:, 0] * data.n_items + pairs[:, 1]).sort().values

    def contains(self, users: Tensor, items: Tensor) -> Tensor:
        """Whether each user bought the item at the same place; bool of their common shape."""
        keys = users * self._n_items + items
        places = torch.searchsorted(self._keys, keys).clamp(max=len(self._keys) - 1)
        return self._keys[places] == keys


class Triples:
    """Shuffled (user, bought item, other item) positions of the warm items, a batch at a time.

    To iterate is to get the next epoch: what is left of a pass over the training interactions, or the next
    ``epoch_steps`` batches of it.

    The other item is uniform among the warm items that the user did not buy (MILK's code draws from all items; that
    would show cold items to the loss).

    Args:
        data: the problem.
        batch: triples of one step.
        epoch_steps: batches of an epoch at most, if given.
        most_steps: batches of a pass at most, if given; they become larger for it.
    """

    def __init__(
        self, data: ColdStartData, batch: int, epoch_steps: int | None = None, most_steps: int | None = None
    ) -> None:
        self._pairs = torch.from_numpy(data.interactions.train)
        self._warm = torch.from_numpy(data.warm_items)
        self._batch = max(batch, math.ceil(len(self._pairs) / most_steps)) if most_steps else batch
        self._epoch_steps = epoch_steps
        self._waiting: list[Tensor] = []  # batches of the pass that are still to come
        self._purchases = Purchases(data)

    def __iter__(self) -> Iterator[tuple[Tensor, Tensor, Tensor]]:
        if not self._waiting:
            self._waiting = list(torch.randperm(len(self._pairs)).split(self._batch))
        steps = self._epoch_steps or len(self._waiting)
        batches, self._waiting = self._waiting[:steps], self._waiting[steps:]
        for rows in batches:
            users, bought = self._pairs[rows].T
            yield users, bought, self.others(users)

    def others(self, users: Tensor) -> Tensor:
        """For each user (B,) one warm item (B,) that they did not buy.

        After ``_ROUNDS`` of drawing anew for those hit by chance, what is left may be owned: one in thousands, and an
        owner of nearly everything has no better.
        """
        drawn = self._warm[torch.randint(len(self._warm), users.shape)]
        for _ in range(_ROUNDS):
            taken = self._purchases.contains(users, drawn)
            if not bool(taken.any()):
                break
            drawn[taken] = self._warm[torch.randint(len(self._warm), (int(taken.sum()),))]
        return drawn


class PairwiseRecommender(LearnedRecommender):
    """A rival whose every step is one loss of a batch of triples; ``build`` sets ``_triples`` and ``_optimizer``."""

    _triples: Triples
    _optimizer: torch.optim.Optimizer

    def train_epoch(self) -> None:
        for users, bought, others in self._triples:
            self._optimizer.zero_grad()
            self._loss(users, bought, others).backward()
            self._optimizer.step()

    @abstractmethod
    def _loss(self, users: Tensor, bought: Tensor, others: Tensor) -> Tensor:
        """The loss of users, what they bought and what they did not, positions (B,) each."""


def mlp(*widths: int) -> nn.Sequential:
    """Linear layers of these widths with leaky ReLU between them."""
    layers: list[nn.Module] = []
    for place, (inputs, outputs) in enumerate(itertools.pairwise(widths)):
        if place:
            layers.append(nn.LeakyReLU(0.2))
        layers.append(nn.Linear(inputs, outputs))
    return nn.Sequential(*layers)
