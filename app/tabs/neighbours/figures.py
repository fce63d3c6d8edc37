"""Figures of the Neighbours tab: pure functions, result -> plotly figure."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from app import words
from app.parts.figures import LETTERS, named_rows
from app.theme.palette import INK, faded
from mamex.insight.cannibalisation import Loss


def places_figure(lost: Sequence[Loss]) -> go.Figure:
    """How many places each of some products loses, and what share of the lists it is in these are."""
    places = [loss.lost for loss in lost]
    names = [loss.item.title or loss.item.item_id for loss in lost]
    figure = go.Figure(
        go.Bar(
            y=list(range(len(lost))),
            x=places,
            orientation="h",
            marker={"color": faded(INK, 0.75), "line": {"color": INK, "width": 1.5}},
            text=[f"{loss.lost:,} of {loss.audience:,} · {words.percent(loss.share_lost)}" for loss in lost],
            textposition="outside",
            cliponaxis=False,
            textfont=LETTERS,
            hovertext=[words.text(name) for name in names],
            hovertemplate="%{hovertext}: %{text}<extra></extra>",
        )
    )
    return named_rows(figure, names, max(places, default=0))
