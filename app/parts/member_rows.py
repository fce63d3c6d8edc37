"""One shopper of the audience as a row of the page."""

from __future__ import annotations

from html import escape

from app import words
from app.parts.reasons import Parts, Scale, reasons
from app.state.per_shop import user_groups
from app.state.shop import Shop
from mamex.launch.result import Member, Neighbour

#: Below this, calling two products alike would be a stretch.
ALIKE_FROM = 0.1


def audience_row(shop: Shop, member: Member, parts: Parts, scale: Scale) -> str:
    """Place, shopper, what they bought that is alike, and the score's parts; all rows' bars share one scale."""
    why = reasons(member.contributions, member.score, parts, scale, member.threshold)
    return f"""<li class="member"><div class="who"><span class="place"><small>place</small>{member.rank}</span>
<div><strong>{escape(words.shopper(member.user_id))}</strong><span>{taste(shop, member.position, member.bought)}</span>
</div></div>{_alike(shop, member)}{why}</li>"""


def taste(shop: Shop, user: int, bought: int) -> str:
    """How much a user bought, and mostly what: safe to put into HTML."""
    favourites = user_groups(shop).favourites(user)
    mostly = f", mostly {escape(' and '.join(favourites))}" if favourites else ""
    return f"{escape(shop.about.bought)} {words.things(shop.about, bought)}{mostly}"


def _alike(shop: Shop, member: Member) -> str:
    bought = escape(shop.about.bought)
    alike = [item for item in member.alike if item.similarity >= ALIKE_FROM]
    if not alike:
        return f'<div class="alike"><p class="none">{bought} nothing much like it</p></div>'
    label = f"{words.capital(bought)}, and alike"
    return f'<ul class="alike" aria-label="{label}">{"".join(_bought(shop, item) for item in alike)}</ul>'


def _bought(shop: Shop, item: Neighbour) -> str:
    uri = shop.thumbnails.uri(item.position)
    title = escape(shop.title(item))
    image = f'<img src="{uri}" alt="">' if uri else '<span class="no-picture"></span>'
    return f'<li title="{title}, {words.similarity(item.similarity)} alike">{image}<span>{title}</span></li>'
