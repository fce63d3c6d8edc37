"""The Neighbours tab: what the product sits next to, and whose places it would take."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from app import words
from app.parts.first_launch import launch_button, nothing_yet, only_a_problem
from app.parts.panels import problem
from app.state.shop import Shop
from app.state.visit import Launched, Visit
from app.tabs.neighbours import endpoints, panels
from app.tabs.neighbours.figures import places_figure
from app.tabs.neighbours.reading import ROWS, spaces_of, with_facts
from app.wiring.events import Changes, compute
from app.wiring.workbench import Workbench, answered, last_launch
from mamex.insight.cannibalisation import cannibalisation, losses
from mamex.retrieval.catalogue import FUSED

TITLE, ID = "Neighbours", "neighbours"
#: Losers with a card, and with a bar.
CARDS, BARS = 8, 10


@dataclass(frozen=True)
class Parts:
    """The components of the tab."""

    stage: gr.HTML
    first: gr.Button
    area: gr.Column
    space: gr.Radio
    near: gr.HTML
    lost: gr.HTML
    places: gr.Plot
    losers: gr.HTML

    @property
    def outputs(self) -> list[Any]:
        """All of them."""
        return [self.stage, self.first, self.area, self.space, self.near, self.lost, self.places, self.losers]


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    stage = gr.HTML(elem_id="neighbours-stage")
    first = launch_button(bench, ID)
    with gr.Column(visible=False, elem_id="neighbours-area") as area:
        space = gr.Radio(
            _choices(bench.shop), value=FUSED, label="Alike by", info="What is compared", elem_id="neighbours-space"
        )
        near = gr.HTML(elem_id="neighbours-near")
        lost = gr.HTML(elem_id="neighbours-lost")
        places = gr.Plot(show_label=False, container=False, elem_id="neighbours-places")
        losers = gr.HTML(elem_id="neighbours-losers")
    parts = Parts(stage, first, area, space, near, lost, places, losers)
    bench.when_opened(tab, partial(_drawn, bench, parts), [space], parts.outputs, partial(only_a_problem, parts))
    switched = answered(partial(_switched, bench), problem)
    space.input(switched, [bench.visit, space], near, **compute(trigger="always_last"))
    endpoints.build(bench)


def _drawn(bench: Workbench, parts: Parts, visit: Visit, chosen: str) -> Changes:
    launched = last_launch(bench, visit)
    if launched is None:
        return _nothing(bench, parts, visit)
    chosen = chosen if chosen in spaces_of(launched.shop) else FUSED
    return {
        parts.stage: panels.headline(launched),
        parts.first: gr.update(visible=False),
        parts.area: gr.update(visible=True),
        parts.space: gr.update(choices=_choices(launched.shop), value=chosen),
        parts.near: _near(launched, chosen),
        **_lost(launched, parts),
    }


def _nothing(bench: Workbench, parts: Parts, visit: Visit) -> Changes:
    about = bench.shop_of(visit).about
    near = f"the {about.items} most like it are here, with those it would push out."
    return nothing_yet(parts, f"The {about.items} beside it", f"Launch {words.with_article(about.item)}, and {near}")


def _switched(bench: Workbench, visit: Visit, chosen: str) -> str:
    launched = last_launch(bench, visit)
    return _near(launched, chosen) if launched else ""


def _choices(shop: Shop) -> list[tuple[str, str]]:
    """Labels and names of the spaces in which products can be compared."""
    return [(panels.space_name(space), space) for space in spaces_of(shop)]


def _near(launched: Launched, space: str) -> str:
    shop, result = launched.shop, launched.result
    found = with_facts(shop, result.neighbours[space], result.list_length)
    cards = panels.cards(shop, found, space, result.list_length)
    return cards + panels.neighbours_table(shop, found, result.list_length)


def _lost(launched: Launched, parts: Parts) -> Changes:
    """Headline, figure and cards of what loses places."""
    shop, result = launched.shop, launched.result
    found = cannibalisation(shop.launcher, result.audience_users, result.list_length)
    lost = losses(shop.launcher, found, result.list_length, ROWS)
    figure = places_figure(lost[:BARS]) if lost else None
    return {
        parts.lost: panels.losers_headline(launched, found, lost[:BARS]),
        parts.places: gr.update(value=figure, visible=figure is not None),
        parts.losers: panels.losers_table(shop, lost, found) + panels.losers(shop, lost[:CARDS]),
    }
