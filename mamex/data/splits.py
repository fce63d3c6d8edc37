"""Which items are warm and which are cold: 8:1:1 by item, as in section 4.1.1 of the paper and in MILK.

Every interaction of a validation or test item is taken out of training, so those items are as new to the
model as a product that is not on sale yet.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

import numpy as np
import pandas as pd

from mamex.config import DataConfig
from mamex.data.dataset import Dataset
from mamex.errors import DatasetError
from mamex.files.writing import write_text

FEWEST_ITEMS = 10


class Part(IntEnum):
    """What an item is there for: items of the first part are warm, the others cold."""

    TRAIN = 0
    VALIDATION = 1
    TEST = 2

    @property
    def word(self) -> str:
        """As files and people name it."""
        return self.name.lower()


#: The words of all parts, in their order.
PARTS = tuple(part.word for part in Part)


@dataclass(frozen=True)
class Split:
    """Which items are warm and which are cold (held out of training with all their interactions).

    Attributes:
        seed: what the random permutation was seeded with.
        part: (n_items,) int8, a ``Part`` each.
    """

    seed: int
    part: np.ndarray

    def items(self, part: Part) -> np.ndarray:
        """Ascending int64 positions of the items in ``part``."""
        return np.flatnonzero(self.part == part).astype(np.int64)

    def to_frame(self, items: pd.DataFrame) -> pd.DataFrame:
        """The split by item_id, ready to be written: columns item_id and part (a word)."""
        return pd.DataFrame({"item_id": items["item_id"].to_numpy(), "part": np.array(PARTS)[self.part]})

    @staticmethod
    def from_frame(frame: pd.DataFrame, items: pd.DataFrame, seed: int) -> Split:
        """The split that ``to_frame`` described, in the order of ``items``.

        Raises:
            DatasetError: the frame isn't a split, or is the split of other items.
        """
        if not {"item_id", "part"} <= set(frame.columns) or not frame["part"].isin(PARTS).all():
            raise DatasetError("The saved split is damaged: it needs the columns item_id and part; train again.")
        split_ids, item_ids = pd.Index(frame["item_id"]), pd.Index(items["item_id"])
        if not split_ids.is_unique or len(split_ids) != len(item_ids) or not item_ids.isin(split_ids).all():
            raise DatasetError("The saved split belongs to other items; use the dataset that it was made with.")
        words = frame["part"].to_numpy()[split_ids.get_indexer(item_ids)]
        return Split(seed, np.array([PARTS.index(word) for word in words], dtype=np.int8))


@dataclass(frozen=True)
class SplitInteractions:
    """The interactions of each part's items: (n, 2) int64 user and item positions, by user, then time."""

    train: np.ndarray
    validation: np.ndarray
    test: np.ndarray


def split_items(dataset: Dataset, config: DataConfig, seed: int) -> Split:
    """Assign every item, never-bought ones included, to train, validation or test, at random.

    With ``config.group_column``, items that share a non-empty value of that column stay together. Where chance leaves a
    part without any interaction, because few items were ever bought, these are shared out first.

    Raises:
        DatasetError: fewer than ten items, an unknown column, or groups so large that a part would stay
            empty.
    """
    n_items = dataset.n_items
    if n_items < FEWEST_ITEMS:
        raise DatasetError(
            f"{dataset.folder} has {n_items} items; a split needs at least {FEWEST_ITEMS}, so add items."
        )
    targets = _targets(n_items, config)
    groups = _groups(dataset, config.group_column)
    sizes = np.bincount(groups)
    part_of_group = _drawn(sizes, targets, np.random.default_rng(seed))
    _leave_no_part_empty(part_of_group, sizes, config.group_column)
    bought = np.unique(groups[dataset.interactions["item"].to_numpy(dtype=np.int64)])
    if len(np.unique(part_of_group[bought])) < len(PARTS) <= len(bought):
        part_of_group = _bought_first(sizes, bought, config, np.random.default_rng([seed, len(bought)]))
    return Split(seed, part_of_group[groups])


def expected_held_out(bought: int, config: DataConfig) -> tuple[float, float]:
    """Of so many items that were ever bought, how many a split is likely to hold out for validation and for test."""
    return bought * config.validation_share, bought * (1 - config.train_share - config.validation_share)


