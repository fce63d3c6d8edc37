"""The written parts of the map: what it shows, one item of it, and its table."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from markupsafe import Markup

from app import words
from app.parts.tables import twin
from app.state.shop import Shop
from app.state.thumbnails import LARGE
from app.tabs.catalogue_map.groups import Grouping
from app.theme.templates import render_macro
from mamex.data.contents.items import ITEM_COLUMNS
from mamex.insight.items import on_sale
from mamex.retrieval.item_map import ANCHORS, MOST_LANDMARKS

#: Rows of the map's table, and entries of the list of found items.
MOST_ROWS = 300
#: Length of the lists that an item's reach is about.
LENGTH = 20
_drawn = partial(render_macro, "tabs/catalogue_map/panels.html")


def explanation(shop: Shop, drawn: int, launched: str | None) -> Markup:
    """What near and far mean here, and where the new product is."""
    count = len(shop.launcher.catalogue.positions)
    return _drawn(
        "explanation",
        about=shop.about,
        item=words.an(shop.about.item),
        launched=launched,
        landmarks=f"{MOST_LANDMARKS:,}" if count > MOST_LANDMARKS else "",
        anchors=ANCHORS,
        drawn=f"{drawn:,}" if drawn < count else "",
        count=f"{count:,}",
    )


def reading_note() -> Markup:
    """How far the map can be trusted."""
    return _drawn("reading_note", anchors=ANCHORS)


def found_line(shop: Shop, query: str, found: int) -> Markup | str:
    """How many items a search found; "" if nothing was searched for."""
    if not query.strip():
        return ""
    some = words.things(shop.about, found) if found else f"No {shop.about.item}"
    return _drawn("found_line", found=some, query=query.strip())


def choice_label(searched: bool, found: int) -> str:
    """What the list of items to choose from is called."""
    return f"Look at one of the {found:,} found" if searched and found else "Look at one"


def hint(shop: Shop) -> Markup:
    """In place of an item that nobody chose yet."""
    return _drawn("hint", item=words.an(shop.about.item))


def item_card(shop: Shop, position: int) -> Markup:
    """One item on sale: picture, name, its other columns, how far it reaches and how it is read."""
    item = on_sale(shop.launcher, position, LENGTH)
    facts = [(words.capital(name), value) for name, value in _columns(shop, position)]
    facts.append((f"In the top {LENGTH} of", f"{words.percent(item.reach)} of {shop.about.users}"))
    facts += [(words.capital(words.modality(name)), _read(shop, position, name)) for name in shop.launcher.modalities]
    title, uri = shop.title(item), shop.thumbnails.uri(position, LARGE)
    return _drawn("item_card", position=position, uri=uri, title=title, facts=facts)


def _read(shop: Shop, position: int, modality: str) -> str:
    """How one modality of an item is read."""
    forward = shop.launcher.catalogue.forward
    row = shop.launcher.catalogue.row(position)
    place = shop.launcher.modalities.index(modality)
    if not bool(forward.present[row, place]):
        return "none"
    strongest = int(forward.active_gates[row, place].argmax())
    weight = words.percent(float(forward.fusion[row, place]))
    return f"weighs {weight}, read most by {words.expert(strongest).lower()}"


def _columns(shop: Shop, position: int) -> list[tuple[str, str]]:
    """An item's further columns, those that are filled in."""
    row = shop.launcher.checkpoint.dataset.items.iloc[position]
    shown = [name for name in row.index if name not in ITEM_COLUMNS]
    values = [(str(name), shop.price(position) if name == "price" else str(row[name])) for name in shown]
    return [(name, value) for name, value in values if value][:6]


def map_table(shop: Shop, grouping: Grouping, rows: Sequence[int]) -> Markup | str:
    """The map's numbers, at most ``MOST_ROWS`` of the rows asked for; "" if there are none."""
    catalogue, coordinates = shop.launcher.catalogue, shop.launcher.checkpoint.coordinates
    cells = []
    for row in list(rows)[:MOST_ROWS]:
        item = catalogue.item(catalogue.positions[row])
        x, y = coordinates[row].tolist()
        group = grouping.groups[int(grouping.member[row])].name
        cells.append((item.item_id, shop.title(item), group, f"{x:.1f}", f"{y:.1f}"))
    if not cells:
        return ""
    table = twin("Map", ("Number", words.capital(shop.about.item), "Group", "Across", "Up"), cells, 3)
    shown = f"{MOST_ROWS:,}" if len(rows) > MOST_ROWS else ""
    return _drawn("map_table", twin=table, shown=shown, rows=f"{len(rows):,}")
