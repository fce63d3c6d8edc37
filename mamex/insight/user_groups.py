"""Groups of users by what they bought: favourite category, number of items, price level."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from mamex.checkpoint.checkpoint import Checkpoint

#: Prices say something about users only if most items have one.
PRICED_SHARE = 0.5


@dataclass(frozen=True)
class Grouping:
    """A way to sort users into groups.

    Attributes:
        key: "category", "bought" or "price".
        names: of the groups; thousands are fine.
        groups: (n_users,) index into ``names``, -1 for a user of no group.
    """

    key: str
    names: list[str]
    groups: np.ndarray


class UserGroups:
    """Users sorted by their training history; made once a checkpoint.

    Args:
        checkpoint: whose users.

    Attributes:
        groupings: those that the item table allows; "category" and "price" need such columns.
    """

    def __init__(self, checkpoint: Checkpoint) -> None:
        items, histories = checkpoint.dataset.items, checkpoint.data.histories
        self._bought = np.diff(histories.indptr)
        self._names: list[str] = []
        self._counts = sparse.csr_matrix((len(self._bought), 0), dtype=np.float32)
        if "category" in items:
            self._names, self._counts = _category_counts(items["category"], histories)
        self.groupings = [
            grouping
            for grouping in (
                self._by_favourite(),
                _by_tercile("bought", self._bought),
                self._by_price(items, histories),
            )
            if grouping is not None
        ]

    def favourites(self, user: int, most: int = 2) -> list[str]:
        """The categories that a user bought from most, most bought first, ties by name; [] if there are none."""
        row = slice(self._counts.indptr[user], self._counts.indptr[user + 1])
        columns, counts = self._counts.indices[row], self._counts.data[row]
        return [self._names[columns[place]] for place in np.lexsort((columns, -counts))[:most]]

    def _by_favourite(self) -> Grouping | None:
        if not self._names:
            return None
        groups = np.full(len(self._bought), -1)
        owners = np.repeat(np.arange(len(groups)), np.diff(self._counts.indptr))
        order = np.lexsort((self._counts.indices, -self._counts.data, owners))
        first, places = np.unique(owners[order], return_index=True)
        groups[first] = self._counts.indices[order[places]]
        return Grouping("category", self._names, groups)

    def _by_price(self, items: pd.DataFrame, histories: sparse.csr_matrix) -> Grouping | None:
        """By the mean price of the items bought that have one."""
        prices = item_prices(items)
        known = np.isfinite(prices)
        if known.mean() < PRICED_SHARE:
            return None
        total = histories @ np.where(known, prices, 0.0)
        count = histories @ known.astype(np.float64)
        return _by_tercile("price", np.where(count > 0, total / np.maximum(count, 1), np.nan))


def item_prices(items: pd.DataFrame) -> np.ndarray:
    """(n_items,) float64 prices; NaN where the column or a plain number in it is missing."""
    if "price" not in items:
        return np.full(len(items), np.nan)
    prices = pd.to_numeric(items["price"], errors="coerce").to_numpy(dtype=np.float64)
    return np.where(np.isfinite(prices), prices, np.nan)


def _category_counts(column: pd.Series, histories: sparse.csr_matrix) -> tuple[list[str], sparse.csr_matrix]:
    """Names of the categories, sorted, and how often each user bought from each (n_users, categories)."""
    codes, names = pd.factorize(column.where(column != ""), sort=True)
    rows = np.flatnonzero(codes >= 0)
    ones = np.ones(len(rows), dtype=np.float32)
    belongs = sparse.csr_matrix((ones, (rows, codes[rows])), shape=(len(codes), len(names)))
    return [str(name) for name in names], (histories @ belongs).tocsr()


def _by_tercile(key: str, values: np.ndarray) -> Grouping | None:
    """Three groups of about equal size by a number, named by their ranges; fewer where many users are equal."""
    known = np.isfinite(values)
    if not known.any():
        return None
    cuts = np.unique(np.quantile(values[known], [1 / 3, 2 / 3]))
    codes = np.searchsorted(cuts, values[known], side="left")
    used, codes = np.unique(codes, return_inverse=True)
    groups = np.full(len(values), -1)
    groups[known] = codes
    ranges = [values[known][codes == group] for group in range(len(used))]
    written = "{:.0f}" if key == "bought" else "{:.2f}"
    names = [_range(written.format(inside.min()), written.format(inside.max())) for inside in ranges]
    return Grouping(key, names, groups)


def _range(least: str, most: str) -> str:
    return least if least == most else f"{least} to {most}"
