"""Figures of audience segments: pure functions, segments -> plotly figure."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from app import words
from app.parts.figures import LETTERS, named_rows
from app.theme.palette import INK, faded
from app.theme.plotly_text import bold
from mamex.insight.segments import Segment


def segments_figure(segments: Sequence[Segment]) -> go.Figure:
    """One bar a segment: its share of the audience, with a mark at its share of all users."""
    rows = list(range(len(segments)))
    shares = [segment.share for segment in segments]
    largest = max([*shares, *(segment.share_of_all for segment in segments)], default=0.0) or 1.0
    figure = go.Figure()
    hover = [_hover(segment) for segment in segments]
    bars = go.Bar(
        y=rows,
        x=shares,
        orientation="h",
        marker={"color": faded(INK, 0.35), "line": {"color": INK, "width": 1.5}},
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
        name="share of the audience",
    )
    marks = go.Scatter(
        y=rows,
        x=[segment.share_of_all for segment in segments],
        mode="markers",
        marker={"symbol": "line-ns", "size": 18, "line": {"width": 3, "color": INK}},
        hovertext=hover,
        hovertemplate="%{hovertext}<extra></extra>",
        name="share of all",
    )
    figure.add_trace(bars).add_trace(marks)
    for row, segment in enumerate(segments):
        beyond = max(segment.share, segment.share_of_all) + 0.04 * largest
        figure.add_annotation(
            x=beyond, y=row, text=_written(segment), showarrow=False, xanchor="left", font=LETTERS, borderpad=0
        )
    return named_rows(figure, [segment.name for segment in segments], largest)


def _written(segment: Segment) -> str:
    """``25 % · 2.1 ×``; bold if the difference is clear."""
    share = words.percent(segment.share)
    if segment.lift is None:
        return share
    text = f"{share} · {segment.lift:.1f} ×"
    return bold(text) if segment.clear else text


def _hover(segment: Segment) -> str:
    return (
        f"{words.text(segment.name)}: {segment.members:,} of the audience ({words.percent(segment.share)}), "
        f"{segment.users:,} of all ({words.percent(segment.share_of_all)})"
    )
