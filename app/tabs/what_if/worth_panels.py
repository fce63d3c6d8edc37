"""What each word and each part of a picture is worth, drawn: pure functions, occlusion -> HTML.

A sign is told by the number, by a solid or a broken line and by a plain or a hatched ground, so that nothing hangs on
colour; strength is told by the number and by how thick the line is.
"""

from __future__ import annotations

from html import escape
from typing import Literal

from app import words
from app.parts import tables
from app.parts.comparison import MINUS, signed
from app.state.shop import Shop
from mamex.insight.occlusion import Occlusion, Piece

Measure = Literal["reach", "score"]
#: On the picture, parts worth less than this share of the most valuable one carry no number: it would hide the picture.
NUMBERED = 0.3


def words_worth(shop: Shop, occlusion: Occlusion, measure: Measure) -> str:
    """The text with its words highlighted, each with its number below."""
    largest = _largest(occlusion, measure)
    digits = words.digits_for(largest)
    marked = "".join(
        f'<span class="piece {_kind(piece, measure)}" style="--strength:{_strength(piece, measure, largest):.2f}" '
        f'title="{escape(_spoken(shop, piece, digits))}"><span>{escape(piece.name)}</span>'
        f"<small>{_shown(piece, measure, digits)}</small></span> "
        for piece in occlusion.pieces
    )
    grouped = (
        f'<p class="small">The text is long: {occlusion.at_once} words are left out at a time.</p>'
        if occlusion.at_once > 1
        else ""
    )
    return f"""<section class="worth"><p class="small">{_best(shop, occlusion, measure, digits)}</p>{grouped}
<p class="pieces">{marked}</p>{_legend(shop, occlusion, measure)}{_twin(shop, occlusion, "Words", digits)}</section>"""


def patches_worth(shop: Shop, occlusion: Occlusion, measure: Measure, uri: str) -> str:
    """The picture under a grid of its parts' worth.

    Args:
        shop: for its words.
        occlusion: of a picture.
        measure: which number is drawn.
        uri: the picture as a data URI.
    """
    largest = _largest(occlusion, measure)
    digits = words.digits_for(largest)
    best = _best(shop, occlusion, measure, digits)
    cells = "".join(
        f'<span class="cell {_kind(piece, measure)}" style="--strength:{_strength(piece, measure, largest):.2f}" '
        f'title="{escape(_spoken(shop, piece, digits))}">{_chip(piece, measure, largest, digits)}</span>'
        for piece in occlusion.pieces
    )
    return f"""<section class="worth"><p class="small">{best}</p>
<div class="heat" role="img" aria-label="Heat map over the picture. {best}"><img src="{uri}" alt="">
<div class="cells" style="--columns:{occlusion.columns}">{cells}</div></div>
{_legend(shop, occlusion, measure)}{_twin(shop, occlusion, "Parts of the picture", digits)}</section>"""


def _value(piece: Piece, measure: Measure) -> float:
    return piece.users if measure == "reach" else piece.score


def _largest(occlusion: Occlusion, measure: Measure) -> float:
    return max(abs(_value(piece, measure)) for piece in occlusion.pieces)


def _strength(piece: Piece, measure: Measure, largest: float) -> float:
    return abs(_value(piece, measure)) / largest if largest else 0.0


def _kind(piece: Piece, measure: Measure) -> str:
    value = _value(piece, measure)
    return "plus" if value > 0 else "minus" if value < 0 else "nothing"


def _shown(piece: Piece, measure: Measure, digits: int) -> str:
    return signed(piece.users) if measure == "reach" else _decimal(piece.score, digits)


def _decimal(value: float, digits: int) -> str:
    return f"{value:+.{digits}f}".replace("-", MINUS)


def _chip(piece: Piece, measure: Measure, largest: float, digits: int) -> str:
    shown = largest and _strength(piece, measure, largest) >= NUMBERED
    return f"<small>{_shown(piece, measure, digits)}</small>" if shown else ""


def _spoken(shop: Shop, piece: Piece, digits: int) -> str:
    users = words.count(abs(piece.users), shop.about.user, shop.about.users)
    sign = "+" if piece.users > 0 else MINUS if piece.users < 0 else ""
    return f"{piece.name}: {sign}{users}, score {_decimal(piece.score, max(digits, 3))}"


def _best(shop: Shop, occlusion: Occlusion, measure: Measure, digits: int) -> str:
    """The most helpful and the most harmful piece, in one sentence."""
    ordered = sorted(occlusion.pieces, key=lambda piece: _value(piece, measure))
    worst, best = ordered[0], ordered[-1]
    unit = f" {escape(shop.about.users)}" if measure == "reach" else ""
    said = []
    if _value(best, measure) > 0:
        said.append(f"Worth most: “{escape(best.name)}” ({_shown(best, measure, digits)}{unit}).")
    if _value(worst, measure) < 0:
        said.append(f"Costs most: “{escape(worst.name)}” ({_shown(worst, measure, digits)}{unit}).")
    return " ".join(said) or "No piece alone changes anything."


def _legend(shop: Shop, occlusion: Occlusion, measure: Measure) -> str:
    users, length = escape(shop.about.users), occlusion.list_length
    if measure == "reach":
        what = f"how many {users} have it in their top {length} with the piece, less those without it"
    else:
        whose = "everybody" if not occlusion.audience_size else f"the {occlusion.audience_size:,} {users} it reaches"
        what = f"the mean score of {whose} with the piece, less that without it"
    return f"""<p class="small key"><span class="piece plus" style="--strength:.7"><span>helps</span></span>
<span class="piece minus" style="--strength:.7"><span>costs</span></span> The number is {what}; the whole model is asked
again for each.</p>"""


def _twin(shop: Shop, occlusion: Occlusion, label: str, digits: int) -> str:
    users = words.capital(shop.about.users)
    rows = [
        (piece.name, signed(piece.users), _points(piece.reach), _decimal(piece.score, max(digits, 3)))
        for piece in occlusion.pieces
    ]
    return tables.twin(label, ("Piece", users, "Reach, points", "Mean score"), rows, 1)


def _points(share: float) -> str:
    return f"{share * 100:+.2f}".replace("-", MINUS)
