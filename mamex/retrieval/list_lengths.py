"""How long a list may be to tell products apart: one that shows most of a shop is entered by nearly everything."""

from __future__ import annotations

from mamex.retrieval.thresholds import LIST_LENGTHS

#: Of this many products for each place of a list, entering it says something.
PRODUCTS_A_PLACE = 2
#: The length that is asked for where nobody says another.
USUAL = 20


def telling_lengths(products: int) -> tuple[int, ...]:
    """The list lengths that so many products on sale can answer, those of ``LIST_LENGTHS`` that are short enough."""
    return tuple(length for length in LIST_LENGTHS if products >= PRODUCTS_A_PLACE * length)


def offered_lengths(products: int) -> tuple[int, ...]:
    """The list lengths to choose from: those that tell something, or the shortest where none does."""
    return telling_lengths(products) or LIST_LENGTHS[:1]


def usual_length(products: int) -> int:
    """The list length to begin with: ``USUAL``, or the longest below it that is offered."""
    return max(length for length in offered_lengths(products) if length <= USUAL)


def says_nothing(products: int, length: int) -> str:
    """Why reach in lists of one length says little where so many products are on sale; "" if it says enough."""
    if products >= PRODUCTS_A_PLACE * length:
        return ""
    shown, said = ("them all", "nothing") if length >= products else ("most of them", "little")
    return f"{_on_sale(products)}: a list of {length} shows {shown}, so reach says {said}{_advice(products)}."


def held_out_say_nothing(items: int, length: int = USUAL) -> str:
    """Why recall in lists of one length says little where so many items compete; "" if it says enough."""
    if items >= PRODUCTS_A_PLACE * length:
        return ""
    compete = "1 held-out item competes" if items == 1 else f"{items:,} held-out items compete"
    if length >= items:
        return (
            f"{compete}: a list of {length} shows them all, so Recall@{length} is 1 whatever is learnt, and "
            f"NDCG@{length} rests on their order alone."
        )
    return f"{compete}: a list of {length} shows most of them, so Recall@{length} says little."


def _on_sale(products: int) -> str:
    return "1 product is on sale" if products == 1 else f"{products:,} products are on sale"


def _advice(products: int) -> str:
    lengths = telling_lengths(products)
    return f"; ask for lists of {' or '.join(map(str, lengths))}" if lengths else ""
