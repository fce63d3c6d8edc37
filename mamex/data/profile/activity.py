"""What the interactions of a shop are like: how many, when, and how they spread over users and items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mamex.data.contents.items import Items
from mamex.files.words import printable

#: Items that are named as the most bought, and users that count as the largest.
SHOWN = 10
#: Points of the curve of items by popularity.
POINTS = 200
#: Steps of the curve of interactions over time, at most.
STEPS = 120
#: Upper ends of the classes of users by their number of interactions; the last has none.
CLASSES = (1, 2, 3, 5, 10, 20, 50, 100, 1000)


@dataclass(frozen=True)
class Spread:
    """How many interactions users or items have; ``mean`` and ``median`` are of those that have any."""

    median: int
    mean: float
    most: int


@dataclass(frozen=True)
class Favourite:
    """One of the most bought items; ``row`` is its position in items.csv."""

    item_id: str
    title: str
    users: int
    row: int


@dataclass(frozen=True)
class Bar:
    """One bar of a chart."""

    label: str
    number: int


@dataclass(frozen=True)
class Activity:
    """The interactions, each pair of user and item counted once unless it says otherwise.

    Attributes:
        rows: records of interactions.csv; ``left_out`` of them can't be used or were left out on purpose; ``merged`` of
            the others repeat a pair.
        interactions, users: what is left.
        first, last: days of the earliest and the latest row, as 2024-05-31; "" if none has a date.
        undated: rows that are used and have no date.
        per_user, per_item: how many a user and an item have.
        density: interactions as a share of all pairs of user and item.
        never_bought: items without any interaction.
        largest_users: the share of all interactions that the ten largest users have.
        largest_user, largest_share: the id of the one with most rows, and its share of them.
        favourites: the most bought items.
        over_time: rows by day, month or year.
        by_popularity: users of the items in falling order, thinned out evenly.
        users_by_number: users by their number of interactions.
    """

    rows: int
    left_out: int
    merged: int
    interactions: int
    users: int
    first: str
    last: str
    undated: int
    per_user: Spread
    per_item: Spread
    density: float
    never_bought: int
    largest_users: float
    largest_user: str
    largest_share: float
    favourites: tuple[Favourite, ...]
    over_time: tuple[Bar, ...]
    by_popularity: tuple[int, ...]
    users_by_number: tuple[Bar, ...]


def activity_of(interactions: pd.DataFrame, items: Items | None, rows: int) -> Activity:
    """The profile of the interactions.

    Args:
        interactions: usable records, as ``Contents`` has them.
        items: items.csv; None if it can't be used.
        rows: records of the file.
    """
    n_rows = len(items.frame) if items is not None else 0
    users, user_ids = pd.factorize(interactions["user_id"])
    pairs = pd.unique(users.astype(np.int64) * max(1, n_rows) + interactions["item"].to_numpy())
    of_user = np.bincount(pairs // max(1, n_rows), minlength=len(user_ids))
    of_row = np.bincount(pairs % max(1, n_rows), minlength=n_rows)
    real = items.is_first if items is not None else np.zeros(0, dtype=bool)
    of_item = of_row[real]
    first, last, undated, over_time = _span(interactions["timestamp"].to_numpy())
    largest = np.sort(of_user)[::-1][:SHOWN].sum()
    rows_of_user = np.bincount(users, minlength=1)
    return Activity(
        rows=rows,
        left_out=rows - len(interactions),
        merged=len(interactions) - len(pairs),
        interactions=len(pairs),
        users=len(user_ids),
        first=first,
        last=last,
        undated=undated,
        per_user=_spread(of_user),
        per_item=_spread(of_item),
        density=len(pairs) / max(1, len(user_ids) * len(of_item)),
        never_bought=int((of_item == 0).sum()),
        largest_users=float(largest / max(1, len(pairs))),
        largest_user=printable(str(user_ids[int(rows_of_user.argmax())])[:60]) if len(user_ids) else "",
        largest_share=float(rows_of_user.max() / max(1, len(interactions))),
        favourites=_favourites(items, of_row) if items is not None else (),
        over_time=over_time,
        by_popularity=_thinned(np.sort(of_item)[::-1]),
        users_by_number=_classes(of_user),
    )


def _spread(numbers: np.ndarray) -> Spread:
    some = numbers[numbers > 0]
    if not len(some):
        return Spread(0, 0.0, 0)
    return Spread(int(np.median(some)), float(some.mean()), int(some.max()))


def _favourites(items: Items, of_row: np.ndarray) -> tuple[Favourite, ...]:
    best = np.argsort(-of_row, kind="stable")[:SHOWN]
    ids, titles = items.frame["item_id"], items.frame["title"]
    return tuple(
        Favourite(printable(ids.iloc[row][:60]), printable(titles.iloc[row][:200]), int(of_row[row]), int(row))
        for row in best
        if of_row[row]
    )


def _span(times: np.ndarray) -> tuple[str, str, int, tuple[Bar, ...]]:
    """First and last day, rows without a date, and rows by day, month or year, whichever gives a readable chart."""
    dated = times[~np.isnat(times)]
    undated = len(times) - len(dated)
    if not len(dated):
        return "", "", undated, ()
    days = dated.astype("datetime64[D]")
    first, last = days.min(), days.max()
    for unit in ("D", "M", "Y"):
        start = first.astype(f"datetime64[{unit}]")
        steps = (days.astype(f"datetime64[{unit}]") - start).astype(np.int64)
        if steps.max() < STEPS:
            break
    else:  # centuries of years: a date that was read wrongly, which the span shows
        steps = np.minimum(steps, STEPS - 1)
    numbers = np.bincount(steps)
    labels = [str(start + np.timedelta64(step, unit)) for step in range(len(numbers))]
    return str(first), str(last), undated, tuple(map(Bar, labels, numbers.tolist()))


def _thinned(falling: np.ndarray) -> tuple[int, ...]:
    if len(falling) <= POINTS:
        return tuple(falling.tolist())
    return tuple(falling[np.linspace(0, len(falling) - 1, POINTS).astype(np.int64)].tolist())


def _classes(of_user: np.ndarray) -> tuple[Bar, ...]:
    """How many users have 1, 2, 3, 4-5, 6-10 ... interactions; empty classes at the end are left out."""
    some = of_user[of_user > 0]
    numbers = np.bincount(np.searchsorted(CLASSES, some), minlength=len(CLASSES) + 1).tolist()
    starts = [1, *(end + 1 for end in CLASSES)]
    labels = [str(start) if start == end else f"{start:,}–{end:,}" for start, end in zip(starts, CLASSES, strict=False)]
    bars = [Bar(label, number) for label, number in zip([*labels, f"over {CLASSES[-1]:,}"], numbers, strict=True)]
    while bars and not bars[-1].number:
        bars.pop()
    return tuple(bars)
