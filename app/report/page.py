"""A launch as one HTML file to mail round: no script, no request, readable on paper and in either mode."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from app import words
from app.parts import panels, tables
from app.parts.flow import flow
from app.parts.member_rows import audience_row
from app.parts.reasons import scale_of, used_parts
from app.state.downloads import download_path
from app.state.per_shop import user_groups
from app.state.pictures import no_picture, picture_uri
from app.state.shop import Shop
from app.state.thumbnails import LARGE
from app.state.visit import Launched
from app.theme.templates import render
from mamex.config import list_settings
from mamex.files.writing import write_text
from mamex.insight.items import on_sale
from mamex.insight.segments import largest_groups, segments
from mamex.launch.result import LaunchResult, Routing
from mamex.retrieval.catalogue import Neighbour

#: Members of the audience with their reasons, and groups of each kind of segment.
MEMBERS, GROUPS = 12, 6
#: Pixels of the product's picture.
PICTURE = 640


@dataclass(frozen=True)
class Weight:
    """A line of weights: name, bar, number; an outline if it takes no part."""

    name: str
    modality: str
    width: str
    share: str
    used: bool


@dataclass(frozen=True)
class Side:
    """What stands under one title of the weights; nothing if a modality is not given."""

    title: str
    weights: list[Weight]


@dataclass(frozen=True)
class Card:
    """One of the items nearest."""

    picture: str
    title: str
    facts: list[str]


def report(launched: Launched, when: datetime) -> Markup:
    """The whole page.

    Args:
        launched: what was asked of which shop, and the answer.
        when: printed on it.
    """
    shop, result, form = launched.shop, launched.result, launched.form
    return render(
        "report/page.html",
        about=shop.about,
        name=launched.name,
        facts=_facts(shop, when),
        form=form,
        image=picture_uri(form.picture, PICTURE),
        no_image=no_picture(form.picture),
        headline=panels.headline(shop, result, None),
        flow=flow(result),
        flow_table=tables.thought_table(result, opened=True),
        sides=_sides(result),
        weights_table=tables.gates_table(result, opened=True),
        segments=_segments(launched),
        members=_members(launched),
        audience=f"{result.audience_size:,}",
        list_length=result.list_length,
        cards=[_card(shop, item, result.list_length) for item in result.neighbours["fused"]],
        settings=_settings(launched),
    )


def report_file(launched: Launched, when: datetime) -> str:
    """The report as a file, in a folder of its own that Gradio deletes within the hour."""
    name = re.sub(r"[^a-z0-9]+", "-", launched.name.lower()).strip("-")[:40] or "product"
    path = download_path(f"launch-report-{name}.html")
    write_text(path, report(launched, when))
    return str(path)


def _facts(shop: Shop, when: datetime) -> list[str]:
    """Which shop this is about, and when."""
    return [
        f"{shop.name}{' (simulated)' if shop.about.simulated else ''}",
        words.things(shop.about, shop.products),
        words.people(shop.about, shop.shoppers),
        f"{when:%d %B %Y, %H:%M %Z}",
    ]


def _sides(result: LaunchResult) -> list[Side]:
    """Fusion weights and both gates."""
    fusion = [
        _weight(words.capital(words.modality(modality)), weight, modality, result.routing[modality] is not None)
        for modality, weight in result.fusion.items()
    ]
    gates = [
        Side(f"Experts of the {words.modality(modality)}", _gate(modality, routing))
        for modality, routing in result.routing.items()
    ]
    return [Side("What counts how much", fusion), *gates]


def _gate(modality: str, routing: Routing | None) -> list[Weight]:
    if routing is None:
        return []
    return [
        _weight(words.expert(expert), dense, modality, active > 0)
        for expert, (dense, active) in enumerate(zip(routing.dense, routing.active, strict=True))
    ]


def _weight(name: str, value: float, modality: str, used: bool) -> Weight:
    return Weight(name, modality, f"{value:.1%}", words.percent(value), used)


def _segments(launched: Launched) -> list[Markup]:
    """The audience beside all users, by each way to group them: a table each."""
    shop, result = launched.shop, launched.result
    if not result.audience_size:
        return []
    found = []
    for by in user_groups(shop).groupings:
        names, groups = by.names, by.groups
        if by.key == "category":
            names, groups = largest_groups(names, groups, result.audience_users, GROUPS)
        rows = [
            [
                segment.name,
                words.percent(segment.share),
                words.percent(segment.share_of_all),
                "" if segment.lift is None else f"{segment.lift:.1f} ×" + (" (clear)" if segment.clear else ""),
            ]
            for segment in segments(names, groups, result.audience_users)
        ]
        title = {"category": f"Mostly {shop.about.bought}", "bought": f"How many {shop.about.items}"}
        heads = [title.get(by.key, "Mean price"), "Of this audience", f"Of all {shop.about.users}", "Ratio"]
        found.append(tables.open_table(heads[0], heads, rows))
    return found


def _members(launched: Launched) -> list[Markup]:
    """The best places of the audience, a row each."""
    shown = launched.result.audience[:MEMBERS]
    splits = [member.contributions for member in shown]
    parts, scale = used_parts(splits), scale_of(splits)
    return [audience_row(launched.shop, member, parts, scale) for member in shown]


def _card(shop: Shop, near: Neighbour, list_length: int) -> Card:
    item = on_sale(shop.launcher, near.position, list_length)
    price = shop.price(near.position)
    facts = [f"{words.similarity(near.similarity)} alike", f"in {words.percent(item.reach)} of the top {list_length}s"]
    picture = shop.thumbnails.uri(near.position, LARGE)
    return Card(picture, shop.title(near), ([price] if price else []) + facts)


def _settings(launched: Launched) -> Markup:
    """Which model answered, and how it was set."""
    checkpoint, result = launched.shop.launcher.checkpoint, launched.result
    changed = [f"{setting.name}={setting.value}" for setting in list_settings(checkpoint.config) if setting.changed]
    rows = [
        ["Checkpoint", checkpoint.identifier],
        ["Encoder", str(checkpoint.encoder_identity["name"])],
        ["List length", f"{result.list_length}"],
        ["Settings that differ from the defaults", ", ".join(changed) or "none"],
    ]
    return tables.open_table("Settings", ["What", "Value"], rows, numbers=False)