def _drawn(sizes: np.ndarray, targets: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """(n_groups,) int8 the part of each group, of ``sizes``, drawn so that parts come near to ``targets`` (3,)."""
    part_of_group = np.full(len(sizes), -1, dtype=np.int8)
    room = _place_large_groups(sizes, part_of_group, targets, random)
    singles = random.permutation(np.flatnonzero(part_of_group < 0))
    part_of_group[singles] = np.repeat(np.arange(len(PARTS), dtype=np.int8), _fill(room, len(singles)))
    return part_of_group


def _bought_first(sizes: np.ndarray, bought: np.ndarray, config: DataConfig, random: np.random.Generator) -> np.ndarray:
    """As ``_drawn``; but the groups in ``bought`` are shared out among the parts before the others, three at least."""
    part_of_group = np.full(len(sizes), -1, dtype=np.int8)
    part_of_group[random.permutation(bought)] = np.repeat(np.arange(len(PARTS)), _targets(len(bought), config))
    rest = np.flatnonzero(part_of_group < 0)
    taken = np.bincount(part_of_group[bought], weights=sizes[bought], minlength=len(PARTS)).astype(np.int64)
    room = np.maximum(_targets(int(sizes.sum()), config) - taken, 0)
    part_of_group[rest] = _drawn(sizes[rest], room, random)
    return part_of_group


def _targets(n_items: int, config: DataConfig) -> np.ndarray:
    """(3,) int64 wanted numbers of items; no part is empty."""
    validation = max(1, round(n_items * config.validation_share))
    test = max(1, round(n_items * (1 - config.train_share - config.validation_share)))
    train = max(1, n_items - validation - test)
    return np.array([train, validation, n_items - train - validation], dtype=np.int64)


def _groups(dataset: Dataset, column: str) -> np.ndarray:
    """(n_items,) int64: the number of each item's group; without a group column each item is its own."""
    if not column:
        return np.arange(dataset.n_items)
    names = list(dataset.items.columns)
    if column not in names:
        near = difflib.get_close_matches(column.lower(), [name.lower() for name in names], n=1, cutoff=0.0)
        nearest = next(name for name in names if name.lower() == near[0])
        raise DatasetError(
            f"items.csv of {dataset.folder} has no column '{column}' to group by; did you mean '{nearest}'? "
            "Set data.group_column."
        )
    values = dataset.items[column].str.strip()
    keys = [("value", value) if value else ("item", str(position)) for position, value in enumerate(values)]
    return pd.factorize(pd.Series(keys, dtype=object))[0].astype(np.int64)


def _place_large_groups(
    sizes: np.ndarray, part_of_group: np.ndarray, targets: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Place the groups of several items, the largest first, each in a part that has room for it.

    The part is drawn in proportion to the room left, so that large groups don't all end up in training;
    where none has room, the part with most room takes the group. Fills in ``part_of_group`` and returns
    what is left of the room, (3,).
    """
    room = targets.copy()
    large = random.permutation(np.flatnonzero(sizes > 1))
    for group in large[np.argsort(-sizes[large], kind="stable")]:
        fits = np.where(room >= sizes[group], room, 0)
        part = random.choice(len(PARTS), p=fits / fits.sum()) if fits.any() else int(np.argmax(room))
        part_of_group[group] = part
        room[part] -= sizes[group]
    return room


def _fill(room: np.ndarray, count: int) -> np.ndarray:
    """(3,) how many of ``count`` single items go to each part, as near as possible to their room."""
    filled: np.ndarray = np.maximum(room, 0)
    while filled.sum() > count:  # a group overshot another part; each turn takes one item from the fullest
        filled[np.argmax(filled)] -= 1
    return filled


def _leave_no_part_empty(part_of_group: np.ndarray, sizes: np.ndarray, column: str) -> None:
    """Move the smallest group of the part that has most groups to a part that got none."""
    if len(sizes) < len(PARTS):
        raise DatasetError(
            f"Column '{column}' makes only {len(sizes)} group(s) and a split needs three; "
            "choose another data.group_column."
        )
    for part in range(len(PARTS)):
        if not (part_of_group == part).any():
            richest = np.bincount(part_of_group, minlength=len(PARTS)).argmax()
            candidates = np.flatnonzero(part_of_group == richest)
            part_of_group[candidates[np.argmin(sizes[candidates])]] = part


def split_interactions(dataset: Dataset, split: Split) -> SplitInteractions:
    """Sort the interactions by the part of their item.

    Raises:
        DatasetError: the split is of another dataset.
        RuntimeError: a cold item has a training interaction (a fault of ours, checked because all numbers
            hang on it).
    """
    if len(split.part) != dataset.n_items:
        raise DatasetError(
            f"The split is of {len(split.part)} items, {dataset.folder} has {dataset.n_items}; "
            "use the dataset that it was made with."
        )
    pairs = dataset.interactions[["user", "item"]].to_numpy(dtype=np.int64)
    part = split.part[pairs[:, 1]]
    train, validation, test = (pairs[part == number] for number in range(len(PARTS)))
    cold = np.concatenate([split.items(Part.VALIDATION), split.items(Part.TEST)])
    if np.isin(train[:, 1], cold).any() or len(train) + len(validation) + len(test) != len(pairs):
        raise RuntimeError("A cold item has a training interaction.")
    return SplitInteractions(train, validation, test)


def write_split(path: str | Path, split: Split, items: pd.DataFrame) -> None:
    """Write split.csv (item_id, part); a reader sees the old file or the whole new one, never a half."""
    write_text(Path(path), split.to_frame(items).to_csv(index=False, lineterminator="\n"))


def read_split(path: str | Path, items: pd.DataFrame, seed: int) -> Split:
    """Read what ``write_split`` wrote; ``seed`` is the one that the run's settings name.

    Raises:
        DatasetError: there is no such file, it is damaged, or it is the split of other items.
    """
    try:
        frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    except FileNotFoundError as error:
        raise DatasetError(f"There is no saved split at {path}; train again, or give the run's folder.") from error
    except (OSError, ValueError) as error:
        raise DatasetError(f"The saved split at {path} can't be read; train again.") from error
    return Split.from_frame(frame, items, seed)
