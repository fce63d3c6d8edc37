"""What the tab and its endpoints read of a shop."""

from __future__ import annotations

from app.state.shop import Shop
from mamex.insight.items import OnSale, on_sale
from mamex.retrieval.catalogue import FUSED, Neighbour

#: Losers in the table, and in the answer for programs.
ROWS = 100


def spaces_of(shop: Shop) -> list[str]:
    """The spaces in which a shop's products can be compared."""
    return [FUSED, *shop.launcher.modalities]


def with_facts(shop: Shop, near: list[Neighbour], list_length: int) -> list[tuple[Neighbour, OnSale]]:
    """Products on sale with what is known of each."""
    return [(item, on_sale(shop.launcher, item.position, list_length)) for item in near]
