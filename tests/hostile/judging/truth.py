"""What is right: answers of sound inputs, asked for once by the same doors, to compare the others with."""

from __future__ import annotations

import json
import math
from typing import Any

#: Name of a question -> its answer; filled before the cases that are compared with it run.
KNOWN: dict[str, Any] = {}


def same(one: Any, other: Any) -> bool:
    """Equal, numbers to four digits: another thread may add in another order."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, (int, float)):
        return math.isclose(one, other, rel_tol=1e-3, abs_tol=1e-5)
    return bool(one == other)


def launch_part(launched: dict[str, Any]) -> dict[str, Any]:
    """Of a launch what must not change."""
    return {key: launched.get(key) for key in ("reach", "fusion", "audience_size")}


def as_known(name: str) -> Any:
    """A check that a launch, or the JSON printed of one, equals the known answer of ``name``."""

    def check(answer: Any) -> bool:
        try:
            launched = json.loads(answer) if isinstance(answer, str) else answer
        except ValueError:
            return False
        return isinstance(launched, dict) and same(launch_part(KNOWN[name]), launch_part(launched))

    return check


def is_finite_launch(answer: Any) -> bool:
    """A launch with all its parts, whose fusion weights are numbers that sum to one."""
    try:
        launched = json.loads(answer) if isinstance(answer, str) else answer
        weights = list(launched["fusion"].values())
        reach = list(launched["reach"].values())
    except (ValueError, KeyError, TypeError, AttributeError):
        return False
    return math.isclose(sum(weights), 1, abs_tol=1e-3) and all(0 <= share <= 1 for share in reach)
