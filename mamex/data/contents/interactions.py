"""What interactions.csv means: who interacted with what, when, and how much they liked it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from mamex.config import DataConfig
from mamex.data.contents.items import Items
from mamex.data.contents.ratings import parse_ratings
from mamex.data.contents.times import parse_timestamps
from mamex.data.problems import Problems
from mamex.data.tables.reader import Table
from mamex.files.words import quoted

INTERACTION_COLUMNS = ("user_id", "item_id")
OPTIONAL_INTERACTION_COLUMNS = ("timestamp", "rating")


def check_interactions(table: Table, items: Items | None, settings: DataConfig, problems: Problems) -> pd.DataFrame:
    """The usable interactions, as ``Contents`` describes them.

    Args:
        table: interactions.csv.
        items: every item of items.csv, or None when that file can't tell which items exist.
        settings: how the table is read.
        problems: what is wrong with it is added.
    """
    if table.frame.empty:
        message = "has a header but no interactions; add one row for each thing a user bought or liked"
        problems.error(table.file, None, "no records", message)
    whole = ~table.damaged
    frame, rows = table.frame[whole], table.rows[whole]
    user_ids, bought = _stripped(frame["user_id"]), _stripped(frame["item_id"])
    for column, values in (("user_id", user_ids), ("item_id", bought)):
        empty = rows[values.eq("").to_numpy(dtype=bool)] if column not in table.missing else rows[:0]
        message = f"has no {column}; fill it in, or remove the row"
        problems.each(table.file, empty, "error", f"empty {column}", message)
    if items is None:
        positions = np.full(len(frame), -1, dtype=np.int64)
    else:
        positions = _item_positions(bought, rows, items.frame["item_id"], table.file, problems)
    timestamps = _checked(parse_timestamps, frame["timestamp"], rows, table.file, problems)
    ratings = _checked(parse_ratings, frame["rating"], rows, table.file, problems)
    columns = {"user_id": user_ids.to_numpy(), "item": positions, "timestamp": timestamps, "rating": ratings}
    result = pd.DataFrame(columns)
    usable = result["user_id"].ne("").to_numpy(dtype=bool) & (positions >= 0)
    return result[usable].reset_index(drop=True)


def _item_positions(
    bought: pd.Series, rows: np.ndarray, item_ids: pd.Series, file: str, problems: Problems
) -> np.ndarray:
    """(n,) int64 positions of the items bought, -1 where items.csv doesn't have the item."""
    named = item_ids[item_ids.ne("") & ~item_ids.duplicated()]
    found = pd.Index(named).get_indexer(pd.Index(bought))
    positions = np.where(found >= 0, named.index.to_numpy(dtype=np.int64)[found] if len(named) else -1, -1)
    unknown = np.flatnonzero((positions < 0) & bought.ne("").to_numpy(dtype=bool))
    if len(unknown):
        # Spreadsheets turn 0108775 into 108775: by far the most common reason why no id fits.
        unpadded = {item_id.lstrip("0"): item_id for item_id in named if item_id.startswith("0")}

        def not_there(place: int) -> str:
            item_id = bought.iloc[unknown[place]]
            twin = unpadded.get(item_id.lstrip("0"))
            advice = f"were leading zeros lost from {quoted(twin)}?" if twin else "add the item, or remove this row"
            return f"item_id {quoted(item_id)} is not in the items file; {advice}"

        problems.each(file, rows[unknown], "error", "unknown item", not_there)
    return positions.astype(np.int64)


def _stripped(values: pd.Series) -> pd.Series:
    """Without surrounding spaces; each distinct value is handled once, as large tables repeat few of them."""
    codes, distinct = pd.factorize(values)
    stripped = pd.Series(distinct, dtype="str").str.strip().to_numpy(dtype=object)[codes]
    return pd.Series(stripped, index=values.index, name=values.name, dtype="str")


def _checked(
    parse: Callable[[pd.Series], np.ndarray],
    values: pd.Series,
    rows: np.ndarray,
    file: str,
    problems: Problems,
) -> np.ndarray:
    """Parse a column; what is neither empty nor readable is a warning and becomes missing."""
    codes, distinct = pd.factorize(values)  # few values are distinct, so each is parsed once
    texts = pd.Series(distinct, dtype="str").str.strip()
    parsed = parse(texts)
    unreadable = pd.isna(parsed) & texts.ne("").to_numpy(dtype=bool)
    name = str(values.name)
    wanted = "write a date like 2024-05-31" if name == "timestamp" else "write a number"
    places = np.flatnonzero(unreadable[codes])

    def not_read(place: int) -> str:
        value = quoted(texts.iloc[codes[places[place]]])
        return f"the {name} {value} can't be read; {wanted} (will be treated as missing)"

    problems.each(file, rows[places], "warning", f"unreadable {name}", not_read)
    return parsed[codes]
