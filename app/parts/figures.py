"""Figures of a launch, and what all figures share: pure functions, result -> plotly figure; the numbers are its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from app import words
from app.parts.thought import LABEL, Block, Layout, arrange, flows
from app.theme.palette import CLEAR, FAINT, INK, colour, faded, hatch
from app.theme.plotly_text import bold
from mamex.launch.result import LaunchResult

FONT = "IBM Plex Sans, system-ui, sans-serif"
LETTERS = {"size": 13, "color": INK}
# Where the three columns of blocks stand, 0 to 1.
LEFT, MIDDLE, RIGHT = (0.0, 0.035), (0.42, 0.6), (0.965, 1.0)
#: Longer names would leave the bars no room on a phone.
MOST_LETTERS = 22


def thought_figure(result: LaunchResult) -> go.Figure:
    """Modalities -> experts -> fused product; the widths of the bands are alpha times the gate weight."""
    layout = arrange(result)
    figure = go.Figure()
    for flow in flows(result):
        key, name = (flow.modality, flow.expert), f"{words.capital(words.modality(flow.modality))}"
        text = f"{name}, {words.expert(flow.expert).lower()}: {words.percent(flow.weight)} of the product"
        meta = {"modality": flow.modality, "expert": flow.expert, "weight": flow.weight}
        expert = layout.experts[key]
        into, out = (LEFT[1], MIDDLE[0]), (MIDDLE[1], RIGHT[0])
        figure.add_trace(_band(into, layout.exits[key], expert, text, {**meta, "to": "expert"}))
        figure.add_trace(_band(out, expert, layout.entries[key], text, {**meta, "to": "product"}))
    _modality_blocks(figure, result, layout)
    _expert_blocks(figure, result, layout)
    _product_block(figure, layout)
    for x, anchor, text in ((0, "left", "What you gave"), (0.51, "center", "Experts"), (1, "right", "Together")):
        _label(figure, x, LABEL - 4, bold(text), anchor)
    return dressed(figure, layout.height + 8).update_layout(
        xaxis={"visible": False, "range": [-0.002, 1.002], "fixedrange": True},
        yaxis={"visible": False, "range": [layout.height + 6, 0], "fixedrange": True},
    )


def _band(x: tuple[float, float], start: Block, end: Block, text: str, meta: dict[str, Any]) -> go.Scatter:
    """A ribbon from one block to another, flat at both ends, as wide as the blocks are tall."""
    fill, shape = colour(meta["modality"]), hatch(meta["modality"])
    pattern = {"shape": shape, "fgcolor": fill, "bgcolor": faded(fill, 0.28), "size": 7, "solidity": 0.18}
    along = np.linspace(0, 1, 33)
    ease = along * along * (3 - 2 * along)
    across = x[0] + (x[1] - x[0]) * along
    upper = start.top + (end.top - start.top) * ease
    lower = start.bottom + (end.bottom - start.bottom) * ease
    return go.Scatter(
        x=np.concatenate([across, across[::-1]]),
        y=np.concatenate([upper, lower[::-1]]),
        mode="lines",
        line={"width": 0},
        fill="toself",
        fillcolor=faded(fill, 0.5),
        fillpattern={**pattern, "fillmode": "replace"} if shape else None,
        hoveron="fills",
        hoverinfo="text",
        text=text,
        name=text,
        meta=meta,
    )


def _modality_blocks(figure: go.Figure, result: LaunchResult, layout: Layout) -> None:
    for modality, block in layout.modalities.items():
        name = words.capital(words.modality(modality))
        given = result.routing[modality] is not None
        if given:
            _box(figure, *LEFT, block, colour(modality))
            text = f"{name} {bold(words.percent(result.fusion[modality]))}"
        else:
            text = f"{name}: not given"
        _label(figure, 0, layout.captions[modality] - 2, text, "left")


def _expert_blocks(figure: go.Figure, result: LaunchResult, layout: Layout) -> None:
    for (modality, expert), block in layout.experts.items():
        routing = result.routing[modality]
        assert routing is not None
        share = routing.active[expert]
        if share > 0 and result.fusion[modality] > 0:
            _box(figure, *MIDDLE, block, colour(modality))
            text = f"{words.expert(expert)} {bold(words.percent(share))}"
        else:
            _box(figure, *MIDDLE, block, None)
            text = f"{words.expert(expert)} rests" if share == 0 else f"{words.expert(expert)} {words.percent(share)}"
        _label(figure, sum(MIDDLE) / 2, block.top - 2, text, "center")


def _product_block(figure: go.Figure, layout: Layout) -> None:
    for (modality, _), entry in layout.entries.items():
        _box(figure, *RIGHT, entry, colour(modality))


def _box(figure: go.Figure, x0: float, x1: float, block: Block, fill: str | None) -> None:
    """A block; one without a fill is an outline of dashes."""
    line = {"width": 0} if fill else {"width": 1.2, "color": FAINT, "dash": "dot"}
    figure.add_shape(
        type="rect", x0=x0, x1=x1, y0=block.top, y1=block.bottom, fillcolor=fill or CLEAR, line=line, layer="above"
    )


def _label(figure: go.Figure, x: float, y: float, text: str, anchor: str) -> None:
    """Text that stands on the line y."""
    figure.add_annotation(
        x=x, y=y, text=text, showarrow=False, xanchor=anchor, yanchor="bottom", font=LETTERS, borderpad=0
    )


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
