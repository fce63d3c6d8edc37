"""Two versions of a product side by side: pure functions, comparison -> HTML. Every text that is not ours is escaped.

The numbers stand in one table with bars in it, so that the figure is its own table twin.
"""

from __future__ import annotations

from html import escape

from app import words
from app.state.shop import Shop
from app.state.thumbnails import SMALL
from app.theme.palette import colour
from mamex.insight.comparison import Comparison, Moved
from mamex.launch.result import LaunchResult, Neighbour
from mamex.retrieval.thresholds import LIST_LENGTHS

#: Smaller changes of a weight or a reach are called none; they would print as 0.0.
SMALLEST = 0.0005
MINUS = "\u2212"


def comparison(shop: Shop, compared: Comparison, names: tuple[str, str] = ("A", "B"), hint: str = "") -> str:
    """The whole comparison: who is won and lost, every weight of both versions, neighbours.

    Args:
        shop: whose users and items these are.
        compared: the two versions.
        names: what to call them.
        hint: a sentence of the caller's under the headline, HTML.
    """
    return f"""<section class="comparison">{_verdict(shop, compared, names)}{hint}{_warnings(compared, names)}
{_measures(shop, compared, names)}{_moves(shop, compared, names)}{_neighbours(shop, compared, names)}</section>"""


def _verdict(shop: Shop, compared: Comparison, names: tuple[str, str]) -> str:
    """One sentence: how many more it reaches, and what that is made of."""
    won, lost, about = len(compared.won), len(compared.lost), shop.about
    change = compared.after.audience_size - compared.before.audience_size
    first, second = map(escape, names)
    length = compared.after.list_length
    if change == 0:
        reached = words.people(about, compared.after.audience_size)
        more = f"<strong>{second}</strong> reaches as many as {first}: {reached} in their top {length}"
    else:
        how = "more" if change > 0 else "fewer"
        sizes = f"{compared.before.audience_size:,} → {compared.after.audience_size:,}"
        users = words.text(about.users)
        more = f"{how} {users} find <strong>{second}</strong> in their top {length} than {first} ({sizes})"
    figure = f'<span class="figure">{signed(change)}</span>' if change else ""
    return f"""<div class="headline" aria-live="polite"><p class="big">{figure}<span>{more}:
<strong>{won:,} won</strong>, <strong>{lost:,} lost</strong>, {compared.kept:,} stay.</span></p></div>"""


def signed(change: int) -> str:
    """``+40``, ``−3``, ``0``, with a true minus sign."""
    return f"{change:+,}".replace("-", MINUS) if change else "0"


def _warnings(compared: Comparison, names: tuple[str, str]) -> str:
    """What only the second version makes the reader careful about."""
    new = [sentence for sentence in compared.after.warnings if sentence not in compared.before.warnings]
    return "".join(
        f'<div class="callout warning" role="note"><strong>Mind, in {escape(names[1])}:</strong> '
        f"{escape(words.warning(sentence))}</div>"
        for sentence in new
    )


def _measures(shop: Shop, compared: Comparison, names: tuple[str, str]) -> str:
    """Reach, fusion weights and gates of both versions, with bars, as one table."""
    before, after = compared.before, compared.after
    groups = [("Reach", [_reach(before, after, length) for length in LIST_LENGTHS])]
    fusion = [_weight(m, words.capital(words.modality(m)), *_fusion(before, after, m)) for m in after.fusion]
    groups.append(("What counts how much", fusion))
    for modality in after.routing:
        experts = _experts(before, after, modality)
        if experts:
            groups.append((f"Experts of the {words.modality(modality)}", experts))
    bodies = "".join(
        f'<tbody><tr class="group"><th colspan="4" scope="rowgroup">{escape(title)}</th></tr>{"".join(rows)}</tbody>'
        for title, rows in groups
    )
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
    return f"""<table class="sides"><caption>Side by side</caption><thead><tr><td></td>{heads}
<th scope="col" class="number">Change</th></tr></thead>{bodies}</table>"""


