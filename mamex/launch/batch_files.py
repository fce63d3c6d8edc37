"""Many planned products from one file: a table, or a zip with a table and the pictures that it names.

The table is read as those of a dataset are: its columns may have the names that shop systems give them. A row that
can't be used keeps its row number and gets a reason; the others are read all the same.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from mamex.data.contents.items import ITEM_COLUMNS
from mamex.data.contents.pictures import PictureFinder, PictureSearch
from mamex.data.problems import Problem, Problems
from mamex.data.tables.files import ENDINGS
from mamex.data.tables.limits import DatasetLimits
from mamex.data.tables.naming import not_read
from mamex.data.tables.reader import Table, read_file
from mamex.errors import BatchError
from mamex.files.archives import ArchiveLimits, unpack
from mamex.files.markup import without_markup
from mamex.files.pictures.picture import Picture
from mamex.files.plain_files import NotPlainError, read_plain
from mamex.files.words import printable, quoted
from mamex.files.writing import storage_errors
from mamex.modalities import PICTURE_COLUMN, TEXT_COLUMNS

#: About a minute of work on two cores.
MOST_ROWS = 500
ARCHIVE = ArchiveLimits(files=2000, megabytes=250)
#: Of the table; a launch reads 20,000 characters of a text at most.
MOST_MEGABYTES, MOST_LINES, MOST_FIELDS = 20, 100_000, 1_000_000
LIMITS = DatasetLimits(memory_megabytes=250, megabytes=MOST_MEGABYTES, columns=500, characters=100_000)
#: Of the folders that zip files are unpacked into, for finding what a killed program left behind.
PREFIX = "mamex-batch-"
#: What tells the rows of one product, the first that is filled.
GROUPS = ("handle", "item_group", "item_id")
TEMPLATE = """item_id,title,description,image
P-1,Stoneware mug,"Holds 350 ml, dishwasher safe, made by hand.",images/mug.jpg
P-2,Wool throw,A warm throw for cold evenings; washes at 30 degrees.,
"""
#: Faults of one row; any other fault is one of the file.
_ROW_FAULTS = (
    "number of fields",
    "encoding",
    "nul",
    "open quotation mark",
    "closed quotation mark",
    "long field",
)


@dataclass(frozen=True)
class PlannedRow:
    """One row of the file.

    Attributes:
        row: the line of the file where it begins; the header is line 1.
        item_id, title, description: as written; "" where empty.
        picture: the picture's file, which is deleted after the run; None if there is none.
        warnings: what the row lost, in words; the first also tells how the file was read.
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
        upload: a table (.csv, .tsv, .txt), or a .zip file.
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
    name = upload.name.lower()
    if not name.endswith((*ENDINGS, ".zip")):
        raise BatchError(f"{upload.name} is neither a CSV nor a zip file; save the table as 'CSV UTF-8'.")
    root = unpack(upload, folder / "unpacked", ARCHIVE) if name.endswith(".zip") else None
    table_file = upload if root is None else _only_table(root)
    _check_bounds(table_file)
    problems = Problems()
    wanted = tuple(dict.fromkeys((*ITEM_COLUMNS, *GROUPS)))
    table = read_file(table_file, "items", (), wanted, problems, LIMITS)
    if table is not None and not {*TEXT_COLUMNS, PICTURE_COLUMN} & table.read.keys():
        raise BatchError(_no_column(table))
    faults = _row_faults(table, problems, table_file.name)
    if table is None or not (len(table.frame) or faults):
        raise BatchError(f"{table_file.name} has no rows; it needs a header and one row for each product.")
    if len(table.frame) > most:
        raise BatchError(f"{table_file.name} has {len(table.frame):,} rows; at most {most} run at once: split it.")
    return _rows(table, faults, _Pictures(root, table_file), _of_the_file(table, problems, wanted))


def _no_column(table: Table) -> str:
    names = [*table.read.values(), *(name for name in table.frame.columns if name in table.unread)]
    seen = ", ".join(quoted(name) for name in names[:12]) or "none"
    return (
        f"{table.file} has no column 'title', 'description' or 'image'; the columns are: {seen}; name one of them so."
    )


