"""The Map tab: the catalogue as a map, with the new product on it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import gradio as gr
import numpy as np
import plotly.graph_objects as go
import torch

from app.parts.panels import problem
from app.state.shop import Shop, words_of
from app.state.visit import Launched, Visit
from app.tabs.catalogue_map import panels
from app.tabs.catalogue_map.figures import Point, drawn_rows, map_figure
from app.tabs.catalogue_map.groups import choices, grouping
from app.wiring.endpoints import endpoint, product_fields
from app.wiring.events import AT_ONCE
from app.wiring.workbench import Workbench, answered, last_launch
from mamex.insight.item_search import find_items
from mamex.launch.result import LaunchResult
from mamex.retrieval.item_map import ANCHORS, place
from mamex.retrieval.thresholds import LIST_LENGTHS

TITLE, ID = "Map", "catalogue-map"
#: Items that can be chosen by name at once; a search finds the others.
MOST_NAMED = 200
#: Tells the server which point is pointed at, a moment after the pointer came to rest. The figure is drawn anew now and
#: then, with a new `on`, so it is looked for again and again.
LISTEN = """
let heard = null, last = null, timer = null;
const tell = (event) => {
  const position = event.points.find((point) => point.customdata !== undefined)?.customdata;
  if (position === undefined || position === last) return;
  clearTimeout(timer);
  timer = setTimeout(() => { last = position; trigger('select', { position }); }, 90);
};
setInterval(() => {
  const plot = document.querySelector('#map-figure .js-plotly-plot');
  if (!plot || !plot.on || plot.on === heard) return;
  heard = plot.on;
  plot.on('plotly_hover', tell);
  plot.on('plotly_click', tell);
}, 400);
"""


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
            card = gr.HTML(panels.hint(shop), elem_id="map-item", js_on_load=LISTEN)
    twin = gr.HTML()
    gr.HTML(panels.reading_note())
    outputs = [lead, found, figure, twin, colour, named]

    def fault(sentence: str) -> list[Any]:
        return [problem(sentence), *[gr.skip()] * (len(outputs) - 1)]

    draw = partial(_drawn, bench)
    bench.when_opened(tab, draw, [colour, search, zoom], outputs, fault)
    event: dict[str, Any] = {
        "api_visibility": "private",
        "show_progress": "minimal",
        "concurrency_limit": AT_ONCE,
        "concurrency_id": "compute",
    }
    # What was chosen last counts, so the last event of several is the one that must run.
    gr.on(
        [colour.input, zoom.input, search.submit],
        answered(draw, fault),
        [bench.visit, colour, search, zoom],
        outputs,
        trigger_mode="always_last",
        **event,
    )
    quick: dict[str, Any] = {**event, "show_progress": "hidden", "trigger_mode": "always_last"}
    named.input(answered(_chosen(bench), problem), [bench.visit, named], card, **quick)
    card.select(answered(_pointed(bench), problem), bench.visit, card, **quick)
    hinted = answered(lambda visit: panels.hint(bench.shop_of(visit)), problem)
    bench.switched.change(hinted, bench.visit, card, api_visibility="private", queue=False)
    _endpoint(bench)


def _drawn(bench: Workbench, visit: Visit, colour: str, search: str, zoom: bool) -> list[Any]:
    """Everything but the item chosen; a shop that lacks the colour asked for is given its first one."""
    shop, launched = bench.shop_of(visit), last_launch(bench, visit)
    catalogue, items = shop.launcher.catalogue, shop.launcher.checkpoint.dataset.items
    known = choices(shop)
    colour = colour if colour in [key for _, key in known] else known[0][1]
    rows = find_items(items.iloc[catalogue.positions], search)
    groups = grouping(shop, colour)
    searched = bool(search.strip())
    figure = _figure(shop, groups, rows if searched else None, launched, zoom)
    count = len(drawn_rows(len(catalogue.positions), rows if searched else None))
    return [
        panels.explanation(shop, count, launched.name if launched else None),
        panels.found_line(shop, search, len(rows)),
        figure,
        panels.map_table(shop, groups, rows.tolist()),
        gr.update(choices=known, value=colour),
        gr.update(choices=_names(shop, rows[:MOST_NAMED]), value=None, label=panels.choice_label(searched, len(rows))),
    ]


def _figure(shop: Shop, groups: Any, found: np.ndarray | None, launched: Launched | None, zoom: bool) -> go.Figure:
    catalogue = shop.launcher.catalogue
    titles = [shop.title(shop.launcher.members.neighbour(position, 1.0)) for position in catalogue.positions.tolist()]
    product = None if launched is None else _point(shop, launched)
    coordinates = shop.launcher.checkpoint.coordinates.numpy()
    return map_figure(coordinates, catalogue.positions, titles, groups, found, product, zoom)


def _point(shop: Shop, launched: Launched) -> Point:
    nearest = [item.position for item in launched.result.neighbours["fused"][:ANCHORS]]
    rows = np.searchsorted(shop.launcher.catalogue.positions, nearest)
    return Point(launched.name, _placed(shop, launched.result), rows.tolist())


def _placed(shop: Shop, result: LaunchResult) -> tuple[float, float]:
    """Where a new product lies."""
    catalogue, checkpoint = shop.launcher.catalogue, shop.launcher.checkpoint
    by_position = torch.zeros(checkpoint.dataset.n_items, 2)
    by_position[torch.from_numpy(catalogue.positions)] = checkpoint.coordinates
    x, y = place(result.reading.forward.embeddings, catalogue.spaces["fused"], by_position)[0].tolist()
    return x, y


def _names(shop: Shop, rows: np.ndarray) -> list[tuple[str, int]]:
    positions = shop.launcher.catalogue.positions[rows].tolist()
    return [(shop.title(shop.launcher.members.neighbour(position, 1.0)), position) for position in positions]


def _chosen(bench: Workbench) -> Callable[..., str]:
    def choose(visit: Visit, position: int | None) -> str:
        shop = bench.shop_of(visit)
        return panels.hint(shop) if position is None else panels.item_card(shop, int(position))

    return choose


def _pointed(bench: Workbench) -> Callable[..., Any]:
    def point(visit: Visit, event: gr.EventData) -> Any:
        shop, position = bench.shop_of(visit), event._data.get("position")
        # It comes from the browser; a point of a figure drawn for another shop may be one of them.
        if not isinstance(position, int) or position not in shop.launcher.catalogue.positions:
            return gr.skip()
        return panels.item_card(shop, position)

    return point


def _endpoint(bench: Workbench) -> None:
    """The same for programs: /map."""

    def catalogue_map(
        visit: Visit, picture: str | None = None, title: str = "", description: str = ""
    ) -> dict[str, Any]:
        """Give the map of the items on sale, with how the model reads each; a planned product is put on it if given.

        Args:
            picture: the product's picture, a JPEG, PNG or WebP file; leave it out if there is none.
            title: what it is called; may be empty.
            description: what people would read about it; may be empty.

        Returns:
            items (item_id, title, x, y, category, strongest_expert from 0 for each modality or null, fusion) and
            product (x, y, nearest item_ids), null if neither a picture nor words were given.
        """
        shop = bench.shop_of(visit)
        if not picture and not words_of(title, description):
            return panels.map_json(shop, None, None)
        result = shop.launch(picture, title, description, LIST_LENGTHS[0], visit.memory)
        return panels.map_json(shop, _placed(shop, result), result)

    endpoint(catalogue_map, "map", [bench.visit, *product_fields()[:3]])
