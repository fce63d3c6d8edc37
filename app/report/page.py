"""A launch as one HTML file to mail round: no script, no request, readable on paper and in either mode."""

from __future__ import annotations

import re
from datetime import datetime
from html import escape
from pathlib import Path

from app import words
from app.parts import panels, tables
from app.parts.member_rows import audience_row
from app.parts.open_table import open_table
from app.parts.reasons import scale_of, used_parts
from app.report.svg import thought_svg
from app.state.downloads import download_path
from app.state.per_shop import user_groups
from app.state.pictures import no_picture, picture_uri
from app.state.shop import Shop
from app.state.thumbnails import LARGE
from app.state.visit import Launched
from app.theme.palette import colour
from mamex.config import list_settings
from mamex.files.writing import write_text
from mamex.insight.items import on_sale
from mamex.insight.segments import largest_groups, segments
from mamex.launch.result import Routing
from mamex.retrieval.catalogue import Neighbour

#: Members of the audience with their reasons, and groups of each kind of segment.
MEMBERS, GROUPS = 12, 6
#: Pixels of the product's picture.
PICTURE = 640
#: Nothing may be fetched and nothing may run, whatever somebody wrote into a title.
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
STYLES = Path(__file__).with_name("report.css")


def report(launched: Launched, when: datetime) -> str:
    """The whole page.

    Args:
        launched: what was asked of which shop, and the answer.
        when: printed on it.
    """
    shop, result = launched.shop, launched.result
    body = "".join(
        (
            _head(launched, when),
            _product(launched),
            panels.headline(shop, result, None),
            "<section><h2>How it was read</h2><p class='lead'>A band is as wide as its share of the fused product.</p>",
            thought_svg(result),
            tables.thought_table(result, opened=True),
            "</section>",
            _weights(launched),
            _segments(launched),
            _members(launched),
            _neighbours(launched),
            _settings(launched),
        )
    )
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>{escape(launched.name)}: launch report</title>
<style>@page {{ size: A4; margin: 14mm; }}
{STYLES.read_text(encoding="utf-8")}</style></head><body class="report"><main>{body}</main></body></html>
"""


def report_file(launched: Launched, when: datetime) -> str:
    """The report as a file, in a folder of its own that Gradio deletes within the hour."""
    name = re.sub(r"[^a-z0-9]+", "-", launched.name.lower()).strip("-")[:40] or "product"
    path = download_path(f"launch-report-{name}.html")
    write_text(path, report(launched, when))
    return str(path)


def _head(launched: Launched, when: datetime) -> str:
    shop = launched.shop
    simulated = " (simulated)" if shop.about.simulated else ""
    return f"""<header><p class="brand">MAMEX launch report</p><h1>{escape(launched.name)}</h1>
<p class="lead">{escape(shop.name)}{simulated} · {words.things(shop.about, shop.products)} ·
{words.people(shop.about, shop.shoppers)} · {when:%d %B %Y, %H:%M %Z}</p></header>"""


def _product(launched: Launched) -> str:
    given = launched.form.picture
    uri, none = picture_uri(given, PICTURE), f'<p class="no-picture">{no_picture(given)}</p>'
    image = f'<img src="{uri}" alt="The picture that was launched">' if uri else none
    title = escape(launched.form.title) or "<em>no title</em>"
    description = escape(launched.form.description) or "<em>no description</em>"
    return f"""<section class="product">{image}<div><h2>{title}</h2><p class="description">{description}</p></div>
</section>"""


def _weights(launched: Launched) -> str:
    """Fusion weights and both gates as bars, and in full as a table."""
    result = launched.result
    fusion = "".join(
        _bar(words.capital(words.modality(modality)), weight, modality, result.routing[modality] is not None)
        for modality, weight in result.fusion.items()
    )
    gates = "".join(_gate(modality, routing) for modality, routing in result.routing.items())
    return f"""<section><h2>Weights in full</h2><div class="columns"><div><h3>What counts how much</h3>{fusion}</div>
{gates}</div>{tables.gates_table(result, opened=True)}</section>"""


def _gate(modality: str, routing: Routing | None) -> str:
    title = f"<h3>Experts of the {escape(words.modality(modality))}</h3>"
    if routing is None:
        return f"<div>{title}<p>not given</p></div>"
    bars = "".join(
        _bar(words.expert(expert), dense, modality, active > 0)
        for expert, (dense, active) in enumerate(zip(routing.dense, routing.active, strict=True))
    )
    return f"<div>{title}{bars}</div>"


def _bar(name: str, value: float, modality: str, used: bool) -> str:
    """One line: name, bar, number; an outline if it takes no part."""
    look = f"background-color:{colour(modality)}" if used else f"border:1.5px dotted {colour(modality)}"
    rests = "" if used else " · rests"
    return f"""<p class="bar"><span>{escape(name)}</span><span class="track"><i class="part {escape(modality)}"
