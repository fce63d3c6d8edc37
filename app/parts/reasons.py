"""Why a product has its score, as a small table whose lines add up to it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app import words
from app.theme.templates import render

#: Modality -> one number an expert.
Contributions = Mapping[str, Sequence[float]]
Parts = Sequence[tuple[str, int]]
#: The least and the greatest value that a bar can show, zero between them.
Scale = tuple[float, float]


@dataclass(frozen=True)
class Reason:
    """One part of a score, as it is written and drawn: where its bar begins and how wide it is, in percent."""

    modality: str
    name: str
    zero: str
    left: str
    width: str
    against: bool
    value: str


def used_parts(contributions: Iterable[Contributions]) -> list[tuple[str, int]]:
    """The modalities and experts that contribute to at least one of several scores, in the model's order."""
    used = {
        (modality, expert): None
        for split in contributions
        for modality, values in split.items()
        for expert, value in enumerate(values)
        if value
    }
    modalities = list(dict.fromkeys(modality for modality, _ in used))
    return sorted(used, key=lambda part: (modalities.index(part[0]), part[1]))


def scale_of(contributions: Iterable[Contributions]) -> Scale:
    """One scale for the bars of several scores, so that they can be compared."""
    values = [value for split in contributions for part in split.values() for value in part]
    return min(0.0, *values, 0.0), max(0.0, *values, 0.0)


def shown_parts(split: Contributions, score: float, parts: Parts, digits: int) -> tuple[list[float], float]:
    """A score and its parts, rounded so that the rounded parts still add up to the rounded score."""
    return words.rounded_parts([split[modality][expert] for modality, expert in parts], score, digits)


def beaten(threshold: float, digits: int) -> str:
    """The score to beat, in words; a list with fewer products than it has room for asks for none."""
    return f"beats {threshold:.{digits}f}" if math.isfinite(threshold) else "the list has room"


def reasons(split: Contributions, score: float, parts: Parts, scale: Scale, threshold: float | None = None) -> Markup:
    """The parts of a score and their sum.

    Args:
        split: what each modality and expert contributes.
        score: their sum.
        parts: which of them are shown.
        scale: of the bars.
        threshold: the score that had to be beaten; None if there was none.
    """
    digits = words.digits_for(score)
    values, total = shown_parts(split, score, parts, digits)
    return render(
        "parts/templates/reasons.html",
        reasons=[_reason(*part, value, scale, digits) for part, value in zip(parts, values, strict=True)],
        beat="" if threshold is None else beaten(threshold, digits),
        total=f"{total:.{digits}f}",
    )


def _reason(modality: str, expert: int, value: float, scale: Scale, digits: int) -> Reason:
    """One part: a bar to the right of zero, or to its left where the part speaks against the product."""
    span = scale[1] - scale[0] or 1.0
    zero, width = -scale[0] / span * 100, abs(value) / span * 100
    left = zero - width if value < 0 else zero
    return Reason(
        modality=modality,
        name=f"{words.modality(modality)}, {words.expert(expert).lower()}",
        zero=f"{zero:.1f}",
        left=f"{left:.1f}",
        width=f"{width:.1f}",
        against=value < 0,
        value=f"{value:+.{digits}f}",
    )
