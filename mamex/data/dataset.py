"""A shop as the rest of MAMEX sees it: items, users and who interacted with what, all by position.

>>> dataset = read_dataset("assets/catalogue")           # doctest: +SKIP
>>> dataset.n_users, dataset.n_items                     # doctest: +SKIP
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from mamex.config import DataConfig
from mamex.data.about import About, read_about
from mamex.data.contents.contents import read_contents
from mamex.data.contents.pictures import PictureFinder
from mamex.data.problems import SHOWN_OF_A_KIND, Problem, Problems, grouped
from mamex.data.tables.limits import DatasetLimits
from mamex.errors import DatasetError
from mamex.files.markup import without_markup
from mamex.files.words import whole_characters
from mamex.modalities import PICTURE_COLUMN

if TYPE_CHECKING:
    from torch import Tensor  # takes seconds, which a check should not cost

#: How many problems an error message lists before it refers to ``python -m mamex check``.
MOST_LINES = 20


@dataclass(frozen=True)
class Dataset:
    """One shop: items, users and who interacted with what, all by position.

    Attributes:
        name: the folder's name.
        folder: the dataset folder.
        items: RangeIndex = item position, in the file's order; columns item_id, title, description, image and
            every further column of items.csv; all str, "" where empty.
        user_ids: (n_users,) array of str, sorted.
        interactions: user and item (int64 positions), timestamp (datetime64, NaT where absent) and rating
            (float64, NaN where absent); one row for each pair of user and item (the earliest), sorted by
            user, timestamp and item; a user's rows without a timestamp come last.
        about: what it calls itself, its users and its items.
        warnings: what was lost in reading it, one sentence for each kind.
        notes: what was understood although it is written in an unusual way, one sentence for each kind.
    """

    name: str
    folder: Path
    items: pd.DataFrame
    user_ids: np.ndarray
    interactions: pd.DataFrame
    about: About = field(default_factory=About)
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def n_users(self) -> int:
        """Number of users."""
        return len(self.user_ids)

    @property
    def n_items(self) -> int:
        """Number of items, never-bought ones included."""
        return len(self.items)

    def texts(self) -> list[str]:
        """What the text encoder reads of each item: "title. description", or "" for an item without words."""
        pairs = zip(self.items["title"], self.items["description"], strict=True)
        return [join_words(title, description) for title, description in pairs]

    def image_paths(self) -> list[Path | None]:
        """Where each item's picture is; None for items without one, or whose picture isn't in the folder."""
        finder = PictureFinder(self.folder)
        return [finder.find(name)[0] for name in self.items[PICTURE_COLUMN]]


def join_words(title: str, description: str) -> str:
    """Title and description as one text, out of markup, with a full stop between unless the title ends in a mark."""
    title, description = (" ".join(whole_characters(without_markup(text)).split()) for text in (title, description))
    if not title or not description:
        return title or description
    return (
        f"{title} {description}" if title.endswith((".", "!", "?", "…", ":", ";", ",")) else f"{title}. {description}"
    )


def read_dataset(
    folder: str | Path, settings: DataConfig | None = None, limits: DatasetLimits | None = None
) -> Dataset:
    """Read a dataset folder (items.csv, interactions.csv, images/; the format is in README, "Train on your own shop").

    Args:
        folder: the dataset folder.
        settings: how the tables are read, and what of them is kept; the defaults if None.
        limits: how much is read of each table at most; as much as this machine can hold if None.

    Raises:
        DatasetError: the folder can't be used; the message lists what is wrong, or says that nothing remains.
    """
    folder = Path(folder)
    problems = Problems()
    settings = settings or DataConfig()
    k_core = settings.k_core
    contents = read_contents(folder, problems, limits, settings)
    errors = problems.errors()
    if errors or contents.items is None or contents.interactions is None:
        total = sum(count for (*_, severity), count in problems.found.items() if severity == "error")
        raise DatasetError(_describe(folder, errors, total))
    items = contents.items.frame
    codes, user_ids = pd.factorize(contents.interactions["user_id"], sort=True)
    interactions = merge_repeated(contents.interactions.assign(user=codes.astype(np.int64)))
    if k_core > 0:
        kept_users, kept_items = k_core_filter(interactions, len(user_ids), len(items), k_core)
        if not kept_items.any():
            raise DatasetError(
                f"Nothing of {folder} is left: no users and items have {k_core} interactions with each "
                "other; set data.k_core lower."
            )
        interactions = _renumber(interactions, kept_users, kept_items)
        user_ids, items = user_ids[kept_users], items[kept_items].reset_index(drop=True)
    name = folder.resolve().name
    return Dataset(
        name,
        folder,
        items,
        np.asarray(user_ids, dtype=object),
        interactions,
        read_about(folder),
        problems.summed_up("warning"),
        problems.summed_up("note"),
    )


def merge_repeated(interactions: pd.DataFrame) -> pd.DataFrame:
    """One row for each (user, item), the earliest: user, item, timestamp, rating, in the dataset's order."""
    frame = interactions[["user", "item", "timestamp", "rating"]]
    by_pair = _sorted(frame, ["user", "item", "timestamp"])
    return _sorted(by_pair.drop_duplicates(["user", "item"], keep="first"), ["user", "timestamp", "item"])


def _sorted(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Stable sort, NaT last; several times faster than pandas' own sort by several columns."""
    last = np.iinfo(np.int64).max
    keys = [np.where(frame[column].isna(), last, frame[column].to_numpy().astype(np.int64)) for column in columns]
    return frame.iloc[np.lexsort(keys[::-1])].reset_index(drop=True)


def k_core_filter(interactions: pd.DataFrame, n_users: int, n_items: int, k_core: int) -> tuple[np.ndarray, np.ndarray]:
    """The largest sets of users and items in which each has ``k_core`` interactions with the other set.

    Returns:
        (n_users,) bool and (n_items,) bool: who stays. Both are all False if nothing does.
    """
    users, items = interactions["user"].to_numpy(), interactions["item"].to_numpy()
    while True:
        kept_users = np.bincount(users, minlength=n_users) >= k_core
        kept_items = np.bincount(items, minlength=n_items) >= k_core
        both = kept_users[users] & kept_items[items]
        if both.all():
            return kept_users, kept_items
        users, items = users[both], items[both]


def _renumber(interactions: pd.DataFrame, kept_users: np.ndarray, kept_items: np.ndarray) -> pd.DataFrame:
    both = kept_users[interactions["user"].to_numpy()] & kept_items[interactions["item"].to_numpy()]
    rest: pd.DataFrame = interactions[both].reset_index(drop=True)
    rest["user"] = (np.cumsum(kept_users) - 1)[rest["user"].to_numpy()]
    rest["item"] = (np.cumsum(kept_items) - 1)[rest["item"].to_numpy()]
    return rest


def _describe(folder: Path, errors: list[Problem], total: int) -> str:
    shown = [problem for alike in grouped(errors) for problem in alike[:SHOWN_OF_A_KIND]][:MOST_LINES]
    lines = [f"{folder} can't be used as it is:", *(f"  {error}" for error in shown)]
    if total > len(shown):
        lines.append(f"  and {total - len(shown):,} more; run python -m mamex check {folder}")
    return "\n".join(lines)


@dataclass(frozen=True)
class ItemFeatures:
    """Features of N items.

    Attributes:
        values: modality -> float32 (N, d_m); rows of missing modalities are zero.
        present: (N, M) bool, columns in the order of ``values``.
        warnings: what was lost on the way, in words: pictures that can't be read, texts that were cut.
    """

    values: dict[str, Tensor]
    present: Tensor
    warnings: list[str] = field(default_factory=list)