def _reach(before: LaunchResult, after: LaunchResult, length: int) -> str:
    old, new = before.reach[length], after.reach[length]
    largest = max(*before.reach.values(), *after.reach.values())
    cells = [_cell(words.percent(value), value / largest if largest else 0.0, "", True) for value in (old, new)]
    chosen = " chosen" if length == after.list_length else ""
    return _row(f"Top {length}", cells, new - old, chosen)


def _fusion(before: LaunchResult, after: LaunchResult, modality: str) -> tuple[float | None, float | None]:
    """A modality's weight in both versions, None where it is not given."""
    old, new = (
        version.fusion[modality] if version.routing[modality] is not None else None for version in (before, after)
    )
    return old, new


def _experts(before: LaunchResult, after: LaunchResult, modality: str) -> list[str]:
    """One row an expert: its gate weight among all; those that the top k left out are outlines."""
    old, new = before.routing[modality], after.routing[modality]
    given = old or new
    if given is None:
        return []
    rows = []
    for expert in range(len(given.dense)):
        before_weight, after_weight = (None if routing is None else routing.dense[expert] for routing in (old, new))
        before_used, after_used = (routing is not None and routing.active[expert] > 0 for routing in (old, new))
        used = before_used, after_used
        rows.append(_weight(modality, words.expert(expert), before_weight, after_weight, used))
    return rows


def _weight(
    modality: str, name: str, old: float | None, new: float | None, used: tuple[bool, bool] = (True, True)
) -> str:
    """A weight from 0 to 1 in both versions."""
    cells = []
    for value, solid in zip((old, new), used, strict=True):
        if value is None:
            cells.append('<td class="measure none">not given</td>')
        else:
            text = words.percent(value) + ("" if solid else " rests")
            cells.append(_cell(text, value, modality, solid))
    return _row(name, cells, (new or 0.0) - (old or 0.0))


def _cell(text: str, width: float, modality: str, solid: bool) -> str:
    fill = f";--fill:{colour(modality)}" if modality else ""
    kind = f"bar {escape(modality)}{'' if solid else ' rests'}"
    return (
        f'<td class="measure"><span class="value">{text}</span>'
        f'<i class="{kind}" style="--width:{width:.1%}{fill}"></i></td>'
    )


def _row(name: str, cells: list[str], change: float, kind: str = "") -> str:
    """One line of the table; a change is told by its sign and an arrow."""
    if abs(change) < SMALLEST:
        told = '<span class="same">same</span>'
    else:
        arrow = "▲" if change > 0 else "▼"
        told = f'<span aria-hidden="true">{arrow}</span> {_points(change)}'
    return (
        f'<tr class="line{kind}"><th scope="row">{escape(name)}</th>{"".join(cells)}'
        f'<td class="number change">{told}</td></tr>'
    )


def _points(change: float) -> str:
    """``0.031`` -> ``+3.1 pts``: percentage points."""
    return f"{change * 100:+.1f}{words.UNBROKEN}pts".replace("-", MINUS)


def _moves(shop: Shop, compared: Comparison, names: tuple[str, str]) -> str:
    """The users won and lost, a few of each with reasons."""
    if compared.unchanged:
        return ""
    users = words.text(shop.about.users)
    sides = (
        (f"Won by {escape(names[1])}", len(compared.won), compared.won_members, names[1]),
        (f"Lost by {escape(names[1])}", len(compared.lost), compared.lost_members, names[0]),
    )
    columns = "".join(
        f"<div><h3>{title}: {words.people(shop.about, count)}</h3>{_members(shop, members, count, inside)}</div>"
        for title, count, members, inside in sides
    )
    return f"""<h2>Who is won, who is lost, and why</h2><p class="lead">A score changes by exactly the sum of what each
expert adds or takes away. Shown are the {users} for whom it is clearest.</p><div class="moves">{columns}</div>"""


