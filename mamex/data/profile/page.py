"""The report of a check as one HTML file: no script, no request, readable on paper, on a phone and in either mode."""

from __future__ import annotations

import base64
import io
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from mamex.data.about import About, read_about
from mamex.data.check import CheckReport, sections, verdict
from mamex.data.profile.charts import area_of, columns_of, lines_of
from mamex.data.profile.profile import Profile
from mamex.data.profile.text import percent, subjects
from mamex.errors import DatasetError, PictureError
from mamex.files.pictures.picture import open_picture
from mamex.files.words import printable
from mamex.files.writing import write_text

#: Pixels of the longer side of a picture, and how well it is kept; some 4 kB each.
SIDE, QUALITY = 160, 72
#: Pictures of the contact sheet, drawn always in the same way from the same catalogue.
SHEET, SEED = 40, 0
#: Kinds of pictures that stand for many items, and from how many items on.
SHARED, FEWEST_SHARING = 5, 3

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Shown:
    """A picture with what is written under it; ``picture`` is a data URI, "" if there is none."""

    picture: str
    title: str
    facts: str


def write_page(report: CheckReport, path: Path) -> None:
    """Write the report as a page; a file that is there already is replaced.

    Args:
        report: what a check found.
        path: the file to write.

    Raises:
        StorageError: it can't be written.
    """
    write_text(path, page_of(report, datetime.now().astimezone()))


def page_of(report: CheckReport, when: datetime) -> str:
    """The whole page as HTML; ``when`` is printed on it."""
    profile, about = report.profile, _about(report.folder)
    name = about.name or printable(report.folder.resolve().name)
    thumbnails = _Thumbnails(report.pictures)
    activity, catalogue = profile.activity, profile.catalogue
    return _templates.get_template("page.html").render(
        name=name,
        when=f"{when:%Y-%m-%d %H:%M}",
        ok=report.ok,
        verdict=verdict(report, name),
        tiles=_tiles(profile),
        sections=sections(report),
        subjects=subjects(profile),
        over_time=columns_of(activity.over_time) if activity else None,
        tail=area_of(activity.by_popularity) if activity else "",
        activity=activity,
        items=catalogue.items if catalogue else 0,
        by_number=lines_of(activity.users_by_number) if activity else [],
        shows=_shows(profile),
        favourites=_favourites(profile, thumbnails),
        sheet=_sheet(report, thumbnails),
        lost=report.lost_pictures,
        lost_number=catalogue.lost_pictures if catalogue else 0,
        alike=_alike(profile, thumbnails),
        shared=_shared(report, thumbnails),
    )


def _about(folder: Path) -> About:
    try:
        return read_about(folder)
    except DatasetError:  # one of the problems that the page lists
        return About()


def _tiles(profile: Profile) -> list[tuple[str, str]]:
    """The largest numbers, each with its name."""
    tiles: list[tuple[str, str]] = []
    if profile.catalogue:
        pictured = profile.catalogue.both + profile.catalogue.picture_only
        worded = profile.catalogue.both + profile.catalogue.words_only
        tiles += [(f"{profile.catalogue.items:,}", "items"), (f"{pictured:,}", "with a picture")]
        tiles.append((f"{worded:,}", "with words"))
    if profile.activity:
        tiles += [(f"{profile.activity.users:,}", "users"), (f"{profile.activity.interactions:,}", "interactions")]
        tiles.append((percent(profile.activity.density), "of all pairs"))
    return tiles


def _shows(profile: Profile) -> list[tuple[str, str, int, str]]:
    """What the items show: a name for the style sheet, words, items, and the width in percent."""
    if not profile.catalogue or not profile.catalogue.items:
        return []
    found, items = profile.catalogue, profile.catalogue.items
    kinds = [
        ("both", "picture and words", found.both),
        ("picture", "a picture alone", found.picture_only),
        ("words", "words alone", found.words_only),
        ("neither", "neither", found.neither),
    ]
    return [(kind, words, number, f"{100 * number / items:.3f}") for kind, words, number in kinds if number]


class _Thumbnails:
    """Small pictures as data URIs, each made once."""

    def __init__(self, pictures: Sequence[Path | None]) -> None:
        self._pictures = pictures
        self._made: dict[Path, str] = {}

    def of(self, row: int) -> str:
        """That of one record of items.csv; "" if it has none."""
        path = self._pictures[row] if row < len(self._pictures) else None
        if path is None:
            return ""
        if path not in self._made:
            self._made[path] = _data_uri(path)
        return self._made[path]


def _data_uri(path: Path) -> str:
    try:
        picture = open_picture(path).copy()
    except PictureError:  # not decoded before, because pictures were skipped
        return ""
    picture.thumbnail((SIDE, SIDE))
    stream = io.BytesIO()
    picture.save(stream, "JPEG", quality=QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def _favourites(profile: Profile, thumbnails: _Thumbnails) -> list[Shown]:
    if not profile.activity:
        return []
    return [
        Shown(thumbnails.of(item.row), item.title or item.item_id, f"{item.users:,} users")
        for item in profile.activity.favourites
    ]


def _sheet(report: CheckReport, thumbnails: _Thumbnails) -> list[Shown]:
    """Pictures drawn at random, in the order of the file."""
    rows = [row for row, path in enumerate(report.pictures) if path is not None]
    chosen = sorted(random.Random(SEED).sample(rows, min(SHEET, len(rows))))
    return [Shown(thumbnails.of(row), report.titles[row], "") for row in chosen]


def _alike(profile: Profile, thumbnails: _Thumbnails) -> list[Shown]:
    """The largest sets of items that share title and picture."""
    alike = profile.catalogue.alike if profile.catalogue else ()
    return [Shown(thumbnails.of(same.row), same.title, f"{same.items:,} items") for same in alike]


def _shared(report: CheckReport, thumbnails: _Thumbnails) -> list[Shown]:
    """Pictures that stand for several items of different titles: placeholders, perhaps."""
    titles: dict[Path, set[str]] = {}
    first: dict[Path, int] = {}
    numbers = Counter(path for path in report.pictures if path is not None)
    for row, path in enumerate(report.pictures):
        if path is not None and numbers[path] >= FEWEST_SHARING:
            titles.setdefault(path, set()).add(report.titles[row])
            first.setdefault(path, row)
    several = [path for path, different in titles.items() if len(different) >= FEWEST_SHARING]
    return [
        Shown(thumbnails.of(first[path]), printable(path.name)[:60], f"{number:,} items, {len(titles[path]):,} titles")
        for path, number in sorted(((path, numbers[path]) for path in several), key=lambda pair: -pair[1])[:SHARED]
    ]
