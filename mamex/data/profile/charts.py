"""Charts as shapes in a square of 100 by 100, which a page stretches; what they say is written beside them as text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mamex.data.profile.activity import Bar

#: Share of a bar's room that the bar fills.
FILLED = 0.8


@dataclass(frozen=True)
class Shape:
    """A bar: its place in the square, and what it says."""

    x: str
    y: str
    width: str
    height: str
    says: str


@dataclass(frozen=True)
class Upright:
    """Upright bars over time: the first and last label, and the largest number, which the height stands for."""

    shapes: list[Shape]
    first: str
    last: str
    most: int


@dataclass(frozen=True)
class Line:
    """A bar that lies: its name, its number, and its width in percent of the longest."""

    name: str
    number: int
    width: str


def columns_of(bars: Sequence[Bar]) -> Upright | None:
    """Upright bars, side by side; None without any."""
    if not bars:
        return None
    most, room = max(1, *(bar.number for bar in bars)), 100 / len(bars)
    filled = FILLED if len(bars) <= 60 else 1.0
    shapes = [
        _shape(place * room + room * (1 - filled) / 2, room * filled, 100 * bar.number / most, bar)
        for place, bar in enumerate(bars)
        if bar.number
    ]
    return Upright(shapes, bars[0].label, bars[-1].label, most)


def _shape(x: float, width: float, height: float, bar: Bar) -> Shape:
    height = max(height, 0.8)  # what is there is seen
    return Shape(f"{x:.2f}", f"{100 - height:.2f}", f"{width:.2f}", f"{height:.2f}", f"{bar.label}: {bar.number:,}")


def area_of(falling: Sequence[int]) -> str:
    """The points of an area under a falling curve; "" without any."""
    if not falling or not falling[0]:
        return ""
    steps = max(1, len(falling) - 1)
    line = [f"{100 * place / steps:.2f},{100 - 100 * number / falling[0]:.2f}" for place, number in enumerate(falling)]
    return " ".join(["0,100", *line, "100,100"])


def lines_of(bars: Sequence[Bar]) -> list[Line]:
    """Lying bars, one below the other."""
    most = max((bar.number for bar in bars), default=0) or 1
    return [Line(bar.label, bar.number, f"{100 * bar.number / most:.2f}") for bar in bars]
