"""Two versions of a product side by side: pure functions, comparison -> HTML. Every text that is not ours is escaped.

The numbers stand in one table with bars in it, so that the figure is its own table twin.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from app import words
from app.parts.member_rows import Alike
from app.state.shop import Shop
from app.state.thumbnails import SMALL
from app.theme.templates import render
from mamex.insight.comparison import Comparison, Moved
from mamex.launch.result import LaunchResult
from mamex.retrieval.catalogue import Neighbour
from mamex.retrieval.thresholds import LIST_LENGTHS

#: Smaller changes of a weight or a reach are called none; they would print as 0.0.
SMALLEST = 0.0005
MINUS = "\u2212"


@dataclass(frozen=True)
class Weight:
    """A number from 0 to 1 as text and as a bar; an outline unless ``solid``, without a colour if of no modality."""

    text: str
    width: str
    modality: str
    solid: bool


@dataclass(frozen=True)
class Line:
    """A line of the table: both versions' weights, None where not given; no arrow where they are the same."""

    name: str
    weights: list[Weight | None]
    arrow: str
    change: str
    chosen: bool


@dataclass(frozen=True)
class Cause:
    """What one expert adds to a score or takes away."""

    modality: str
    name: str
    value: str


@dataclass(frozen=True)
class MovedUser:
    """One user who was won or lost; ``total`` is the sum of the causes."""

    user: str
    rank: int
    before: str
    after: str
    beat: str
    causes: list[Cause]
    total: str
    alike: Alike | None


@dataclass(frozen=True)
class Side:
    """The users won, or those lost; ``inside`` is the version that has them, ``rest`` how many are not described."""

    title: str
    people: str
    rows: list[MovedUser]
    rest: str
    inside: str


@dataclass(frozen=True)
class Space:
    """Items that are among the nearest in one version only."""

    title: str
    gained: list[Alike]
    lost: list[Alike]
    kept: int
    among: int


def comparison(
    shop: Shop, compared: Comparison, names: tuple[str, str] = ("A", "B"), hint: Markup | None = None
) -> Markup:
    """The whole comparison: who is won and lost, every weight of both versions, neighbours.

    Args:
        shop: whose users and items these are.
        compared: the two versions.
        names: what to call them.
        hint: a sentence of the caller's under the headline.
    """
    before, after = compared.before, compared.after
    change = after.audience_size - before.audience_size
    sizes = f"{before.audience_size:,} → {after.audience_size:,}"
    return render(
        "parts/templates/comparison.html",
        about=shop.about,
        names=names,
        changed=signed(change) if change else "",
        direction="more" if change > 0 else "fewer",
        sizes=sizes if change else words.people(shop.about, after.audience_size),
        length=after.list_length,
        won=f"{len(compared.won):,}",
        lost=f"{len(compared.lost):,}",
        kept=f"{compared.kept:,}",
        hint=hint or "",
        # What only the second version makes the reader careful about.
        warnings=[words.warning(sentence) for sentence in after.warnings if sentence not in before.warnings],
        groups=_groups(before, after),
        sides=_sides(shop, compared, names),
        spaces=[] if compared.unchanged else [_space(shop, compared, space) for space in compared.gained_neighbours],
    )


def signed(change: int) -> str:
    """``+40``, ``−3``, ``0``, with a true minus sign."""
    return f"{change:+,}".replace("-", MINUS) if change else "0"


def _groups(before: LaunchResult, after: LaunchResult) -> list[tuple[str, list[Line]]]:
    """Reach, fusion weights and gates of both versions, each under its title."""
    fusion = [_weights(m, words.capital(words.modality(m)), *_fusion(before, after, m)) for m in after.fusion]
    experts = [(f"Experts of the {words.modality(m)}", _experts(before, after, m)) for m in after.routing]
    return [
        ("Reach", [_reach(before, after, length) for length in LIST_LENGTHS]),
        ("What counts how much", fusion),
        *((title, lines) for title, lines in experts if lines),
    ]


def _reach(before: LaunchResult, after: LaunchResult, length: int) -> Line:
    old, new = before.reach[length], after.reach[length]
    largest = max(*before.reach.values(), *after.reach.values())
    both: list[Weight | None] = [
        Weight(words.percent(value), f"{value / largest if largest else 0.0:.1%}", "", True) for value in (old, new)
    ]
    return _line(f"Top {length}", both, new - old, length == after.list_length)


def _fusion(before: LaunchResult, after: LaunchResult, modality: str) -> tuple[float | None, float | None]:
    """A modality's weight in both versions, None where it is not given."""
    old, new = (
        version.fusion[modality] if version.routing[modality] is not None else None for version in (before, after)
    )
    return old, new


