"""The numbers and names by which a shop's other tables may call its items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from mamex.data.problems import Problems
from mamex.data.tables.reader import Table
from mamex.files.words import quoted

#: Columns that a shop may identify its items by, beside item_id.
IDENTIFIERS = ("sku", "id", "handle", "barcode")


def fill_ids(ids: pd.Series, columns: Mapping[str, pd.Series], table: Table, problems: Problems) -> pd.Series:
    """``ids``, taken from the next column that identifies an item where they are empty; noted, with a count.

    Programs export a column of stock numbers that not every product has, beside one of numbers that all have.
    """
    taken = set(ids[ids.ne("")])
    for name, column in columns.items():
        fills = ids.eq("") & column.ne("") & ~column.isin(taken) & ~column.duplicated(keep=False)
        if fills.any():
            count, example = int(fills.sum()), quoted(column[fills].iloc[0])
            ours = table.read.get("item_id", "item_id")
            message = f"{count:,} rows without {ours} are identified by their {name} (the first by {example})"
            problems.note(table.file, None, "identified otherwise", message)
            ids = ids.where(~fills, column)
            taken |= set(column[fills])
    return ids


def other_ids(columns: Iterable[pd.Series], ids: pd.Series, items: np.ndarray) -> dict[str, int]:
    """What else names an item, and which: only what names one item and is no item's item_id.

    Args:
        columns: (n_rows,) further names of what each row is about, "" where it has none.
        ids: (n_items,) the item_id of each item.
        items: (n_rows,) the position of the item that each row is about, or -1.
    """
    own = set(ids)
    places = items.tolist()
    pairs = [pair for column in columns for pair in zip(column.tolist(), places, strict=True)]
    return {name: item for name, item in meaning_one(pairs).items() if name not in own}


def meaning_one(pairs: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Name -> what it means, of the names that stand beside one number only; "" and numbers below 0 mean nothing."""
    means: dict[str, int] = {}
    for name, item in pairs:
        if means.setdefault(name, item) != item:
            means[name] = -1
    return {name: item for name, item in means.items() if item >= 0 and name}
