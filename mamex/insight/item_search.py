"""Finding items by what is written about them."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Where a picture lies says nothing about an item.
_NOT_READ = ("image",)


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
