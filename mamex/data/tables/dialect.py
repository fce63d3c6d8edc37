"""How a table is written: what separates its fields, and how its quotation marks are."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from mamex.data.tables.columns import Aliases, known_names

#: The likeliest first; what they are called in a sentence.
DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
#: Characters from the beginning of a table by which its dialect is decided.
_SAMPLE = 1 << 17
_MOST_RECORDS = 200
_MOST_LINES_ABOVE = 10
#: A spreadsheet says in the first line what it separates fields by.
_FIRST_LINE = re.compile(r'"?sep=(?:([,;\t|])|tab)"?[,;\t|]*(?:\r\n|\r|\n|$)', flags=re.IGNORECASE)


@dataclass(frozen=True)
class Dialect:
    """How a table is written.

    Attributes:
        delimiter: the character between two fields.
        lines_above: lines above the header: one that only says which the delimiter is, or those of a report's title.
        has_title: whether they are a title.
        skips_spaces: whether spaces before a field, and before its quotation mark, don't belong to it.
        backslashes: whether a quotation mark within a text is written with a backslash, and not twice.
    """

    delimiter: str = ","
    lines_above: int = 0
    has_title: bool = False
    skips_spaces: bool = False
    backslashes: bool = False

    @property
    def separators(self) -> str:
        """The delimiter in words."""
        return DELIMITERS[self.delimiter]


def find_dialect(data: bytes, aliases: Aliases) -> Dialect:
    """The delimiter by which a header has the most names that are known, and its records as many fields as it has.

    Args:
        data: the table in UTF-8.
        aliases: names of columns.
    """
    sample = data[:_SAMPLE].decode("utf-8", "replace")
    named = _FIRST_LINE.match(sample)
    if named:
        return Dialect(named[1] or "\t", lines_above=1)
    whole = sample if len(data) <= _SAMPLE else sample[: 1 + max(sample.rfind("\n"), sample.rfind("\r"))] or sample
    likely = [delimiter for delimiter in DELIMITERS if delimiter in whole] or [","]
    title = max((_title(whole, delimiter, aliases) for delimiter in likely), key=lambda found: found[0])
    if title[0]:
        return Dialect(title[1], lines_above=title[2], has_title=True)
    return Dialect(max(likely, key=lambda delimiter: _fit(whole, delimiter, aliases)))


def _title(sample: str, delimiter: str, aliases: Aliases) -> tuple[int, str, int]:
    """Names that are known in a header below a report's title, the delimiter, and the lines above; 0 names if none is.

    A title is one field alone, and no name; a header has two names that are known.
    """
    lines = io.StringIO(sample, newline="").readlines()[: _MOST_LINES_ABOVE + 1]
    with long_fields():
        for number, line in enumerate(lines):
            fields = [field for field in next(csv.reader([line], delimiter=delimiter), []) if field.strip()]
            known = known_names(fields, aliases)
            if known >= 2:
                return (known if number and _has_text(lines[:number], delimiter) else 0), delimiter, number
            if len(fields) > 2 or known or line.count('"') % 2:  # the header itself, or a field of several lines
                break
    return 0, delimiter, 0


def _has_text(lines: list[str], delimiter: str) -> bool:
    return any(line.replace(delimiter, "").strip() for line in lines)


def _fit(sample: str, delimiter: str, aliases: Aliases) -> tuple[int, float, bool, bool]:
    """How well a delimiter fits; a greater one is better."""
    records = []
    with long_fields():
        for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(field.strip() for field in record):
                records.append(record)
            if len(records) > _MOST_RECORDS:
                break
    header, body = (records[0], records[1:]) if records else ([], [])
    known = known_names(header, aliases)
    alike = sum(len(record) == len(header) for record in body) / len(body) if body else 1.0
    if len(header) < 2 and not known:  # it isn't there, or only in texts
        most = Counter(map(len, body)).most_common(1)
        alike = 0.0 if most and most[0][0] > 1 else alike / 2
    return known, alike, len(header) > 1, delimiter == ","


@contextmanager
def long_fields() -> Iterator[None]:
    """Fields as long as they come; the limit of Python's parser is global, and put back afterwards."""
    former_limit = csv.field_size_limit(2**31 - 1)
    try:
        yield
    finally:
        csv.field_size_limit(former_limit)
