"""A table on its way: records of a file as they were parsed, and the same with our names for its columns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import pandas as pd

from mamex.data.problems import Problems


@dataclass(frozen=True)
class Table:
    """A file's records: ``frame`` holds str only; ``rows[i]`` is the line where record i begins.

    Attributes:
        file: its name.
        frame: one column for each that was asked for, and further ones; those of interactions are categorical, as
            large tables repeat few values.
        rows: (n,) int64.
        damaged: (n,) bool: record i had the wrong number of fields (it is kept, cut or filled up, so that its id is
            known).
        complete: False when a part of the file could not be read.
        missing: the required columns that the file lacks; they are in ``frame`` all the same, empty.
        read: our name -> what the file calls it, of each column that was asked for and found.
        also: our name -> the file's names of further columns that may be meant by it, the likeliest first; each is in
            ``frame`` under the file's name.
        unread: the file's names of its other columns.
    """

    file: str
    frame: pd.DataFrame
    rows: np.ndarray
    damaged: np.ndarray
    complete: bool = True
    missing: tuple[str, ...] = ()
    read: dict[str, str] = field(default_factory=dict)
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    unread: tuple[str, ...] = ()


class Columns(Protocol):
    """The fields below a header, column by column."""

    def texts(self, position: int) -> list[str]:
        """The fields of a column."""

    def is_blank(self, position: int) -> bool:
        """Whether nothing but spaces stands in a column."""

    def coded(self, position: int) -> tuple[np.ndarray, list[str]]:
        """The same as codes and distinct fields, these in the order in which they come."""


@dataclass(frozen=True)
class Fault:
    """One kind of fault, and the rows that have it.

    Attributes:
        message: in words, made from a place in ``rows``.
    """

    kind: str
    rows: np.ndarray
    message: Callable[[int], str]

    def tell(self, file: str, problems: Problems) -> None:
        """Add it to the problems of a file, as errors."""
        problems.each(file, self.rows, "error", self.kind, self.message)


@dataclass(frozen=True)
class Records:
    """What was parsed of a file.

    Attributes:
        headers: the fields of the first record, as written.
        header_row: the line where it begins; 0 where there is no record.
        columns: the fields of the other records.
        rows, damaged, complete: as ``Table`` has them, of the other records.
        faults: what is wrong with records.
        longest: characters of a field at most, if that is known.
        may_be_wrapped: whether there may be fields that a spreadsheet has written something around.
    """

    headers: list[str]
    header_row: int
    columns: Columns
    rows: np.ndarray
    damaged: np.ndarray
    complete: bool = True
    faults: tuple[Fault, ...] = ()
    longest: int | None = None
    may_be_wrapped: bool = True
