"""Recall@K and NDCG@K, one number a user, for binary relevance."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


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
