"""What each word and each part of a picture is worth, drawn: pure functions, occlusion -> HTML.

A sign is told by the number, by a solid or a broken line and by a plain or a hatched ground, so that nothing hangs on
colour; strength is told by the number and by how thick the line is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from markupsafe import Markup

from app import words
from app.parts import tables
from app.parts.comparison import MINUS, signed
from app.state.shop import Shop
from app.theme.templates import render_macro
from mamex.insight.occlusion import Occlusion, Piece

Measure = Literal["reach", "score"]
#: On the picture, parts worth less than this share of the most valuable one carry no number: it would hide the picture.
NUMBERED = 0.3


@dataclass(frozen=True)
class ShownPiece:
    """A word or a part of the picture.

    Attributes:
        name: the word, or where the part lies.
        kind: plus, minus or nothing.
        strength: 0 to 1, by which it is drawn.
        number: its worth.
        spoken: all its numbers, for whoever points at it.
        stands_out: whether it is worth a number on the picture.
    """

    name: str
    kind: str
    strength: str
    number: str
    spoken: str
    stands_out: bool


@dataclass(frozen=True)
class ShownWorth:
    """What the template needs of an occlusion: the pieces in one of the two measures, and what is said about them.

    Attributes:
        best: the most helpful and the most harmful piece, in one sentence.
        pieces: in their order.
        at_once: words that are left out at a time.
        columns: of the grid of parts.
        meaning: what the number of a piece is.
        twin: the same as a table.
    """

    best: str
    pieces: list[ShownPiece]
    at_once: int
    columns: int
    meaning: str
    twin: Markup


def words_worth(shop: Shop, occlusion: Occlusion, measure: Measure) -> Markup:
    """The text with its words highlighted, each with its number below."""
    return render_macro("tabs/what_if/worth.html", "words_worth", shown=_shown(shop, occlusion, measure, "Words"))


def patches_worth(shop: Shop, occlusion: Occlusion, measure: Measure, uri: str) -> Markup:
    """The picture under a grid of its parts' worth.

    Args:
        shop: for its words.
        occlusion: of a picture.
        measure: which number is drawn.
        uri: the picture as a data URI.
    """
    shown = _shown(shop, occlusion, measure, "Parts of the picture")
    return render_macro("tabs/what_if/worth.html", "patches_worth", shown=shown, uri=uri)


def _shown(shop: Shop, occlusion: Occlusion, measure: Measure, label: str) -> ShownWorth:
    largest = max(abs(_value(piece, measure)) for piece in occlusion.pieces)
    digits = words.digits_for(largest)
    return ShownWorth(
        best=_best(shop, occlusion, measure, digits),
        pieces=[_shown_piece(shop, piece, measure, largest, digits) for piece in occlusion.pieces],
        at_once=occlusion.at_once,
        columns=occlusion.columns,
        meaning=_meaning(shop, occlusion, measure),
        twin=_twin(shop, occlusion, label, digits),
    )


def _shown_piece(shop: Shop, piece: Piece, measure: Measure, largest: float, digits: int) -> ShownPiece:
    value = _value(piece, measure)
    strength = abs(value) / largest if largest else 0.0
    return ShownPiece(
        name=piece.name,
        kind="plus" if value > 0 else "minus" if value < 0 else "nothing",
        strength=f"{strength:.2f}",
        number=_number(piece, measure, digits),
        spoken=_spoken(shop, piece, digits),
        stands_out=strength >= NUMBERED,
    )


def _value(piece: Piece, measure: Measure) -> float:
    return piece.users if measure == "reach" else piece.score


def _number(piece: Piece, measure: Measure, digits: int) -> str:
    return signed(piece.users) if measure == "reach" else _decimal(piece.score, digits)


def _decimal(value: float, digits: int) -> str:
    return f"{value:+.{digits}f}".replace("-", MINUS)


def _spoken(shop: Shop, piece: Piece, digits: int) -> str:
    users = words.count(abs(piece.users), shop.about.user, shop.about.users)
    sign = "+" if piece.users > 0 else MINUS if piece.users < 0 else ""
    return f"{piece.name}: {sign}{users}, score {_decimal(piece.score, max(digits, 3))}"


def _best(shop: Shop, occlusion: Occlusion, measure: Measure, digits: int) -> str:
    """The most helpful and the most harmful piece, in one sentence."""
    ordered = sorted(occlusion.pieces, key=lambda piece: _value(piece, measure))
    worst, best = ordered[0], ordered[-1]
    unit = f" {shop.about.users}" if measure == "reach" else ""
    said = []
    if _value(best, measure) > 0:
        said.append(f"Worth most: “{best.name}” ({_number(best, measure, digits)}{unit}).")
    if _value(worst, measure) < 0:
        said.append(f"Costs most: “{worst.name}” ({_number(worst, measure, digits)}{unit}).")
    return " ".join(said) or "No piece alone changes anything."


def _meaning(shop: Shop, occlusion: Occlusion, measure: Measure) -> str:
    """What the number of a piece is."""
    users, length = shop.about.users, occlusion.list_length
    if measure == "reach":
        return f"how many {users} have it in their top {length} with the piece, less those without it"
    whose = "everybody" if not occlusion.audience_size else f"the {occlusion.audience_size:,} {users} it reaches"
    return f"the mean score of {whose} with the piece, less that without it"


def _twin(shop: Shop, occlusion: Occlusion, label: str, digits: int) -> Markup:
    users = words.capital(shop.about.users)
    rows = [
        (piece.name, signed(piece.users), _points(piece.reach), _decimal(piece.score, max(digits, 3)))
        for piece in occlusion.pieces
    ]
    return tables.twin(label, ("Piece", users, "Reach, points", "Mean score"), rows, 1)


def _points(share: float) -> str:
    return f"{share * 100:+.2f}".replace("-", MINUS)
