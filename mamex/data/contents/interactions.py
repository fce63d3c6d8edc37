"""What interactions.csv means: who interacted with what, when, and how much they liked it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mamex.config import DataConfig
from mamex.data.contents.columns import Column, Rows
from mamex.data.contents.ids import find_items
from mamex.data.contents.items import Items
from mamex.data.contents.quantities import called_off, kept_purchases, sent_back
from mamex.data.contents.ratings import liked_rows, read_ratings
from mamex.data.contents.times import read_times, tell_readings, tell_span
from mamex.data.contents.users import find_users, tell_shape
from mamex.data.problems import Problems
from mamex.data.tables.reader import Table
from mamex.files.words import quoted

INTERACTION_COLUMNS = ("user_id", "item_id")
OPTIONAL_INTERACTION_COLUMNS = ("timestamp", "rating", "quantity", "returned", "event", "cancelled", "order")
#: Columns that an order has once, and that some exports write in its first row alone.
_OF_THE_ORDER = ("user_id", "timestamp", "event", "cancelled")


@dataclass(frozen=True)
class _Columns:
    """The columns of a table, and those that may stand in for them, by our names."""

    main: dict[str, Column]
    also: dict[str, list[Column]]


def check_interactions(table: Table, items: Items | None, settings: DataConfig, problems: Problems) -> pd.DataFrame:
    """The interactions that count, as ``Contents`` describes them.

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
    rows = Rows(table.file, table.rows[whole], problems)
    columns = _read_columns(table, whole, rows)
    users, usable = _users(columns, settings, table, rows)
    positions = _positions(columns, items, settings, table, rows)
    usable &= positions >= 0
    timestamps, ratings = _timestamps(columns, settings, rows), read_ratings(columns.main["rating"])
    _tell_unreadable(columns.main["rating"], np.isnan(ratings.numbers), "write a number", rows)
    liked = liked_rows(columns.main["rating"], ratings, settings.min_rating, rows)
    pairs = users.codes.astype(np.int64) * (int(positions.max(initial=0)) + 1) + positions
    states = [columns.main["event"], *columns.also["event"], called_off(columns.main["cancelled"])]
    if not columns.main["returned"].is_empty.all():
        states.append(sent_back(columns.main["quantity"], columns.main["returned"]))
    counts = liked & kept_purchases(pairs, columns.main["quantity"], states, columns.main["order"], usable, rows)
    if items is not None:
        _tell_what_remains(users, positions, timestamps, usable, counts, items, rows)
    result = {
        "user_id": users.values.to_numpy(dtype=object)[users.codes],
        "item": positions,
        "timestamp": timestamps,
        "rating": ratings.numbers[columns.main["rating"].codes],
    }
    return pd.DataFrame({name: values[counts] for name, values in result.items()})


def _read_columns(table: Table, whole: np.ndarray, rows: Rows) -> _Columns:
    """Every column that is read; what an order has once is put into all rows of the order."""
    blank = pd.Series("", index=table.frame.index, dtype="str")
    main, also = {}, {}
    for name in (*INTERACTION_COLUMNS, *OPTIONAL_INTERACTION_COLUMNS):
        theirs = table.read.get(name, name) if name in ("event", "cancelled", "returned") else name
        main[name] = Column.of(table.frame.get(name, blank)[whole].rename(theirs))
        also[name] = [Column.of(table.frame[other][whole]) for other in table.also.get(name, ())]
    orders = main["order"]
    if orders.is_empty.all():
        return _Columns(main, also)
    for name in _OF_THE_ORDER:
        main[name] = _filled(main[name], orders, name, rows)
        also[name] = [_filled(column, orders, name, rows) for column in also[name]]
    return _Columns(main, also)


def _filled(column: Column, orders: Column, name: str, rows: Rows) -> Column:
    none = np.flatnonzero(orders.values.eq("").to_numpy(dtype=bool))
    filled = column.filled_from(orders.codes, int(none[0]) if len(none) else -1, first_row_only=name == "cancelled")
    chosen = filled.codes != column.codes
    if chosen.any():
        message = f"{rows.share(chosen)} have no {column.name} of their own; it is taken from another row of the order"
        rows.tell("note", f"{column.name} of the order", chosen, message)
    return filled


def _users(columns: _Columns, settings: DataConfig, table: Table, rows: Rows) -> tuple[Column, np.ndarray]:
    users = columns.main["user_id"]
    if "user_id" in table.missing:
        return users, np.zeros(len(rows.numbers), dtype=bool)
    return find_users(users, columns.also["user_id"], settings, rows)


def _positions(columns: _Columns, items: Items | None, settings: DataConfig, table: Table, rows: Rows) -> np.ndarray:
    bought = columns.main["item_id"]
    if items is not None and "item_id" not in table.missing:
        return find_items(bought, columns.also["item_id"], items, settings, rows)
    if bought.is_empty.any() and "item_id" not in table.missing:
        rows.problems.each(rows.file, rows.numbers[bought.is_empty], "error", "empty item_id", "has no item_id")
    return np.full(len(rows.numbers), -1, dtype=np.int64)


def _timestamps(columns: _Columns, settings: DataConfig, rows: Rows) -> np.ndarray:
    """(n,) datetime64[us]; what is neither empty nor readable is a warning and becomes missing."""
    column = columns.main["timestamp"]
    times = read_times(column.values, settings.day_first)
    _tell_unreadable(column, np.isnat(times.values), "write a date like 2024-05-31", rows)
    tell_readings(column, times, settings.day_first, rows)
    return np.asarray(times.values[column.codes])


def _tell_unreadable(column: Column, missing: np.ndarray, advice: str, rows: Rows) -> None:
    """Warn of each row whose value, one of the missing ones, (m,) bool, is neither empty nor readable."""
    unreadable = missing & column.values.ne("").to_numpy(dtype=bool)
    places = np.flatnonzero(column.rows_of(unreadable))

    def not_read(place: int) -> str:
        value = quoted(column.values.iloc[column.codes[places[place]]])
        return f"the {column.name} {value} can't be read; {advice} (will be treated as missing)"

    rows.problems.each(rows.file, rows.numbers[places], "warning", f"unreadable {column.name}", not_read)


def _tell_what_remains(
    users: Column,
    positions: np.ndarray,
    timestamps: np.ndarray,
    usable: np.ndarray,
    counts: np.ndarray,
    items: Items,
    rows: Rows,
) -> None:
    """An error where no row counts; else warnings of times and users that look wrong."""
    if usable.any() and not counts.any():
        reasons = "; ".join(rows.left_out)
        rows.tell(
            "error", "nothing left", None, f"no row counts as an interaction ({reasons}); change what leaves them out"
        )
    tell_span(timestamps, counts, rows)
    tell_shape(users, positions, counts, int(items.is_first.sum()), rows)
