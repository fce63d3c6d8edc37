"""Records become a table: its columns get our names, and what a spreadsheet wrote around a cell is taken off."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from mamex.data.problems import Problems, Severity
from mamex.data.tables.columns import ALIASES, SHARED, Found, find_columns, known_names, plain_name, written_alike
from mamex.data.tables.table import Records, Table
from mamex.files.spreadsheet import plain_cell
from mamex.files.words import quoted

#: Text that may begin with an apostrophe of its own: "'Tis the season" is a title.
_WORDS = ("title", "description", "item_name")
_MOST_NAMED = 20


def not_read(names: Sequence[str]) -> str:
    """ "not read: price, channel": the columns of a table that nothing was made of."""
    more = f" and {len(names) - _MOST_NAMED:,} more" if len(names) > _MOST_NAMED else ""
    return f"not read: {', '.join(name[:60] for name in names[:_MOST_NAMED])}{more}"


class Naming:
    """Names the columns of one file's records.

    Attributes:
        stem: "items", whose other columns are kept, or "interactions", whose other columns are not read; each of the
            latter's is categorical.
    """

    def __init__(self, stem: str, file: str, records: Records, problems: Problems) -> None:
        self._file, self._records, self._problems = file, records, problems
        self._aliases = ALIASES.get(stem, {})
        self._headers = [header.strip() for header in records.headers]
        self._keeps_all = stem != "interactions"
        self._unwrapped = 0

    def table(self, required: Sequence[str], optional: Sequence[str]) -> Table | None:
        """The table; None if its columns can't be told apart, and ``problems`` says so."""
        wanted = [*required, *optional]
        if required and len(self._headers) == 1 and not known_names(self._headers, self._aliases):
            self._tell_one_column(required)
            return None
        found = find_columns(self._headers, wanted, self._aliases, self._records.columns.is_blank)
        missing = tuple(name for name in required if name not in found.places)
        self._tell_headers(found, missing)
        further = self._further(found)
        meant = {place for places in found.also.values() for place in places}
        unread = [place for place in further if place not in meant and place not in found.places.values()]
        columns = {name: self._column(name, found.places.get(name)) for name in wanted}
        columns |= {
            self._headers[place]: self._column(self._headers[place], place)
            for place in further
            if self._headers[place] not in columns and (self._keeps_all or place in meant)
        }
        self._tell_values([] if self._keeps_all or missing else unread)
        return Table(
            self._file,
            pd.DataFrame(columns, index=pd.RangeIndex(len(self._records.rows))),
            self._records.rows,
            self._records.damaged,
            self._records.complete,
            missing,
            {name: self._headers[place] for name, place in found.places.items()},
            {name: tuple(self._headers[place] for place in places) for name, places in found.also.items()},
            tuple(self._headers[place] for place in unread),
        )

    def _further(self, found: Found) -> list[int]:
        """Positions of the columns that have a name and are none of ours, or one that others share."""
        ours = {place for name, place in found.places.items() if name not in SHARED}
        first = {header: place for place, header in reversed(list(enumerate(self._headers))) if header}
        return sorted(place for place in first.values() if place not in ours)

    def _column(self, name: str, place: int | None) -> pd.Series:
        """A column's fields; empty where the file doesn't have it."""
        if self._keeps_all:
            texts = [""] * len(self._records.rows) if place is None else self._records.columns.texts(place)
            return pd.Series(self._plain_cells(name, texts, None), dtype="str")
        if place is None:
            codes, distinct = np.zeros(len(self._records.rows), dtype=np.int64), [""]
        else:
            codes, distinct = self._records.columns.coded(place)
            plain = self._plain_cells(name, distinct, codes)
            if plain is not distinct:  # two that were written in different ways may be one now
                again, values = pd.factorize(np.array(plain, dtype=object))
                codes, distinct = again[codes], values.tolist()
        return pd.Series(pd.Categorical.from_codes(codes, categories=pd.Index(distinct, dtype="str")))

    def _plain_cells(self, name: str, texts: list[str], codes: np.ndarray | None) -> list[str]:
        """Without what spreadsheets write around a cell; ``codes`` tell how often each text comes, once if None."""
        if not self._records.may_be_wrapped:
            return texts
        suspects = [place for place, text in enumerate(texts) if text.lstrip()[:1] in ("=", "'")]
        plain = {place: plain_cell(texts[place], is_text=name in _WORDS) for place in suspects}
        changed = [place for place in suspects if plain[place] != texts[place]]
        if not changed:
            return texts
        self._unwrapped += len(changed) if codes is None else int(np.isin(codes, changed).sum())
        return [plain.get(place, text) for place, text in enumerate(texts)]

    def _tell(self, severity: Severity, kind: str, message: str) -> None:
        rows = np.array([self._records.header_row], dtype=np.int64)
        self._problems.each(self._file, rows, severity, kind, message)

    def _tell_one_column(self, required: Sequence[str]) -> None:
        """One error in the place of one a row: nothing else can be said of a table that isn't taken apart."""
        names = " or ".join(quoted(name) for name in required[:2])
        advice = "separate the columns by commas, semicolons or tabs"
        message = f"has no column {names}, the header reads {quoted(self._headers[0])}; name them there, and {advice}"
        self._tell("error", "missing column", message)

    def _tell_headers(self, found: Found, missing: tuple[str, ...]) -> None:
        for name in found.twice:
            self._tell("error", "column twice", f"names the column {quoted(name)} twice; remove one")
        seen: set[str] = set()
        for place, header in enumerate(self._headers):
            if not header and not self._records.columns.is_blank(place):
                message = f"column {place + 1} has no name and is left out; name it, or remove it"
                self._tell("warning", "unnamed column", message)
            elif header in seen and not written_alike(header, found.twice):
                message = f"names the column {quoted(header)} twice; the first was read, remove one"
                self._tell("warning", "column twice", message)
            seen.add(header)
        for name in missing:
            self._tell("error", "missing column", f"has no column {quoted(name)}; add it ({self._columns_seen()})")
        foreign = [
            f'"{self._headers[place][:60]}" was read as {name}'
            if number == 0
            else f'"{self._headers[place][:60]}" as {name}'
            for number, (name, place) in enumerate(
                (name, place)
                for name, place in found.places.items()
                if name not in SHARED and plain_name(self._headers[place]) != plain_name(name)
            )
        ]
        if foreign:
            self._tell("note", "column names", ", ".join(foreign))

    def _columns_seen(self) -> str:
        named = [header for header in self._headers if header]
        if not named:
            return "no column has a name"
        seen = "the columns are: " + ", ".join(quoted(name) for name in named[:12])
        if not known_names(named, self._aliases):
            seen += "; if the first row is no header, write one above it"
        return seen

    def _tell_values(self, unread: list[int]) -> None:
        if unread:
            self._tell("note", "columns not read", not_read([self._headers[place] for place in unread]))
        if self._unwrapped:
            message = f'{self._unwrapped:,} cells are written as ="…" or behind an apostrophe, which was taken off'
            self._problems.note(self._file, None, "spreadsheet cells", message)
