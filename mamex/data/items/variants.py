"""Rows of a shop's table that are no product of their own: sizes and colours of one, and its further pictures.

Shop systems export a product as several rows. Its words stand in the first (Shopify, by Handle), or further rows say
that they are variations and whose (WooCommerce, by Parent). They become one item; the numbers of all its rows name it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from mamex.data.problems import Problems
from mamex.data.tables.reader import Table
from mamex.modalities import TEXT_COLUMNS

VARIATION = "variation"


def items_of_rows(
    frame: pd.DataFrame,
    groups: list[pd.Series],
    kinds: pd.Series | None,
    parents: pd.Series | None,
    identifiers: list[pd.Series],
) -> np.ndarray:
    """(n_rows,) for each row the first row of the product that it belongs to: itself, unless it is a variant.

    Args:
        frame: the table, with the words of each row.
        groups: columns whose equal values stand for one product; rows without words follow the row that has them.
        kinds: what each row is; ``VARIATION`` follows its parent.
        parents: the parent's number or name, ``id:12`` for the number 12.
        identifiers: the columns in which a parent is looked up.
    """
    n_rows = len(frame)
    first = np.arange(n_rows)
    wordless = np.ones(n_rows, dtype=bool)
    for column in TEXT_COLUMNS:
        wordless &= frame[column].eq("").to_numpy(dtype=bool)
    for group in groups:
        follows = wordless & group.ne("").to_numpy(dtype=bool) & (first == np.arange(n_rows))
        spoken = pd.Series(np.flatnonzero(~wordless), index=group[~wordless].to_numpy(dtype=object))
        spoken = spoken[~spoken.index.duplicated()]
        place = spoken.reindex(group.to_numpy(dtype=object)).to_numpy(dtype=np.float64)
        follows &= ~np.isnan(place)
        first[follows] = place[follows].astype(np.int64)
    if kinds is not None and parents is not None:
        first = _of_parents(first, kinds, parents, identifiers)
    return first


def _of_parents(first: np.ndarray, kinds: pd.Series, parents: pd.Series, identifiers: list[pd.Series]) -> np.ndarray:
    """Variations follow the row that their parent's number or name leads to."""
    varies = kinds.str.lower().eq(VARIATION).to_numpy(dtype=bool)
    wanted = parents.str.removeprefix("id:").str.strip()
    for column in identifiers:
        known = pd.Series(np.arange(len(column)), index=column.to_numpy(dtype=object))[~varies]
        known = known[(known.index != "") & ~known.index.duplicated()]
        place = known.reindex(wanted.to_numpy(dtype=object)).to_numpy(dtype=np.float64)
        follows = varies & ~np.isnan(place) & (first == np.arange(len(first)))
        first[follows] = place[follows].astype(np.int64)
    return first


def note_variants(first: np.ndarray, table: Table, problems: Problems) -> None:
    """Say how many rows became how many products."""
    further = first != np.arange(len(first))
    if further.any():
        count, products = int(further.sum()), len(np.unique(first[further]))
        message = (
            f"{count:,} {'row is a size, colour' if count == 1 else 'rows are sizes, colours'} or further "
            f"{'picture' if count == 1 else 'pictures'} of {products:,} {'product' if products == 1 else 'products'} "
            "with a row further up; each product is one item"
        )
        problems.note(table.file, int(table.rows[further][0]), "variants", message)