def _of_the_file(table: Table, problems: Problems, wanted: tuple[str, ...]) -> tuple[str, ...]:
    """How the file was read, in words, and which of its columns were not."""
    told = [problem.message for severity in ("note", "warning") for problem in problems if problem.severity == severity]
    unread = [str(name) for name in table.frame.columns if name not in (*wanted, *table.read.values())]
    if unread:
        told.append(printable(not_read(unread)))
    return tuple(f"{table.file}: {sentence}" for sentence in told)


def _only_table(root: Path) -> Path:
    files = [path for path in sorted(root.rglob("*")) if path.name[0] not in "._"]
    tables = [path for path in files if path.suffix.lower() == ".csv"]
    tables = tables or [
        path for path in files if path.name.lower().endswith(ENDINGS) and "readme" not in path.name.lower()
    ]
    if len(tables) != 1:
        found = "no CSV file" if not tables else f"{len(tables)} CSV files"
        raise BatchError(f"The zip file holds {found}; put in exactly one, with a row for each product.")
    return tables[0]


def _check_bounds(path: Path) -> None:
    try:
        data = read_plain(path, MOST_MEGABYTES * 2**20)
    except FileNotFoundError as error:
        raise BatchError(f"There is no file {quoted(path.name)}; choose it again.") from error
    except NotPlainError as error:
        raise BatchError(f"{path.name} {error}; it needs a header and one row for each product, few enough.") from error
    for ends, most, what in ((b"\n\r", MOST_LINES, "lines"), (b",;\t|", MOST_FIELDS, "fields")):
        if sum(data.count(end) for end in ends) > most:
            raise BatchError(f"{path.name} has more than {most:,} {what}; {MOST_ROWS} rows run at once: split it.")


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


def _rows(table: Table, faults: dict[int, str], pictures: _Pictures, told: tuple[str, ...]) -> list[PlannedRow]:
    rows = []
    frame = table.frame[list(dict.fromkeys((*ITEM_COLUMNS, *GROUPS)))].apply(lambda column: column.str.strip())
    groups = [next(filter(None, names), "") for names in zip(*(frame[name] for name in GROUPS), strict=True)]
    first: dict[str, int] = {}
    columns = [frame[name] for name in ITEM_COLUMNS]
    for row, group, item_id, title, description, image in zip(table.rows.tolist(), groups, *columns, strict=True):
        fault = faults.pop(row, "")
        title, description = without_markup(title), without_markup(description)
        picture, lost = pictures.find(image)
        if not fault and not title and not description:
            if group in first:
                fault = f"{'only adds a picture to' if image else 'is a further variant of'} row {first[group]}"
            elif picture is None:
                fault = lost or "has no title, no description and no picture"
        elif not fault and group:
            first.setdefault(group, row)
        warnings = (lost,) if lost and not fault else ()
        rows.append(PlannedRow(row, item_id, title, description, picture, warnings, fault))
    rest = [PlannedRow(row, "", "", "", None, (), fault) for row, fault in faults.items()]
    planned = sorted([*rows, *rest], key=lambda planned: planned.row)
    usable = next((place for place, row in enumerate(planned) if not row.fault), 0)
    planned[usable] = replace(planned[usable], warnings=(*planned[usable].warnings, *told))
    return planned


class _Pictures:
    """Finds the pictures that rows name: beside the table, or anywhere in the zip if only one file fits the name."""

    def __init__(self, root: Path | None, table: Path) -> None:
        self._searches = [PictureSearch(folder) for folder in (table.parent, root)] if root else []

    def find(self, name: str) -> tuple[Path | None, str]:
        """Its file (None if there is none), and "" or what is wrong."""
        if not name:
            return None, ""
        if not self._searches:
            is_address = PictureFinder(Path()).find(name)[1] == "address"
            lost = "is an address" if is_address else "did not come with the CSV"
            return None, f"the picture {quoted(name)} {lost}; put the pictures and the table into one zip"
        for search in self._searches:
            found = search.find(name)
            if found.path is not None:
                return found.path, ""
        if not found.fault:  # it says that there is none
            return None, ""
        return None, {
            "address": f"the picture {quoted(name)} is an address; put the picture itself into the zip",
            "outside": f"the picture {quoted(name)} is outside the zip; name one that is in it",
            "ambiguous": f"the picture {quoted(name)} may be {' or '.join(map(quoted, found.alike))} in the zip",
        }.get(found.fault, f"there is no picture {quoted(name)} in the zip")
