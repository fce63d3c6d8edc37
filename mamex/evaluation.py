"""The protocol by which every method is scored: MILK's, on which the paper's Table 1 builds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from mamex.data.cold_start import ColdStartData, interaction_matrix
from mamex.data.splits import Part

#: Users scored at once; bounds memory to CHUNK x candidates scores.
CHUNK = 2048
CUTOFFS = (10, 20)

Candidates = Literal["cold", "cold_test", "all"]
#: A method's scores: (user positions, item positions) -> (users, items).
Scorer = Callable[[np.ndarray, np.ndarray], Tensor]


def dot_products(users: Tensor, items: Tensor) -> Scorer:
    """Equation 9 as a scorer: s_ui = e_u . e_i for embeddings (n_users, d) and (n_items, d)."""
    return lambda rows, columns: users[rows] @ items[columns].T


@dataclass(frozen=True)
class Evaluation:
    """Metrics of one method on one part of the items."""

    users: np.ndarray  # (U,) positions of the users with at least one positive
    per_user: dict[str, np.ndarray]  # "recall@20" -> (U,)

    @property
    def mean(self) -> dict[str, float]:
        """Macro mean over users, by metric."""
        return {name: float(values.mean()) if len(values) else float("nan") for name, values in self.per_user.items()}


def candidate_items(data: ColdStartData, part: Part, candidates: Candidates) -> np.ndarray:
    """Positions of the items that compete when items of ``part`` are the positives."""
    if candidates == "cold":
        return data.cold_items
    if candidates == "cold_test":
        return np.flatnonzero(data.part == part)
    return np.arange(data.n_items)


def evaluate(
    scorer: Scorer,
    data: ColdStartData,
    part: Literal["validation", "test"],
    candidates: Candidates = "cold",
    cutoffs: Sequence[int] = CUTOFFS,
) -> Evaluation:
    """Rank the candidates for each user with a positive in ``part`` and score the ranking.

    With candidates "all", items of the user's training history don't compete.
    """
    pairs = data.interactions.validation if part == "validation" else data.interactions.test
    items = candidate_items(data, Part[part.upper()], candidates)
    relevant = interaction_matrix(pairs, data.n_users, data.n_items)[:, items]
    users = np.flatnonzero(np.diff(relevant.indptr))
    owned = data.histories[:, items] if candidates == "all" else None
    parts: list[dict[str, Tensor]] = []
    for start in range(0, len(users), CHUNK):
        chunk = users[start : start + CHUNK]
        scores = scorer(chunk, items)
        if owned is not None:
            scores = scores.masked_fill(torch.from_numpy(owned[chunk].toarray() > 0), -torch.inf)
        parts.append(ranking_metrics(scores, torch.from_numpy(relevant[chunk].toarray() > 0), cutoffs))
    names = [f"{metric}@{cutoff}" for cutoff in cutoffs for metric in ("recall", "ndcg")]
    per_user = {name: np.concatenate([p[name].numpy() for p in parts] or [np.zeros(0)]) for name in names}
    return Evaluation(users, per_user)


def ranking_metrics(scores: Tensor, relevant: Tensor, cutoffs: Sequence[int] = (10, 20)) -> dict[str, Tensor]:
    """Recall@K = hits / |positives| and NDCG@K = DCG / IDCG over min(K, |positives|), for each user.

    DCG@K sums 1 / log2(rank + 1) over the hits; ranks start at 1. lenskit's Recall divides by min(|positives|, K): not
    this one. Candidates with a score of minus infinity are never recommended.

    Args:
        scores: (U, C) of C candidate items.
        relevant: (U, C) bool; every user needs at least one relevant candidate.
        cutoffs: the values of K; a K above C counts all C candidates.

    Returns:
        "recall@K" and "ndcg@K" for each K -> (U,) float64.
    """
    positives = relevant.sum(dim=1)
    if not bool((positives > 0).all()):
        raise ValueError("every user needs at least one relevant candidate")
    deepest = min(max(cutoffs), scores.shape[1])
    best = scores.topk(deepest, dim=1)
    hits = (relevant.gather(1, best.indices) & torch.isfinite(best.values)).double()
    discount = 1 / torch.arange(2, deepest + 2, dtype=torch.float64, device=scores.device).log2()
    gain, ideal = (hits * discount).cumsum(dim=1), discount.cumsum(dim=0)
    found = hits.cumsum(dim=1)
    metrics: dict[str, Tensor] = {}
    for cutoff in cutoffs:
        last = min(cutoff, deepest) - 1
        metrics[f"recall@{cutoff}"] = found[:, last] / positives
        metrics[f"ndcg@{cutoff}"] = gain[:, last] / ideal[(positives - 1).clamp(max=last)]
    return metrics
