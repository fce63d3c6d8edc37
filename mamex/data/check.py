"""Everything that is wrong with a dataset folder, all at once (``python -m mamex check FOLDER``).

An *error* is a fault that would train a wrong model or none: ids that clash or lead nowhere, tables that
can't be read, pictures outside the folder. A *warning* costs only what it names: a picture that is missing or
can't be opened is treated as missing, like an empty field, and MAMEX can work without it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from mamex.config import DataConfig
from mamex.data.about import ABOUT, read_about
from mamex.data.contents.contents import read_contents
from mamex.data.contents.items import Items
from mamex.data.problems import SHOWN_OF_A_KIND, Problem, Problems, Severity, grouped
from mamex.data.tables.limits import DatasetLimits
from mamex.data.tables.reader import FEATURES
from mamex.errors import DatasetError, PictureError
from mamex.files.pictures.picture import open_picture
from mamex.files.words import printable
from mamex.progress import Progress

__all__ = ["CheckReport", "Problem", "check_dataset", "format_report"]

_ALL: tuple[Severity, ...] = ("error", "warning", "note")
WILL_BE_MISSING = "(will be treated as missing)"


@dataclass(frozen=True)
class CheckReport:
    """What ``check_dataset`` found.

    ``summary`` counts: items, with_picture, with_words, users, interactions (repeated ones merged),
    duplicates_merged and pictures_opened; what could not be read counts as 0. ``problems`` holds at most some thousands
    of each kind; ``found`` counts all by file, kind and severity.
    """

    folder: Path
    problems: list[Problem]
    summary: dict[str, int]
    found: Counter[tuple[str, str, Severity]] = field(default_factory=Counter)

    @property
    def ok(self) -> bool:
        """True if the folder can be used: there may be warnings, but no errors."""
        return all(problem.severity != "error" for problem in self.problems)


def check_dataset(
    folder: str | Path,
    open_pictures: bool = True,
    progress: Progress | None = None,
    limits: DatasetLimits | None = None,
    settings: DataConfig | None = None,
) -> CheckReport:
    """Check a dataset folder from end to end; never raises for what is in it.

    Args:
        folder: the dataset folder.
        open_pictures: decode every picture, as training would (some milliseconds each); otherwise only look
            whether it is there.
        progress: called after each picture with what is being done, the pictures done and all pictures.
        limits: how much is read of each table at most; as much as this machine can hold if None.
        settings: how the tables are read; the defaults if None.
    """
    folder = Path(folder)
    problems = Problems()
    contents = read_contents(folder, problems, limits, settings)
    if folder.is_dir():
        _check_about(folder, problems)
    summary = dict.fromkeys(
        [
            "items",
            "with_picture",
            "with_words",
            "users",
            "interactions",
            "duplicates_merged",
            "pictures_opened",
        ],
        0,
    )
    if contents.items is not None:
        items = contents.items
        usable: set[Path] = {path for path in items.pictures if path is not None}
        if open_pictures:
            usable = _open_pictures(items, problems, progress)
            summary["pictures_opened"] = len(usable)
        has_picture = np.array([path in usable for path in items.pictures], dtype=bool)
        _check_modalities(folder, items, has_picture, problems)
        real = items.is_first  # a row that repeats an item, or names none, is not an item
        summary["items"] = int(real.sum())
        summary["with_picture"] = int((real & has_picture).sum())
        summary["with_words"] = int((real & items.has_words).sum())
    if contents.interactions is not None:
        pairs = contents.interactions[["user_id", "item"]]
        summary["users"] = int(pairs["user_id"].nunique())
        summary["duplicates_merged"] = int(pairs.duplicated().sum())
        summary["interactions"] = len(pairs) - summary["duplicates_merged"]
    return CheckReport(folder, list(problems), summary, problems.found)


def _open_pictures(items: Items, problems: Problems, progress: Progress | None) -> set[Path]:
    """The pictures that can be opened; the others are noted once for each item that shows them."""
    shown_by: dict[Path, list[int]] = defaultdict(list)
    for position, path in enumerate(items.pictures):
        if path is not None:
            shown_by[path].append(position)
    usable: set[Path] = set()
    for done, (path, positions) in enumerate(shown_by.items(), start=1):
        try:
            open_picture(path)
            usable.add(path)
        except PictureError as error:
            message = f"{printable(str(error)).rstrip('.')} {WILL_BE_MISSING}"
            problems.each(items.file, items.rows[positions], "warning", "unreadable picture", message)
        if progress is not None:
            progress("opening pictures", done, len(shown_by))
    return usable


def _check_modalities(folder: Path, items: Items, has_picture: np.ndarray, problems: Problems) -> None:
    """Warn of items without words; those without a picture either need features."""
    without_words = {"title", "description"} <= set(items.missing_columns)
    if without_words or any((folder / FEATURES).glob("*.npy")):
        return
    silent = ~items.has_words & ~items.damaged
    message = "has neither title nor description; write one, or its picture alone must speak for it"
    problems.each(items.file, items.rows[silent & has_picture], "warning", "empty text", message)
    message = "has neither a picture nor words, so this item can't be recommended; add one of them"
    problems.each(items.file, items.rows[silent & ~has_picture], "warning", "no modality", message)


def _check_about(folder: Path, problems: Problems) -> None:
    try:
        read_about(folder)
    except DatasetError as error:
        problems.error(ABOUT, None, "about", str(error))


def format_report(report: CheckReport) -> str:
    """The report for a terminal: one line a problem, long runs summed up, the counts, a verdict."""
    errors = [problem for problem in report.problems if problem.severity == "error"]
    warnings = [problem for problem in report.problems if problem.severity == "warning"]
    sections = [*_section("Errors", errors, report.found), *_section("Warnings", warnings, report.found)]
    notes = [problem for problem in report.problems if problem.severity == "note"]
    lines = [*sections, *_section("Notes", notes, report.found), *_counts(report.summary)]
    total = {wanted: sum(n for (*_, severity), n in report.found.items() if severity == wanted) for wanted in _ALL}
    found = f"{_count(total['error'], 'error')} and {_count(total['warning'], 'warning')}"
    if not report.ok:
        lines.append(f"{report.folder} can't be used as it is: {found}; repair the errors and check again.")
    elif warnings:
        lines.append(f"{report.folder} can be used: {found}.")
    else:
        lines.append(f"{report.folder} can be used: nothing is wrong with it.")
    return "\n".join(lines)


def _section(heading: str, problems: list[Problem], found: Counter[tuple[str, str, Severity]]) -> list[str]:
    lines = []
    for alike in grouped(problems):
        first, total = alike[0], found[alike[0].file, alike[0].kind, alike[0].severity]
        lines += [str(problem) for problem in alike[:SHOWN_OF_A_KIND]]
        if total > SHOWN_OF_A_KIND:
            lines.append(f"{first.file}: and {total - SHOWN_OF_A_KIND:,} more of this kind ({first.kind})")
    return [f"{heading}:", *lines, ""] if lines else []


def _counts(summary: dict[str, int]) -> list[str]:
    items = f"{_count(summary['items'], 'item')}, {summary['with_picture']:,} with a picture"
    interactions = f"{_count(summary['interactions'], 'interaction')} of {_count(summary['users'], 'user')}"
    opened = _count(summary["pictures_opened"], "picture")
    return [
        f"{items}, {summary['with_words']:,} with words ({opened} opened).",
        f"{interactions} ({_count(summary['duplicates_merged'], 'repeated one')} merged).",
    ]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
