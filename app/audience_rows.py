"""One shopper of the audience as a row of the page."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from app import words
from app.palette import colour
from app.shop import Shop
from app.tables import member_parts
from mamex.launch_result import Member, Neighbour

#: The least and the greatest value that a bar can show, zero between them.
Scale = tuple[float, float]
#: Below this, calling two products alike would be a stretch.
ALIKE_FROM = 0.1


def audience_row(shop: Shop, member: Member, parts: Sequence[tuple[str, int]], scale: Scale) -> str:
    """Place, shopper, what they bought that is alike, and the score's parts; all rows' bars share one scale."""
    return f"""<li class="member"><div class="who"><span class="place" title="Place in this shopper's list">
<small>place</small>{member.rank}</span><div><strong>{escape(words.shopper(member.user_id))}</strong>
<span>bought {words.count(member.bought, "product")}{escape(_taste(shop, member))}</span></div></div>
{_alike(shop, member)}{_reasons(member, parts, scale)}</li>"""


def _taste(shop: Shop, member: Member) -> str:
    favourites = shop.favourites(member.position)
    return f", mostly {' and '.join(favourites)}" if favourites else ""


def _alike(shop: Shop, member: Member) -> str:
    alike = [item for item in member.alike if item.similarity >= ALIKE_FROM]
    if not alike:
        return '<div class="alike"><p class="none">bought nothing much like it</p></div>'
    return f'<ul class="alike" aria-label="Bought, and alike">{"".join(_bought(shop, item) for item in alike)}</ul>'


def _bought(shop: Shop, item: Neighbour) -> str:
    uri = shop.thumbnails.uri(item.position)
    title = escape(shop.title(item))
    image = f'<img src="{uri}" alt="">' if uri else '<span class="no-picture"></span>'
    return f'<li title="{title}, {words.similarity(item.similarity)} alike">{image}<span>{title}</span></li>'


def _reasons(member: Member, parts: Sequence[tuple[str, int]], scale: Scale) -> str:
    digits = words.digits_for(member.score)
    values, total = member_parts(member, parts, digits)
    lines = "".join(
        _reason(modality, expert, value, scale, digits) for (modality, expert), value in zip(parts, values, strict=True)
    )
    return f"""<table class="why"><tbody>{lines}</tbody><tfoot><tr><th scope="row">score</th>
<td class="beat">beats {member.threshold:.{digits}f}</td>
<td class="number">{total:.{digits}f}</td></tr></tfoot></table>"""


def _reason(modality: str, expert: int, value: float, scale: Scale, digits: int) -> str:
    """One part: a bar to the right of zero, or to its left where the part speaks against the product."""
    span = scale[1] - scale[0] or 1.0
    zero, width = -scale[0] / span * 100, abs(value) / span * 100
    left = zero - width if value < 0 else zero
    name = f"{words.modality(modality)}, {words.expert(expert).lower()}"
    against = " against" if value < 0 else ""
    return f"""<tr><th scope="row">{escape(name)}</th><td class="track" style="--zero:{zero:.1f}%"><i
class="part {escape(modality)}{against}"
style="left:{left:.1f}%;width:{width:.1f}%;background-color:{colour(modality)}"></i></td>
<td class="number">{value:+.{digits}f}</td></tr>"""
