"""Reading tables as strangers made them: every fault is noted with its row, none crashes.

This module knows about bytes, characters, quotation marks and columns; what the columns mean is checked in
``mamex.data.contents``. Whatever reads a table reads it here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from mamex.data.problems import Problems
from mamex.data.tables.careful import parse_carefully
from mamex.data.tables.columns import ALIASES
from mamex.data.tables.dialect import Dialect, find_dialect
from mamex.data.tables.encodings import as_utf8
from mamex.data.tables.files import find_table
from mamex.data.tables.limits import DatasetLimits
from mamex.data.tables.naming import Naming
from mamex.data.tables.plain import after_lines, parse_plain
from mamex.data.tables.table import Records, Table
from mamex.data.tables.table_bytes import count_lines, read_bytes

__all__ = ["FEATURES", "Table", "read_file", "read_table"]

#: Folder of a dataset with arrays of features, which the encoder "features" reads in the place of pictures and words.
FEATURES = "features"
#: A spreadsheet has 1,048,576 rows, and may write them all.
MOST_BLANK = 1_100_000
_FIRST_LINE = re.compile(rb"(?:^|(?<=\r))[^\r\n]*[^\s,;|][^\r\n]*", flags=re.MULTILINE)


def read_table(
    folder: Path,
    stem: str,
    required: Sequence[str],
    optional: Sequence[str],
    problems: Problems,
    limits: DatasetLimits | None = None,
) -> Table | None:
    """Read the table of "items" or of "interactions" of a folder: ``stem``.csv, or the file that is meant by it.

    Columns named in ``required`` or ``optional`` are found whatever their case and spacing, or by the name that they
    have elsewhere (``mamex.data.tables.columns``); a missing optional column comes back empty. ``limits`` says how
    much is read at most; as much as this machine can hold if None.

    Returns:
        The table, or None if nothing of it can be used; ``problems`` then says why.
    """
    path = find_table(folder, stem, problems)
    return read_file(path, stem, required, optional, problems, limits) if path else None


def read_file(
    path: Path,
    stem: str,
    required: Sequence[str],
    optional: Sequence[str],
    problems: Problems,
    limits: DatasetLimits | None = None,
) -> Table | None:
    """The same of one file."""
    limits = limits or DatasetLimits.of_this_machine()
    file = path.name
    data = read_bytes(path, problems, limits)
    text = None if data is None else as_utf8(data, file, problems)
    if text is None or (text is not data and _is_short_of_memory(text, file, problems, limits)):
        return None
    data = text
    dialect = find_dialect(data, ALIASES.get(stem, {}))
    if dialect.has_title:
        message = f"the lines above row {dialect.lines_above + 1} are no header and were left out"
        problems.note(file, None, "title", message)
    if _is_too_wide(data, dialect, file, problems, limits):
        return None
    if _is_nearly_blank(data, file, problems):
        return None
    records = parse_plain(data, dialect) or parse_carefully(data, file, dialect, problems, limits)
    del data, text  # a large table is held twice already
    return _named(records, stem, file, required, optional, problems, limits)


def _named(
    records: Records,
    stem: str,
    file: str,
    required: Sequence[str],
    optional: Sequence[str],
    problems: Problems,
    limits: DatasetLimits,
) -> Table | None:
    empty = not records.header_row
    if empty and records.complete:
        problems.error(file, None, "empty file", "is empty; it needs a header row and at least one row below it")
    columns = len(records.headers)
    over = _is_over(len(records.rows), limits.rows, "rows", file, problems)
    over = over or _is_over(columns, limits.columns, "columns", file, problems)
    table = None if empty or over else Naming(stem, file, records, problems).table(required, optional)
    if table is not None or empty:
        for fault in records.faults:
            fault.tell(file, problems)
    if table is not None and (records.longest is None or records.longest > limits.characters):
        _tell_long_fields(table, problems, limits)
    return table


def _tell_long_fields(table: Table, problems: Problems, limits: DatasetLimits) -> None:
    for name in table.frame:
        long = table.frame[name].str.len().to_numpy() > limits.characters
        message = f"has a field of more than {limits.characters:,} characters; shorten it"
        problems.each(table.file, table.rows[long], "error", "long field", message)


def _is_short_of_memory(data: bytes, file: str, problems: Problems, limits: DatasetLimits) -> bool:
    """Whether it takes more memory than may be used, now that it is in UTF-8."""
    shortage = limits.shortage(data)
    if shortage:
        problems.error(file, None, "too large", shortage)
    return bool(shortage)


def _is_too_wide(data: bytes, dialect: Dialect, file: str, problems: Problems, limits: DatasetLimits) -> bool:
    """Whether the first line that says something has more columns than are read; parsing them takes minutes."""
    found = _FIRST_LINE.search(data, after_lines(data, dialect.lines_above) if b"\n" in data else 0)
    columns = 1 + found[0].count(dialect.delimiter.encode()) if found else 0
    return _is_over(columns, limits.columns, "columns", file, problems)


def _is_nearly_blank(data: bytes, file: str, problems: Problems) -> bool:
    """Whether most of very many lines say nothing; each of them would be taken apart to find that out."""
    if data.count(b"\n") + data.count(b"\r") <= MOST_BLANK:
        return False
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
