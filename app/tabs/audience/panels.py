"""The written parts of the Audience tab: pure functions, result -> HTML."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from app import words
from app.parts.member_rows import audience_row
from app.parts.reasons import scale_of, shown_parts, used_parts
from app.parts.tables import twin
from app.state.shop import Shop
from app.state.visit import Launched
from mamex.insight.listing import Page
from mamex.insight.segments import FEWEST_EXPECTED, Segment
from mamex.launch.result import Member


def headline(launched: Launched, ranked: int) -> str:
    """Whose audience this is and how large; ``ranked`` of its members are listed below."""
    shop, result = launched.shop, launched.result
    name, users = escape(launched.name), escape(shop.about.users)
    if not result.audience_size:
        return f"""<section class="view-head"><h2>Nobody would find {name} in their top {result.list_length}</h2>
<p class="lead">For each of the {users}, enough {escape(shop.about.items)} on sale fit better. Try a longer list, other
words or another picture.</p></section>"""
    limited = ""
    if ranked < result.audience_size:
        limited = f" The {ranked:,} whose score beats the one to beat by most are listed."
    return f"""<section class="view-head"><h2>Who gets {name}</h2><p class="lead">
<strong class="size">{result.audience_size:,}</strong> of {words.people(shop.about, shop.shoppers)} would find it in
their top {result.list_length}.{limited}</p></section>"""


def segment_title(shop: Shop, key: str) -> str:
    """What a way to group users is called."""
    bought = words.text(shop.about.bought)
    title = {
        "category": f"What they mostly {bought}",
        "bought": f"How many {words.text(shop.about.items)} they {bought}",
    }
    return f"<h3>{title.get(key, 'Mean price of what they ' + bought)}</h3>"


def segments_lead(shop: Shop) -> str:
    """How to read the segments' figures."""
    users = words.text(shop.about.users)
    return f"""<h2>Who they are</h2><p class="lead">Bars: share of this audience. Upright marks: share of all {users}.
Bold: a difference that luck hardly explains. No ratio is given where a random audience of this size would hold fewer
than {FEWEST_EXPECTED:.0f} of a group.</p>"""


def segments_table(groupings: Sequence[tuple[str, Sequence[Segment]]], shop: Shop) -> str:
    """The segments' numbers; ``groupings`` are pairs of a key and its segments."""
    names = {"category": "favourite category", "bought": f"number {shop.about.bought}", "price": "mean price"}
    rows = [
        (
            words.capital(names[key]),
            segment.name,
            f"{segment.members:,}",
            f"{segment.users:,}",
            f"{segment.share:.4f}",
            f"{segment.share_of_all:.4f}",
            "too few to tell" if segment.lift is None else f"{segment.lift:.2f}",
            "yes" if segment.clear else "no",
        )
        for key, found in groupings
        for segment in found
    ]
    users = words.capital(shop.about.users)
    heads = ("By", "Group", "In the audience", users, "Share of audience", f"Share of all {shop.about.users}")
    return twin("Segments", (*heads, "Ratio", "Clear"), rows, 2)


def found_line(shop: Shop, page: Page, searched: bool) -> str:
    """How many are listed, and which of them stand here."""
    if not page.found:
        advice = (
            f"Nobody in this audience has a name like that, or {words.text(shop.about.bought)} something like that."
        )
        return f'<p class="lead" role="status">{advice}</p>'
    last = page.first + len(page.rows) - 1
    kind = " found" if searched else ""
    return f'<p class="small" role="status">{page.first:,} to {last:,} of {page.found:,}{kind}</p>'


def members(shop: Shop, page: Page, described: Sequence[Member], list_length: int) -> str:
    """One page of the audience, each member with reasons that add up to the score."""
    if not described:
        return ""
    splits = [member.contributions for member in described]
    parts, scale = used_parts(splits), scale_of(splits)
    rows = "".join(audience_row(shop, member, parts, scale) for member in described)
    return f"""<p class="lead">A score is the sum of what each expert contributes, exactly. It has to beat that of the
{list_length}th best {words.text(shop.about.item)} on sale.</p>
<ol class="members" start="{page.first}">{rows}</ol>{members_table(described, shop)}"""


def members_table(described: Sequence[Member], shop: Shop) -> str:
    """The members of a page, with each part of the score."""
    parts = used_parts(member.contributions for member in described)
    heads = [f"{words.capital(words.modality(m))}, {words.expert(k).lower()}" for m, k in parts]
    digits = words.digits_for(max(abs(member.score) for member in described)) + 1
    rows = []
    for member in described:
        values, total = shown_parts(member.contributions, member.score, parts, digits)
        beat = f"{member.threshold:.{digits}f}" if math.isfinite(member.threshold) else "none: the list has room"
        numbers = [*(f"{value:.{digits}f}" for value in (*values, total)), beat]
        rows.append((f"{member.rank}", words.shopper(member.user_id), f"{member.bought:,}", *numbers))
    first = ("Place", words.capital(shop.about.user), words.capital(shop.about.bought))
    return twin(words.capital(shop.about.users), (*first, *heads, "Score", "Score to beat"), rows, 2)
