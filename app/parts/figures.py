"""The weights of a launch as bars, and what all figures share: pure functions, result -> plotly figure.

How a product was read is drawn by ``flow.py``.
"""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from app import words
from app.theme.palette import CLEAR, INK, colour, hatch
from mamex.launch.result import LaunchResult

FONT = "IBM Plex Sans, system-ui, sans-serif"
LETTERS = {"size": 13, "color": INK}
#: Longer names would leave the bars no room on a phone.
MOST_LETTERS = 22


def fusion_figure(result: LaunchResult) -> go.Figure:
    """How much each modality counts: the fusion weights alpha."""
    figure = go.Figure()
    for modality, weight in result.fusion.items():
        given = result.routing[modality] is not None
        text = words.percent(weight) if given else "not given"
        figure.add_trace(_bar(words.capital(words.modality(modality)), weight, text, modality, given))
    return _bars(figure, len(result.fusion), max(result.fusion.values()))


def gate_figure(result: LaunchResult, modality: str) -> go.Figure:
    """The gate weight of every expert of a modality; those that the top k left out are outlines."""
    figure, routing = go.Figure(), result.routing[modality]
    if routing is None:
        figure.add_annotation(
            x=0, y=0.5, xref="paper", yref="paper", text="not given", showarrow=False, xanchor="left", font=LETTERS
        ).update_yaxes(visible=False)
        return _bars(figure, 1, 1.0)
    for expert, (dense, active) in enumerate(zip(routing.dense, routing.active, strict=True)):
        text = f"{words.percent(dense)} · {'used' if active > 0 else 'rests'}"
        figure.add_trace(_bar(words.expert(expert), dense, text, modality, active > 0))
    return _bars(figure, len(routing.dense), max(routing.dense))


def _bar(label: str, value: float, text: str, modality: str, solid: bool) -> go.Bar:
    """One horizontal bar with its number behind it; an outline with dots unless ``solid``."""
    fill = colour(modality)
    shape, over = (hatch(modality), "rgba(255,255,255,0.55)") if solid else (".", fill)
    marker = {
        "color": fill if solid else CLEAR,
        "line": {"color": fill, "width": 1.5},
        "pattern": {"shape": shape, "fgcolor": over, "size": 7, "solidity": 0.16},
    }
    return go.Bar(
        y=[label],
        x=[value],
        orientation="h",
        marker=marker,
        text=[text],
        textposition="outside",
        cliponaxis=False,
        textfont=LETTERS,
        hovertemplate=f"{label}: {text}<extra></extra>",
        name=label,
        meta={"modality": modality, "used": solid},
    )


def _bars(figure: go.Figure, rows: int, largest: float) -> go.Figure:
    figure.update_yaxes(autorange="reversed", tickfont=LETTERS, fixedrange=True, showgrid=False, zeroline=False)
    # Room for the number behind the longest bar, on a phone too.
    figure.update_xaxes(visible=False, fixedrange=True, range=[0, 1.65 * largest])
    figure.update_yaxes(ticks="outside", ticklen=6, tickcolor=CLEAR)
    return dressed(figure, 32 * rows + 8).update_layout(bargap=0.3, barmode="overlay")


def dressed(figure: go.Figure, height: float) -> go.Figure:
    """What all figures share: no background, no legend, no dragging, the page's type."""
    return figure.update_layout(
        height=round(height),
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        showlegend=False,
        dragmode=False,
        autosize=True,
        font={"family": FONT, "size": 13, "color": INK},
        hoverlabel={"font": {"family": FONT, "size": 13}},
    )


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
