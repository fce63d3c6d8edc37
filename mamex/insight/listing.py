"""The members of an audience as a list to read: searched, sorted, cut into pages, written to a file."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

import numpy as np
import torch
from torch import Tensor

from mamex.checkpoint.checkpoint import Checkpoint
from mamex.errors import LaunchError
from mamex.files.spreadsheet import cell
from mamex.files.writing import atomic_path
from mamex.insight.user_groups import UserGroups
from mamex.launch.result import Reading
from mamex.retrieval.thresholds import RankedAudience

#: place: in the member's list, best first · margin: score over threshold, widest first · bought: most first ·
#: name: by user_id.
Order = Literal["place", "margin", "bought", "name"]
ORDERS: tuple[Order, ...] = get_args(Order)
PAGE = 12
#: Members whose contributions are computed at once; bounds memory.
CHUNK = 1024


@dataclass(frozen=True)
class Page:
    """One page of a list.

    Attributes:
        rows: what stands on it.
        number: from 1.
        pages: how many there are; 1 for an empty list.
        first: the place in the list of its first row, from 1.
        found: length of the whole list.
    """

    rows: np.ndarray
    number: int
    pages: int
    first: int
    found: int


def page_of(rows: np.ndarray, number: int, size: int = PAGE) -> Page:
    """Page ``number`` of a list, or the nearest that exists."""
    pages = max(1, math.ceil(len(rows) / size))
    number = min(max(number, 1), pages)
    start = (number - 1) * size
    return Page(rows[start : start + size], number, pages, start + 1, len(rows))


def arranged(checkpoint: Checkpoint, ranked: RankedAudience, order: str = "place", search: str = "") -> np.ndarray:
    """Rows of ``ranked.users`` that fit a search, in an order; equals stay in the order of their places.

    Args:
        checkpoint: users, items and who bought what.
        ranked: the audience.
        order: one of ``ORDERS``.
        search: part of a user_id, or of the title or category of something bought; upper and lower case are the same.

    Raises:
        LaunchError: no such order.
    """
    if order not in ORDERS:
        raise LaunchError(f"Sort by one of {', '.join(ORDERS)}.")
    rows = np.arange(len(ranked.users))
    wanted = " ".join(search.split()).casefold()
    if wanted:
        rows = rows[_named(checkpoint, ranked.users, wanted) | _bought(checkpoint, ranked.users, wanted)]
    if order == "margin":
        keys = -(ranked.scores - ranked.thresholds)
    elif order == "bought":
        keys = -np.diff(checkpoint.data.histories.indptr)[ranked.users]
    else:  # user_ids are sorted, so a position is a place in the alphabet
        keys = ranked.users if order == "name" else ranked.ranks
    return rows[np.argsort(keys[rows], kind="stable")]


def _named(checkpoint: Checkpoint, users: np.ndarray, wanted: str) -> np.ndarray:
    return np.array([wanted in str(name).casefold() for name in checkpoint.dataset.user_ids[users]], dtype=bool)


def _bought(checkpoint: Checkpoint, users: np.ndarray, wanted: str) -> np.ndarray:
    items = checkpoint.dataset.items
    fits = np.zeros(len(items), dtype=np.float32)
    for column in ("title", "category"):
        if column in items:
            fits[[wanted in text.casefold() for text in items[column]]] = 1
    having: np.ndarray = (checkpoint.data.histories[users] @ fits) > 0
    return having


def write_members(
    path: Path, checkpoint: Checkpoint, groups: UserGroups, reading: Reading, ranked: RankedAudience
) -> None:
    """Write every ranked member as CSV, best places first.

    Columns: place in their list, user_id, number bought, favourite categories, score, the score to beat, and what each
    modality and expert contributes, which adds up to the score.

    Args:
        path: of the file; written atomically, UTF-8 with a byte order mark so that spreadsheets read it right.
        checkpoint: users.
        groups: their favourite categories.
        reading: the product's forward pass.
        ranked: its audience.
    """
    modalities, experts = list(checkpoint.data.features), checkpoint.config.model.experts
    parts = [f"{modality}_expert_{expert + 1}" for modality in modalities for expert in range(experts)]
    bought = np.diff(checkpoint.data.histories.indptr)
    with atomic_path(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["place", "user_id", "bought", "favourites", "score", "threshold", *parts])
        for start in range(0, len(ranked.users), CHUNK):
            users = ranked.users[start : start + CHUNK]
            split = _contributions(checkpoint, reading, users).flatten(start_dim=1)
            for row, user in enumerate(users.tolist(), start=start):
                texts = (str(checkpoint.dataset.user_ids[user]), " and ".join(groups.favourites(user)))
                numbers = (ranked.scores[row], ranked.thresholds[row], *split[row - start].tolist())
                writer.writerow([ranked.ranks[row], cell(texts[0]), bought[user], cell(texts[1]), *_written(numbers)])


def _contributions(checkpoint: Checkpoint, reading: Reading, users: np.ndarray) -> Tensor:
    """(A, M, K) for the one product of ``reading``."""
    embeddings = checkpoint.users[torch.from_numpy(users)]
    return checkpoint.tower.contributions(embeddings, reading.prepared, reading.forward)[:, 0]


def _written(numbers: Sequence[float]) -> list[str]:
    """Enough digits for float32; a list that has room for more has no score to beat."""
    # Adding 0 turns a minus zero into a zero.
    return [f"{number + 0.0:.9g}" if math.isfinite(number) else "" for number in numbers]
