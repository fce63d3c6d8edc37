"""The written parts of the Shoppers tab: pure functions, reading -> HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from app import words
from app.parts.member_rows import taste
from app.parts.reasons import Scale, reasons, scale_of, shown_parts, used_parts
from app.parts.tables import twin
from app.state.shop import Shop
from app.state.thumbnails import SMALL
from app.state.visit import Launched
from app.theme.templates import render
from mamex.insight.users import CUTOFF, Purchase, ShopperReading, Standing, Suggestion

#: Purchases shown at once, and after "more".
FIRST_PURCHASES, MOST_PURCHASES = 16, 112


@dataclass(frozen=True)
class Bought:
    """Something they bought; ``picture`` and ``date`` are "" where there is none."""

    title: str
    picture: str
    date: str


@dataclass(frozen=True)
class Suggested:
    """A planned product in their list; ``bought`` says whether they really bought it, ``why`` holds the reasons."""

    place: int
    title: str
    picture: str
    bought: bool
    why: Markup


def nobody_found(search: str, shop: Shop) -> Markup:
    """What a search without a hit says."""
    return render("tabs/shoppers/nobody.html", user=shop.about.user, search=search.strip()[:60])


def portrait(shop: Shop, reading: ShopperReading) -> Markup:
    """Who it is, and how well the model foresaw what they did."""
    return render(
        "tabs/shoppers/portrait.html",
        about=shop.about,
        shopper=words.shopper(reading.user_id),
        taste=taste(shop, reading.position, len(reading.history)),
        planned=words.things(shop.about, reading.candidates),
        bought=f"{reading.bought:,}",
        found=f"{reading.found:,}",
        cutoff=CUTOFF,
        recall="" if reading.recall is None else words.percent(reading.recall),
    )


def standing(launched: Launched, place: Standing, length: int) -> Markup:
    """Where the launched product stands for this shopper, and why."""
    parts, scale = used_parts([place.contributions]), scale_of([place.contributions])
    return render(
        "tabs/shoppers/standing.html",
        product=launched.name,
        verdict="would be in" if place.place <= length else "would not be in",
        length=length,
        place=f"{place.place:,}",
        competitors=words.things(launched.shop.about, place.competitors),
        why=reasons(place.contributions, place.score, parts, scale),
    )


def history(shop: Shop, bought: Sequence[Purchase]) -> Markup:
    """What they bought, latest first."""
    entries = [_bought(shop, purchase) for purchase in bought[:MOST_PURCHASES]]
    left_out = len(bought) - len(entries)
    return render(
        "tabs/shoppers/history.html",
        about=shop.about,
        first=entries[:FIRST_PURCHASES],
        earlier=entries[FIRST_PURCHASES:],
        left_out=words.things(shop.about, left_out) if left_out else "",
    )


def _bought(shop: Shop, purchase: Purchase) -> Bought:
    uri = shop.thumbnails.uri(purchase.position, SMALL)
    return Bought(purchase.title or purchase.item_id, uri, purchase.date)


def suggestions(shop: Shop, reading: ShopperReading) -> Markup:
    """The planned products they would be shown first, with reasons that add up to the score."""
    shown = reading.suggestions
    scale = scale_of(one.contributions for one in shown)
    return render(
        "tabs/shoppers/suggestions.html",
        about=shop.about,
        shown=f"{len(shown):,}",
        candidates=f"{reading.candidates:,}",
        suggestions=[_suggested(shop, one, scale) for one in shown],
        table=suggestions_table(shop, shown),
    )


def _suggested(shop: Shop, one: Suggestion, scale: Scale) -> Suggested:
    return Suggested(
        place=one.place,
        title=one.title or one.item_id,
        picture=shop.thumbnails.uri(one.position, SMALL),
        bought=one.bought,
        why=reasons(one.contributions, one.score, used_parts([one.contributions]), scale),
    )


def suggestions_table(shop: Shop, shown: Sequence[Suggestion]) -> Markup:
    """The numbers of the suggestions."""
    parts = used_parts(one.contributions for one in shown)
    digits = words.digits_for(max((abs(one.score) for one in shown), default=1.0)) + 1
    rows = []
    for one in shown:
        values, total = shown_parts(one.contributions, one.score, parts, digits)
        really = "yes" if one.bought else "no"
        numbers = [f"{value:.{digits}f}" for value in (*values, total)]
        rows.append((f"{one.place}", one.item_id, one.title or one.item_id, really, *numbers))
    heads = [f"{words.capital(words.modality(m))}, {words.expert(k).lower()}" for m, k in parts]
    first = ("Place", "Number", words.capital(shop.about.item), f"Really {shop.about.bought}")
    return twin("Suggestions", (*first, *heads, "Score"), rows, 4)
