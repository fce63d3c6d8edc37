"""An item on sale as the neighbours of a planned product are shown: price, reach, and how the model weighs it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mamex.launch.launcher import Launcher
from mamex.retrieval.thresholds import LIST_LENGTHS


@dataclass(frozen=True)
class OnSale:
    """What is known of one item of the catalogue."""

    position: int
    item_id: str
    title: str
    price: str  # as written in the item table; "" if there is none
    reach: float  # share of the users without it who have it in their top K
    fusion: dict[str, float]  # modality -> its own fusion weight, equation 5; an absent modality has 0


def on_sale(launcher: Launcher, position: int, list_length: int) -> OnSale:
    """One item of the catalogue.

    Args:
        launcher: whose catalogue.
        position: the item's, in the whole dataset.
        list_length: K of its reach, one of ``LIST_LENGTHS``.

    Raises:
        KeyError: the item is not on sale, so it has no reach.
    """
    row = int(np.searchsorted(launcher.catalogue.positions, position))
    if row == len(launcher.catalogue.positions) or launcher.catalogue.positions[row] != position:
        raise KeyError(position)
    items = launcher.checkpoint.dataset.items
    weights = launcher.catalogue.forward.fusion[row].tolist()
    return OnSale(
        position=int(position),
        item_id=str(items["item_id"].iloc[position]),
        title=str(items["title"].iloc[position]),
        price=str(items["price"].iloc[position]) if "price" in items else "",
        reach=float(launcher.checkpoint.reach[row, LIST_LENGTHS.index(list_length)]),
        fusion=dict(zip(launcher.modalities, weights, strict=True)),
    )
