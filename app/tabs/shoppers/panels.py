"""The written parts of the Shoppers tab: pure functions, reading -> HTML."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app import words
from app.parts.member_rows import taste
from app.parts.reasons import Parts, Scale, reasons, scale_of, shown_parts, used_parts
from app.parts.tables import twin
from app.state.shop import Shop
from app.state.thumbnails import SMALL
from app.state.visit import Launched
from mamex.insight.users import CUTOFF, Purchase, ShopperReading, Standing, Suggestion

#: Purchases shown at once, and after "more".
FIRST_PURCHASES, MOST_PURCHASES = 16, 112


def nobody_found(search: str, shop: Shop) -> str:
    """What a search without a hit says."""
    user = words.text(shop.about.user)
    return f'<p class="lead" role="status">No {user} is called anything like “{escape(search.strip()[:60])}”.</p>'


def portrait(shop: Shop, reading: ShopperReading) -> str:
    """Who it is, and how well the model foresaw what they did."""
    name = escape(words.shopper(reading.user_id))
    return f"""<section class="view-head"><h2>{name}</h2><p class="lead">
{words.capital(taste(shop, reading.position, len(reading.history)))}.</p>{_foreseen(shop, reading)}</section>"""


def _foreseen(shop: Shop, reading: ShopperReading) -> str:
    bought, things = words.text(shop.about.bought), words.things(shop.about, reading.candidates)
    held = f"The model never saw who {bought} {things}: they stand for what is planned."
    if reading.recall is None:
        return f'<p class="lead">{held} This {words.text(shop.about.user)} {bought} none of them.</p>'
    return f"""<p class="lead">{held} This {words.text(shop.about.user)} really {bought}
<strong class="bought">{reading.bought:,}</strong> of them, and the first {CUTOFF} that they would be shown hold
<strong class="found">{reading.found:,}</strong>: a recall@{CUTOFF} of {words.percent(reading.recall)}.</p>"""


def standing(launched: Launched, place: Standing, length: int) -> str:
    """Where the launched product stands for this shopper, and why."""
    name, things = escape(launched.name), words.things(launched.shop.about, place.competitors)
    verdict = "would be in" if place.place <= length else "would not be in"
    parts, scale = used_parts([place.contributions]), scale_of([place.contributions])
    why = reasons(place.contributions, place.score, parts, scale)
    return f"""<div class="callout standing"><p><strong>{name}</strong> {verdict} their top {length}: it would stand at
place <strong class="place-of">{place.place:,}</strong> beside {things} on sale that they do not own.</p>{why}</div>"""


def history(shop: Shop, bought: Sequence[Purchase]) -> str:
    """What they bought, latest first."""
    verb = words.text(shop.about.bought)
    title = f"<h2>What they {verb}</h2>"
    if not bought:
        item = words.text(shop.about.items)
        return f'{title}<p class="lead">Nothing that is on sale; the model knows nothing of their taste in {item}.</p>'
    entries = [_purchase(shop, purchase) for purchase in bought[:MOST_PURCHASES]]
    rest, more = entries[FIRST_PURCHASES:], ""
    if rest:
        more = (
            f'<details class="more"><summary>Show {len(rest):,} earlier ones</summary>'
            f'<ul class="bought-list">{"".join(rest)}</ul></details>'
        )
    left_out = len(bought) - len(entries)
    note = f'<p class="small">And {words.things(shop.about, left_out)} before that.</p>' if left_out else ""
    return f'{title}<ul class="bought-list">{"".join(entries[:FIRST_PURCHASES])}</ul>{more}{note}'


def _purchase(shop: Shop, purchase: Purchase) -> str:
    title = escape(purchase.title or purchase.item_id)
    date = f'<time datetime="{purchase.date}">{purchase.date}</time>' if purchase.date else ""
    return f"<li>{_picture(shop, purchase.position)}<span>{title}</span>{date}</li>"


def _picture(shop: Shop, position: int) -> str:
    """A small picture; the name stands beside it, so the picture itself is decoration."""
    uri = shop.thumbnails.uri(position, SMALL)
    return f'<img src="{uri}" alt="">' if uri else '<span class="no-picture">no picture</span>'


def suggestions(shop: Shop, reading: ShopperReading) -> str:
    """The planned products they would be shown first, with reasons that add up to the score."""
    shown = reading.suggestions
    splits = [suggestion.contributions for suggestion in shown]
    scale = scale_of(splits)
    rows = "".join(_suggestion(shop, one, used_parts([one.contributions]), scale) for one in shown)
    return f"""<h2>What they would be shown of the planned {words.text(shop.about.items)}</h2>
<p class="lead">The first {len(shown):,} of {reading.candidates:,}. A score is the sum of what each expert contributes,
exactly; all bars share one scale.</p><ol class="suggestions">{rows}</ol>{suggestions_table(shop, shown)}"""


def _suggestion(shop: Shop, one: Suggestion, parts: Parts, scale: Scale) -> str:
    really = f'<span class="chip really">really {words.text(shop.about.bought)}</span>' if one.bought else ""
    return f"""<li class="suggestion"><span class="place"><small>place</small>{one.place}</span>
{_picture(shop, one.position)}<p class="name">{escape(one.title or one.item_id)}{really}</p>
{reasons(one.contributions, one.score, parts, scale)}</li>"""


def suggestions_table(shop: Shop, shown: Sequence[Suggestion]) -> str:
    """The numbers of the suggestions."""
    parts = used_parts(one.contributions for one in shown)
    digits = words.digits_for(max((abs(one.score) for one in shown), default=1.0)) + 1
    rows = []
    for one in shown:
        values, total = shown_parts(one.contributions, one.score, parts, digits)
        really = "yes" if one.bought else "no"
        numbers = [f"{value:.{digits}f}" for value in (*values, total)]
        rows.append((f"{one.place}", one.item_id, one.title or one.item_id, really, *numbers))
    heads = [f"{words.capital(words.modality(m))}, {words.expert(k).lower()}" for m, k in parts]
    first = ("Place", "Number", words.capital(shop.about.item), f"Really {shop.about.bought}")
    return twin("Suggestions", (*first, *heads, "Score"), rows, 4)
