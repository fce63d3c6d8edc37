"""The Neighbours tab: what the product sits next to, and whose places it would take."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import gradio as gr

from app import words
from app.parts.first_launch import launch_button, nothing_launched
from app.parts.panels import problem
from app.state.shop import Shop
from app.state.visit import Launched, Visit
from app.tabs.neighbours import panels
from app.tabs.neighbours.figures import places_figure
from app.wiring.endpoints import endpoint, product_fields
from app.wiring.events import AT_ONCE
from app.wiring.workbench import Workbench, answered, last_launch
from mamex.errors import LaunchError
from mamex.insight.cannibalisation import cannibalisation, losses
from mamex.insight.items import OnSale, on_sale
from mamex.launch.result import Neighbour

TITLE, ID = "Neighbours", "neighbours"
FUSED = "fused"
#: Losers with a card, with a bar, and in the table and the answer for programs.
CARDS, BARS, ROWS = 8, 10, 100


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    stage = gr.HTML(elem_id="neighbours-stage")
    first = launch_button(bench, ID)
    with gr.Column(visible=False, elem_id="neighbours-area") as area:
        space = gr.Radio(
            _spaces(bench.shop), value=FUSED, label="Alike by", info="What is compared", elem_id="neighbours-space"
        )
        near = gr.HTML(elem_id="neighbours-near")
        losers_head = gr.HTML(elem_id="neighbours-lost")
        places = gr.Plot(show_label=False, container=False, elem_id="neighbours-places")
        losers = gr.HTML(elem_id="neighbours-losers")
    outputs = [stage, first, area, space, near, losers_head, places, losers]

    def draw(visit: Visit, chosen: str) -> list[Any]:
        launched = last_launch(bench, visit)
        if launched is None:
            about = bench.shop_of(visit).about
            sentence = (
                f"Launch {words.with_article(about.item)}, and the {about.items} most like it are here, with those it "
                "would push out."
            )
            empty = nothing_launched(f"The {about.items} beside it", sentence)
            return [empty, gr.update(visible=True), gr.update(visible=False), *[gr.skip()] * (len(outputs) - 3)]
        spaces = _spaces(launched.shop)
        chosen = chosen if chosen in [value for _, value in spaces] else FUSED
        switch = gr.update(choices=spaces, value=chosen)
        head = [panels.headline(launched), gr.update(visible=False), gr.update(visible=True), switch]
        return [*head, _near(launched, chosen), *_lost(launched)]

    def switched(visit: Visit, chosen: str) -> str:
        launched = last_launch(bench, visit)
        return _near(launched, chosen) if launched else ""

    def fault(sentence: str) -> list[Any]:
        hidden = [gr.update(visible=False), gr.update(visible=False)]
        return [problem(sentence), *hidden, *[gr.skip()] * (len(outputs) - 3)]

    bench.when_opened(tab, draw, [space], outputs, fault)
    space.input(
        answered(switched, problem),
        [bench.visit, space],
        near,
        api_visibility="private",
        show_progress="minimal",
        trigger_mode="always_last",
        concurrency_limit=AT_ONCE,
        concurrency_id="compute",
    )
    _endpoints(bench)


def _spaces(shop: Shop) -> list[tuple[str, str]]:
    """Labels and names of the spaces in which products can be compared."""
    return [(panels.space_name(space), space) for space in (FUSED, *shop.launcher.modalities)]


def _near(launched: Launched, space: str) -> str:
    shop, result = launched.shop, launched.result
    found = _with_facts(shop, result.neighbours[space], result.list_length)
    cards = panels.cards(shop, found, space, result.list_length)
    return cards + panels.neighbours_table(shop, found, result.list_length)


def _with_facts(shop: Shop, near: list[Neighbour], list_length: int) -> list[tuple[Neighbour, OnSale]]:
    return [(item, on_sale(shop.launcher, item.position, list_length)) for item in near]


def _lost(launched: Launched) -> list[Any]:
    """Headline, figure and cards of what loses places."""
    shop, result = launched.shop, launched.result
    found = cannibalisation(shop.launcher, result.audience_users, result.list_length)
    lost = losses(shop.launcher, found, result.list_length, ROWS)
    figure = places_figure(lost[:BARS]) if lost else None
    table = panels.losers_table(shop, lost, found)
    return [
        panels.losers_headline(launched, found, lost[:BARS]),
        gr.update(value=figure, visible=figure is not None),
        table + panels.losers(shop, lost[:CARDS]),
    ]


def _endpoints(bench: Workbench) -> None:
    """The same for programs: /neighbours and /cannibalisation."""

    def neighbours(
        visit: Visit,
        picture: str | None = None,
        title: str = "",
        description: str = "",
        list_length: int = 20,
        space: str = FUSED,
    ) -> list[dict[str, Any]]:
        """List the items on sale that are most like a planned product, nearest first.

        Args:
            picture: its picture, a JPEG, PNG or WebP file; leave it out if there is none.
            title: what it is called; may be empty.
            description: what people would read about it; may be empty.
            list_length: K of the reach: 10, 20 or 50.
            space: fused (as the model sees them), or one modality alone: image or text.

        Returns:
            position, item_id, title, similarity (cosine), price, reach (share of users), fusion (its own weights).
        """
        shop = bench.shop_of(visit)
        spaces = [value for _, value in _spaces(shop)]
        if space not in spaces:
            raise LaunchError(f"The space must be one of {', '.join(spaces)}.")
        result = shop.launch(picture, title, description, list_length, visit.memory)
        found = _with_facts(shop, result.neighbours[space], list_length)
        return [{**asdict(item), **asdict(near)} for near, item in found]

    def places_lost(
        visit: Visit, picture: str | None = None, title: str = "", description: str = "", list_length: int = 20
    ) -> dict[str, Any]:
        """Say exactly which items on sale drop out of lists that a planned product enters.

        Args:
            picture: its picture, a JPEG, PNG or WebP file; leave it out if there is none.
            title: what it is called; may be empty.
            description: what people would read about it; may be empty.
            list_length: length of the lists: 10, 20 or 50.

        Returns:
            audience_size, places_lost and lists_with_room (which add up to it), items_losing, and losses: of the items
            that lose most item, lost, share_lost, audience (now) and shared (overlap with the product's audience).
        """
        shop = bench.shop_of(visit)
        result = shop.launch(picture, title, description, list_length, visit.memory)
        found = cannibalisation(shop.launcher, result.audience_users, list_length)
        return {
            "audience_size": result.audience_size,
            "list_length": list_length,
            "places_lost": int(found.lost.sum()),
            "lists_with_room": found.room,
            "items_losing": int((found.lost > 0).sum()),
            "losses": [asdict(loss) for loss in losses(shop.launcher, found, list_length, ROWS)],
        }

    fields = product_fields()
    space = gr.Textbox(value=FUSED, label="Space", visible=False)
    endpoint(neighbours, "neighbours", [bench.visit, *fields, space])
    endpoint(places_lost, "cannibalisation", [bench.visit, *fields])
