"""The image column of items.csv: the picture of each record, and what to say about how it was found or lost."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mamex.data.contents.pictures.by_id import pictures_by_id
from mamex.data.contents.pictures.names import folded, forms
from mamex.data.contents.pictures.placeholders import find_placeholders, tell_placeholders
from mamex.data.contents.pictures.same import same_pictures
from mamex.data.contents.pictures.search import OTHER_FOLDER, Found, PictureSearch
from mamex.data.problems import SHOWN_OF_A_KIND, Problems
from mamex.data.tables.reader import Table
from mamex.files.words import quoted
from mamex.modalities import PICTURE_COLUMN

WILL_BE_MISSING = "(will be treated as missing)"
#: Kinds of problems by which an item loses its picture.
_LOST = {"missing": "missing picture", "ambiguous": "ambiguous picture", "address": "picture address"}


@dataclass(frozen=True)
class Pictures:
    """The picture of each record.

    Attributes:
        paths: where it is; None where there is none, or only a placeholder.
        names: by which ``PictureFinder`` finds it again; as written where it isn't there, "" for a placeholder.
        same: (n,) int64, equal where two records show the same content; -1 where there is no picture.
    """

    paths: list[Path | None]
    names: list[str]
    same: np.ndarray


def find_pictures(frame: pd.DataFrame, table: Table, folder: Path, problems: Problems) -> Pictures:
    """The picture of each record; what is wrong with names, or was ignored in them, is added to ``problems``.

    Args:
        frame: title, description and image of each record, and any further columns.
        table: where the records come from.
        folder: the dataset folder.
        problems: is added to.
    """
    named = frame[PICTURE_COLUMN].where(~table.damaged, "")
    search = PictureSearch(folder)
    if len(named) and named.eq("").all():
        paths, names = pictures_by_id(frame, table, search, problems)
    else:
        paths, names = _named_pictures(frame[PICTURE_COLUMN].tolist(), named, table, search, problems)
    same = same_pictures(paths)
    placeholders = find_placeholders(frame, same, names)
    tell_placeholders(placeholders, names, table.rows, table.file, problems)
    for record in (record for placeholder in placeholders for record in placeholder.records.tolist()):
        paths[record], names[record], same[record] = None, "", -1
    return Pictures(paths, names, same)


def _named_pictures(
    written: list[str], named: pd.Series, table: Table, search: PictureSearch, problems: Problems
) -> tuple[list[Path | None], list[str]]:
    codes, cells = pd.factorize(named)
    found = _without_clashes({cell: search.find(cell) for cell in cells.tolist()})
    column = _Column(table, codes, cells.tolist(), [found[cell] for cell in cells], search)
    column.tell(problems)
    results = [column.found[code] for code in codes.tolist()]
    names = [result.name or cell for result, cell in zip(results, written, strict=True)]
    return [result.path for result in results], names


def _without_clashes(found: dict[str, Found]) -> dict[str, Found]:
    """Without the pictures that names of different folders would share: "a/1.jpg" and "b/1.jpg" are two pictures."""
    meant: dict[str, set[str]] = defaultdict(set)
    for cell, result in found.items():
        if result.path is not None:
            meant[result.name].add(_meant(cell) if OTHER_FOLDER in result.ignored else result.name)
    clashing = {name for name, names in meant.items() if len(names) > 1}
    return {
        cell: Found(None, fault="missing", alike=(result.name,))
        if OTHER_FOLDER in result.ignored and result.name in clashing
        else result
        for cell, result in found.items()
    }


def _meant(cell: str) -> str:
    return folded(next((form for form, _ in forms(cell)), cell))


@dataclass(frozen=True)
class _Column:
    """Distinct cells and what they lead to; ``codes[i]`` is the cell of record i."""

    table: Table
    codes: np.ndarray
    cells: list[str]
    found: list[Found]
    search: PictureSearch

    def tell(self, problems: Problems) -> None:
        self._settle_rooted()
        self._tell_loudly(problems)
        self._tell_outside(problems)
        self._tell_lost(problems)
        self._tell_addresses(problems)
        self._tell_ignored(problems)
        self._tell_empty(problems)

    def _settle_rooted(self) -> None:
        """Where a leading slash means the folder, as other names show, a further one leads nowhere, not outside."""
        rooted = "with a leading slash or drive"
        if any(rooted in found.ignored for found in self.found):
            for code, found in enumerate(self.found):
                if found.fault == "outside" and any(rooted in ignored for _, ignored in forms(self.cells[code])):
                    self.found[code] = Found(None, fault="missing")

    def _records(self, fault: str) -> np.ndarray:
        """The records whose cells have a fault, in order."""
        faulty = np.array([found.fault == fault for found in self.found], dtype=bool)
        return np.flatnonzero(faulty[self.codes]) if len(faulty) else np.empty(0, dtype=np.int64)

    def _tell_loudly(self, problems: Problems) -> None:
        """Say once, before all else, that most pictures are lost."""
        named = np.array([bool(found.path or found.fault) for found in self.found], dtype=bool)[self.codes].sum()
        lost = {fault: len(self._records(fault)) for fault in _LOST}
        total = sum(lost.values())
        if total < 2 or 2 * total <= named:
            return
        words = {"missing": "not in the folder", "ambiguous": "fit several files", "address": "addresses"}
        reasons = ", ".join(f"{count:,} {words[fault]}" for fault, count in lost.items() if count)
        message = (
            f"{total:,} of {named:,} items that name a picture lose it ({reasons}), so most pictures say nothing; "
            "repair the names or add the pictures, as the warnings below tell"
        )
        problems.warning(self.table.file, None, "most pictures lost", message)

    def _tell_outside(self, problems: Problems) -> None:
        records = self._records("outside")

        def message(place: int) -> str:
            name = quoted(self.cells[self.codes[records[place]]])
            return f"the picture {name} is outside the folder; copy it to images/ and name that"

        problems.each(self.table.file, self.table.rows[records], "error", "picture outside", message)

    def _tell_lost(self, problems: Problems) -> None:
        records = self._records("missing")

        def missing(place: int) -> str:
            cell = self.cells[self.codes[records[place]]]
            near = self._near(cell) if place < SHOWN_OF_A_KIND else ""
            return f"there is no picture {quoted(cell)} in the folder{near} {WILL_BE_MISSING}"

        problems.each(self.table.file, self.table.rows[records], "warning", _LOST["missing"], missing)
        several = self._records("ambiguous")

        def ambiguous(place: int) -> str:
            code = self.codes[several[place]]
            files = " and ".join(quoted(name) for name in self.found[code].alike)
            return f"the picture {quoted(self.cells[code])} may be {files}; write which of them {WILL_BE_MISSING}"

        problems.each(self.table.file, self.table.rows[several], "warning", _LOST["ambiguous"], ambiguous)

    def _near(self, cell: str) -> str:
        if not self.search.index.complete:
            return ", which has too many files to look for one of a similar name"
        alike = self.found[self.cells.index(cell)].alike
        near = alike[0] if alike else self.search.nearest(cell)
        return f"; the nearest is {quoted(near)}" if near else ""

    def _tell_addresses(self, problems: Problems) -> None:
        records = self._records("address")
        inside = np.array([cell.lower().startswith("data:") for cell in self.cells], dtype=bool)[self.codes[records]]
        if inside.any():
            message = f"holds {int(inside.sum()):,} pictures in the cells themselves (data:…); save them as files"
            problems.warning(self.table.file, None, _LOST["address"], f"{message} {WILL_BE_MISSING}")
        records = records[~inside]
        if len(records):
            count = "an address" if len(records) == 1 else f"one of {len(records):,} addresses"
            message = (
                f"the picture {quoted(self.cells[self.codes[records[0]]])} is {count}; fetch them with python -m mamex "
                f"prepare pictures --from DIR --out DIR2 {WILL_BE_MISSING}"
            )
            problems.warning(self.table.file, int(self.table.rows[records[0]]), _LOST["address"], message)

    def _tell_ignored(self, problems: Problems) -> None:
        """One note on all pictures that were found otherwise than written, with an example for each way."""
        firsts: dict[str, int] = {}
        counts: Counter[str] = Counter()
        total = 0
        for record, code in enumerate(self.codes.tolist()):
            ignored = self.found[code].ignored
            total += bool(ignored)
            counts.update(ignored)
            for way in ignored:
                firsts.setdefault(way, record)
        if total:
            ways = "; ".join(f"{counts[way]:,} {way} ({self._example(record)})" for way, record in firsts.items())
            plural = "picture was" if total == 1 else "pictures were"
            message = f"{total:,} {plural} found under a slightly different name: {ways}"
            problems.note(self.table.file, None, "picture found", message)

    def _example(self, record: int) -> str:
        code = self.codes[record]
        return f"row {self.table.rows[record]}: {quoted(self.cells[code])} -> {quoted(self.found[code].name)}"

    def _tell_empty(self, problems: Problems) -> None:
        empty = np.array([bool(cell) and not found.path and not found.fault for cell, found in self._pairs()])
        records = np.flatnonzero(empty[self.codes]) if len(empty) else np.empty(0, dtype=np.int64)
        if len(records):
            first = self.codes[records[0]]
            message = f"{len(records):,} cells of the column image say that there is none: {quoted(self.cells[first])}"
            problems.note(self.table.file, int(self.table.rows[records[0]]), "no picture", message)

    def _pairs(self) -> list[tuple[str, Found]]:
        return list(zip(self.cells, self.found, strict=True))
