"""The written parts of the page: pure functions, result -> HTML. Every text that is not ours is escaped."""

from __future__ import annotations

from html import escape

from app import words
from app.state.examples import Reveal
from app.state.shop import Shop
from mamex.launch.result import LaunchResult, Neighbour
from mamex.retrieval.thresholds import LIST_LENGTHS


def header(shop: Shop) -> str:
    """What this is, and which shop it is about."""
    simulated = '<span class="chip note">simulated shop</span>' if shop.about.simulated else ""
    return f"""<header class="masthead"><div><p class="brand">MAMEX<span> cold-start launch pad</span></p>
<h1>Who will want {words.an(shop.about.item)} that nobody has {words.text(shop.about.bought)} yet?</h1></div>
<p class="facts"><strong>{escape(shop.name)}</strong>{simulated}
<span>{words.things(shop.about, shop.products)}</span>
<span>{words.people(shop.about, shop.shoppers)}</span></p></header>"""


def empty_state(shop: Shop) -> str:
    """What to do first."""
    users, items = escape(shop.about.users), escape(shop.about.items)
    steps = (
        ("Show it", "Drop in a picture, write a title and a few sentences, or only one of the two."),
        ("Press “Find who wants it”", "Experts read the picture and the words, and the model weighs what they say."),
        ("See who gets it, and why", f"The {users} whose lists it enters, the reasons, and the {items} beside it."),
    )
    list_items = "".join(f"<li><strong>{title}</strong><span>{text}</span></li>" for title, text in steps)
    return f"""<section class="empty" aria-label="How to start"><h2>Nothing launched yet</h2>
<ol>{list_items}</ol>
<p>Nothing at hand? Take one of the examples: {items} that the model never saw in training.</p>
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
    return f"""<section class="headline" aria-live="polite"><p class="big"><span class="figure">{size:,}</span>
<span>of {words.people(shop.about, shop.shoppers)} would find it in their <strong>top {length}</strong>:
{words.standing(result.reach_standing[length], shop.about)}.</span></p>
<ul class="reaches" aria-label="Share of {escape(shop.about.users)} reached">{others}</ul></section>
{_reveal(shop, reveal)}{_warnings(result)}"""


def _reveal(shop: Shop, reveal: Reveal | None) -> str:
    if reveal is None:
        return ""
    return f"""<div class="callout reveal"><strong>Who really {words.text(shop.about.bought)} it:</strong>
{words.people(shop.about, reveal.buyers)}, hidden from the model. The predicted audience holds
<strong class="found">{reveal.found}</strong> of them; an audience of this size drawn at random would hold about
{reveal.by_chance:.1f}.</div>"""


def _warnings(result: LaunchResult) -> str:
    return "".join(
        f'<div class="callout warning" role="note"><strong>Mind:</strong> {escape(words.warning(sentence))}</div>'
        for sentence in result.warnings
    )


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
