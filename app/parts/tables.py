"""Tables: the twins of figures and lists, for exact reading and screen readers, and those that are read themselves."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app import words
from app.parts.thought import flows
from app.theme.templates import render_macro
from mamex.launch.result import LaunchResult

#: A cell is plain text, which is escaped, or HTML of a template.
Row = Sequence[str]
_TABLES = "parts/templates/tables.html"


def thought_table(result: LaunchResult, opened: bool = False) -> Markup:
    """Flows: weight of the modality, of the expert in it, and their product."""
    rows = []
    for flow in flows(result):
        routing = result.routing[flow.modality]
        assert routing is not None
        rows.append(
            (
                words.capital(words.modality(flow.modality)),
                words.expert(flow.expert),
                f"{result.fusion[flow.modality]:.4f}",
                f"{routing.active[flow.expert]:.4f}",
                f"{flow.weight:.4f}",
            )
        )
    rows.append(("Together", "", "", "", f"{sum(flow.weight for flow in flows(result)):.4f}"))
    heads = ("From", "Expert", "Fusion weight", "Expert's weight", "Share of the product")
    return twin("Flows", heads, rows, 2, opened)


def gates_table(result: LaunchResult, opened: bool = False) -> Markup:
    """Fusion weights and both gates in full."""
    rows = []
    for modality, routing in result.routing.items():
        name, weight = words.capital(words.modality(modality)), f"{result.fusion[modality]:.4f}"
        if routing is None:
            rows.append((name, "not given", "", weight, "", ""))
            continue
        for expert, (dense, active) in enumerate(zip(routing.dense, routing.active, strict=True)):
            used = "yes" if active > 0 else "rests"
            rows.append((name, words.expert(expert), used, weight, f"{dense:.4f}", f"{active:.4f}"))
    heads = ("Modality", "Expert", "Used", "Fusion weight", "Gate, all experts", "Gate, experts used")
    return twin("Weights", heads, rows, 3, opened)


def twin(label: str, heads: Row, rows: Sequence[Row], labels: int, opened: bool = False) -> Markup:
    """A figure's table; the first ``labels`` columns are text, the rest numbers.

    Args:
        label: what it holds, for screen readers.
        heads: of the columns.
        rows: cells.
        labels: how many columns are text.
        opened: whether it stands open, as on paper, where what is closed is not printed.
    """
    return render_macro(_TABLES, "twin", label=label, heads=heads, rows=rows, labels=labels, opened=opened)


def open_table(label: str, heads: Row, rows: Sequence[Row], numbers: bool = True) -> Markup:
    """A table of numbers that are read themselves and not beside a figure; the first cell of a row is its heading.

    Args:
        label: what it holds, for screen readers.
        heads: of the columns.
        rows: cells.
        numbers: whether all columns but the first hold numbers.
    """
    return render_macro(_TABLES, "sheet", label=label, heads=heads, rows=rows, numbers=numbers)
