"""The written parts of the map: what it shows, one item of it, and its table."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

import numpy as np

from app import words
from app.parts.panels import picture
from app.parts.tables import twin
from app.state.shop import Shop
from app.state.thumbnails import LARGE
from app.tabs.catalogue_map.groups import Grouping
from mamex.insight.items import on_sale
from mamex.launch.result import LaunchResult
from mamex.retrieval.item_map import ANCHORS, MOST_LANDMARKS

#: Rows of the map's table, and entries of the list of found items.
MOST_ROWS = 300
#: Length of the lists that an item's reach is about.
LENGTH = 20


def explanation(shop: Shop, drawn: int, launched: str | None) -> str:
    """What near and far mean here, and where the new product is."""
    about, count = shop.about, len(shop.launcher.catalogue.positions)
    items = escape(about.items)
    product = (
        f"<strong>{escape(launched)}</strong> is the star, with dotted lines to the {items} nearest to it."
        if launched
        else f"Launch {words.an(about.item)} on the first tab, and it appears here as a star."
    )
    parts = [f"{words.capital(items)} that the model finds alike lie close together. {product}"]
    if count > MOST_LANDMARKS:
        parts.append(
            f"t-SNE laid out {MOST_LANDMARKS:,} of them; the rest lie at the mean of their {ANCHORS} nearest, "
            "weighted by similarity."
        )
    if drawn < count:
        parts.append(f"{drawn:,} of {count:,} are drawn.")
    return f'<p class="lead">{" ".join(parts)}</p>'


def reading_note() -> str:
    """How far the map can be trusted."""
    return (
        '<p class="small">Made by t-SNE from the fused embeddings when the model was trained. Close means alike; how '
        "far apart two distant groups lie means nothing. A new product is put at the mean of its "
        f"{ANCHORS} nearest, weighted by similarity.</p>"
    )


def found_line(shop: Shop, query: str, found: int) -> str:
    """How many items a search found; "" if nothing was searched for."""
    if not query.strip():
        return ""
    sentence = f"{words.things(shop.about, found)} found" if found else f"No {escape(shop.about.item)} found"
    return f'<p class="found-line" role="status">{sentence} for “{escape(query.strip())}”.</p>'


def choice_label(searched: bool, found: int) -> str:
    """What the list of items to choose from is called."""
    return f"Look at one of the {found:,} found" if searched and found else "Look at one"


def hint(shop: Shop) -> str:
    """In place of an item that nobody chose yet."""
    return (
        f'<div class="map-card none"><p>Point at {words.an(shop.about.item)} on the map, or choose one by name, to see '
        "it here.</p></div>"
    )


def item_card(shop: Shop, position: int) -> str:
    """One item on sale: picture, name, its other columns, how far it reaches and how it is read."""
    item = on_sale(shop.launcher, position, LENGTH)
    facts = [(words.capital(name), value) for name, value in _columns(shop, position)]
    facts.append((f"In the top {LENGTH} of", f"{words.percent(item.reach)} of {shop.about.users}"))
    facts += [(words.capital(words.modality(name)), _read(shop, position, name)) for name in shop.launcher.modalities]
    rows = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in facts)
    near = shop.launcher.members.neighbour(position, 1.0)
    return (
        f'<article class="map-card" data-position="{position}">{picture(shop, near, LARGE)}'
        f"<h3>{escape(shop.title(near))}</h3><dl>{rows}</dl></article>"
    )


def _read(shop: Shop, position: int, modality: str) -> str:
    """How one modality of an item is read."""
    forward = shop.launcher.catalogue.forward
    row = int(np.searchsorted(shop.launcher.catalogue.positions, position))
    place = shop.launcher.modalities.index(modality)
    if not bool(forward.present[row, place]):
        return "none"
    strongest = int(forward.active_gates[row, place].argmax())
    weight = words.percent(float(forward.fusion[row, place]))
    return f"weighs {weight}, read most by {words.expert(strongest).lower()}"


def _columns(shop: Shop, position: int) -> list[tuple[str, str]]:
    """An item's further columns, those that are filled in."""
    row = shop.launcher.checkpoint.dataset.items.iloc[position]
    shown = [name for name in row.index if name not in ("item_id", "title", "description", "image")]
    values = [(str(name), shop.price(position) if name == "price" else str(row[name])) for name in shown]
    return [(name, value) for name, value in values if value][:6]


def map_table(shop: Shop, grouping: Grouping, rows: Sequence[int]) -> str:
    """The map's numbers, at most ``MOST_ROWS`` of the rows asked for."""
    catalogue, coordinates = shop.launcher.catalogue, shop.launcher.checkpoint.coordinates
    shown = []
    for row in list(rows)[:MOST_ROWS]:
        item = shop.launcher.members.neighbour(int(catalogue.positions[row]), 1.0)
        x, y = coordinates[row].tolist()
        group = grouping.groups[int(grouping.member[row])].name
        shown.append((item.item_id, shop.title(item), group, f"{x:.1f}", f"{y:.1f}"))
    if not shown:
        return ""
    more = (
        f'<p class="small">The table holds the first {MOST_ROWS:,} of {len(rows):,}; search to see others.</p>'
        if len(rows) > MOST_ROWS
        else ""
    )
    return twin("Map", ("Number", words.capital(shop.about.item), "Group", "Across", "Up"), shown, 3) + more


def map_json(shop: Shop, placed: tuple[float, float] | None, result: LaunchResult | None) -> dict[str, Any]:
    """The whole map for programs."""
    catalogue, checkpoint = shop.launcher.catalogue, shop.launcher.checkpoint
    forward, modalities = catalogue.forward, shop.launcher.modalities
    strongest = forward.active_gates.argmax(dim=2)
    items = checkpoint.dataset.items
    entries = [
        {
            "item_id": str(items["item_id"].iloc[position]),
            "title": str(items["title"].iloc[position]),
            "x": x,
            "y": y,
            "category": str(items["category"].iloc[position]) if "category" in items else "",
            "strongest_expert": {
                m: int(strongest[row, place]) if bool(forward.present[row, place]) else None
                for place, m in enumerate(modalities)
            },
            "fusion": {m: float(forward.fusion[row, place]) for place, m in enumerate(modalities)},
        }
        for row, (position, (x, y)) in enumerate(
            zip(catalogue.positions.tolist(), checkpoint.coordinates.tolist(), strict=True)
        )
    ]
    product = None
    if placed is not None and result is not None:
        nearest = [item.item_id for item in result.neighbours["fused"][:ANCHORS]]
        product = {"x": placed[0], "y": placed[1], "nearest": nearest}
    return {"items": entries, "product": product}
