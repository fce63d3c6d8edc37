"""Parsing a table record by record, so that each fault gets its row."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from mamex.data.problems import Problems
from mamex.data.tables.dialect import Dialect, long_fields
from mamex.data.tables.limits import DatasetLimits
from mamex.data.tables.table import Fault, Records

# Put after the last line of a file: if it ends up inside a field, a quotation mark was never closed. It holds
# a NUL, which the text itself can no longer hold when it is read.
_END = "\x00end of file\x00"
#: A quotation mark behind an odd number of backslashes.
_BACKSLASHED = re.compile(r'(?<!\\)((?:\\\\)*)\\"')


@dataclass(frozen=True)
class ListedColumns:
    """The fields of records, as lists of str."""

    records: list[list[str]]

    def texts(self, position: int) -> list[str]:
        """The fields of a column."""
        return [record[position] for record in self.records]

    def is_blank(self, position: int) -> bool:
        """Whether nothing but spaces stands in a column."""
        return not any(record[position].strip() for record in self.records)

    def coded(self, position: int) -> tuple[np.ndarray, list[str]]:
        """The same as codes and distinct fields, these in the order in which they come."""
        codes, distinct = pd.factorize(np.array(self.texts(position), dtype=object))
        return codes, distinct.tolist()


@dataclass
class _Parsed:
    """Records of one way of reading, each filled up or cut to the width of the first, and what is wrong with them."""

    records: list[list[str]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    going_on: list[int] = field(default_factory=list)
    open_at: int | None = None

    @property
    def width(self) -> int:
        return self.widths[0] if self.widths else 0

    @property
    def number_of_faults(self) -> int:
        """Lines that can't be read so; what lies behind an open quotation mark isn't known."""
        wrong = sum(width != self.width for width in self.widths) if not self.has_one_more else 0
        return wrong + len(self.going_on) + (10**9 if self.open_at is not None else 0)

    @property
    def has_one_more(self) -> bool:
        """Whether each record below the header ends in a delimiter too many."""
        one_more = self.width + 1
        return len(self.widths) > 1 and all(width == -one_more for width in self.widths[1:])


def parse_carefully(
    data: bytes, file: str, dialect: Dialect, problems: Problems, limits: DatasetLimits | None = None
) -> Records:
    """The records of any table in UTF-8; of the ways in which its quotation marks can be meant, the one that fits."""
    text = data.decode("utf-8")
    most = limits.rows + 2 if limits else None  # the header, and one that is too many
    parsed = _parse(text, dialect, most)
    for other in _other_ways(text, dialect) if parsed.number_of_faults else ():
        tried = _parse(text, other, most)
        if tried.number_of_faults < parsed.number_of_faults:
            parsed, dialect = tried, other
    if dialect.backslashes:
        count = len(_BACKSLASHED.findall(text))
        message = f'{count:,} quotation marks are written as \\" and were read as quotation marks within a text'
        problems.note(file, None, "quotation marks", message)
    if parsed.has_one_more:
        message = f"every row ends with one of the {dialect.separators} more than the header; it was left out"
        problems.note(file, None, "separator", message)
    return _as_records(parsed, dialect)


def _other_ways(text: str, dialect: Dialect) -> Iterator[Dialect]:
    if '\\"' in text:
        yield replace(dialect, backslashes=True)
    if f'{dialect.delimiter} "' in text:
        yield replace(dialect, skips_spaces=True)


def _parse(text: str, dialect: Dialect, most: int | None) -> _Parsed:
    if dialect.backslashes:
        text = _BACKSLASHED.sub(r'\1""', text)
    with long_fields():
        try:
            return _collected(_records(text, dialect, strict=True), dialect, most)
        except csv.Error:
            return _collected(_records(text, dialect, strict=False), dialect, most)


def _records(text: str, dialect: Dialect, strict: bool) -> Iterator[tuple[int, list[str], bool]]:
    """Each record with the line where it begins, and whether a field goes on after its closing quotation mark.

    One that swallowed the end of the file holds ``_END``.
    """
    lines: list[str] = []
    feed = itertools.chain(io.StringIO(text, newline=""), [_END])
    reader = csv.reader(
        feed if strict else (lines.append(line) or line for line in feed),  # type: ignore[func-returns-value]
        delimiter=dialect.delimiter,
        skipinitialspace=dialect.skips_spaces,
        strict=strict,
    )
    begin = 1
    for record in reader:
        if record != [_END]:
            yield begin, record, not strict and _goes_on(lines, record, dialect)
        begin = reader.line_num + 1
        lines.clear()


def _goes_on(lines: list[str], record: list[str], dialect: Dialect) -> bool:
    if not any('"' in line for line in lines) or _END in lines:
        return False
    text = re.sub(rf'"[ ]+(?=[{re.escape(dialect.delimiter)}\r\n]|$)', '"', "".join(lines))
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.delimiter,
        skipinitialspace=dialect.skips_spaces,
        strict=True,
    )
    try:
        return [field.strip() for field in next(reader, [])] != [field.strip() for field in record]
    except csv.Error:
        return True


def _collected(records: Iterator[tuple[int, list[str], bool]], dialect: Dialect, most: int | None) -> _Parsed:
    parsed = _Parsed()
    for row, record, goes_on in records:
        if record and _END in record[-1]:
            parsed.open_at = row
            break
        if row <= dialect.lines_above or not any(field.strip() for field in record):
            continue  # the rows of commas that spreadsheets leave at the end are blank, too
        length = len(record)
        width = parsed.width or length
        if length != width:
            # One delimiter too many is told by a minus, as all records of a file may have it.
            length = -length if length == width + 1 and not record[-1].strip() else length
            record = record[:width] + [""] * (width - len(record))
        if goes_on:
            parsed.going_on.append(row)
        parsed.records.append(record)
        parsed.rows.append(row)
        parsed.widths.append(length)
        if len(parsed.records) == most:
            break
    return parsed


def _as_records(parsed: _Parsed, dialect: Dialect) -> Records:
    rows, widths = np.array(parsed.rows, dtype=np.int64), np.abs(np.array(parsed.widths, dtype=np.int64))
    damaged = (widths != parsed.width) & (not parsed.has_one_more)
    wrong = widths[damaged]
    faults = [
        Fault("number of fields", rows[damaged], lambda place: _wrong_number(wrong[place], parsed.width, dialect)),
        Fault("closed quotation mark", np.array(parsed.going_on, dtype=np.int64), lambda _: _GOES_ON),
    ]
    if parsed.open_at is not None:
        message = "opens a quotation mark and never closes it; close it, or remove it"
        faults.append(Fault("open quotation mark", np.array([parsed.open_at], dtype=np.int64), lambda _: message))
    return Records(
        parsed.records[0] if parsed.records else [],
        int(rows[0]) if len(rows) else 0,
        ListedColumns(parsed.records[1:]),
        rows[1:],
        damaged[1:],
        parsed.open_at is None,
        tuple(fault for fault in faults if len(fault.rows)),
    )


_GOES_ON = (
    "has a field that goes on after its closing quotation mark; "
    'write a quotation mark within a text twice ("12"" tall"), or export with doubled quotation marks'
)


def _wrong_number(found: int, width: int, dialect: Dialect) -> str:
    fields = f"has {found} field{'s' if found != 1 else ''}, the header has {width}"
    if found < width:
        return f"{fields}; fill the row up, and put texts with line breaks or {dialect.separators} in quotation marks"
    return f"{fields}; put texts with {dialect.separators} in quotation marks"
