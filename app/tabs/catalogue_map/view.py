"""The Map tab: the catalogue as a map, with the new product on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr
import numpy as np
import plotly.graph_objects as go
from markupsafe import Markup

from app.parts.panels import problem
from app.state.shop import Shop
from app.state.visit import Launched, Visit
from app.tabs.catalogue_map import endpoints as map_endpoints
from app.tabs.catalogue_map import panels
from app.tabs.catalogue_map.figures import Point, drawn_rows, map_figure
from app.tabs.catalogue_map.groups import Grouping, choices, grouping
from app.wiring.events import Changes, compute
from app.wiring.workbench import Workbench, answered, last_launch
from mamex.insight.catalogue_map import placed
from mamex.insight.items import find_items
from mamex.retrieval.item_map import ANCHORS

TITLE, ID = "Map", "catalogue-map"
#: Items that can be chosen by name at once; a search finds the others.
MOST_NAMED = 200
_LISTEN = Path(__file__).with_name("listen.js")


@dataclass(frozen=True)
class Parts:
    """The components that are drawn anew together."""

    lead: gr.HTML
    found: gr.HTML
    figure: gr.Plot
    twin: gr.HTML
    colour: gr.Radio
    named: gr.Dropdown

    @property
    def drawn(self) -> list[Any]:
        """All of them."""
        return [self.lead, self.found, self.figure, self.twin, self.colour, self.named]


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    shop = bench.shop
    known = choices(shop)
    lead = gr.HTML(elem_id="map-lead")
    with gr.Row(elem_id="map-controls", equal_height=False):
        colour = gr.Radio(known, value=known[0][1], label="Colour by", elem_id="map-colour", scale=3, min_width=260)
        search = gr.Textbox(
            label="Search", placeholder="A name, a word, a colour …", max_lines=1, submit_btn=True, scale=2,
            min_width=240, elem_id="map-search",
        )  # fmt: skip
    found = gr.HTML(elem_id="map-found")
    with gr.Row(elem_id="map-row", equal_height=False):
        with gr.Column(scale=5, min_width=320):
            figure = gr.Plot(show_label=False, container=False, elem_id="map-figure")
            zoom = gr.Checkbox(
                label="Zoom by dragging", info="Double-click goes back", elem_id="map-zoom", container=False
            )
        with gr.Column(scale=2, min_width=260, elem_id="map-side"):
            named = gr.Dropdown([], value=None, label="Look at one", elem_id="map-named")
            card = gr.HTML(panels.hint(shop), elem_id="map-item", js_on_load=_LISTEN.read_text(encoding="utf-8"))
    twin = gr.HTML()
    gr.HTML(panels.reading_note())
    parts = Parts(lead, found, figure, twin, colour, named)
    _connect(bench, tab, parts, search, zoom, card)
    map_endpoints.build(bench)


def _connect(bench: Workbench, tab: gr.Tab, parts: Parts, search: gr.Textbox, zoom: gr.Checkbox, card: gr.HTML) -> None:
    """Draw the map when it is opened or asked for otherwise, and show one item beside it."""
    draw, fault = partial(_drawn, bench, parts), partial(_fault, parts)
    asked = [parts.colour, search, zoom]
    bench.when_opened(tab, draw, asked, parts.drawn, fault)
    # What was chosen last counts, so the last event of several is the one that must run.
    gr.on(
        [parts.colour.input, zoom.input, search.submit],
        answered(draw, fault),
        [bench.visit, *asked],
        parts.drawn,
        **compute(trigger="always_last"),
    )
    quick = compute(trigger="always_last", progress="hidden")
    parts.named.input(answered(partial(_chosen, bench), problem), [bench.visit, parts.named], card, **quick)
    card.select(answered(_pointed(bench), problem), bench.visit, card, **quick)
    hinted = answered(lambda visit: panels.hint(bench.shop_of(visit)), problem)
    bench.switched.change(hinted, bench.visit, card, api_visibility="private", queue=False)


def _fault(parts: Parts, sentence: str) -> Changes:
    return {parts.lead: problem(sentence)}


def _drawn(bench: Workbench, parts: Parts, visit: Visit, colour: str, search: str, zoom: bool) -> Changes:
    """Everything but the item chosen; a shop that lacks the colour asked for is given its first one."""
    shop, launched = bench.shop_of(visit), last_launch(bench, visit)
    catalogue, items = shop.launcher.catalogue, shop.launcher.checkpoint.dataset.items
    known = choices(shop)
    colour = colour if colour in [key for _, key in known] else known[0][1]
    rows = find_items(items.iloc[catalogue.positions], search)
    groups = grouping(shop, colour)
    searched = bool(search.strip())
    count = len(drawn_rows(len(catalogue.positions), rows if searched else None))
    label = panels.choice_label(searched, len(rows))
    return {
        parts.lead: panels.explanation(shop, count, launched.name if launched else None),
        parts.found: panels.found_line(shop, search, len(rows)),
        parts.figure: _figure(shop, groups, rows if searched else None, launched, zoom),
        parts.twin: panels.map_table(shop, groups, rows.tolist()),
        parts.colour: gr.update(choices=known, value=colour),
        parts.named: gr.update(choices=_names(shop, rows[:MOST_NAMED]), value=None, label=label),
    }


def _figure(shop: Shop, groups: Grouping, found: np.ndarray | None, launched: Launched | None, zoom: bool) -> go.Figure:
    catalogue = shop.launcher.catalogue
    titles = [shop.title(shop.launcher.catalogue.item(position)) for position in catalogue.positions.tolist()]
    product = None if launched is None else _point(shop, launched)
    coordinates = shop.launcher.checkpoint.coordinates.numpy()
    return map_figure(coordinates, catalogue.positions, titles, groups, found, product, zoom)


def _point(shop: Shop, launched: Launched) -> Point:
    nearest = [item.position for item in launched.result.neighbours["fused"][:ANCHORS]]
    rows = np.searchsorted(shop.launcher.catalogue.positions, nearest)
    return Point(launched.name, placed(shop.launcher, launched.result), rows.tolist())


def _names(shop: Shop, rows: np.ndarray) -> list[tuple[str, int]]:
    positions = shop.launcher.catalogue.positions[rows].tolist()
    return [(shop.title(shop.launcher.catalogue.item(position)), position) for position in positions]


def _chosen(bench: Workbench, visit: Visit, position: int | None) -> Markup:
    shop = bench.shop_of(visit)
    return panels.hint(shop) if position is None else panels.item_card(shop, int(position))


def _pointed(bench: Workbench) -> Callable[..., Any]:
    def point(visit: Visit, event: gr.EventData) -> Any:
        shop, position = bench.shop_of(visit), event._data.get("position")
        # It comes from the browser; a point of a figure drawn for another shop may be one of them.
        if not isinstance(position, int) or position not in shop.launcher.catalogue.positions:
            return gr.skip()
        return panels.item_card(shop, position)

    return point
