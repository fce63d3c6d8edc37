"""Pictures that no cell names, but whose files are named after the items."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from mamex.data.contents.pictures.names import ending, folded, without_ending
from mamex.data.contents.pictures.search import PictureSearch
from mamex.data.problems import Problems
from mamex.files.words import quoted

if TYPE_CHECKING:
    from mamex.data.tables.reader import Table

#: Columns after which files are named, in the order in which they are tried.
ID_COLUMNS = ("item_id", "sku", "handle", "article_id", "product_id", "id", "asin", "ean", "gtin", "barcode", "code")
#: What programs write behind the id of an item's first picture.
_BEHIND = ("", "_1", "-1", "_01", "-01", "_0", "-0", "_00", "-00", "_main", "-main", "_front", "-front")


def pictures_by_id(
    frame: pd.DataFrame, table: Table, search: PictureSearch, problems: Problems
) -> tuple[list[Path | None], list[str]]:
    """The picture of each record of a table that names none, and its name in the folder ("" if there is none)."""
    files = [name for name in search.index.files if ending(name)] if search.index.complete else []
    by_stem: dict[str, list[str]] = defaultdict(list)
    for name in files:
        by_stem[folded(without_ending(name.rpartition("/")[2]))].append(name)
    columns = {str(name).strip().lower().replace(" ", "_"): name for name in frame.columns} if files else {}
    for label in ID_COLUMNS:
        if label in columns:
            values = frame[columns[label]].where(~table.damaged, "").str.strip().tolist()
            names = [_of(value, by_stem) for value in values]
            found = len({name for name in names if name})
            if found and 2 * found >= min(len(files), sum(map(bool, values))):
                return _told(names, values, label, table, search, problems)
    if files:
        message = (
            f"no item names a picture, but the folder holds {len(files):,}, such as {quoted(files[0])}; write their "
            "names into the column image, or name each after its item_id"
        )
        problems.warning(table.file, None, "unnamed pictures", message)
    return [None] * len(frame), [""] * len(frame)


def _of(value: str, by_stem: dict[str, list[str]]) -> str:
    """The one file that is named after an id, "" if there is none or several are."""
    for behind in _BEHIND if value else ():
        if files := by_stem.get(folded(value + behind)):
            return files[0] if len(files) == 1 else ""
    return ""


def _told(
    names: list[str], values: list[str], label: str, table: Table, search: PictureSearch, problems: Problems
) -> tuple[list[Path | None], list[str]]:
    paths = [search.find(name).path if name else None for name in names]
    kept = [name if path else "" for name, path in zip(names, paths, strict=True)]
    first = next(place for place, name in enumerate(names) if name)
    message = (
        f"no item names a picture, so they were found by {label}: {sum(map(bool, kept)):,} of {len(names):,} "
        f"(row {table.rows[first]}: {quoted(values[first])} -> {quoted(names[first])})"
    )
    problems.note(table.file, None, "picture by id", message)
    return paths, kept
