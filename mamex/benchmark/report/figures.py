"""Pure functions from results to plotly figures, and how a figure is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from mamex.benchmark.plan import GRID_ACTIVE, GRID_EXPERTS, Table
from mamex.benchmark.report.results import RowResult
from mamex.benchmark.report.summary import summarise
from mamex.benchmark.report.tables import COMPARED, TITLES, WORDS, missing_summary
from mamex.files.writing import write_text

#: Colours that colour-blind people tell apart (Okabe and Ito), always with a pattern or a marker as well.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#D55E00", "#56B4E9", "#F0E442", "#000000")
PATTERNS = ("", "/", "x", ".", "-", "|", "+", "\\")
MARKERS = ("circle", "square", "diamond", "cross", "x", "triangle-up", "star", "pentagon")
DASHES = ("solid", "dash", "dot", "dashdot")
#: Pixels; a static picture can't scroll, so it grows until its legend is whole.
SIZE = (900, 420)
LEGEND_ENTRY, MARGINS = 30, 200


def figure_of(table: Table, rows: Sequence[RowResult]) -> go.Figure | None:
    """The figure that goes with a table; None if the table is enough."""
    draw = {"figure2": bars, "missing": lines, "grid": heat_maps}.get(table.name)
    if draw is None:
        return None
    figure = draw(rows)
    entries = sum(trace.showlegend is not False for trace in figure.data)
    height = max(SIZE[1], MARGINS + LEGEND_ENTRY * entries)
    return figure.update_layout(title=table.title, template="none", width=SIZE[0], height=height)


def bars(rows: Sequence[RowResult]) -> go.Figure:
    """One group of bars a metric, one bar a row, with the standard deviation over seeds."""
    summary = summarise({row.label: [cell.metrics for cell in row.cells] for row in rows})
    figure = go.Figure()
    for place, (label, metrics) in enumerate(summary.items()):
        figure.add_bar(
            name=label,
            x=[TITLES[metric] for metric in COMPARED],
            y=[metrics[metric] for metric in COMPARED],
            error_y={"array": [metrics.get(f"{metric}.std", 0) for metric in COMPARED]},
            marker={
                "color": COLOURS[place % len(COLOURS)],
                "pattern": {"shape": PATTERNS[place % len(PATTERNS)]},
            },
        )
    return figure


def lines(rows: Sequence[RowResult], metric: str = "recall@20") -> go.Figure:
    """One panel a loss: share of the cold items that lose it against the metric, one line a method."""
    means, _ = missing_summary(rows, metric)
    losses = list(means.index.get_level_values("lost").unique())
    titles = [f"lose {WORDS.get(lost, lost)}" for lost in losses]
    figure = make_subplots(cols=len(losses), shared_yaxes=True, subplot_titles=titles)
    for column, lost in enumerate(losses, start=1):
        panel = means.xs(lost, level="lost")
        for place, label in enumerate(panel.index):
            figure.add_scatter(
                row=1,
                col=column,
                x=list(panel.columns),
                y=panel.loc[label].tolist(),
                name=label,
                legendgroup=label,
                showlegend=column == 1,
                line={"color": COLOURS[place % len(COLOURS)], "dash": DASHES[place // len(COLOURS) % len(DASHES)]},
                marker={"symbol": MARKERS[place % len(MARKERS)]},
            )
    figure.update_xaxes(tickformat=".0%")
    return figure.update_yaxes(title=TITLES[metric], col=1)


def heat_maps(rows: Sequence[RowResult]) -> go.Figure:
    """One map a metric: K down, k across, the value written into each field."""
    summary = summarise({row.label: [cell.metrics for cell in row.cells] for row in rows})
    figure = make_subplots(cols=len(COMPARED), subplot_titles=[TITLES[metric] for metric in COMPARED])
    for column, metric in enumerate(COMPARED, start=1):
        values = [summary[row.label][metric] for row in rows]
        width = len(GRID_ACTIVE)
        figure.add_heatmap(
            row=1,
            col=column,
            x=[f"k = {active}" for active in GRID_ACTIVE],
            y=[f"K = {experts}" for experts in GRID_EXPERTS],
            z=[values[start : start + width] for start in range(0, len(values), width)],
            texttemplate="%{z:.4f}",
            colorscale="Blues",
            showscale=False,
        )
    return figure


def write_figure(figure: go.Figure, path: Path) -> str:
    """Write ``path``.json for plotly and, where a Chrome or Chromium is installed, ``path``.svg for people.

    Returns:
        What could not be written, as a sentence; "" if all was.
    """
    write_text(path.with_suffix(".json"), figure.to_json(pretty=True) + "\n")
    svg = path.with_suffix(".svg")
    try:
        write_text(svg, figure.to_image(format="svg").decode())
    except RuntimeError:  # what plotly and its browser raise for whatever is missing or fails
        return f"{svg} was not drawn, for which kaleido and a Chrome or Chromium are needed; {svg.stem}.json has it."
    return ""
