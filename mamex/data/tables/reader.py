"""Reading tables as strangers made them: every fault is noted with its row, none crashes.

This module knows about bytes, characters, quotation marks and columns; what the columns mean is checked in
``dataset_contents``. Both ``read_dataset`` and ``check_dataset`` read through here.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from mamex.data.problems import MOST_OF_A_KIND, Problems
from mamex.data.tables.limits import DatasetLimits
from mamex.data.tables.table_bytes import count_lines, read_bytes
from mamex.files.words import quoted

#: Folder of a dataset with arrays of features, which the encoder "features" reads in the place of pictures and words.
FEATURES = "features"
#: A spreadsheet has 1,048,576 rows, and may write them all.
MOST_BLANK = 1_100_000
UTF8_MARK = b"\xef\xbb\xbf"
#: How the files of other programs begin, and what to say about them.
FOREIGN_BEGINNINGS = {
    b"\x1f\x8b": "is compressed; rename it so that its name ends in .csv.gz",
    b"PK\x03\x04": "is a spreadsheet or zip archive; save it as 'CSV UTF-8'",
    b"\xff\xfe": "is UTF-16 text; save it as 'CSV UTF-8'",
    b"\xfe\xff": "is UTF-16 text; save it as 'CSV UTF-8'",
}
# Put after the last line of a file: if it ends up inside a field, a quotation mark was never closed. It holds
# a NUL, which the text itself can no longer hold when it is read.
_END = "\x00end of file\x00"
_FIRST_LINE = re.compile(r"^[^\r\n]*[^\s,][^\r\n]*", flags=re.MULTILINE)
_BLANK_RECORD = re.compile(r"^(?:[^\S\n]|,)*$", flags=re.MULTILINE)


@dataclass(frozen=True)
class Table:
    """A file's records: ``frame`` holds str only; ``rows[i]`` is the line where record i begins.

    ``damaged[i]`` says that record i had the wrong number of fields (it is kept, cut or filled up, so that
    its id is known). ``complete`` is False when a part of the file could not be read. ``missing`` names the
    required columns that the file lacks; they are in ``frame`` all the same, empty.
    """

    file: str
    frame: pd.DataFrame
    rows: np.ndarray
    damaged: np.ndarray
    complete: bool = True
    missing: tuple[str, ...] = ()


def read_table(
    folder: Path,
    stem: str,
    required: Sequence[str],
    optional: Sequence[str],
    problems: Problems,
    limits: DatasetLimits | None = None,
) -> Table | None:
    """Read ``stem``.csv or ``stem``.csv.gz.

    Columns named in ``required`` or ``optional`` are found whatever their case and spacing; a missing
    optional column comes back empty, further columns keep their names. ``limits`` says how much is read at most; as
    much as this machine can hold if None.

    Returns:
        The table, or None if nothing of it can be used; ``problems`` then says why.
    """
    path = _find_file(folder, stem, problems)
    limits = limits or DatasetLimits.of_this_machine()
    data = read_bytes(path, problems, limits) if path else None
    if path is None or data is None:
        return None
    file = path.name
    text = _decode(data, file, problems)
    if text is None or _is_too_wide(text, file, problems, limits):
        return None
    table = _parse_plain(data, text, file)
    if table is None and _is_nearly_blank(data, file, problems):
        return None
    table = table or _parse_carefully(text, file, problems, limits)
    del data, text  # a large table is held twice already
    return _name_columns(table, required, optional, problems) if _is_bounded(table, problems, limits) else None


def _is_too_wide(text: str, file: str, problems: Problems, limits: DatasetLimits) -> bool:
    """Whether the first line that says something has more columns than are read; parsing them takes minutes."""
    found = _FIRST_LINE.search(text)
    return _is_over(1 + found[0].count(",") if found else 0, limits.columns, "columns", file, problems)


def _is_nearly_blank(data: bytes, file: str, problems: Problems) -> bool:
    """Whether most of very many lines say nothing; each of them would be taken apart to find that out."""
    filled, blank = count_lines(data)
    nearly = blank > max(MOST_BLANK, filled)
    if nearly:
        message = f"has {blank:,} lines that are blank or of commas alone, and {filled:,} others; remove the blank ones"
        problems.error(file, None, "blank lines", message)
    return nearly


def _is_over(number: int, most: int, what: str, file: str, problems: Problems) -> bool:
    if number > most:
        message = f"has {number:,} {what} or more, and {most:,} are read at most; leave some out"
        problems.error(file, None, f"too many {what}", message)
    return number > most


def _is_bounded(table: Table, problems: Problems, limits: DatasetLimits) -> bool:
    """Whether it has no more rows and columns than are read; fields that are too long are noted."""
    rows, columns = table.frame.shape
    over = _is_over(rows - 1, limits.rows, "rows", table.file, problems)
    if over or _is_over(columns, limits.columns, "columns", table.file, problems):
        return False
    for name in table.frame:
        long = table.frame[name].str.len().to_numpy() > limits.characters
        message = f"has a field of more than {limits.characters:,} characters; shorten it"
        problems.each(table.file, table.rows[long], "error", "long field", message)
    return True


def _find_file(folder: Path, stem: str, problems: Problems) -> Path | None:
    try:
        names = sorted(entry.name for entry in folder.iterdir())
    except (OSError, ValueError):
        return None  # the caller has said that there is no such folder
    found = [name for name in (f"{stem}.csv", f"{stem}.csv.gz") if name in names]
    if len(found) == 2:
        message = f"{found[1]} is there as well; keep one of the two (only {found[0]} was checked)"
        problems.error(found[0], None, "two files", message)
    if found:
        return folder / found[0]
    alike = [name for name in names if name.lower() in (f"{stem}.csv", f"{stem}.csv.gz")]
    advice = f"rename {quoted(alike[0])} to {alike[0].lower()}" if alike else "add it"
    problems.error(f"{stem}.csv", None, "missing file", f"there is no such file in the folder; {advice}")
    return None


def _decode(data: bytes, file: str, problems: Problems) -> str | None:
    """Bytes to characters; what is not UTF-8 is noted and replaced, so that the rest can be checked too."""
    for beginning, message in FOREIGN_BEGINNINGS.items():
        if data.startswith(beginning):
            problems.error(file, None, "foreign file", message)
            return None
    data = data.removeprefix(UTF8_MARK)
    if not data.strip():
        problems.error(file, None, "empty file", "is empty; it needs a header row and at least one row below it")
        return None
    if b"\x00" not in data:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    noted = len(problems)
    for row, line in enumerate(data.splitlines(), start=1):
        if len(problems) - noted >= MOST_OF_A_KIND:
            return None  # nobody reads so many, and it isn't text at all
        if b"\x00" in line:
            message = "holds a NUL character; remove it, or save the file as 'CSV UTF-8'"
            problems.error(file, row, "nul", message)
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            message = f"is not UTF-8 (byte 0x{line[error.start]:02X} at position {error.start + 1})"
            problems.error(file, row, "encoding", f"{message}; save the file as 'CSV UTF-8'")
    return data.decode("utf-8", errors="replace").replace("\x00", "\ufffd")


def _parse_plain(data: bytes, text: str, file: str) -> Table | None:
    """The fast path, for a file without quotation marks whose records have as many fields as its header.

    Returns None for any other file: only ``_parse_carefully`` can say where its faults are.
    """
    if '"' in text or "\ufffd" in text or text.count("\r") != text.count("\r\n"):
        return None
    if _BLANK_RECORD.search(text, 0, len(text) - text.endswith("\n")):
        return None
    try:
        frame = pd.read_csv(
            io.BytesIO(data.removeprefix(UTF8_MARK)),
            header=None,
            dtype=str,
            keep_default_na=False,
            skip_blank_lines=False,
            quoting=csv.QUOTE_NONE,
        )
    # Too many fields, or something else that only the careful path can name.
    except (ValueError, OverflowError):
        return None
    if len(frame) != text.count("\n") + (not text.endswith("\n")):
        return None
    # pandas refuses a record with too many fields, so the number of commas is right only if none has too few
    # either.
    if text.count(",") != len(frame) * (frame.shape[1] - 1):
        return None
    rows = np.arange(1, len(frame) + 1, dtype=np.int64)
    return Table(file, frame, rows, np.zeros(len(frame), dtype=bool))


def _parse_carefully(text: str, file: str, problems: Problems, limits: DatasetLimits | None = None) -> Table:
    """The slow path: record by record, so that each fault gets its row. The first record is the header."""
    most = limits.rows + 2 if limits else None  # the header, and one that is too many
    records: list[list[str]] = []
    rows: list[int] = []
    damaged: list[bool] = []
    complete = True
    for row, record in _records(text):
        if record and _END in record[-1]:
            message = "opens a quotation mark and never closes it; close it, or remove it"
            problems.error(file, row, "open quotation mark", message)
            complete = False
            break
        if not any(field.strip() for field in record):
            continue  # blank lines, and the rows of commas that spreadsheets leave at the end
        width = len(records[0]) if records else len(record)
        wrong = len(record) != width
        if wrong:
            message = f"has {len(record)} fields, the header has {width}; put texts with commas in quotation marks"
            problems.error(file, row, "number of fields", message)
            record = record[:width] + [""] * (width - len(record))
        records.append(record)
        rows.append(row)
        damaged.append(wrong)
        if len(records) == most:
            break
    frame = pd.DataFrame(records, dtype=str)
    return Table(file, frame, np.array(rows, dtype=np.int64), np.array(damaged, dtype=bool), complete)


def _records(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line where it begins; one that swallowed the end of the file holds ``_END``."""
    former_limit = csv.field_size_limit(2**31 - 1)  # the limit is global: put it back afterwards
    try:
        reader = csv.reader(itertools.chain(io.StringIO(text, newline=""), [_END]))
        begin = 1
        for record in reader:
            if record != [_END]:
                yield begin, record
            begin = reader.line_num + 1
    finally:
        csv.field_size_limit(former_limit)


