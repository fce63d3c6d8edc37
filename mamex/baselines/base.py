"""What every method offers that is compared with MAMEX."""

from __future__ import annotations

from abc import ABC, abstractmethod

import numpy as np
from torch import Tensor

from mamex.data.cold_start import ColdStartData
from mamex.evaluation import Candidates


class Recommender(ABC):
    """A method that learns from warm items and scores cold ones.

    Attributes:
        name: its name in tables and in metrics.json.
    """

    name: str

    @abstractmethod
    def fit(self, data: ColdStartData, seed: int = 0) -> None:
        """Learn from the warm items' interactions; choose its own settings on validation only."""

    @abstractmethod
    def score(self, users: np.ndarray, items: np.ndarray) -> Tensor:
        """Scores (users, items) for arrays of positions; higher is better."""


class SelfTuned(Recommender):
    """A method that tries all of its settings on validation NDCG@20 in ``fit``.

    Args:
        candidates: what competes there.
    """

    def __init__(self, candidates: Candidates = "cold") -> None:
        self.candidates = candidates
