"""The written parts of the page: pure functions, result -> HTML. Every text that is not ours is escaped."""

from __future__ import annotations

from html import escape

from app import words
from app.audience_rows import audience_row
from app.examples import Reveal
from app.shop import Shop
from app.tables import audience_table, used_parts
from app.thumbnails import LARGE
from mamex.audience import LIST_LENGTHS
from mamex.launch_result import LaunchResult, Neighbour

#: Shoppers shown at once, and after "more".
FIRST_MEMBERS, MOST_MEMBERS = 6, 24


def header(shop: Shop) -> str:
    """What this is, and which shop it is about."""
    simulated = '<span class="chip note">simulated shop</span>' if shop.simulated else ""
    return f"""<header class="masthead"><div><p class="brand">MAMEX<span> cold-start launch pad</span></p>
<h1>Who will want a product that nobody has bought yet?</h1></div>
<p class="facts"><strong>{escape(shop.name)}</strong>{simulated}
<span>{words.count(shop.products, "product")}</span><span>{words.count(shop.shoppers, "shopper")}</span></p></header>"""


def empty_state() -> str:
    """What to do first."""
    steps = (
        ("Show it", "Drop in a picture, write a title and a few sentences, or only one of the two."),
        ("Press “Find its shoppers”", "Experts read the picture and the words, and the model weighs what they say."),
        ("See who gets it, and why", "The shoppers whose lists it enters, the reasons, and the products beside it."),
    )
    items = "".join(f"<li><strong>{title}</strong><span>{text}</span></li>" for title, text in steps)
    return f"""<section class="empty" aria-label="How to start"><h2>Nothing launched yet</h2>
<ol>{items}</ol>
<p>No product at hand? Take one of the examples: products of this shop that the model never saw sold.</p>
</section>"""


def problem(sentence: str) -> str:
    """What went wrong, in one sentence."""
    return f'<div class="callout problem" role="alert"><strong>That did not work.</strong> {escape(sentence)}</div>'


def headline(shop: Shop, result: LaunchResult, reveal: Reveal | None) -> str:
    """The number that matters most, what it means, and what to be careful about."""
    length, size = result.list_length, result.audience_size
    others = "".join(
        f'<li class="{"chosen" if other == length else ""}"><span>Top {other}</span>'
        f"<strong>{words.percent(result.reach[other])}</strong></li>"
        for other in LIST_LENGTHS
    )
    shoppers = "shopper" if shop.shoppers == 1 else "shoppers"
    return f"""<section class="headline" aria-live="polite"><p class="big"><span class="figure">{size:,}</span>
<span>of {shop.shoppers:,} {shoppers} would find it in their <strong>top {length}</strong>:
{words.standing(result.reach_standing[length])}.</span></p>
<ul class="reaches" aria-label="Share of shoppers reached">{others}</ul></section>
{_reveal(reveal)}{_warnings(result)}"""


def _reveal(reveal: Reveal | None) -> str:
    if reveal is None:
        return ""
    buyers = words.count(reveal.buyers, "shopper")
    return f"""<div class="callout reveal"><strong>Who really bought it:</strong> {buyers}, hidden from the model.
The predicted audience holds <strong class="found">{reveal.found}</strong> of them; an audience of this size drawn at
random would hold about {reveal.by_chance:.1f}.</div>"""


def _warnings(result: LaunchResult) -> str:
    return "".join(
        f'<div class="callout warning" role="note"><strong>Mind:</strong> {escape(words.warning(sentence))}</div>'
        for sentence in result.warnings
    )


def audience(shop: Shop, result: LaunchResult) -> str:
    """The shoppers it reaches, best places first, each with reasons that add up to the score."""
    title = "<h2>Who gets it, and why</h2>"
    if not result.audience:
        return (
            f'{title}<p class="lead">No shopper would find it in their top {result.list_length}: for each of them, '
            "enough products on sale fit better. Try a longer list, or other words.</p>"
        )
    parts = used_parts(result)
    shown = result.audience[:MOST_MEMBERS]
    values = [member.contributions[m][k] for member in shown for m, k in parts]
    scale = (min(0.0, *values), max(0.0, *values))
    rows = [audience_row(shop, member, parts, scale) for member in shown]
    more = ""
    if len(rows) > FIRST_MEMBERS:
        rest = "".join(rows[FIRST_MEMBERS:])
        more = (
            f'<details class="more"><summary>Show {len(rows) - FIRST_MEMBERS} more shoppers</summary>'
            f'<ol class="members" start="{FIRST_MEMBERS + 1}">{rest}</ol></details>'
        )
    return f"""{title}<p class="lead">Best places first. A score is the sum of what each expert contributes, exactly;
a shopper gets the product when it beats the {result.list_length}th best product on sale.</p>
<ol class="members">{"".join(rows[:FIRST_MEMBERS])}</ol>{more}{_described(result)}{audience_table(result)}"""


def _described(result: LaunchResult) -> str:
    described = len(result.audience)
    if described == result.audience_size:
        return ""
    return f'<p class="small">The table holds the first {described:,} of {result.audience_size:,} shoppers.</p>'


def neighbours(shop: Shop, result: LaunchResult, space: str) -> str:
    """The nearest products on sale, as cards."""
    found = result.neighbours[space]
    if not found:
        return f'<p class="lead">The product has no {words.modality(space)}, so nothing can be compared.</p>'
    return f'<ul class="cards">{"".join(_card(shop, item) for item in found)}</ul>'


def _card(shop: Shop, item: Neighbour) -> str:
    price = shop.price(item.position)
    price = f"<span>{escape(price)}</span>" if price else ""
    title = escape(shop.title(item))
    width = max(0.0, min(1.0, item.similarity))
    return f"""<li class="card">{picture(shop, item, LARGE)}<p class="name">{title}</p>
<p class="meta"><span>{words.similarity(item.similarity)} alike</span>{price}</p>
<span class="meter" aria-hidden="true"><i style="width:{width:.0%}"></i></span></li>"""


def picture(shop: Shop, item: Neighbour, size: int) -> str:
    """An item's picture; its name stands beside it, so the picture itself is decoration."""
    uri = shop.thumbnails.uri(item.position, size)
    return f'<img src="{uri}" alt="">' if uri else '<span class="no-picture">no picture</span>'


def timings(result: LaunchResult) -> str:
    """What took how long."""
    total = sum(result.timings.values())
    # The encoder is loaded before the page is served, so that stage is nearly always empty.
    shown = {name: value for name, value in result.timings.items() if name != "load_encoder" or value >= 1}
    stages = " · ".join(f"{words.stage(name)} {value:.0f} ms" for name, value in shown.items())
    return f'<p class="timings">Took {total:,.0f} ms: {escape(stages)}</p>'
