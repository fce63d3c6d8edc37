"""One shopper of the audience as a row of the page."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from app import words
from app.parts.reasons import Parts, Scale, reasons
from app.state.per_shop import user_groups
from app.state.shop import Shop
from app.theme.templates import render
from mamex.launch.result import Member
from mamex.retrieval.catalogue import Neighbour

#: Below this, calling two products alike would be a stretch.
ALIKE_FROM = 0.1


@dataclass(frozen=True)
class Alike:
    """An item that they bought, as it is written; no picture is ""."""

    title: str
    picture: str
    similarity: str


def audience_row(shop: Shop, member: Member, parts: Parts, scale: Scale) -> Markup:
    """Place, shopper, what they bought that is alike, and the score's parts; all rows' bars share one scale."""
    return render(
        "parts/templates/member_row.html",
        place=member.rank,
        user=member.user_id,
        taste=taste(shop, member.position, member.bought),
        bought=shop.about.bought,
        alike=[_alike(shop, item) for item in member.alike if item.similarity >= ALIKE_FROM],
        why=reasons(member.contributions, member.score, parts, scale, member.threshold),
    )


def taste(shop: Shop, user: int, bought: int) -> Markup:
    """How much a user bought, and mostly what: safe to put into HTML."""
    favourites = user_groups(shop).favourites(user)
    mostly = f", mostly {' and '.join(favourites)}" if favourites else ""
    return words.text(f"{shop.about.bought} {words.count(bought, shop.about.item, shop.about.items)}{mostly}")


def _alike(shop: Shop, item: Neighbour) -> Alike:
    return Alike(shop.title(item), shop.thumbnails.uri(item.position), words.similarity(item.similarity))
