"""Everything that is wrong with a dataset folder, all at once (``python -m mamex check FOLDER``).

An *error* is a fault that would train a wrong model or none: ids that clash or lead nowhere, tables that
can't be read, pictures outside the folder. A *warning* costs only what it names: a picture that is missing or
can't be opened is treated as missing, like an empty field, and MAMEX can work without it.
"""

from __future__ import annotations

import textwrap
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from mamex.config import Config
from mamex.data.about import ABOUT, read_about
from mamex.data.contents.contents import read_contents
from mamex.data.contents.items import Items
from mamex.data.items.features import check_features
from mamex.data.items.trainable import UnknownWords, check_trainable
from mamex.data.problems import SHOWN_OF_A_KIND, Problem, Problems, Severity, grouped
from mamex.data.profile.languages import prepare
from mamex.data.profile.profile import Profile, profile_of
from mamex.data.profile.text import count, subjects
from mamex.data.profile.verdict import gravest
from mamex.data.tables.limits import DatasetLimits
from mamex.errors import DatasetError, PictureError
from mamex.files.pictures.picture import open_picture
from mamex.files.words import printable, quoted
from mamex.modalities import PICTURE_COLUMN
from mamex.progress import Progress

__all__ = ["CheckReport", "Problem", "check_dataset", "format_report"]

_ALL: tuple[Severity, ...] = ("error", "warning", "note")
_HEADINGS: dict[str, Severity] = {"Errors": "error", "Warnings": "warning", "Notes": "note"}
WILL_BE_MISSING = "(will be treated as missing)"
#: Pictures opened at the same time; no more are let in.
_AT_ONCE = 2
#: Lost pictures that are listed.
SHOWN_PICTURES = 40
#: Width of the names of a profile's subjects in a terminal.
_NAME = 12


@dataclass(frozen=True)
class CheckReport:
    """What ``check_dataset`` found.

    ``summary`` counts: items, with_picture, with_words, users, interactions (repeated ones merged),
    duplicates_merged and pictures_opened; what could not be read counts as 0. ``problems`` holds at most some thousands
    of each kind; ``found`` counts all by file, kind and severity. Of record i of items.csv, ``titles[i]`` is what it is
    called and ``pictures[i]`` its usable picture, None where there is none. ``lost_pictures`` are named and not usable;
    some of them are listed.
    """

    folder: Path
    problems: list[Problem]
    summary: dict[str, int]
    found: Counter[tuple[str, str, Severity]] = field(default_factory=Counter)
    profile: Profile = field(default_factory=lambda: Profile(None, None, None, (), None))
    pictures: list[Path | None] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    lost_pictures: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """True if the folder can be used: there may be warnings, but no errors."""
        return all(problem.severity != "error" for problem in self.problems)

    def to_json(self) -> dict[str, Any]:
        """As JSON knows it; of each kind as many problems as are kept, and how many there are."""
        found = [
            {"file": file, "kind": kind, "severity": severity, "count": number}
            for (file, kind, severity), number in self.found.items()
        ]
        return {
            "folder": str(self.folder),
            "ok": self.ok,
            "verdict": verdict(self),
            "summary": self.summary,
            "problems": [asdict(problem) for problem in self.problems],
            "found": found,
            "profile": self.profile.to_json(),
        }


def check_dataset(
    folder: str | Path,
    open_pictures: bool = True,
    progress: Progress | None = None,
    limits: DatasetLimits | None = None,
    config: Config | None = None,
    unknown_words: UnknownWords | None = None,
) -> CheckReport:
    """Check a dataset folder from end to end; never raises for what is in it.

    Args:
        folder: the dataset folder.
        open_pictures: decode every picture, as training would (some milliseconds each); otherwise only look
            whether it is there.
        progress: called after each picture with what is being done, the pictures done and all pictures.
        limits: how much is read of each table at most; as much as this machine can hold if None.
        config: how the tables are read, and the training whose time is guessed; the defaults if None.
        unknown_words: says of each text how much of it the encoder does not know; not asked if None.
    """
    folder = Path(folder)
    config = config or Config()
    prepare()
    problems = Problems()
    contents = read_contents(folder, problems, limits, config.data)
    if folder.is_dir():
        _check_about(folder, problems)
    pictures: list[Path | None] = []
    if contents.items is not None:
        pictures = contents.items.pictures
        if open_pictures:
            usable = _open_pictures(contents.items, problems, progress)
            pictures = [path if path in usable else None for path in pictures]
    has_picture = np.array([path is not None for path in pictures], dtype=bool)
    if contents.items is not None:
        check_features(folder, len(contents.items.frame), problems)
    profile = profile_of(contents, has_picture, config)
    if contents.items is not None:
        never_bought = profile.activity.never_bought if profile.activity else None
        check_trainable(folder, contents.items, has_picture, never_bought, config.data, unknown_words, problems)
    opened = len({path for path in pictures if path is not None}) if open_pictures else 0
    titles, lost = _shown(contents.items, has_picture) if contents.items is not None else ([], [])
    summary = _summary(profile, opened)
    return CheckReport(folder, list(problems), summary, problems.found, profile, pictures, titles, lost)


