"""The figures' and lists' twins: the same numbers as tables, for reading exactly and for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app import words
from app.parts.thought import flows
from mamex.launch.result import LaunchResult

Row = Sequence[str]


def thought_table(result: LaunchResult) -> str:
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
    return twin("Flows", ("From", "Expert", "Fusion weight", "Expert's weight", "Share of the product"), rows, 2)


def gates_table(result: LaunchResult) -> str:
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
    return twin("Weights", heads, rows, 3)


def twin(label: str, heads: Row, rows: Sequence[Row], labels: int) -> str:
    """A closed table; the first ``labels`` columns are text, the rest numbers."""
    head = "".join(f'<th scope="col"{_number(i, labels)}>{escape(text)}</th>' for i, text in enumerate(heads))
    body = "".join(
        "<tr>" + "".join(f"<td{_number(i, labels)}>{escape(text)}</td>" for i, text in enumerate(row)) + "</tr>"
        for row in rows
    )
    return (
        '<details class="twin"><summary>As a table</summary><div class="scroll" tabindex="0" role="region" '
        f'aria-label="{escape(label)}"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></details>'
    )


def _number(column: int, labels: int) -> str:
    return ' class="number"' if column >= labels else ""
