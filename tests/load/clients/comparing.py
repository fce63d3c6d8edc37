"""Whether an answer is the one that was computed alone, and if not, whether it is somebody else's."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from typing import Any

from tests.load.clients.products import CANARY

#: Numbers may differ by this share, for torch adds in another order when it is given another batch.
TOLERANCE = 1e-4
#: Says how long it took, which is never the same.
CLOCK = ("timings",)
#: A report says when it was written.
_WHEN = re.compile(rb"\d{2} \w+ \d{4}, \d{2}:\d{2} UTC")

RIGHT, WRONG, CROSSED = "right", "wrong", "cross-talk"


def verdict(got: Any, expected: Any, canary: str, others: Iterable[Any] = ()) -> tuple[str, str]:
    """Right, wrong, or cross-talk; and where they differ.

    Args:
        got: the answer.
        expected: the one computed alone.
        canary: the word that only the asker's product has.
        others: what other askers were to be told.
    """
    strangers = {word for word in CANARY.findall(_text(got)) if word != canary}
    if strangers:
        return CROSSED, f"speaks of {', '.join(sorted(strangers))}"
    found = difference(got, expected)
    if not found:
        return RIGHT, ""
    return (CROSSED if any(not difference(got, other) for other in others) else WRONG), found


def difference(got: Any, expected: Any, where: str = "answer") -> str:
    """The first place where two answers differ, "" if there is none."""
    if isinstance(expected, bytes) and isinstance(got, bytes):
        return "" if _WHEN.sub(b"", got) == _WHEN.sub(b"", expected) else f"{where}: other bytes"
    if _is_number(got) and _is_number(expected):
        near = math.isclose(got, expected, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
        return "" if near else f"{where}: {got} for {expected}"
    if isinstance(got, dict) and isinstance(expected, dict):
        if got.keys() != expected.keys():
            return f"{where}: other keys"
        pairs = [(f"{where}.{key}", got[key], expected[key]) for key in got if key not in CLOCK]
    elif isinstance(got, list) and isinstance(expected, list):
        if len(got) != len(expected):
            return f"{where}: {len(got)} entries for {len(expected)}"
        places = range(len(got))
        pairs = [(f"{where}[{place}]", got[place], expected[place]) for place in places]
    else:
        return "" if type(got) is type(expected) and got == expected else f"{where}: {got!r:.80} for {expected!r:.80}"
    return next(filter(None, (difference(one, other, place) for place, one, other in pairs)), "")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: Any) -> str:
    return value.decode("utf-8", errors="replace") if isinstance(value, bytes) else str(value)
