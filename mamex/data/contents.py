"""What the tables of a dataset folder mean: ids, pictures, words, times and ratings, checked together."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

import numpy as np
import pandas as pd

from mamex.data.limits import DatasetLimits
from mamex.data.problems import Problems
from mamex.data.tables import Table, read_table
from mamex.files.words import quoted
from mamex.modalities import PICTURE_COLUMN, TEXT_COLUMNS

ITEM_COLUMNS = ("item_id", *TEXT_COLUMNS, PICTURE_COLUMN)
INTERACTION_COLUMNS = ("user_id", "item_id")
OPTIONAL_INTERACTION_COLUMNS = ("timestamp", "rating")

#: Plain numbers are seconds since 1970 below the first limit, then milliseconds, microseconds and
#: nanoseconds.
_UNIX_LIMITS = ((1e11, 1e6), (1e14, 1e3), (1e17, 1.0), (1e20, 1e-3))


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


@dataclass(frozen=True)
class Contents:
    """Both tables; None where a file can't be used.

    ``interactions`` has the columns user_id (str), item (int64 position in items), timestamp (datetime64[us])
    and rating (float64), only usable records, in the file's order, repeated ones included.
    """

    items: Items | None
    interactions: pd.DataFrame | None


class PictureFinder:
    """Finds the pictures that items.csv names, and only pictures inside the dataset folder."""

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()
        self._real_folders: dict[Path, Path] = {}

    def find(self, name: str) -> tuple[Path | None, str]:
        """Its path (None if there is none), and "" or what is wrong: "outside", "address" or "missing"."""
        if not name:
            return None, ""
        if re.match(r"(https?|ftp|data|s3|gs):", name, flags=re.IGNORECASE):
            return None, "address"
        name = name.replace("\\", "/")  # exports made on Windows
        if name.startswith("/") or PureWindowsPath(name).drive:
            return None, "outside"
        try:
            path = self._real_path(self._root / name)
            if not path.is_relative_to(self._root):
                return None, "outside"
            return (path, "") if path.is_file() else (None, "missing")
        # Names too long for the file system, loops of symbolic links, folders that may not be read.
        except (OSError, ValueError, RuntimeError):
            return None, "missing"

    def _real_path(self, path: Path) -> Path:
        """Symbolic links and ".." followed: once a folder, as that is slow and most pictures share one."""
        if path.name == ".." or path.is_symlink():
            return path.resolve()
        if path.parent not in self._real_folders:
            self._real_folders[path.parent] = path.parent.resolve()
        return self._real_folders[path.parent] / path.name


def read_contents(folder: Path, problems: Problems, limits: DatasetLimits | None = None) -> Contents:
    """Read and check both tables of a dataset folder; what is wrong with them is added to ``problems``."""
    if not _is_folder(folder):
        message = "there is no such folder; give a folder with items.csv, interactions.csv and images/"
        problems.error(str(folder), None, "missing folder", message)
        return Contents(None, None)
    table = read_table(folder, "items", ITEM_COLUMNS, (), problems, limits)
    items = _check_items(table, folder, problems) if table else None
    optional = OPTIONAL_INTERACTION_COLUMNS
    bought = read_table(folder, "interactions", INTERACTION_COLUMNS, optional, problems, limits)
    if bought is None:
        return Contents(items, None)
    all_known = items is not None and table is not None and table.complete and "item_id" not in table.missing
    known = items.frame["item_id"] if items and all_known else None
    return Contents(items, _check_interactions(bought, known, problems))


def _is_folder(folder: Path) -> bool:
    try:
        next(folder.iterdir(), None)
        return True
    except (OSError, ValueError):
        return False


def _check_items(table: Table, folder: Path, problems: Problems) -> Items:
    file, rows = table.file, table.rows
    frame = table.frame.copy()
    for column in ITEM_COLUMNS:
        frame[column] = frame[column].str.strip()
    if frame.empty:
        problems.error(file, None, "no records", "has a header but no items; add one row for each item")
    if "item_id" not in table.missing:
        _check_ids(frame["item_id"], rows, file, problems)
    pictures = _find_pictures(frame, table, PictureFinder(folder), problems)
    return Items(file, frame, rows, table.damaged, table.missing, pictures)


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


def _find_pictures(frame: pd.DataFrame, table: Table, finder: PictureFinder, problems: Problems) -> list[Path | None]:
    pictures: list[Path | None] = []
    for name, row, damaged in zip(frame[PICTURE_COLUMN], table.rows.tolist(), table.damaged.tolist(), strict=True):
        path, fault = (None, "") if damaged else finder.find(name)
        pictures.append(path)
        if fault == "outside":
            message = f"the picture {quoted(name)} is outside the folder; copy it to images/ and name that"
            problems.error(table.file, row, "picture outside", message)
        elif fault == "address":
            message = f"the picture {quoted(name)} is an address; download it (will be treated as missing)"
            problems.warning(table.file, row, "picture address", message)
        elif fault == "missing":
            message = f"there is no picture {quoted(name)} in the folder (will be treated as missing)"
            problems.warning(table.file, row, "missing picture", message)
    return pictures


def _check_interactions(table: Table, item_ids: pd.Series | None, problems: Problems) -> pd.DataFrame:
    """``item_ids``: every item of items.csv, or None when that file can't tell which items exist."""
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
    if item_ids is None:
        positions = np.full(len(frame), -1, dtype=np.int64)
    else:
        positions = _item_positions(bought, rows, item_ids, table.file, problems)
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


def parse_timestamps(values: pd.Series) -> np.ndarray:
    """(n,) datetime64[us], UTC, from ISO dates and times, compact dates (20240531), unix times; else NaT."""
    parsed = np.full(len(values), np.datetime64("NaT"), dtype="datetime64[us]")
    # Programs write 20240531.0 where other rows of the column are empty.
    values = values.str.replace(r"^\+?((?:19|20)[0-9]{6})(?:\.0*)?$", r"\1", regex=True)
    unix = parse_ratings(values)
    # 20240531 is a date; taken as seconds it would be a day in 1970.
    compact = (unix >= 19000101) & (unix <= 20991231) & (values.str.len() == 8).to_numpy(dtype=bool)
    written = np.isnan(unix) & values.ne("").to_numpy(dtype=bool) | compact
    microseconds = np.full(len(unix), np.nan)
    with np.errstate(over="ignore"):  # beyond all limits, and so not taken
        for limit, factor in reversed(_UNIX_LIMITS):
            microseconds = np.where(np.abs(unix) < limit, unix * factor, microseconds)
    readable = np.isfinite(microseconds)
    parsed[readable] = np.rint(microseconds[readable]).astype(np.int64).astype("datetime64[us]")
    if written.any():
        parsed[written] = _parse_iso(values[written])
    return parsed


def _parse_iso(values: pd.Series) -> np.ndarray:
    # pandas also understands "now" and "today", which mean something else on each day.
    texts = values.where(values.str.match(r"[0-9]{4}"), "")
    times = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True)
    return times.dt.tz_localize(None).astype("datetime64[us]").to_numpy()


def parse_ratings(values: pd.Series) -> np.ndarray:
    """(n,) float64; NaN where there is no finite number."""
    ratings = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(ratings), ratings, np.nan)