def _members(shop: Shop, members: list[Moved], count: int, inside: str) -> str:
    if not members:
        return '<p class="small">Nobody.</p>'
    rest = count - len(members)
    more = f'<p class="small">and {rest:,} more</p>' if rest else ""
    return f'<ol class="moved">{"".join(_moved(shop, moved, inside) for moved in members)}</ol>{more}'


def _moved(shop: Shop, moved: Moved, inside: str) -> str:
    """One user: place, score before and after, the score to beat, and the parts of the change."""
    member = moved.member
    digits = words.digits_for(max(abs(moved.after), abs(moved.before)))
    parts = [(m, k, value) for m, split in moved.change.items() for k, value in enumerate(split) if value]
    values, total = words.rounded_parts([value for *_, value in parts], moved.after - moved.before, digits)
    ordered = sorted(zip(parts, values, strict=True), key=lambda pair: -abs(pair[1]))
    lines = "".join(
        f'<li><i class="bar {escape(m)}" style="--fill:{colour(m)}"></i>{escape(words.modality(m))}, '
        f"{words.expert(k).lower()} <b>{_number(value, digits)}</b></li>"
        for (m, k, _), value in ordered
    )
    room = member.threshold == float("-inf")
    beat = "the list has room" if room else f"needs {_score(member.threshold, digits)}"
    alike = member.alike[0] if member.alike else None
    owned = (
        f'<p class="small">{words.capital(words.text(shop.about.bought))} “{escape(shop.title(alike))}”, '
        f"{words.similarity(alike.similarity)} alike</p>"
        if alike
        else ""
    )
    return f"""<li><p class="who"><strong>{escape(words.shopper(member.user_id))}</strong>
place {member.rank} with {escape(inside)}</p>
<p class="score">score {_score(moved.before, digits)} → {_score(moved.after, digits)}, {beat}</p>
<ul class="causes" aria-label="What changed the score">{lines}
<li class="sum">together <b>{_number(total, digits)}</b></li></ul>{owned}</li>"""


def _score(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace("-", MINUS)


def _number(value: float, digits: int) -> str:
    return f"{value:+.{digits}f}".replace("-", MINUS)


def _neighbours(shop: Shop, compared: Comparison, names: tuple[str, str]) -> str:
    """Items that are among the nearest in one version only, in each space."""
    if compared.unchanged:
        return ""
    blocks = []
    for space, gained in compared.gained_neighbours.items():
        lost = compared.lost_neighbours[space]
        title = "as a whole" if space == "fused" else f"by {words.modality(space)}"
        kept = len(compared.after.neighbours[space]) - len(gained)
        blocks.append(
            f"<h3>Nearest {title}</h3>"
            f'<div class="moves"><div><p class="small">Gained with {escape(names[1])}</p>{_items(shop, gained)}</div>'
            f'<div><p class="small">Left behind with {escape(names[0])}</p>{_items(shop, lost)}</div></div>'
            f'<p class="small">{kept} of {len(compared.after.neighbours[space])} stay.</p>'
        )
    items = words.text(shop.about.items)
    further = f'<details class="more"><summary>By each side alone</summary>{"".join(blocks[1:])}</details>'
    return f"<h2>Which {items} it stands beside</h2>{blocks[0]}{further}"


def _items(shop: Shop, items: list[Neighbour]) -> str:
    if not items:
        return '<p class="none">none</p>'
    return f'<ul class="stand">{"".join(_item(shop, item) for item in items)}</ul>'


def _item(shop: Shop, item: Neighbour) -> str:
    uri = shop.thumbnails.uri(item.position, SMALL)
    image = f'<img src="{uri}" alt="">' if uri else '<span class="no-picture"></span>'
    return f"""<li>{image}<span>{escape(shop.title(item))}</span>
<small>{words.similarity(item.similarity)} alike</small></li>"""
