"""Many planned products from one file: a CSV, or a zip with a CSV and the pictures that it names.

Columns are title, description, image and, if the products have numbers, item_id; the header may call them by another
usual name. A row that can't be used keeps its row number and gets a reason; the others are read all the same.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mamex.data.contents.items import ITEM_COLUMNS
from mamex.data.contents.pictures import PictureFinder
from mamex.data.problems import Problem, Problems
from mamex.data.tables.limits import DatasetLimits
from mamex.data.tables.reader import FOREIGN_BEGINNINGS, UTF8_MARK, Table, read_table
from mamex.errors import BatchError
from mamex.files.archives import ArchiveLimits, unpack
from mamex.files.pictures.picture import Picture
from mamex.files.plain_files import NotPlainError, read_plain
from mamex.files.words import quoted
from mamex.files.writing import storage_errors
from mamex.modalities import PICTURE_COLUMN, TEXT, TEXT_COLUMNS

#: About a minute of work on two cores.
MOST_ROWS = 500
ARCHIVE = ArchiveLimits(files=2000, megabytes=250)
#: Of the table; a launch reads 20,000 characters of a text at most.
MOST_MEGABYTES, MOST_LINES, MOST_FIELDS = 20, 100_000, 1_000_000
LIMITS = DatasetLimits(memory_megabytes=250, megabytes=MOST_MEGABYTES, columns=500, characters=100_000)
#: Of the folders that zip files are unpacked into, for finding what a killed program left behind.
PREFIX = "mamex-batch-"
#: What each column may be called; the first is what the rest of MAMEX calls it. A "name" beside a "title" is a number.
COLUMNS = {
    "title": ("title", "name", "product", "product_name", "product_title", "heading"),
    "description": ("description", TEXT, "words", "details", "body", "product_description"),
    PICTURE_COLUMN: (PICTURE_COLUMN, "picture", "photo", "image_file", "picture_file", "filename", "file", "img"),
    "item_id": ("item_id", "id", "sku", "number", "article", "article_number", "code", "ref", "name"),
}
TEMPLATE = """item_id,title,description,image
P-1,Stoneware mug,"Holds 350 ml, dishwasher safe, made by hand.",images/mug.jpg
P-2,Wool throw,A warm throw for cold evenings; washes at 30 degrees.,
"""
#: Faults of one row; any other fault is one of the file.
_ROW_FAULTS = ("number of fields", "encoding", "nul", "open quotation mark", "long field")


@dataclass(frozen=True)
class PlannedRow:
    """One row of the file.

    Attributes:
        row: the line of the file where it begins; the header is line 1.
        item_id, title, description: as written; "" where empty.
        picture: the picture's file, which is deleted after the run; None if there is none.
        warnings: what the row lost, in words.
        fault: why it can't run, "" if it can.
    """

    row: int
    item_id: str
    title: str
    description: str
    picture: Path | Picture | None
    warnings: tuple[str, ...] = ()
    fault: str = ""


@contextmanager
def planned_rows(upload: Path, most: int = MOST_ROWS, scratch: Path | None = None) -> Iterator[list[PlannedRow]]:
    """The rows of an upload; what was unpacked is deleted when the block ends.

    Args:
        upload: a .csv or .zip file.
        most: how many rows are taken.
        scratch: folder to unpack in; the system's for temporary files if None.

    Raises:
        BatchError: the file can't be used; one sentence says why.
        ArchiveError: the zip file can't be unpacked.
        StorageError: there is no room for what it holds.
    """
    with storage_errors(Path(upload.name)):
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=scratch))
    try:
        yield _read(upload, folder, most)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read(upload: Path, folder: Path, most: int) -> list[PlannedRow]:
    kind = upload.suffix.lower()
    if kind not in (".csv", ".zip"):
        raise BatchError(f"{upload.name} is neither a CSV nor a zip file; save the table as 'CSV UTF-8'.")
    root = unpack(upload, folder / "unpacked", ARCHIVE) if kind == ".zip" else None
    table_file = upload if root is None else _only_table(root)
    data = _bounded_bytes(table_file)
    with storage_errors(Path(table_file.name)):
        _write_plain(data, table_file.name, folder / "table" / "items.csv")
    problems = Problems()
    table = read_table(folder / "table", "items", (), tuple(COLUMNS), problems, LIMITS)
    faults = _row_faults(table, problems, table_file.name)
    if table is None or not (len(table.frame) or faults):
        raise BatchError(f"{table_file.name} has no rows; it needs a header and one row for each product.")
    if len(table.frame) > most:
        raise BatchError(f"{table_file.name} has {len(table.frame):,} rows; at most {most} run at once: split it.")
    return _rows(table, faults, _Pictures(root, table_file))


def _only_table(root: Path) -> Path:
    tables = [path for path in sorted(root.rglob("*")) if path.suffix.lower() == ".csv" and path.name[0] not in "._"]
    if len(tables) != 1:
        found = "no CSV file" if not tables else f"{len(tables)} CSV files"
        raise BatchError(f"The zip file holds {found}; put in exactly one, with a row for each product.")
    return tables[0]


def _bounded_bytes(path: Path) -> bytes:
    try:
        data = read_plain(path, MOST_MEGABYTES * 2**20)
    except FileNotFoundError as error:
        raise BatchError(f"There is no file {quoted(path.name)}; choose it again.") from error
    except NotPlainError as error:
        raise BatchError(f"{path.name} {error}; it needs a header and one row for each product, few enough.") from error
    for ends, most, what in ((b"\n\r", MOST_LINES, "lines"), (b",;\t", MOST_FIELDS, "fields")):
        if sum(data.count(end) for end in ends) > most:
            raise BatchError(f"{path.name} has more than {most:,} {what}; {MOST_ROWS} rows run at once: split it.")
    return data


def _write_plain(data: bytes, name: str, target: Path) -> None:
    """Write a table with commas and the names of ``COLUMNS`` in its header; lines stay where they are."""
    target.parent.mkdir()
    if data.startswith(tuple(FOREIGN_BEGINNINGS)):
        target.write_bytes(data)  # the reader says what it is
        return
    # What is not UTF-8 survives, so that the reader can say in which row it is.
    text = data.removeprefix(UTF8_MARK).decode("utf-8", "surrogateescape")
    text = text if "\n" in text else text.replace("\r", "\n")  # as an old Macintosh ends lines
    lines = text.split("\n")
    place = next((number for number, line in enumerate(lines) if line.strip()), None)
    if place is not None:
        delimiter = max(",;\t", key=lines[place].count)
        if delimiter != ",":
            lines = _with_commas(text, delimiter, name).split("\n")
        try:
            headers = next(csv.reader([lines[place].rstrip("\r")]), [])
        except csv.Error as error:
            raise BatchError(f"{name} has a header that can't be read; write the columns' names there.") from error
        lines[place] = _line(_known_names(headers, name))
    target.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))


def _with_commas(text: str, delimiter: str, name: str) -> str:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return "\n".join(_line(record) for record in reader)
    except csv.Error as error:
        raise BatchError(f"{name}, row {reader.line_num}: a quotation mark is not closed, or closed twice.") from error


def _line(record: Sequence[str]) -> str:
    stream = io.StringIO()
    # Only fields with one of the characters that end lines are put into quotation marks.
    csv.writer(stream, lineterminator="\r\n").writerow(record)
    return stream.getvalue().removesuffix("\r\n")


def _known_names(headers: list[str], name: str) -> list[str]:
    """The header with our names for the columns that are known, "" for a further column of the same name."""
    plain = [re.sub(r"\W+", "_", header.strip().lower()).strip("_") for header in headers]
    named = list(headers)
    taken: set[int] = set()
    for column, usual in COLUMNS.items():
        places = [plain.index(alias) for alias in usual if alias in plain and plain.index(alias) not in taken]
        if places:
            named[places[0]] = column
            taken.add(places[0])
    if not taken & {place for place, header in enumerate(named) if header in (*TEXT_COLUMNS, PICTURE_COLUMN)}:
        seen = ", ".join(quoted(header) for header in headers[:12]) or "none"
        raise BatchError(
            f"{name} has no column 'title', 'description' or 'image'; the columns are: {seen}; name one of them so."
        )
    return named


def _row_faults(table: Table | None, problems: Problems, name: str) -> dict[int, str]:
    """Row -> its fault.

    Raises:
        BatchError: something is wrong with the file as a whole.
    """
    faults: dict[int, str] = {}
    for problem in problems.errors():
        if table is None or problem.kind not in _ROW_FAULTS or problem.row is None:
            raise BatchError(f"{name} {problem.message}.")
        faults.setdefault(_record_of(problem, table), problem.message)
    return faults


def _record_of(problem: Problem, table: Table) -> int:
    """The row where the record begins that holds a fault; a record may have several lines."""
    assert problem.row is not None
    if problem.kind == "open quotation mark":  # this record is not in the table
        return problem.row
    before = int(np.searchsorted(table.rows, problem.row, side="right"))
    return int(table.rows[before - 1]) if before else problem.row


def _rows(table: Table, faults: dict[int, str], pictures: _Pictures) -> list[PlannedRow]:
    rows = []
    columns = [table.frame[name].str.strip() for name in ITEM_COLUMNS]
    for row, item_id, title, description, image in zip(table.rows.tolist(), *columns, strict=True):
        fault = faults.pop(row, "")
        picture, lost = pictures.find(image)
        if not fault and picture is None and not title and not description:
            fault = lost or "has no title, no description and no picture"
        warnings = (lost,) if lost and not fault else ()
        rows.append(PlannedRow(row, item_id, title, description, picture, warnings, fault))
    rest = [PlannedRow(row, "", "", "", None, (), fault) for row, fault in faults.items()]
    return sorted([*rows, *rest], key=lambda planned: planned.row)


class _Pictures:
    """Finds the pictures that rows name: beside the table, or anywhere in the zip if only one file has that name."""

    def __init__(self, root: Path | None, table: Path) -> None:
        self._finder = PictureFinder(table.parent) if root else None
        self._by_name: dict[str, list[Path]] = {}
        for path in sorted(root.rglob("*")) if root else []:
            if path.is_file():
                self._by_name.setdefault(path.name.lower(), []).append(path)

    def find(self, name: str) -> tuple[Path | None, str]:
        """Its file (None if there is none), and "" or what is wrong."""
        if not name:
            return None, ""
        if self._finder is None:
            return None, f"the picture {quoted(name)} did not come with the CSV; put both into one zip"
        path, fault = self._finder.find(name)
        if fault == "address":
            return None, f"the picture {quoted(name)} is an address; put the picture itself into the zip"
        if fault == "outside":
            return None, f"the picture {quoted(name)} is outside the zip; name one that is in it"
        alike = self._by_name.get(Path(name.replace("\\", "/")).name.lower(), [])
        if path is None and len(alike) == 1:
            return alike[0], ""
        return (path, "") if path else (None, f"there is no picture {quoted(name)} in the zip")
