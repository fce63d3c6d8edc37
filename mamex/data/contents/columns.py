"""Columns of interactions.csv by their distinct values, and rows of it that are left out or told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from mamex.data.problems import Problems, Severity
from mamex.files.words import quoted

#: How many examples a sentence gives.
EXAMPLES = 4


@dataclass(frozen=True)
class Column:
    """A column without surrounding spaces: row i holds ``values[codes[i]]``.

    Large tables repeat few values, so whatever a value means is found out once for each.
    """

    name: str
    codes: np.ndarray  # (n,) int64
    values: pd.Series  # (m,) str, distinct

    @classmethod
    def of(cls, cells: pd.Series) -> Column:
        """A column of a table, as the reader gives it."""
        codes, distinct = pd.factorize(cells)
        texts = distinct.tolist()
        stripped = [text.strip() for text in texts]  # several times faster than a Series' own, on a million texts
        if stripped != texts:
            merged, unique = pd.factorize(pd.Series(stripped, dtype="str"))
            codes, stripped = merged[codes], unique.tolist()
        return cls(str(cells.name), codes, pd.Series(stripped, dtype="str"))

    @property
    def is_empty(self) -> np.ndarray:
        """(n,) bool: which rows have nothing in it?"""
        return self.rows_of(self.values.eq("").to_numpy(dtype=bool))

    def rows_of(self, chosen: np.ndarray) -> np.ndarray:
        """(n,) bool: which rows hold one of the values chosen, (m,) bool?"""
        return np.asarray(chosen[self.codes], dtype=bool)

    def counts(self, rows: np.ndarray | None = None) -> np.ndarray:
        """(m,) int64: how many rows, or how many of the rows given as (n,) bool, hold each value?"""
        codes = self.codes if rows is None else self.codes[rows]
        return np.bincount(codes, minlength=len(self.values))

    def most_common(self, rows: np.ndarray, most: int = EXAMPLES) -> list[tuple[str, int]]:
        """The most common values of some rows, (n,) bool, with their counts; the first of equals first."""
        counts = self.counts(rows)
        best = np.argsort(-counts, kind="stable")[:most]
        return [(str(self.values.iloc[place]), int(counts[place])) for place in best if counts[place]]

    def filled_from(self, groups: np.ndarray, group_of_none: int, first_row_only: bool = False) -> Column:
        """Empty rows take the first value that another row of their group has, or what its first row has.

        Args:
            groups: (n,) int64, the group of each row.
            group_of_none: the group of rows that have none, and stay as they are.
            first_row_only: whether a value counts for its group only if it stands in the group's first row.
        """
        empty = self.is_empty
        wanted = empty & (groups != group_of_none)
        if not wanted.any():
            return self
        sources = np.arange(len(groups)) if first_row_only else np.flatnonzero(~empty)
        first = np.full(int(groups.max()) + 1, -1, dtype=np.int64)
        first[groups[sources[::-1]]] = self.codes[sources[::-1]]  # of rows of one group, the first is written last
        codes = self.codes.copy()
        found = first[groups[wanted]]
        codes[wanted] = np.where(found >= 0, found, codes[wanted])
        return Column(self.name, codes, self.values)

    def replaced_from(self, other: Column, chosen: np.ndarray) -> Column:
        """The rows chosen, (n,) bool, take what another column has; its name stays."""
        values, codes = pd.factorize(pd.concat([self.values, other.values], ignore_index=True))[::-1]
        mine, theirs = codes[: len(self.values)], codes[len(self.values) :]
        return Column(
            self.name, np.where(chosen, theirs[other.codes], mine[self.codes]), pd.Series(values, dtype="str")
        )

    def only(self, chosen: np.ndarray) -> Column:
        """The same, empty but for the rows chosen, (n,) bool."""
        blank = Column(self.name, np.zeros(len(self.codes), dtype=np.int64), pd.Series([""], dtype="str"))
        return blank.replaced_from(self, chosen)


@dataclass
class Rows:
    """The rows of interactions.csv that are read, and what there is to say about them.

    ``numbers[i]`` is the line where row i begins. ``left_out`` gathers why rows don't count, in words, for the case
    that none remains.
    """

    file: str
    numbers: np.ndarray
    problems: Problems
    left_out: list[str] = field(default_factory=list)

    def tell(self, severity: Severity, kind: str, chosen: np.ndarray | None, message: str) -> None:
        """Say one sentence about the rows chosen, (n,) bool, at the first of them; about the file if None."""
        row = None if chosen is None or not chosen.any() else int(self.numbers[np.argmax(chosen)])
        tellers = {"error": self.problems.error, "warning": self.problems.warning, "note": self.problems.note}
        tellers[severity](self.file, row, kind, message)

    def leave_out(self, severity: Severity, kind: str, chosen: np.ndarray, message: str) -> None:
        """The same for rows that don't count."""
        self.left_out.append(f"{self.share(chosen)}: {kind}")
        self.tell(severity, kind, chosen, message)

    def share(self, chosen: np.ndarray) -> str:
        """ "31 of 180 rows", for (n,) bool."""
        return f"{int(chosen.sum()):,} of {len(self.numbers):,} {'row' if len(self.numbers) == 1 else 'rows'}"


def listed(names: Sequence[str], total: int | None = None) -> str:
    """'a', 'b', 'c' …: the first of some names, quoted; ``total`` says how many there are if not all are given."""
    total = len(names) if total is None else total
    return ", ".join(quoted(name) for name in names[:EXAMPLES]) + (" …" if total > min(len(names), EXAMPLES) else "")


def counted(values: Sequence[tuple[str, int]]) -> str:
    """ "'NULL' 20, 'None' 11": values with their counts."""
    return ", ".join(f"{quoted(value)} {count:,}" for value, count in values)