def _experts(before: LaunchResult, after: LaunchResult, modality: str) -> list[Line]:
    """One line an expert: its gate weight among all; those that the top k left out are outlines."""
    old, new = before.routing[modality], after.routing[modality]
    given = old or new
    if given is None:
        return []
    lines = []
    for expert in range(len(given.dense)):
        before_weight, after_weight = (None if routing is None else routing.dense[expert] for routing in (old, new))
        before_used, after_used = (routing is not None and routing.active[expert] > 0 for routing in (old, new))
        used = before_used, after_used
        lines.append(_weights(modality, words.expert(expert), before_weight, after_weight, used))
    return lines


def _weights(
    modality: str, name: str, old: float | None, new: float | None, used: tuple[bool, bool] = (True, True)
) -> Line:
    """A weight from 0 to 1 in both versions."""
    both: list[Weight | None] = [
        None
        if value is None
        else Weight(words.percent(value) + ("" if solid else " rests"), f"{value:.1%}", modality, solid)
        for value, solid in zip((old, new), used, strict=True)
    ]
    return _line(name, both, (new or 0.0) - (old or 0.0))


def _line(name: str, both: list[Weight | None], change: float, chosen: bool = False) -> Line:
    """One line of the table; a change is told by its sign and an arrow."""
    arrow = "" if abs(change) < SMALLEST else "▲" if change > 0 else "▼"
    return Line(name, both, arrow, _points(change), chosen)


def _points(change: float) -> str:
    """``0.031`` -> ``+3.1 pts``: percentage points."""
    return f"{change * 100:+.1f}{words.UNBROKEN}pts".replace("-", MINUS)


def _sides(shop: Shop, compared: Comparison, names: tuple[str, str]) -> list[Side]:
    """The users won and lost, a few of each with reasons."""
    sides = (
        ("Won", len(compared.won), compared.won_members, names[1]),
        ("Lost", len(compared.lost), compared.lost_members, names[0]),
    )
    return [
        Side(
            title=f"{title} by {names[1]}",
            people=words.people(shop.about, count),
            rows=[_moved(shop, moved) for moved in members],
            rest=f"{count - len(members):,}" if count > len(members) else "",
            inside=inside,
        )
        for title, count, members, inside in sides
    ]


def _moved(shop: Shop, moved: Moved) -> MovedUser:
    """One user: place, score before and after, the score to beat, and the parts of the change."""
    member = moved.member
    digits = words.digits_for(max(abs(moved.after), abs(moved.before)))
    parts = [(m, k, value) for m, split in moved.change.items() for k, value in enumerate(split) if value]
    values, total = words.rounded_parts([value for *_, value in parts], moved.after - moved.before, digits)
    ordered = sorted(zip(parts, values, strict=True), key=lambda pair: -abs(pair[1]))
    room = member.threshold == float("-inf")
    return MovedUser(
        user=words.shopper(member.user_id),
        rank=member.rank,
        before=_score(moved.before, digits),
        after=_score(moved.after, digits),
        beat="the list has room" if room else f"needs {_score(member.threshold, digits)}",
        causes=[_cause(modality, expert, value, digits) for (modality, expert, _), value in ordered],
        total=_number(total, digits),
        alike=_alike(shop, member.alike[0]) if member.alike else None,
    )


def _alike(shop: Shop, item: Neighbour) -> Alike:
    """An item that is only named, not shown."""
    return Alike(shop.title(item), "", words.similarity(item.similarity))


def _cause(modality: str, expert: int, value: float, digits: int) -> Cause:
    name = f"{words.modality(modality)}, {words.expert(expert).lower()}"
    return Cause(modality, name, _number(value, digits))


def _score(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", MINUS)


def _number(value: float, digits: int) -> str:
    return f"{value:+.{digits}f}".replace("-", MINUS)


def _space(shop: Shop, compared: Comparison, space: str) -> Space:
    """Items that are among the nearest in one version only, in one space."""
    gained, lost = compared.gained_neighbours[space], compared.lost_neighbours[space]
    nearest = len(compared.after.neighbours[space])
    return Space(
        title="as a whole" if space == "fused" else f"by {words.modality(space)}",
        gained=[_item(shop, item) for item in gained],
        lost=[_item(shop, item) for item in lost],
        kept=nearest - len(gained),
        among=nearest,
    )


def _item(shop: Shop, item: Neighbour) -> Alike:
    return Alike(shop.title(item), shop.thumbnails.uri(item.position, SMALL), words.similarity(item.similarity))
