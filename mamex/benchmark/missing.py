"""Cold items that lose their picture or their words, for any method and with one training for all shares.

Beside each cold item stand copies of it, one for each modality, that lack that modality. Copies belong to no part of
the split and nobody bought them, so no method learns from them and they never compete; but every method gives them a
score. An item that loses its picture is then scored as its copy.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from mamex.data.cold_start import ColdStartData
from mamex.evaluation import Candidates, Scorer, evaluate

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
EITHER = "either"
#: The part of copies: not warm (0), validation (1) or test (2).
NO_PART = -1


def losses(modalities: list[str]) -> list[str]:
    """What items can lose: each modality, and with several of them one or the other."""
    return [*modalities, EITHER] if len(modalities) > 1 else modalities


def with_copies(data: ColdStartData) -> ColdStartData:
    """Append, for each modality in turn, a copy of every cold item that lacks it."""
    cold = data.cold_items
    modalities = list(data.features)
    features = {
        modality: torch.cat(
            [values, *(torch.zeros_like(values[cold]) if lost == modality else values[cold] for lost in modalities)]
        )
        for modality, values in data.features.items()
    }
    copies = [data.present[cold].clone() for _ in modalities]
    for column, present in enumerate(copies):
        present[:, column] = False
    part = np.concatenate([data.part, np.full(len(cold) * len(modalities), NO_PART, dtype=data.part.dtype)])
    return replace(data, features=features, present=torch.cat([data.present, *copies]), part=part)


def scored_as(data: ColdStartData, lost: str, share: float, seed: int) -> np.ndarray:
    """(n_items,) for each item of ``data`` its position in ``with_copies(data)`` once a share of the cold ones lost.

    Who loses is drawn from ``seed`` alone: those who lose at a small share lose at a larger one too, and items that
    lose "either" draw one of the modalities, whether or not they have it.
    """
    cold = data.cold_items
    modalities = list(data.features)
    random = np.random.default_rng(seed)
    order = random.permutation(len(cold))
    drawn = random.integers(len(modalities), size=len(cold))
    column = drawn if lost == EITHER else np.full(len(cold), modalities.index(lost))
    positions = np.arange(data.n_items)
    losers = order[: round(share * len(cold))]
    positions[cold[losers]] = data.n_items + column[losers] * len(cold) + losers
    return positions


def evaluate_missing(fitted: Scorer, data: ColdStartData, candidates: Candidates, seed: int) -> list[dict[str, Any]]:
    """Test metrics for every loss and share.

    Args:
        fitted: scores of a method that was fitted on ``with_copies(data)``.
        data: the problem without copies.
        candidates: what competes.
        seed: draws who loses.

    Returns:
        One mapping each: "lost", "share", and the mean of each metric over users.
    """
    results = []
    for lost in losses(list(data.features)):
        for share in SHARES:
            scorer = _with_positions(fitted, scored_as(data, lost, share, seed))
            results.append({"lost": lost, "share": share, **evaluate(scorer, data, "test", candidates).mean})
    return results


def _with_positions(scorer: Scorer, positions: np.ndarray) -> Scorer:
    return lambda users, items: scorer(users, positions[items])
