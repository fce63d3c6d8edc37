"""The Shoppers tab: one shopper, what they bought, and what they would be shown of the planned products."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr
import numpy as np

from app import words
from app.parts.panels import problem
from app.state.per_shop import shopper_reader
from app.state.shop import Shop
from app.state.visit import Visit
from app.tabs.shoppers import endpoints, panels
from app.wiring.events import Changes, compute
from app.wiring.workbench import Workbench, answered, last_launch
from mamex.data.about import About

TITLE, ID = "{Users}", "shoppers"
#: A list of a million names would not fit into a page: these many are offered at a time.
MOST_CHOICES = 30


@dataclass(frozen=True)
class Parts:
    """The components of the tab."""

    search: gr.Textbox
    chosen: gr.Dropdown
    another: gr.Button
    portrait: gr.HTML
    standing: gr.HTML
    suggestions: gr.HTML
    history: gr.HTML

    @property
    def drawn(self) -> list[Any]:
        """What shows the shopper who is chosen."""
        return [self.portrait, self.standing, self.suggestions, self.history]


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    parts = _lay_out(bench.shop.about)
    fault = partial(_fault, parts)
    all_of_it = [parts.chosen, *parts.drawn]
    bench.when_opened(tab, partial(_opened, bench, parts), [parts.chosen], all_of_it, fault)

    def safe(handler: Callable[..., Changes]) -> Callable[..., Any]:
        return answered(partial(handler, bench, parts), fault)

    # What was typed or chosen last counts, so the last event of several is the one that must run. Not every way to type
    # or paste is an "input" to Gradio; all are a "change".
    last = compute(parts.portrait, trigger="always_last")
    parts.chosen.input(safe(_picked), [bench.visit, parts.chosen], parts.drawn, **last)
    parts.search.change(safe(_searched), [bench.visit, parts.search], all_of_it, **last)
    parts.another.click(safe(_drew_lots), bench.visit, all_of_it, **compute(parts.portrait))
    endpoints.build(bench)


def _lay_out(about: About) -> Parts:
    with gr.Row(elem_id="shoppers-controls", equal_height=True):
        search = gr.Textbox(
            "", label=f"Find {words.with_article(about.user)}", placeholder="Part of a name", max_lines=1, scale=2,
            min_width=200, elem_id="shoppers-search",
        )  # fmt: skip
        chosen = gr.Dropdown(
            [], label=words.capital(about.user), filterable=False, scale=2, min_width=200, elem_id="shoppers-chosen"
        )
        another = gr.Button("Somebody else", scale=1, min_width=150, elem_id="shoppers-random")
    return Parts(
        search,
        chosen,
        another,
        portrait=gr.HTML(elem_id="shopper-portrait"),
        standing=gr.HTML(elem_id="shopper-standing"),
        suggestions=gr.HTML(elem_id="shopper-suggestions"),
        history=gr.HTML(elem_id="shopper-history"),
    )


def _opened(bench: Workbench, parts: Parts, visit: Visit, user_id: str | None) -> Changes:
    """Whom they looked at before, unless the shop is another by now."""
    shop = bench.shop_of(visit)
    reader = shopper_reader(shop)
    first = reader.find("", MOST_CHOICES)
    known = reader.find(user_id, 1) if user_id else []
    user = known[0] if known and _name(shop, known[0]) == user_id else first[0]
    return {parts.chosen: _choices(shop, user, first), **_drawn(bench, parts, visit, user)}


def _picked(bench: Workbench, parts: Parts, visit: Visit, user_id: str) -> Changes:
    return _drawn(bench, parts, visit, shopper_reader(bench.shop_of(visit)).position(user_id))


def _searched(bench: Workbench, parts: Parts, visit: Visit, text: str) -> Changes:
    shop = bench.shop_of(visit)
    found = shopper_reader(shop).find(text, MOST_CHOICES)
    if not found:
        return _told(parts, panels.nobody_found(text, shop))
    return {parts.chosen: _choices(shop, found[0], found), **_drawn(bench, parts, visit, found[0])}


def _drew_lots(bench: Workbench, parts: Parts, visit: Visit) -> Changes:
    shop = bench.shop_of(visit)
    user = int(np.random.default_rng().integers(shop.shoppers))
    others = shopper_reader(shop).find("", MOST_CHOICES)
    return {parts.chosen: _choices(shop, user, others), **_drawn(bench, parts, visit, user)}


def _fault(parts: Parts, sentence: str) -> Changes:
    return _told(parts, problem(sentence))


def _told(parts: Parts, message: str) -> Changes:
    """A message where the shopper would be."""
    return {**dict.fromkeys(parts.drawn, ""), parts.portrait: message}


def _name(shop: Shop, user: int) -> str:
    return str(shop.launcher.checkpoint.dataset.user_ids[user])


def _choices(shop: Shop, user: int, others: list[int]) -> Any:
    """The dropdown with ``user`` chosen, who stands first if they are not among ``others``."""
    offered = others if user in others else [user, *others[:-1]]
    names = [_name(shop, one) for one in offered]
    return gr.update(choices=[(words.shopper(name), name) for name in names], value=_name(shop, user))


def _drawn(bench: Workbench, parts: Parts, visit: Visit, user: int) -> Changes:
    """Portrait, standing of the launched product, suggestions, history."""
    shop, launched = bench.shop_of(visit), last_launch(bench, visit)
    reader = shopper_reader(shop)
    reading = reader.read(user)
    standing = ""
    if launched is not None:
        place = reader.stand(user, launched.result.reading)
        standing = panels.standing(launched, place, launched.result.list_length)
    return {
        parts.portrait: panels.portrait(shop, reading),
        parts.standing: standing,
        parts.suggestions: panels.suggestions(shop, reading),
        parts.history: panels.history(shop, reading.history),
    }
