"""The written parts of the page: pure functions, result -> HTML. Every text that is not ours is escaped."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from app import words
from app.state.shop import Shop
from app.theme.templates import render_macro
from mamex.insight.held_out import Reveal
from mamex.launch.result import LaunchResult
from mamex.modalities import IMAGE, TEXT
from mamex.retrieval.catalogue import Neighbour
from mamex.retrieval.thresholds import LIST_LENGTHS

_PANELS, _MACROS = "parts/templates/panels.html", "parts/templates/macros.html"


@dataclass(frozen=True)
class Reach:
    """One of the shares of users reached, as it is written."""

    length: int
    share: str


@dataclass(frozen=True)
class Buyers:
    """Who really bought a product that was kept out of training, as it is written."""

    buyers: str
    found: int
    by_chance: str


def header(shop: Shop) -> Markup:
    """What this is, and which shop it is about."""
    return render_macro(
        _PANELS,
        "header",
        about=shop.about,
        name=shop.name,
        item=words.an(shop.about.item),
        products=words.things(shop.about, shop.products),
        shoppers=words.people(shop.about, shop.shoppers),
    )


def empty_state(shop: Shop) -> Markup:
    """What to do first."""
    return render_macro(
        _PANELS,
        "empty_state",
        users=shop.about.users,
        items=shop.about.items,
        picture=IMAGE in shop.launcher.modalities,
        words=TEXT in shop.launcher.modalities,
        examples=bool(shop.examples),
    )


def problem(sentence: str) -> Markup:
    """What went wrong, in one sentence."""
    return render_macro(_PANELS, "problem", sentence=sentence)


def headline(shop: Shop, result: LaunchResult, reveal: Reveal | None) -> Markup:
    """The number that matters most, what it means, and what to be careful about."""
    return render_macro(
        _PANELS,
        "headline",
        about=shop.about,
        size=f"{result.audience_size:,}",
        everybody=words.people(shop.about, shop.shoppers),
        length=result.list_length,
        standing=words.standing(result.reach_standing[result.list_length], shop.about),
        reaches=[Reach(length, words.percent(result.reach[length])) for length in LIST_LENGTHS],
        reveal=reveal and _buyers(shop, reveal),
        warnings=[words.warning(sentence) for sentence in result.warnings],
    )


def _buyers(shop: Shop, reveal: Reveal) -> Buyers:
    return Buyers(words.people(shop.about, reveal.buyers), reveal.found, f"{reveal.by_chance:.1f}")


def picture(shop: Shop, item: Neighbour, size: int) -> Markup:
    """An item's picture; its name stands beside it, so the picture itself is decoration."""
    return render_macro(_MACROS, "picture", uri=shop.thumbnails.uri(item.position, size), missing="no picture")


def timings(result: LaunchResult) -> Markup:
    """What took how long."""
    # The encoder is loaded before the page is served, so that stage is nearly always empty.
    shown = {name: value for name, value in result.timings.items() if name != "load_encoder" or value >= 1}
    stages = [f"{words.stage(name)} {value:.0f} ms" for name, value in shown.items()]
    return render_macro(_PANELS, "timings", total=f"{sum(result.timings.values()):,.0f}", stages=stages)
