"""The written parts of the Batch tab: pure functions, rows -> HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from app import words
from app.state.shop import Shop
from app.state.thumbnails import SMALL
from app.theme.templates import render
from mamex.launch.batch import BatchRow
from mamex.launch.batch_files import MOST_ROWS, TEMPLATE
from mamex.retrieval.catalogue import Neighbour

#: Rows with a picture of the nearest product; more of them would make the page heavy.
MOST_PICTURES = 100


@dataclass(frozen=True)
class Weight:
    """How much a modality counts: its share, and how wide its bar is."""

    modality: str
    share: str
    width: str


@dataclass(frozen=True)
class Nearest:
    """The item on sale that is most like a planned one; ``picture`` is "" if none is shown."""

    title: str
    picture: str
    similarity: str


@dataclass(frozen=True)
class Line:
    """A row that ran, as the table shows it.

    Attributes:
        number: its item_id, "" if it has none or is called by it.
        size, width: of its audience, and of the bar for it.
        shares: its reach for each list length.
    """

    place: int
    name: str
    number: str
    row: int
    size: str
    width: str
    shares: Sequence[str]
    weights: Sequence[Weight]
    nearest: Nearest | None
    notes: Sequence[str]


@dataclass(frozen=True)
class Failure:
    """A row that could not run: its number in the file, its name, "" if it has none, and the reason."""

    row: int
    name: str
    reason: str


def empty_state(shop: Shop) -> Markup:
    """What to bring, and what comes of it."""
    return render("tabs/batch/empty.html", about=shop.about, most_rows=MOST_ROWS, csv=quote(TEMPLATE))


def progress(done: int, total: int, seconds: float, stopping: bool = False) -> Markup:
    """How far the run is, and how long it will still take if it goes on like this."""
    if stopping:
        left = "stopping"
    elif not done:
        left = "reading the first rows"
    else:
        left = f"about {_duration(seconds / done * (total - done))} left"
    numbers = {"done": f"{done:,}", "total": f"{total:,}", "now": done, "most": total, "width": f"{done / total:.1%}"}
    return render("tabs/batch/progress.html", left=left, **numbers)


def _duration(seconds: float) -> str:
    """``75`` -> ``1 min 15 s``."""
    minutes, rest = divmod(max(1, round(seconds)), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def summary(shop: Shop, rows: Sequence[BatchRow], total: int, length: int, seconds: float) -> Markup:
    """What came of the run: the best row, rows that failed, whether it was stopped, and what its lists tell."""
    good = [row for row in rows if row.reach is not None]
    bad = len(rows) - len(good)
    best = good[0] if good else None
    return render(
        "tabs/batch/summary.html",
        best=best.name if best else "",
        size=f"{(best.audience or {})[length]:,}" if best else "",
        everybody=words.people(shop.about, shop.shoppers),
        length=length,
        ran=words.things(shop.about, len(good)),
        failed=words.count(bad, "row") if bad else "",
        stopped=f" Stopped after {len(rows):,} of {total:,} rows." if len(rows) < total else "",
        took=_duration(seconds),
        warnings=shop.launcher.of_length(length) if good else [],
    )


def table(shop: Shop, rows: Sequence[BatchRow], length: int) -> Markup:
    """The rows that ran, ranked, and below them those that could not."""
    good = [row for row in rows if row.reach is not None]
    bad = [row for row in rows if row.reach is None]
    return render(
        "tabs/batch/table.html",
        about=shop.about,
        length=length,
        lengths=list(good[0].reach or {}) if good else [],
        modalities=list(good[0].fusion or {}) if good else [],
        ranked=_ranked(shop, good, length),
        failed=[Failure(row.row, row.title or row.item_id, _reason(row)) for row in bad],
        count=words.count(len(bad), "row"),
    )


def _ranked(shop: Shop, rows: Sequence[BatchRow], length: int) -> list[Line]:
    widest = max(((row.reach or {})[length] for row in rows), default=0.0)
    return [_line(shop, row, place, length, widest) for place, row in enumerate(rows, start=1)]


def _line(shop: Shop, row: BatchRow, place: int, length: int, widest: float) -> Line:
    reach, audience, fusion = row.reach or {}, row.audience or {}, row.fusion or {}
    width = reach[length] / widest if widest else 0.0
    return Line(
        place=place,
        name=row.name,
        number=row.item_id if row.item_id != row.name else "",
        row=row.row,
        size=f"{audience[length]:,}",
        width=f"{width:.1%}",
        shares=[words.percent(share) for share in reach.values()],
        weights=[Weight(name, words.percent(weight), f"{weight:.0%}") for name, weight in fusion.items()],
        nearest=_nearest(shop, row.nearest, place <= MOST_PICTURES),
        notes=[words.capital(words.warning(sentence)) for sentence in row.warnings],
    )


def _nearest(shop: Shop, item: Neighbour | None, picture: bool) -> Nearest | None:
    if item is None:
        return None
    uri = shop.thumbnails.uri(item.position, SMALL) if picture else ""
    return Nearest(shop.title(item), uri, words.similarity(item.similarity))


def _reason(row: BatchRow) -> str:
    sentence = words.warning(row.fault)
    return sentence if sentence.endswith(".") else f"{sentence}."


def choices(rows: Sequence[BatchRow]) -> list[tuple[str, int]]:
    """The rows that can be compared: what to call each, with its row number as the value."""
    good = [row for row in rows if row.reach is not None]
    return [(f"{place}. {row.name} (row {row.row})", row.row) for place, row in enumerate(good, start=1)]
