"""Horizontal bars, one a row, with their names on the left: what several views' figures share."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from app import words
from app.parts.figures import LETTERS, dressed
from app.theme.palette import CLEAR

#: Longer names would leave the bars no room on a phone.
MOST_LETTERS = 22


def named_rows(figure: go.Figure, names: Sequence[str], longest: float) -> go.Figure:
    """Dress a figure whose bars stand at y = 0, 1, … from the top.

    Args:
        figure: its traces' y are the rows.
        names: one a row; not ours, so they are escaped.
        longest: value of the longest bar; some room is left beyond it for its number.
    """
    figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=[_short(name) for name in names],
        range=[len(names) - 0.5, -0.5],
        tickfont=LETTERS,
        fixedrange=True,
        showgrid=False,
        zeroline=False,
        ticks="outside",
        ticklen=6,
        tickcolor=CLEAR,
    )
    figure.update_xaxes(visible=False, fixedrange=True, range=[0, 1.7 * (longest or 1.0)])
    return dressed(figure, 30 * max(len(names), 1) + 8).update_layout(bargap=0.34)


def _short(name: str) -> str:
    return words.text(name if len(name) <= MOST_LETTERS else name[: MOST_LETTERS - 1] + "…")
