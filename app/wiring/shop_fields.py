"""What the fields of a planned product offer: the list lengths that tell something in a shop, what its model reads."""

from __future__ import annotations

from typing import Any

from app.state.shop import Shop
from mamex.launch.product import never_read
from mamex.retrieval.list_lengths import offered_lengths, usual_length


def length_settings(shop: Shop) -> dict[str, Any]:
    """Of a choice of list lengths: those that so many products on sale can answer, and the one to begin with."""
    products = len(shop.launcher.catalogue.positions)
    return {"choices": list(offered_lengths(products)), "value": usual_length(products)}


def hint(shop: Shop, modality: str, usual: str) -> str:
    """What an empty field says: how to use it, or that the shop's model makes nothing of what is put there."""
    if modality in shop.launcher.modalities:
        return usual
    return f"{never_read(modality, shop.launcher.checkpoint)}; what is given here is left out."
