"""Items that are one product in several sizes: the same title beside the same picture.

Held out, such an item has its twin among the warm ones, and recommending it is no test of a new product.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mamex.data.problems import Problems
from mamex.modalities import PICTURE_COLUMN, TEXT_COLUMNS

#: What a column that groups items is called, more or less.
_USUAL = ("item_group_id", "group", "parent", "style", "model", "product_code", "handle", "family", "collection")


@dataclass(frozen=True)
class Twins:
    """Items that nothing but their number tells apart.

    Attributes:
        groups: positions of the items of each group, two or more.
        column: the column of the table whose equal values hold them together; "" if there is none.
    """

    groups: list[list[int]]
    column: str = ""

    @property
    def count(self) -> int:
        """Items that have a twin."""
        return sum(map(len, self.groups))


def find_twins(frame: pd.DataFrame, pictures: list[Path | None]) -> Twins:
    """Items with the same title and the same picture; without pictures, with the same title and description."""
    titles = frame["title"].str.lower().str.split().str.join(" ")
    shown = pd.Series([str(path or "") for path in pictures], index=frame.index, dtype="str")
    described = frame["description"].where(shown.eq(""), "")
    keys = pd.DataFrame({"title": titles, "shown": shown, "described": described})
    keys = keys[titles.ne("") & (shown.ne("") | described.ne(""))]
    alike = keys[keys.duplicated(keep=False)]
    groups = [sorted(places.tolist()) for places in alike.groupby(list(keys.columns), sort=False).groups.values()]
    groups.sort()
    return Twins(groups, _grouping_column(frame, groups) if groups else "")


def _grouping_column(frame: pd.DataFrame, groups: list[list[int]]) -> str:
    """The column that has one value in each group and tells most other items apart; "" if none does."""
    number = np.full(len(frame), -1)
    for place, group in enumerate(groups):
        number[group] = place
    best: tuple[float, float, str] = (0.0, 0.0, "")
    for name in frame.columns:
        if name in ("item_id", *TEXT_COLUMNS, PICTURE_COLUMN):
            continue
        values = frame[name].str.strip()
        inside = values[number >= 0]
        by_group = pd.DataFrame({"value": inside, "group": number[number >= 0]}).groupby("group")["value"]
        if inside.eq("").any() or by_group.nunique().gt(1).any():
            continue
        # A category holds groups together as well, but does not tell them apart from one another.
        apart = inside.nunique() / len(groups)
        usual = bool(difflib.get_close_matches(name.lower(), _USUAL, n=1, cutoff=0.8))
        best = max(best, (apart, float(usual), name))
    return best[2] if best[0] > 0.5 else ""


def tell_twins(twins: Twins, file: str, rows: np.ndarray, problems: Problems) -> None:
    """Warn of them, and name the setting that keeps them together."""
    if not twins.groups:
        return
    first, second = (int(rows[place]) for place in twins.groups[0][:2])
    if twins.column:
        remedy = f"set data.group_column={twins.column}, which holds them together"
    else:
        remedy = "write what holds them together into a column, say style, and set data.group_column=style"
    message = (
        f"{twins.count:,} items are {len(twins.groups):,} products in several sizes or colours, to judge by title and "
        f"picture (rows {first} and {second}); a held-out one is not new while its twin is for sale: {remedy}"
    )
    problems.warning(file, first, "twins", message)