def _name_columns(table: Table, required: Sequence[str], optional: Sequence[str], problems: Problems) -> Table | None:
    """Take the header off and name the columns; known columns come first, in the order asked for."""
    file, frame = table.file, table.frame
    if frame.empty:
        if table.complete:
            problems.error(file, None, "empty file", "is empty; it needs a header row and at least one row below it")
        return None
    header_row = int(table.rows[0])
    known = [*required, *optional]
    columns: dict[str, int] = {}
    for position, header in enumerate(frame.iloc[0]):
        name = _column_name(str(header), known)
        if not name:
            if frame.iloc[1:, position].ne("").any():
                message = f"column {position + 1} has no name and is left out; name it, or remove it"
                problems.warning(file, header_row, "unnamed column", message)
        elif name in columns:
            problems.error(file, header_row, "column twice", f"names the column {quoted(name)} twice; remove one")
        else:
            columns[name] = position
    missing = tuple(name for name in required if name not in columns)
    for name in missing:
        message = f"has no column {quoted(name)}; add it ({_columns_seen(list(columns))})"
        problems.error(file, header_row, "missing column", message)
    body = frame.iloc[1:].reset_index(drop=True)
    named = {name: body.iloc[:, columns[name]] for name in known if name in columns}
    named |= {name: body.iloc[:, position] for name, position in columns.items() if name not in known}
    blank = pd.Series("", index=body.index, dtype="str")
    ordered = {name: named.get(name, blank) for name in known} | named
    result = pd.DataFrame(ordered, index=body.index)
    return Table(file, result, table.rows[1:], table.damaged[1:], table.complete, missing)


def _column_name(header: str, known: Sequence[str]) -> str:
    header = header.strip()
    plain = re.sub(r"[\s-]+", "_", header).lower()
    return plain if plain in known else header


def _columns_seen(names: list[str]) -> str:
    if len(names) == 1 and re.search(r"[;\t|]", names[0]):
        return f"the header reads {quoted(names[0])}: separate the columns by commas"
    return "the columns are: " + ", ".join(quoted(name) for name in names[:12]) if names else "no column has a name"
