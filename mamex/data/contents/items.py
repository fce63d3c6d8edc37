"""What items.csv means: ids, words and pictures, one record an item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from mamex.data.contents.pictures import find_pictures
from mamex.data.items.identifiers import IDENTIFIERS, fill_ids, other_ids
from mamex.data.items.twins import Twins, find_twins, tell_twins
from mamex.data.items.variants import items_of_rows, note_variants
from mamex.data.items.words import clean_words, empty_placeholders, fill_words, mend_characters
from mamex.data.problems import Problems
from mamex.data.tables.reader import FEATURES, Table
from mamex.files.words import quoted
from mamex.modalities import PICTURE_COLUMN, TEXT_COLUMNS

ITEM_COLUMNS = ("item_id", *TEXT_COLUMNS, PICTURE_COLUMN)
REQUIRED_ITEM_COLUMNS = ("item_id",)
#: What tells the rows of one product, and by what other names they go.
_TELLING_COLUMNS = (*IDENTIFIERS, "item_group", "product_kind")
OPTIONAL_ITEM_COLUMNS = (*TEXT_COLUMNS, PICTURE_COLUMN, *_TELLING_COLUMNS)


@dataclass(frozen=True)
class Items:
    """items.csv after checking, one entry a record; ``pictures[i]`` is None where there is no picture.

    ``other_ids`` leads from what else an item is called by, its stock number or bar code say, to its position.
    """

    file: str
    frame: pd.DataFrame
    rows: np.ndarray
    damaged: np.ndarray
    missing_columns: tuple[str, ...]
    pictures: list[Path | None]
    other_ids: Mapping[str, int] = field(default_factory=dict)
    twins: Twins = field(default_factory=lambda: Twins([]))

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
    frame = table.frame.copy()
    for column in (*ITEM_COLUMNS, *_TELLING_COLUMNS):
        frame[column] = frame[column].str.strip()
    if frame.empty:
        problems.error(table.file, None, "no records", "has a header but no items; add one row for each item")
    missing = _check_columns(table, folder, problems)
    fill_words(frame, table, problems)
    empty_placeholders(frame, (*TEXT_COLUMNS, PICTURE_COLUMN), table, problems)
    frame, table, others = _one_row_each(frame, table, problems)
    if "item_id" not in table.missing:
        _check_ids(frame["item_id"], table.rows, table.file, problems)
    mend_characters(frame, table, problems)
    clean_words(frame, table, problems)
    found = find_pictures(frame, table, folder, problems)
    frame[PICTURE_COLUMN] = found.names
    frame = _with_their_names(frame, table)
    twins = find_twins(frame, found.paths)
    tell_twins(twins, table.file, table.rows, problems)
    return Items(table.file, frame, table.rows, table.damaged, missing, found.paths, others, twins)


def _check_columns(table: Table, folder: Path, problems: Problems) -> tuple[str, ...]:
    """The columns of ``ITEM_COLUMNS`` that the table lacks; one without words and pictures needs arrays of features."""
    missing = tuple(name for name in ITEM_COLUMNS if name not in table.read)
    telling = (*TEXT_COLUMNS, PICTURE_COLUMN)
    if not set(telling) <= set(missing):
        return missing
    seen = ", ".join(
        quoted(str(name)) for name in list(table.frame)[:12] if name not in (*ITEM_COLUMNS, *_TELLING_COLUMNS)
    )
    lacks = f"has none of the columns title, description and image (further columns are: {seen or 'none'})"
    if any((folder / FEATURES).glob("*.npy")):
        problems.note(table.file, None, "no words and pictures", f"{lacks}; its items are known by {FEATURES}/ alone")
    elif "item_id" not in table.missing:
        problems.error(table.file, None, "missing column", f"{lacks}; add one, or name it so")
    return missing


def _one_row_each(frame: pd.DataFrame, table: Table, problems: Problems) -> tuple[pd.DataFrame, Table, dict[str, int]]:
    """One row for each product, and what other names lead to it: those of its variants among them."""
    names = {name: frame[name] for name in IDENTIFIERS}
    names |= {name: frame[name].str.strip() for name in table.also.get("item_id", ())}
    named = {name: column for name, column in names.items() if column.ne("").any()}
    if "item_id" not in table.missing:
        frame["item_id"] = fill_ids(frame["item_id"], named, table, problems)
    identifiers = [frame["item_id"], *named.values()]
    groups = [frame["handle"], frame["item_id"]]
    first = items_of_rows(frame, groups, frame["product_kind"], frame["item_group"], identifiers)
    note_variants(first, table, problems)
    is_item = first == np.arange(len(first))
    position = np.cumsum(is_item) - 1
    kept = frame[is_item].reset_index(drop=True)
    others = other_ids(identifiers, kept["item_id"], position[first])
    return kept, replace(table, rows=table.rows[is_item], damaged=table.damaged[is_item]), others


def _with_their_names(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """The columns that only tell rows apart, as the shop calls them; without those that it doesn't have."""
    others = frame.columns.difference(list(_TELLING_COLUMNS))
    main = {table.read.get(name) for name in ITEM_COLUMNS}
    dropped, theirs = [], {}
    for name in _TELLING_COLUMNS:
        written = table.read.get(name)
        if written is None or (written != name and (written in others or written in main)):
            dropped.append(name)
        elif written != name:
            theirs[name] = written
            main.add(written)  # it may be two of them
    return frame.drop(columns=dropped).rename(columns=theirs)


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
