"""The figures' and lists' twins: the same numbers as tables, for reading exactly and for screen readers."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app import words
from app.shop import Shop
from app.thought import flows
from mamex.launch_result import LaunchResult, Member

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
    rows.append(("Your product", "", "", "", f"{sum(flow.weight for flow in flows(result)):.4f}"))
    return _twin("Flows", ("From", "Expert", "Fusion weight", "Expert's weight", "Share of the product"), rows, 2)


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
    return _twin("Weights", heads, rows, 3)


def audience_table(result: LaunchResult) -> str:
    """Every member described, with each part of the score."""
    if not result.audience:
        return ""
    parts = used_parts(result)
    heads = [f"{words.capital(words.modality(m))}, {words.expert(k).lower()}" for m, k in parts]
    digits = words.digits_for(max(abs(member.score) for member in result.audience)) + 1
    rows = []
    for member in result.audience:
        values, total = member_parts(member, parts, digits)
        numbers = [f"{value:.{digits}f}" for value in (*values, total, member.threshold)]
        rows.append((f"{member.rank}", words.shopper(member.user_id), f"{member.bought:,}", *numbers))
    return _twin("Shoppers", ("Place", "Shopper", "Bought", *heads, "Score", "Score to beat"), rows, 2)


def neighbours_table(shop: Shop, result: LaunchResult, space: str) -> str:
    """Nearest products of one space."""
    rows = [
        (item.item_id, shop.title(item), shop.price(item.position), f"{item.similarity:.4f}")
        for item in result.neighbours[space]
    ]
    return _twin("Nearest products", ("Number", "Product", "Price", "Similarity"), rows, 2) if rows else ""


def used_parts(result: LaunchResult) -> list[tuple[str, int]]:
    """The modality and expert of each part that a score is made of."""
    return [(flow.modality, flow.expert) for flow in flows(result)]


def member_parts(member: Member, parts: Sequence[tuple[str, int]], digits: int) -> tuple[list[float], float]:
    """A member's score and its parts, rounded so that they add up."""
    return words.rounded_parts([member.contributions[m][k] for m, k in parts], member.score, digits)


def _twin(label: str, heads: Row, rows: Sequence[Row], labels: int) -> str:
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
