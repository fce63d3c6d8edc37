"""The list of situations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

#: What a situation may come to; a wrong one raises AssertionError.
Outcome = Literal["read", "told"]
#: Makes a folder inside the one it is given, looks at it, and says whether it was read rightly or told.
Try = Callable[[Path], Outcome]


@dataclass(frozen=True)
class Situation:
    """One thing that strangers do to their exports."""

    name: str
    part: str
    attempt: Try
    slow: bool = False

    @property
    def story(self) -> str:
        """What happened, in a sentence."""
        return (self.attempt.__doc__ or "").strip().split("\n")[0]


SITUATIONS: dict[str, Situation] = {}


def situation(part: str, slow: bool = False) -> Callable[[Try], Try]:
    """Enter a function into the list, by its name."""

    def enter(attempt: Try) -> Try:
        name = f"{part}: {attempt.__name__.replace('_', ' ')}"
        assert name not in SITUATIONS, name
        SITUATIONS[name] = Situation(name, part, attempt, slow)
        return attempt

    return enter
