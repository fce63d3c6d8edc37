"""Faults of a dataset folder, as they are noted, grouped and put into words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mamex.files.words import printable

#: A note tells that something was read otherwise than it is written, and how.
Severity = Literal["error", "warning", "note"]


#: How many problems of one kind in one file are kept; the others are only counted, as they would fill the memory.
MOST_OF_A_KIND = 10_000
#: How many problems of one kind are printed before the rest is summed up.
SHOWN_OF_A_KIND = 5


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of a dataset folder.

    ``row`` is the line of the file where the record begins (the header is row 1), or None for the file as a
    whole. ``kind`` is the same for all problems that a report may sum up together.
    """

    file: str
    row: int | None
    severity: Severity
    message: str
    kind: str = ""

    def __post_init__(self) -> None:
        # Names of files and columns are strangers' words, and a terminal obeys some characters.
        object.__setattr__(self, "file", printable(self.file))
        object.__setattr__(self, "message", printable(self.message))

    def __str__(self) -> str:
        place = self.file if self.row is None else f"{self.file} row {self.row}"
        return f"{place}: {self.message}"


class Problems(list[Problem]):
    """The problems found so far, in the order in which they were found.

    Of one kind in one file ``MOST_OF_A_KIND`` are kept; ``found`` counts all.
    """

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[tuple[str, str, Severity]] = Counter()

    def error(self, file: str, row: int | None, kind: str, message: str) -> None:
        """Note a fault that makes the dataset unusable until it is repaired."""
        self._note(Problem(file, row, "error", message, kind))

    def warning(self, file: str, row: int | None, kind: str, message: str) -> None:
        """Note a fault that costs something, but not the dataset."""
        self._note(Problem(file, row, "warning", message, kind))

    def note(self, file: str, row: int | None, kind: str, message: str) -> None:
        """Note what was understood although it is written in an unusual way."""
        self._note(Problem(file, row, "note", message, kind))

    def each(
        self, file: str, rows: np.ndarray, severity: Severity, kind: str, message: str | Callable[[int], str]
    ) -> None:
        """Note one fault that many rows have; only those that are kept are put into words.

        Args:
            rows: (n,) the rows that have it.
            message: the same for all, or made from a place in ``rows``.
        """
        file = printable(file)
        key = (file, kind, severity)
        kept = rows[: max(0, MOST_OF_A_KIND - self.found[key])].tolist()
        for place, row in enumerate(kept):
            self.append(Problem(file, row, severity, message if isinstance(message, str) else message(place), kind))
        self.found[key] += len(rows)

    def _note(self, problem: Problem) -> None:
        key = (problem.file, problem.kind, problem.severity)
        self.found[key] += 1
        if self.found[key] <= MOST_OF_A_KIND:
            self.append(problem)

    def errors(self) -> list[Problem]:
        """Only the problems of severity "error"."""
        return [problem for problem in self if problem.severity == "error"]

    def summed_up(self, severity: Severity) -> tuple[str, ...]:
        """One line for each kind of problem of a severity: the first, and how many more there are."""
        lines = []
        for first, *_ in grouped(problem for problem in self if problem.severity == severity):
            more = self.found[first.file, first.kind, severity] - 1
            lines.append(f"{first}" + (f" (and {more:,} more of this kind)" if more else ""))
        return tuple(lines)


def grouped(problems: Iterable[Problem]) -> list[list[Problem]]:
    """The problems of one file and kind together, in the order in which a person would meet them."""
    groups: dict[tuple[str, str], list[Problem]] = {}
    problems = list(problems)
    # The items are read first, whatever the files are called.
    files = {name: place for place, name in enumerate(dict.fromkeys(problem.file for problem in problems))}
    for problem in sorted(problems, key=lambda problem: (files[problem.file], problem.row or 0)):
        groups.setdefault((problem.file, problem.kind), []).append(problem)
    return list(groups.values())
