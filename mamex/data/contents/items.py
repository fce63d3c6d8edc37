"""What items.csv means: ids, words and pictures."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mamex.data.contents.pictures import find_pictures
from mamex.data.problems import Problems
from mamex.data.tables.reader import Table
from mamex.files.words import quoted
from mamex.modalities import PICTURE_COLUMN, TEXT_COLUMNS

ITEM_COLUMNS = ("item_id", *TEXT_COLUMNS, PICTURE_COLUMN)


@dataclass(frozen=True)
class Items:
    """items.csv after checking, one entry a record; ``pictures[i]`` is None where there is no picture."""

    file: str
    frame: pd.DataFrame
    rows: np.ndarray
    damaged: np.ndarray
    missing_columns: tuple[str, ...]
    pictures: list[Path | None]

    @property
    def has_words(self) -> np.ndarray:
        """(n,) bool: does item i have a title or a description?"""
        titles, descriptions = self.frame["title"], self.frame["description"]
        return np.asarray((titles != "") | (descriptions != ""), dtype=bool)

    @property
    def is_first(self) -> np.ndarray:
        """(n,) bool: does record i name an item that no earlier record names?"""
        ids = self.frame["item_id"]
        return np.asarray((ids != "") & ~ids.duplicated(), dtype=bool)


def check_items(table: Table, folder: Path, problems: Problems) -> Items:
    """Ids, words and pictures of each item; what is wrong with them is added to ``problems``."""
    file, rows = table.file, table.rows
    frame = table.frame.copy()
    for column in ITEM_COLUMNS:
        frame[column] = frame[column].str.strip()
    if frame.empty:
        problems.error(file, None, "no records", "has a header but no items; add one row for each item")
    if "item_id" not in table.missing:
        _check_ids(frame["item_id"], rows, file, problems)
    pictures = find_pictures(frame, table, folder, problems)
    frame[PICTURE_COLUMN] = pictures.names
    return Items(file, frame, rows, table.damaged, table.missing, pictures.paths)


def _check_ids(ids: pd.Series, rows: np.ndarray, file: str, problems: Problems) -> None:
    empty = ids.eq("").to_numpy(dtype=bool)
    problems.each(file, rows[empty], "error", "empty id", "has no item_id; give the item one")
    repeated = np.flatnonzero(ids.duplicated().to_numpy(dtype=bool) & ~empty)
    codes, distinct = pd.factorize(ids)
    first = np.empty(len(distinct), dtype=np.int64)
    first[codes[::-1]] = rows[::-1]  # of rows with one id, the first is written last

    def twice(place: int) -> str:
        code = codes[repeated[place]]
        return f"item_id {quoted(distinct[code])} is already used in row {first[code]}; keep one of the two"

    problems.each(file, rows[repeated], "error", "duplicate id", twice)