style="width:{value:.1%};{look}"></i></span><span class="number">{words.percent(value)}{rests}</span></p>"""


def _segments(launched: Launched) -> str:
    """The audience beside all users, by each way to group them."""
    shop, result = launched.shop, launched.result
    if not result.audience_size:
        return ""
    blocks = []
    for by in user_groups(shop).groupings:
        names, groups = by.names, by.groups
        if by.key == "category":
            names, groups = largest_groups(names, groups, result.audience_users, GROUPS)
        rows = [
            [
                escape(segment.name),
                words.percent(segment.share),
                words.percent(segment.share_of_all),
                "" if segment.lift is None else f"{segment.lift:.1f} ×" + (" (clear)" if segment.clear else ""),
            ]
            for segment in segments(names, groups, result.audience_users)
        ]
        title = {"category": f"Mostly {shop.about.bought}", "bought": f"How many {shop.about.items}"}
        heads = [title.get(by.key, "Mean price"), "Of this audience", f"Of all {shop.about.users}", "Ratio"]
        blocks.append(open_table(heads[0], heads, rows))
    clear = "“Clear” marks differences that luck hardly explains."
    return f'<section><h2>Who they are</h2><p class="lead">{clear}</p>{"".join(blocks)}</section>'


def _members(launched: Launched) -> str:
    shop, result = launched.shop, launched.result
    if not result.audience:
        return ""
    shown = result.audience[:MEMBERS]
    splits = [member.contributions for member in shown]
    parts, scale = used_parts(splits), scale_of(splits)
    rows = "".join(audience_row(shop, member, parts, scale) for member in shown)
    return f"""<section><h2>Who gets it first, and why</h2><p class="lead">The {len(shown)} best places of
{result.audience_size:,}. A score is the sum of what each expert contributes, exactly; it has to beat the
{result.list_length}th best {escape(shop.about.item)} on sale.</p><ol class="members">{rows}</ol></section>"""


def _neighbours(launched: Launched) -> str:
    shop, result = launched.shop, launched.result
    cards = "".join(_card(shop, item, result.list_length) for item in result.neighbours["fused"])
    return f"""<section><h2>What it sits next to</h2>
<p class="lead">The {escape(shop.about.items)} on sale that the model finds most alike.</p>
<ul class="cards">{cards}</ul></section>"""


def _card(shop: Shop, near: Neighbour, list_length: int) -> str:
    item = on_sale(shop.launcher, near.position, list_length)
    price = shop.price(near.position)
    facts = [f"{words.similarity(near.similarity)} alike", f"in {words.percent(item.reach)} of the top {list_length}s"]
    written = " · ".join(escape(fact) for fact in ([price] if price else []) + facts)
    name = f"<strong>{escape(shop.title(near))}</strong>"
    return f"<li>{panels.picture(shop, near, LARGE)}{name}<span>{written}</span></li>"


def _settings(launched: Launched) -> str:
    """Which model answered, and how it was set."""
    checkpoint, result = launched.shop.launcher.checkpoint, launched.result
    changed = [f"{setting.name}={setting.value}" for setting in list_settings(checkpoint.config) if setting.changed]
    rows = [
        ["Checkpoint", escape(checkpoint.identifier)],
        ["Encoder", escape(str(checkpoint.encoder_identity["name"]))],
        ["List length", f"{result.list_length}"],
        ["Settings that differ from the defaults", escape(", ".join(changed)) or "none"],
    ]
    return f"<section><h2>Settings</h2>{open_table('Settings', ['What', 'Value'], rows, numbers=False)}</section>"
