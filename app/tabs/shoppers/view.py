"""The Shoppers tab: one shopper, what they bought, and what they would be shown of the planned products."""

from __future__ import annotations

from typing import Any

import gradio as gr
import numpy as np

from app import words
from app.parts.panels import problem
from app.state.per_shop import shopper_reader, user_groups
from app.state.shop import Shop
from app.state.visit import Visit
from app.tabs.shoppers import panels
from app.wiring.endpoints import endpoint
from app.wiring.events import AT_ONCE
from app.wiring.workbench import Workbench, answered, last_launch

TITLE, ID = "{Users}", "shoppers"
#: A list of a million names would not fit into a page: these many are offered at a time.
MOST_CHOICES = 30


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    about = bench.shop.about
    with gr.Row(elem_id="shoppers-controls", equal_height=True):
        search = gr.Textbox(
            "", label=f"Find {words.with_article(about.user)}", placeholder="Part of a name", max_lines=1, scale=2,
            min_width=200, elem_id="shoppers-search",
        )  # fmt: skip
        chosen = gr.Dropdown(
            [], label=words.capital(about.user), filterable=False, scale=2, min_width=200, elem_id="shoppers-chosen"
        )
        another = gr.Button("Somebody else", scale=1, min_width=150, elem_id="shoppers-random")
    portrait = gr.HTML(elem_id="shopper-portrait")
    standing = gr.HTML(elem_id="shopper-standing")
    suggestions = gr.HTML(elem_id="shopper-suggestions")
    history = gr.HTML(elem_id="shopper-history")
    drawn = [portrait, standing, suggestions, history]

    def opened(visit: Visit, user_id: str | None) -> list[Any]:
        shop = bench.shop_of(visit)
        reader = shopper_reader(shop)
        first = reader.find("", MOST_CHOICES)
        # Whom they looked at before, unless the shop is another by now.
        known = reader.find(user_id, 1) if user_id else []
        user = known[0] if known and _name(shop, known[0]) == user_id else first[0]
        return [_choices(shop, user, first), *_draw(bench, visit, user)]

    def picked(visit: Visit, user_id: str) -> list[Any]:
        return _draw(bench, visit, shopper_reader(bench.shop_of(visit)).position(user_id))

    def searched(visit: Visit, text: str) -> list[Any]:
        shop = bench.shop_of(visit)
        found = shopper_reader(shop).find(text, MOST_CHOICES)
        if not found:
            return [gr.skip(), panels.nobody_found(text, shop), "", "", ""]
        return [_choices(shop, found[0], found), *_draw(bench, visit, found[0])]

    def drew_lots(visit: Visit) -> list[Any]:
        shop = bench.shop_of(visit)
        user = int(np.random.default_rng().integers(shop.shoppers))
        return [_choices(shop, user, shopper_reader(shop).find("", MOST_CHOICES)), *_draw(bench, visit, user)]

    def fault(sentence: str) -> list[Any]:
        return [gr.skip(), problem(sentence), "", "", ""]

    bench.when_opened(tab, opened, [chosen], [chosen, *drawn], fault)
    event: dict[str, Any] = {
        "api_visibility": "private",
        "show_progress": "minimal",
        "show_progress_on": portrait,
        "concurrency_limit": AT_ONCE,
        "concurrency_id": "compute",
    }
    safe = answered(picked, lambda sentence: fault(sentence)[1:])
    # What was typed or chosen last counts, so the last event of several is the one that must run. Not every way to type
    # or paste is an "input" to Gradio; all are a "change".
    chosen.input(safe, [bench.visit, chosen], drawn, trigger_mode="always_last", **event)
    search.change(
        answered(searched, fault), [bench.visit, search], [chosen, *drawn], trigger_mode="always_last", **event
    )
    another.click(answered(drew_lots, fault), bench.visit, [chosen, *drawn], trigger_mode="once", **event)
    _endpoint(bench)


def _name(shop: Shop, user: int) -> str:
    return str(shop.launcher.checkpoint.dataset.user_ids[user])


def _choices(shop: Shop, user: int, others: list[int]) -> Any:
    """The dropdown with ``user`` chosen, who stands first if they are not among ``others``."""
    offered = others if user in others else [user, *others[:-1]]
    names = [_name(shop, one) for one in offered]
    return gr.update(choices=[(words.shopper(name), name) for name in names], value=_name(shop, user))


def _draw(bench: Workbench, visit: Visit, user: int) -> list[Any]:
    """Portrait, standing of the launched product, suggestions, history."""
    shop, launched = bench.shop_of(visit), last_launch(bench, visit)
    reader = shopper_reader(shop)
    reading = reader.read(user)
    standing = ""
    if launched is not None:
        length = launched.result.list_length
        standing = panels.standing(launched, reader.stand(user, launched.result.reading), length)
    return [
        panels.portrait(shop, reading),
        standing,
        panels.suggestions(shop, reading),
        panels.history(shop, reading.history),
    ]


def _endpoint(bench: Workbench) -> None:
    """The same for programs: /shopper."""

    def shopper(visit: Visit, user_id: str) -> dict[str, Any]:
        """Read one user: history, taste, and the cold items they would be shown, with exact reasons.

        Args:
            user_id: as in the dataset's interactions.

        Returns:
            position, user_id, favourites (categories), history (latest first), suggestions (best cold items first, the
            contributions of each sum to its score, bought says whether they really bought it), candidates, bought,
            found, recall (Recall@20 over all cold items bought) and test_recall (over the test items alone).
        """
        shop = bench.shop_of(visit)
        reader = shopper_reader(shop)
        user = reader.position(user_id)
        return {"favourites": user_groups(shop).favourites(user), **reader.read(user).to_json()}

    endpoint(shopper, "shopper", [bench.visit, gr.Textbox(label="User id", visible=False)])
