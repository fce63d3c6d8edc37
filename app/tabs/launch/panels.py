"""The headings of the Launch tab; what it says of a launch is in `app.parts.panels`: the mailed page says it too."""

from __future__ import annotations

from functools import partial

from markupsafe import Markup

from app.state.shop import Shop
from app.state.thumbnails import SMALL
from app.theme.templates import render_macro

_drawn = partial(render_macro, "tabs/launch/panels.html")


def examples_title(shop: Shop) -> Markup | str:
    """What stands above the examples, with their pictures; "" if the shop has none."""
    if not shop.examples:
        return ""
    pictures = [shop.thumbnails.uri(example.position, SMALL) for example in shop.examples]
    return _drawn("examples_title", pictures=pictures, bought=shop.about.bought)


def thought_title() -> Markup:
    """What stands above the figure of how a product was read."""
    return _drawn("thought_title")


def weights_title() -> Markup:
    """What stands above the figures of all weights."""
    return _drawn("weights_title")


def figure_title(title: str) -> Markup:
    """What stands above one of them."""
    return _drawn("figure_title", title=title)
