"""How a training went, epoch by epoch: pure functions, records -> plotly figures and their table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import plotly.graph_objects as go

from app import words
from app.parts.figures import LETTERS, dressed
from app.parts.tables import twin
from app.theme.palette import colour
from mamex.training.records import EpochRecord

HEIGHT = 220
#: Lines that are told apart by their dashes as well as by their shade.
DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
NEUTRAL = "#6E7681"
Records = Sequence[EpochRecord]


def validation_figure(records: Records) -> go.Figure:
    """Validation NDCG@20 and Recall@20; a ring marks the best epoch."""
    epochs = [record.epoch for record in records]
    figure = go.Figure()
    for place, metric in enumerate(("ndcg@20", "recall@20")):
        values = [record.validation[metric] for record in records]
        figure.add_trace(_line(epochs, values, metric.upper().replace("RECALL", "Recall"), NEUTRAL, place))
    best = [record for record in records if record.best]
    if best:
        figure.add_trace(
            go.Scatter(
                x=[best[-1].epoch],
                y=[best[-1].validation["ndcg@20"]],
                mode="markers",
                name="best epoch",
                marker={"symbol": "circle-open", "size": 13, "color": NEUTRAL, "line": {"width": 2.5}},
            )
        )
    return _curves(figure, "Validation: NDCG@20 and Recall@20")


def loss_figure(records: Records) -> go.Figure:
    """Each part of the loss, equation 11, before its weight; epoch 0 has none."""
    learnt = [record for record in records if record.losses]
    figure = go.Figure()
    names = [name for name in (learnt[0].losses if learnt else {}) if name != "total"]
    for place, name in enumerate(names):
        values = [record.losses[name] for record in learnt]
        figure.add_trace(_line([record.epoch for record in learnt], values, name, NEUTRAL, place))
    return _curves(figure, "Loss parts, before their weights").update_yaxes(type="log")


def expert_use_figure(records: Records) -> go.Figure:
    """The share of the items' gates that each expert gets; an even share is where the lines meet."""
    epochs = [record.epoch for record in records]
    figure = go.Figure()
    for modality, shares in records[-1].expert_use.items() if records else ():
        for expert in range(len(shares)):
            values = [record.expert_use[modality][expert] for record in records]
            name = f"{words.modality(modality)} {expert + 1}"
            figure.add_trace(_line(epochs, values, name, colour(modality), expert))
    return _curves(figure, "How much each expert is used").update_yaxes(tickformat=".0%", rangemode="tozero")


def fusion_figure(records: Records) -> go.Figure:
    """The mean fusion weight of each modality over the items that have it."""
    epochs = [record.epoch for record in records]
    figure = go.Figure()
    for place, modality in enumerate(records[-1].fusion if records else ()):
        values = [record.fusion[modality] for record in records]
        figure.add_trace(_line(epochs, values, words.modality(modality), colour(modality), place))
    return _curves(figure, "How much each side counts").update_yaxes(tickformat=".0%", rangemode="tozero")


#: What is drawn of a training, in this order.
CURVES: tuple[Callable[[Records], go.Figure], ...] = (validation_figure, loss_figure, expert_use_figure)


def table(records: Records) -> str:
    """Every number of the curves, newest epoch first."""
    if not records:
        return ""
    losses = list(records[-1].losses)
    experts = [(m, k) for m, shares in records[-1].expert_use.items() for k in range(len(shares))]
    heads = ("Epoch", "NDCG@20", "Recall@20", *losses, *(f"{words.modality(m)} {k + 1}" for m, k in experts))
    rows = [
        (
            f"{record.epoch}{' (best so far)' if record.best else ''}",
            f"{record.validation['ndcg@20']:.4f}",
            f"{record.validation['recall@20']:.4f}",
            *(f"{record.losses[name]:.4f}" if name in record.losses else "" for name in losses),
            *(f"{record.expert_use[m][k]:.3f}" for m, k in experts),
        )
        for record in reversed(records)
    ]
    return twin("Training, epoch by epoch", heads, rows, 1)


def _line(x: Sequence[int], y: Sequence[float], name: str, shade: str, place: int) -> go.Scatter:
    return go.Scatter(
        x=list(x),
        y=list(y),
        mode="lines+markers" if len(x) < 2 else "lines",
        name=name,
        line={"color": shade, "width": 2, "dash": DASHES[place % len(DASHES)]},
        hovertemplate=f"{name}, epoch %{{x}}: %{{y:.4f}}<extra></extra>",
    )


def _curves(figure: go.Figure, title: str) -> go.Figure:
    """A title above, a legend below, quiet axes."""
    figure = dressed(figure, HEIGHT)
    figure.update_xaxes(title={"text": "epoch", "font": LETTERS}, tickfont=LETTERS, fixedrange=True, showgrid=False)
    figure.update_yaxes(tickfont=LETTERS, fixedrange=True, gridcolor="rgba(128,128,128,0.25)", zeroline=False)
    return figure.update_layout(
        title={"text": title, "font": {**LETTERS, "size": 15}, "x": 0, "xanchor": "left", "y": 0.98},
        margin={"l": 44, "r": 8, "t": 34, "b": 76},
        height=HEIGHT + 90,
        showlegend=True,
        legend={"orientation": "h", "y": -0.28, "x": 0, "font": LETTERS},
    )
