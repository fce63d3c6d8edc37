"""What the tables of a dataset folder mean: ids, pictures, words, times and ratings, checked together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from mamex.config import DataConfig
from mamex.data.contents.interactions import INTERACTION_COLUMNS, OPTIONAL_INTERACTION_COLUMNS, check_interactions
from mamex.data.contents.items import OPTIONAL_ITEM_COLUMNS, REQUIRED_ITEM_COLUMNS, Items, check_items
from mamex.data.problems import Problems
from mamex.data.tables.limits import DatasetLimits
from mamex.data.tables.reader import read_table
from mamex.files.words import quoted

_TABLES = (".csv", ".tsv", ".inter", ".item", ".xlsx", ".xls", ".ods")


@dataclass(frozen=True)
class Contents:
    """Both tables; None where a file can't be used.

    ``interactions`` has the columns user_id (str), item (int64 position in items), timestamp (datetime64[us])
    and rating (float64), only usable records, in the file's order, repeated ones included. ``interaction_rows`` counts
    all records of that file. ``columns`` says of each file its name, its columns as pairs of what they are for us and
    what the file calls them, and its other columns.
    """

    items: Items | None
    interactions: pd.DataFrame | None
    interaction_rows: int = 0
    columns: tuple[tuple[str, tuple[tuple[str, str], ...], tuple[str, ...]], ...] = ()


def read_contents(
    folder: Path, problems: Problems, limits: DatasetLimits | None = None, settings: DataConfig | None = None
) -> Contents:
    """Read and check both tables of a dataset folder; what is wrong with them is added to ``problems``."""
    settings = settings or DataConfig()
    if not _is_folder(folder):
        message = "there is no such folder; give a folder with items.csv, interactions.csv and images/"
        problems.error(str(folder), None, "missing folder", message)
        return Contents(None, None)
    table = read_table(folder, "items", REQUIRED_ITEM_COLUMNS, OPTIONAL_ITEM_COLUMNS, problems, limits)
    items = check_items(table, folder, problems) if table else None
    optional = OPTIONAL_INTERACTION_COLUMNS
    bought = read_table(folder, "interactions", INTERACTION_COLUMNS, optional, problems, limits)
    columns = tuple((read.file, tuple(read.read.items()), tuple(read.unread)) for read in (table, bought) if read)
    if table is not None and bought is not None:
        _tell_unread_tables(folder, (table.file, bought.file), problems)
    if bought is None:
        return Contents(items, None, 0, columns)
    all_known = items is not None and table is not None and table.complete and "item_id" not in table.missing
    interactions = check_interactions(bought, items if all_known else None, settings, problems)
    return Contents(items, interactions, len(bought.frame), columns)


def _tell_unread_tables(folder: Path, read: tuple[str, str], problems: Problems) -> None:
    """Name the tables of the folder that nothing was read of: a second year of purchases, say."""
    # Of a table that lies there compressed as well, the reader tells.
    known = {end for name in read for end in (name, f"{name}.gz", name.removesuffix(".gz"))}
    names = sorted(entry.name for entry in folder.iterdir() if _is_table(entry) and entry.name not in known)
    if names:
        shown = ", ".join(quoted(name) for name in names[:5]) + (f" and {len(names) - 5:,} more" if names[5:] else "")
        message = f"not read: {shown}; one table of items and one of interactions are read: join what belongs together"
        problems.note(folder.name, None, "tables not read", message)


def _is_table(entry: Path) -> bool:
    name = entry.name.lower().removesuffix(".gz")
    return name.endswith(_TABLES) and not name.startswith(".") and entry.is_file()


def _is_folder(folder: Path) -> bool:
    try:
        next(folder.iterdir(), None)
        return True
    except (OSError, ValueError):
        return False
