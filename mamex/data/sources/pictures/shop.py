"""A shop's own export whose pictures are addresses: fetched, and named in a copy of its table.

Everything else of the export is copied as it is; a picture that lies in the folder already is taken along.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pandas as pd

from mamex.data.contents.pictures import PictureSearch
from mamex.data.contents.pictures.names import names_in
from mamex.data.problems import Problems
from mamex.data.sources.download import Downloader
from mamex.data.sources.pictures.download import Wanted, fetch_pictures
from mamex.data.sources.writing import copy_pictures
from mamex.data.tables.reader import FEATURES, Table, read_table
from mamex.errors import SourceError
from mamex.files.writing import atomic_path
from mamex.modalities import PICTURE_COLUMN
from mamex.progress import Progress

#: Addresses of one cell that are tried.
_MOST_TRIED = 3
#: Of an id that names a picture's file; a longer one is shortened to its hash.
_LONGEST_ID = 60
#: What is copied besides the table of items.
_COPIED = (".csv", ".tsv", ".txt", ".gz", ".json", ".xlsx", ".npy")


@dataclass(frozen=True)
class FetchedPictures:
    """What was written: ``fetched`` of ``wanted`` addresses, and ``kept`` pictures that were in the folder already."""

    folder: Path
    rows: int
    wanted: int
    fetched: int
    kept: int
    unknown: int

    def __str__(self) -> str:
        lines = [
            f"Written to {self.folder}: {self.rows:,} rows of items; {self.fetched:,} of {self.wanted:,} pictures were "
            f"fetched, {self.kept:,} were in the folder already."
        ]
        if self.fetched < self.wanted:
            lost = self.wanted - self.fetched
            lines.append(f"{lost:,} could not be fetched and are left empty; the same command tries them again.")
        if self.unknown:
            lines.append(f"{self.unknown:,} cells are neither an http address nor a picture of the folder; they stay.")
        return "\n".join([*lines, f"Check it with: python -m mamex check {self.folder}"])


def prepare_pictures(
    out: Path, source: Path, downloader: Downloader, progress: Progress, workers: int = 8
) -> FetchedPictures:
    """Write a dataset folder like ``source`` whose pictures are files.

    Args:
        out: the folder to write; another one than ``source``.
        source: the shop's export: a table of items, one of interactions.
        downloader: how to fetch; its ``most_bytes`` bounds each picture.
        progress: called as work goes on.
        workers: pictures fetched at once.

    Raises:
        SourceError: the table of items can't be read, names no picture, or no server answers.
    """
    if out.resolve() == source.resolve():
        raise SourceError(f"--out names the folder that is read, {source}; give another one.")
    table = _items(source)
    cells = table.frame[PICTURE_COLUMN].str.strip()
    ids = table.frame["item_id"].str.strip()
    first = pd.DataFrame({"cell": cells, "id": ids})[cells.ne("")].drop_duplicates("cell")
    search = PictureSearch(source)
    found = {cell: search.find(cell) for cell in first["cell"]}
    local = {cell: (result.path, result.name.replace("\\", "/")) for cell, result in found.items() if result.path}
    taken = {unquote(Path(name).stem) for _, name in local.values()}  # no picture is written over another
    wanted: dict[str, Wanted] = {}
    for cell, item_id in zip(first["cell"], first["id"], strict=True):
        if cell not in local and (urls := _addresses(cell)):
            wanted[cell] = Wanted(_file_id(item_id, cell, taken), urls)
            taken.add(wanted[cell].item_id)
    there = fetch_pictures(list(wanted.values()), out, downloader, workers, progress)
    copy_pictures(local.values(), out, progress)
    names = {cell: name for cell, (_, name) in local.items()}
    names |= {cell: there.get(want.item_id, "") for cell, want in wanted.items()}
    frame = table.frame.assign(**{PICTURE_COLUMN: cells.map(lambda cell: names.get(cell, cell))})
    _copy_others(source, out, table.file)
    with atomic_path(out / "items.csv") as path:
        frame.rename(columns=dict(table.read)).to_csv(path, index=False, lineterminator="\n", errors="replace")
    fetched = sum(want.item_id in there for want in wanted.values())
    unknown = int((cells.ne("") & ~cells.isin(list(names))).sum())
    return FetchedPictures(out, len(frame), len(wanted), fetched, len(local), unknown)


def _items(source: Path) -> Table:
    problems = Problems()
    table = read_table(source, "items", ("item_id", PICTURE_COLUMN), (), problems)
    if table is None or table.missing:
        errors = problems.errors()
        raise SourceError(
            f"{source} can't be used: {errors[0]}."
            if errors
            else f"{source} has no table of items; give the folder that holds items.csv."
        )
    if table.frame[PICTURE_COLUMN].str.strip().eq("").all():
        raise SourceError(f"{table.file} of {source} names no picture; write addresses into the column image.")
    return table


def _addresses(cell: str) -> tuple[str, ...]:
    """The http addresses that a cell holds, the first first."""
    found = []
    for name in names_in(cell):
        if re.match(r"//[^/]|www\.[^/]+/", name, flags=re.IGNORECASE):
            name = f"https:{name}" if name.startswith("//") else f"https://{name}"
        if re.match(r"https?://", name, flags=re.IGNORECASE):
            found.append(name)
    return tuple(dict.fromkeys(found))[:_MOST_TRIED]


def _file_id(item_id: str, cell: str, taken: set[str]) -> str:
    """What a picture's file is named after: the item, or a hash where that is too long or names another picture."""
    digest = hashlib.sha256(cell.encode("utf-8", "replace")).hexdigest()[:16]
    return item_id if 0 < len(item_id) <= _LONGEST_ID and item_id not in taken else digest


def _copy_others(source: Path, out: Path, table: str) -> None:
    """The other tables and arrays, as they are."""
    names = [path.name for path in source.iterdir() if path.suffix.lower() in _COPIED and path.name != table]
    arrays = source / FEATURES
    names += [f"{FEATURES}/{path.name}" for path in arrays.glob("*")] if arrays.is_dir() else []
    for name in names:
        if not name.startswith(".") and (source / name).is_file():
            with atomic_path(out / name) as path:
                shutil.copyfile(source / name, path)