def _shown(items: Items, has_picture: np.ndarray) -> tuple[list[str], list[str]]:
    """What a page shows of the items: their titles or ids, and the first pictures that are named and can't be used."""
    frame = items.frame
    titles = [
        printable((title or item_id)[:200]) for title, item_id in zip(frame["title"], frame["item_id"], strict=True)
    ]
    lost = np.flatnonzero((frame[PICTURE_COLUMN] != "").to_numpy() & ~has_picture)[:SHOWN_PICTURES]
    return titles, [f"row {items.rows[row]}: {quoted(frame[PICTURE_COLUMN].iloc[row])}" for row in lost]


def _summary(profile: Profile, opened: int) -> dict[str, int]:
    catalogue, activity = profile.catalogue, profile.activity
    return {
        "items": catalogue.items if catalogue else 0,
        "with_picture": catalogue.both + catalogue.picture_only if catalogue else 0,
        "with_words": catalogue.both + catalogue.words_only if catalogue else 0,
        "users": activity.users if activity else 0,
        "interactions": activity.interactions if activity else 0,
        "duplicates_merged": activity.merged if activity else 0,
        "pictures_opened": opened,
    }


def _open_pictures(items: Items, problems: Problems, progress: Progress | None) -> set[Path]:
    """The pictures that can be opened; the others are noted once for each item that shows them."""
    shown_by: dict[Path, list[int]] = defaultdict(list)
    for position, path in enumerate(items.pictures):
        if path is not None:
            shown_by[path].append(position)
    usable: set[Path] = set()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        opening = pool.map(_fault_of, shown_by)
        try:
            for done, ((path, positions), fault) in enumerate(zip(shown_by.items(), opening, strict=True), start=1):
                if fault:
                    message = f"{fault} {WILL_BE_MISSING}"
                    problems.each(items.file, items.rows[positions], "warning", "unreadable picture", message)
                else:
                    usable.add(path)
                if progress is not None:
                    progress("opening pictures", done, len(shown_by))
        except BaseException:  # whoever watches may stop the work
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return usable


def _fault_of(path: Path) -> str:
    """Why a picture can't be opened; "" if it can."""
    try:
        open_picture(path)
    except PictureError as error:
        return printable(str(error)).rstrip(".")
    return ""


def _check_about(folder: Path, problems: Problems) -> None:
    try:
        read_about(folder)
    except DatasetError as error:
        problems.error(ABOUT, None, "about", str(error))


def format_report(report: CheckReport, width: int = 0) -> str:
    """The report for a terminal: one line a problem, long runs summed up, the profile, a verdict.

    Args:
        report: what was found.
        width: longer lines are broken after so many characters; none are if 0.
    """
    lines = []
    for heading, entries in sections(report).items():
        lines += [f"{heading}:", *entries, ""]
    lines += [*_counts(report.summary), ""]
    told = subjects(report.profile)
    lines += [f"  {name:<{_NAME}} {words}" for name, words in told] + [""] * bool(told)
    lines += [*_favourites(report.profile), verdict(report)]
    return "\n".join(_broken(line, width) for line in lines)


def verdict(report: CheckReport, name: str = "") -> str:
    """Whether it can be used, and the gravest thing about it, in one sentence; ``name`` in the place of its folder."""
    name = name or str(report.folder)
    total = {wanted: sum(n for (*_, severity), n in report.found.items() if severity == wanted) for wanted in _ALL}
    found = f"{count(total['error'], 'error')} and {count(total['warning'], 'warning')}"
    if not report.ok:
        return f"{name} can't be used as it is: {found}; repair the errors and check again."
    fault = gravest(report.profile)
    if fault:
        return f"{name} can be used, but {fault}: {found}."
    return f"{name} can be used: {found if total['warning'] else 'nothing is wrong with it'}."


def sections(report: CheckReport) -> dict[str, list[str]]:
    """Errors, warnings and notes, one line a problem and one for the rest of a long run; those without any left out."""
    found: dict[str, list[str]] = {}
    for heading, severity in _HEADINGS.items():
        lines: list[str] = []
        for alike in grouped(problem for problem in report.problems if problem.severity == severity):
            first, total = alike[0], report.found[alike[0].file, alike[0].kind, severity]
            lines += [str(problem) for problem in alike[:SHOWN_OF_A_KIND]]
            if total > SHOWN_OF_A_KIND:
                lines.append(f"{first.file}: and {total - SHOWN_OF_A_KIND:,} more of this kind ({first.kind})")
        found |= {heading: lines} if lines else {}
    return found


def _counts(summary: dict[str, int]) -> list[str]:
    items = f"{count(summary['items'], 'item')}, {summary['with_picture']:,} with a picture"
    interactions = f"{count(summary['interactions'], 'interaction')} of {count(summary['users'], 'user')}"
    opened = count(summary["pictures_opened"], "picture")
    return [
        f"{items}, {summary['with_words']:,} with words ({opened} opened).",
        f"{interactions} ({count(summary['duplicates_merged'], 'repeated one')} merged).",
    ]


def _favourites(profile: Profile) -> list[str]:
    """The items with most users, a line each, under a heading."""
    if profile.activity is None or not profile.activity.favourites:
        return []
    lines = [f"  {item.users:>9,} {item.item_id}  {item.title[:60]}".rstrip() for item in profile.activity.favourites]
    return ["  Most users have:", *lines, ""]


def _broken(line: str, width: int) -> str:
    """The line, broken between words; what goes on is set in."""
    if not width or len(line) <= width:
        return line
    return textwrap.fill(
        line,
        width,
        subsequent_indent=" " * (_NAME + 3 if line.startswith("  ") else 4),
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
