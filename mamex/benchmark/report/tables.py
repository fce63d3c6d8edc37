"""Markdown tables: mean ± standard deviation over seeds, best bold, second underlined, MAMEX compared with each row."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from mamex.benchmark.methods import MAMEX
from mamex.benchmark.plan import GRID_ACTIVE, GRID_EXPERTS, LABELS
from mamex.benchmark.report.results import RowResult
from mamex.benchmark.report.significance import Comparison, compare
from mamex.benchmark.report.summary import summarise
from mamex.modalities import MODALITIES

METRICS = ("recall@10", "ndcg@10", "recall@20", "ndcg@20")
TITLES = {"recall@10": "Recall@10", "ndcg@10": "NDCG@10", "recall@20": "Recall@20", "ndcg@20": "NDCG@20"}
#: What the comparison with MAMEX is about.
COMPARED = ("recall@20", "ndcg@20")
OURS = LABELS[MAMEX]
#: How modalities are called for people.
WORDS = {**{name: modality.label for name, modality in MODALITIES.items()}, "either": "picture or words"}


def format_rows(rows: Sequence[RowResult]) -> str:
    """The table of methods or variants, with MAMEX against each if it is one of them."""
    summary = summarise({row.label: [cell.metrics for cell in row.cells] for row in rows})
    ours = next((row for row in rows if row.label == OURS), None)
    compared = COMPARED if ours is not None and len(rows) > 1 else ()
    header = ["method", *TITLES.values(), *(f"{OURS} against it, {TITLES[metric]}" for metric in compared)]
    marks = {metric: _marks([summary[row.label][metric] for row in rows]) for metric in METRICS}
    lines = []
    for place, row in enumerate(rows):
        cells = [marks[metric][place](_mean(summary[row.label], metric)) for metric in METRICS]
        for metric in compared:
            assert ours is not None
            same = row is ours
            cells.append("" if same else _comparison(compare(ours.evaluations, row.evaluations, metric)))
        lines.append([row.label, *cells])
    return markdown(header, lines)


def format_paper(rows: Sequence[RowResult], paper: pd.DataFrame) -> str:
    """Our means beside the paper's, for the rows that both have."""
    summary = summarise({row.label: [cell.metrics for cell in row.cells] for row in rows})
    metrics = [metric for metric in METRICS if metric in paper.columns]
    header = ["method", *(f"{TITLES[metric]}, {whose}" for metric in metrics for whose in ("ours", "paper"))]
    lines = [
        [row.label, *(f"{v:.4f}" for m in metrics for v in (summary[row.label][m], paper[m][row.label]))]
        for row in rows
        if row.label in paper.index
    ]
    return markdown(header, lines)


def format_missing(rows: Sequence[RowResult], metric: str) -> str:
    """For each loss a table: methods down, shares of the cold items across."""
    means, deviations = missing_summary(rows, metric)
    parts = []
    for lost in means.index.get_level_values("lost").unique():
        table, spread = means.xs(lost, level="lost"), deviations.xs(lost, level="lost")
        marks = {share: _marks(list(table[share])) for share in table.columns}
        lines = [
            [label, *(marks[s][place](_plus_minus(table.loc[label, s], spread.loc[label, s])) for s in table.columns)]
            for place, label in enumerate(table.index)
        ]
        header = ["method", *(f"{share:.0%}" for share in table.columns)]
        caption = f"{TITLES[metric]}, by share of the cold items that lose {WORDS.get(str(lost), str(lost))}:"
        parts.append(f"{caption}\n\n{markdown(header, lines)}")
    return "\n\n".join(parts)


def missing_summary(rows: Sequence[RowResult], metric: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Mean and standard deviation over seeds: index (lost, label), columns share; NaN deviation with one seed."""
    values = pd.DataFrame(
        [
            {"lost": point["lost"], "label": row.label, "share": point["share"], "value": point[metric]}
            for row in rows
            for cell in row.cells
            for point in cell.missing
        ]
    )
    groups = values.groupby(["lost", "label", "share"], sort=False)["value"]
    return groups.mean().unstack("share"), groups.std().unstack("share")


def format_grid(rows: Sequence[RowResult], metric: str) -> str:
    """K down, k across; the best of all is bold, the second underlined."""
    summary = summarise({row.label: [cell.metrics for cell in row.cells] for row in rows})
    marks = _marks([summary[row.label][metric] for row in rows])
    cells = [mark(_mean(summary[row.label], metric)) for mark, row in zip(marks, rows, strict=True)]
    lines = [
        [f"K = {experts}", *cells[place * len(GRID_ACTIVE) : (place + 1) * len(GRID_ACTIVE)]]
        for place, experts in enumerate(GRID_EXPERTS)
    ]
    return markdown([TITLES[metric], *(f"k = {active}" for active in GRID_ACTIVE)], lines)


def markdown(header: Sequence[str], lines: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    rows = [header, ["---"] * len(header), *lines]
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def _marks(values: Sequence[float]) -> list[Callable[[str], str]]:
    """How each value is set: the best bold, the next lower underlined; equal values alike."""
    ordered = sorted({value for value in values if not math.isnan(value)}, reverse=True) if len(values) > 1 else []
    styles: dict[float, Callable[[str], str]] = {}
    for value, style in zip(ordered, ("**{}**", "<ins>{}</ins>"), strict=False):
        styles[value] = style.format
    return [styles.get(value, str) for value in values]


def _mean(metrics: Mapping[str, float], name: str) -> str:
    return _plus_minus(metrics[name], metrics.get(f"{name}.std", math.nan))


def _plus_minus(mean: float, deviation: float) -> str:
    return f"{mean:.4f}" if np.isnan(deviation) else f"{mean:.4f} ± {deviation:.4f}"


def _comparison(result: Comparison) -> str:
    if math.isnan(result.relative):
        return "–"
    p = "p < .001" if result.p < 0.001 else f"p = {result.p:.3f}".replace("0.", ".", 1)
    return f"{result.relative:+.1%} [{result.low:+.1%}, {result.high:+.1%}], {p}"
