"""The same budget for every method: N random trials, compared on validation NDCG@20 of the first seed."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from mamex.training.loop import TARGET


def random_trials(method: str, space: Mapping[str, Sequence[Any]], count: int) -> list[dict[str, Any]]:
    """``count`` groups of settings: the defaults, then random draws, each setting uniformly from its values.

    A trial depends on the method's name and its own number alone, so that more trials add to fewer. A method without
    a search space has its defaults alone.
    """
    if not space:
        return [{}]
    trials: list[dict[str, Any]] = [{}]
    for number in range(1, count):
        random = np.random.default_rng([zlib.crc32(method.encode()), number])
        trials.append({name: values[int(random.integers(len(values)))] for name, values in space.items()})
    return trials


def best_trial(validations: Sequence[Mapping[str, float]]) -> int:
    """The trial with the highest validation NDCG@20; of equal ones the first, and one without a value never wins."""
    values = [np.nan_to_num(validation.get(TARGET, np.nan), nan=-1.0) for validation in validations]
    return int(np.argmax(values))
