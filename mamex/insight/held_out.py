"""Products of the shop that the model never trained on, and who really bought them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mamex.checkpoint.checkpoint import Checkpoint
from mamex.data.cold_start import ColdStartData
from mamex.data.dataset import Dataset, join_words
from mamex.data.splits import Part
from mamex.evaluation import candidate_items
from mamex.files.pictures.picture import MAX_MEGABYTES
from mamex.files.plain_files import hash_plain
from mamex.launch.result import LaunchResult
from mamex.retrieval.list_lengths import held_out_say_nothing

#: Fewer buyers say little about whether the prediction was good.
FEWEST_BUYERS = 4
MOST_EXAMPLES = 6


@dataclass(frozen=True)
class Example:
    """A held-out product, ready to be launched as if it were new."""

    position: int
    title: str
    description: str
    picture: Path


@dataclass(frozen=True)
class Reveal:
    """What really happened to a held-out product, beside what was predicted."""

    buyers: int
    found: int  # of the buyers, those in the predicted audience
    by_chance: float  # expected of an equally large audience drawn at random


def warnings_of_test(checkpoint: Checkpoint) -> list[str]:
    """What must be known of every number that is measured on a checkpoint's test items, in words."""
    items = candidate_items(checkpoint.data, Part.TEST, checkpoint.config.evaluation.candidates)
    said = held_out_say_nothing(len(items))
    return [said] if said else []


def choose_examples(
    dataset: Dataset, data: ColdStartData, pictures: Sequence[Path | None], most: int = MOST_EXAMPLES
) -> list[Example]:
    """The most bought test items with words and a picture of their own, one of each category first; always the same.

    A picture that several items share is a placeholder (a carton, a logo), and makes a dull example.
    """
    shared = Counter(picture for picture in pictures if picture is not None)
    buyers = np.bincount(data.interactions.test[:, 1], minlength=data.n_items)
    items = dataset.items
    own = {position for position, picture in enumerate(pictures) if picture is not None and shared[picture] == 1}
    able = [
        int(position)
        for position in data.test_items
        if int(position) in own and items["title"][position] and items["description"][position]
    ]
    enough = [position for position in able if buyers[position] >= FEWEST_BUYERS] or able
    ordered = sorted(enough, key=lambda position: (-buyers[position], position))
    category = items["category"] if "category" in items else items["item_id"]
    first: dict[str, int] = {}
    for position in ordered:
        first.setdefault(category[position], position)
    leaders = list(first.values())
    chosen = (leaders + [position for position in ordered if position not in leaders])[:most]
    return [_example(dataset, int(position), pictures) for position in chosen]


def _example(dataset: Dataset, position: int, pictures: Sequence[Path | None]) -> Example:
    row, picture = dataset.items.iloc[position], pictures[position]
    assert picture is not None
    return Example(position, str(row["title"]), str(row["description"]), picture)


class KnownProducts:
    """Recognises a launched product that is a test item, by its very words and picture.

    Recognition looks at the inputs alone, so that no memory of what a visitor clicked is needed, and an example whose
    words were edited is not an example any more.
    """

    def __init__(self, dataset: Dataset, data: ColdStartData, pictures: Sequence[Path | None]) -> None:
        self._data, self._pictures = data, pictures
        texts = dataset.texts()
        self._by_text: dict[str, list[int]] = {}
        for position in data.test_items:
            self._by_text.setdefault(texts[position], []).append(int(position))

    def recognise(self, picture: str | Path | None, title: str, description: str) -> int | None:
        """The position of the test item that has this picture and these words, None if there is none."""
        candidates = self._by_text.get(join_words(title, description), [])
        if not picture or not candidates:
            return None
        own = _digest(Path(picture))
        for position in candidates:
            path = self._pictures[position]
            if path is not None and _digest(path) == own:
                return position
        return None

    def reveal(self, position: int, result: LaunchResult) -> Reveal | None:
        """Its real buyers beside the predicted audience; None if nobody bought it."""
        test = self._data.interactions.test
        buyers = test[test[:, 1] == position, 0]
        if not len(buyers):
            return None
        found = np.isin(buyers, result.audience_users).sum()
        by_chance = len(buyers) * result.audience_size / self._data.n_users
        return Reveal(len(buyers), int(found), by_chance)


def _digest(path: Path) -> bytes:
    return hash_plain(path, MAX_MEGABYTES * 2**20)
