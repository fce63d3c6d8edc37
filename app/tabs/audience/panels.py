"""The written parts of the Audience tab: pure functions, result -> HTML."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from markupsafe import Markup

from app import words
from app.parts.member_rows import audience_row
from app.parts.reasons import scale_of, shown_parts, used_parts
from app.parts.tables import twin
from app.state.shop import Shop
from app.state.visit import Launched
from app.theme.templates import render_macro
from mamex.insight.listing import Page
from mamex.insight.segments import FEWEST_EXPECTED, Segment
from mamex.launch.result import Member

_drawn = partial(render_macro, "tabs/audience/panels.html")


def headline(launched: Launched, ranked: int) -> Markup:
    """Whose audience this is and how large; ``ranked`` of its members are listed below."""
    shop, result = launched.shop, launched.result
    if not result.audience_size:
        return _drawn("nobody", name=launched.name, about=shop.about, length=result.list_length)
    return _drawn(
        "headline",
        name=launched.name,
        size=f"{result.audience_size:,}",
        everybody=words.people(shop.about, shop.shoppers),
        length=result.list_length,
        listed=f"{ranked:,}" if ranked < result.audience_size else "",
    )


def segment_title(shop: Shop, key: str) -> Markup:
    """What a way to group users is called."""
    about = shop.about
    title = {
        "category": f"What they mostly {about.bought}",
        "bought": f"How many {about.items} they {about.bought}",
    }
    return _drawn("segment_title", title=title.get(key, f"Mean price of what they {about.bought}"))


def segments_lead(shop: Shop) -> Markup:
    """How to read the segments' figures."""
    return _drawn("segments_lead", users=shop.about.users, fewest=f"{FEWEST_EXPECTED:.0f}")


def segments_table(groupings: Sequence[tuple[str, Sequence[Segment]]], shop: Shop) -> Markup:
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


def list_title() -> Markup:
    """What stands above the list of all members."""
    return _drawn("list_title")


def found_line(shop: Shop, page: Page, searched: bool) -> Markup:
    """How many are listed, and which of them stand here."""
    if not page.found:
        return _drawn("found_none", bought=shop.about.bought)
    last = page.first + len(page.rows) - 1
    return _drawn("found_line", first=f"{page.first:,}", last=f"{last:,}", found=f"{page.found:,}", searched=searched)


def page_number(page: Page) -> Markup:
    """Which page is open."""
    return _drawn("page_number", number=f"{page.number:,}", pages=f"{page.pages:,}")


def members(shop: Shop, page: Page, described: Sequence[Member], list_length: int) -> Markup | str:
    """One page of the audience, each member with reasons that add up to the score; "" if nobody is on it."""
    if not described:
        return ""
    splits = [member.contributions for member in described]
    parts, scale = used_parts(splits), scale_of(splits)
    return _drawn(
        "members",
        item=shop.about.item,
        length=list_length,
        first=page.first,
        rows=[audience_row(shop, member, parts, scale) for member in described],
        twin=members_table(described, shop),
    )


def members_table(described: Sequence[Member], shop: Shop) -> Markup:
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
