"""Items on sale beside a planned product: found by what is written about them, with price, reach and weights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mamex.launch.launcher import Launcher
from mamex.modalities import PICTURE_COLUMN
from mamex.retrieval.catalogue import Item
from mamex.retrieval.thresholds import LIST_LENGTHS

#: Where a picture lies says nothing about an item.
_NOT_READ = (PICTURE_COLUMN,)


@dataclass(frozen=True)
class OnSale(Item):
    """What is known of one item of the catalogue."""

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
    catalogue, items = launcher.catalogue, launcher.checkpoint.dataset.items
    row, item = catalogue.row(position), catalogue.item(position)
    weights = catalogue.forward.fusion[row].tolist()
    return OnSale(
        position=item.position,
        item_id=str(item.item_id),
        title=str(item.title),
        price=str(items["price"].iloc[position]) if "price" in items else "",
        reach=float(launcher.checkpoint.reach[row, LIST_LENGTHS.index(list_length)]),
        fusion=dict(zip(launcher.modalities, weights, strict=True)),
    )


def find_items(items: pd.DataFrame, query: str) -> np.ndarray:
    """Rows of the items in which each word of a query occurs somewhere, ascending; all rows if the query is blank.

    Args:
        items: any columns; all but the picture's path are read, upper and lower case alike.
        query: words, or the beginnings or middles of words.
    """
    found = np.ones(len(items), dtype=bool)
    columns = [items[column].astype(str).str.casefold() for column in items.columns if column not in _NOT_READ]
    for word in query.casefold().split():
        holds = [column.str.contains(word, regex=False).to_numpy() for column in columns]
        found &= np.logical_or.reduce(holds)
    return np.flatnonzero(found)
