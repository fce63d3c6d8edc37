"""Is MAMEX better than another row? Paired over users, who are the sample.

A user is scored in each seed in which they have a test positive, so their scores of several seeds are not independent.
Each user therefore counts once: for the t-test with the mean difference over their seeds, in the bootstrap as a whole.
Neither test knows how much another draw of the *items* would change; the standard deviation over seeds shows that.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from mamex.evaluation import Evaluation

RESAMPLES = 2000
CONFIDENCE = 0.95


@dataclass(frozen=True)
class Comparison:
    """How much higher our mean is than theirs; NaN where that can't be said (one user, or their mean is zero).

    Attributes:
        relative: (ours - theirs) / theirs, of means over all (seed, user) pairs.
        low, high: 95 % bootstrap interval of ``relative``, over users.
        p: of the paired t-test over users, two-sided; 1 if no user's scores differ.
    """

    relative: float
    low: float
    high: float
    p: float


def compare(ours: Sequence[Evaluation], theirs: Sequence[Evaluation], metric: str) -> Comparison:
    """Compare two methods on the same seeds.

    Args:
        ours, theirs: one evaluation a seed, in the same order and of the same users.
        metric: for example "ndcg@20".
    """
    users = np.concatenate([evaluation.users for evaluation in ours])
    if not np.array_equal(users, np.concatenate([evaluation.users for evaluation in theirs])):
        raise ValueError("both methods need the same users in each seed")
    _, row, seeds = np.unique(users, return_inverse=True, return_counts=True)
    # Sums over a user's seeds, so that the mean over all pairs is a ratio of sums over users.
    a, b = (
        np.bincount(row, weights=np.concatenate([evaluation.per_user[metric] for evaluation in method]))
        for method in (ours, theirs)
    )
    if len(a) < 2 or not b.any():
        return Comparison(math.nan, math.nan, math.nan, math.nan)
    difference = (a - b) / seeds
    p = float(stats.ttest_1samp(difference, 0).pvalue) if np.ptp(difference) else float(not difference.any())
    interval = stats.bootstrap(
        (a, b),
        _relative,
        paired=True,
        n_resamples=RESAMPLES,
        batch=100,
        confidence_level=CONFIDENCE,
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return Comparison(float(_relative(a, b, -1)), float(interval.low), float(interval.high), p)


def _relative(a: np.ndarray, b: np.ndarray, axis: int) -> np.ndarray:
    ours, theirs = np.asarray(a.sum(axis=axis)), np.asarray(b.sum(axis=axis))
    # In a resample of few users the other method may find nothing.
    nothing = np.where(ours > 0, np.inf, 1.0)
    gain: np.ndarray = np.divide(ours, theirs, out=nothing, where=theirs > 0) - 1
    return gain
