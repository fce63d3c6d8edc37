"""What a training on a dataset folder would stumble over, told before anybody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from mamex.config import DataConfig
from mamex.data.contents.contents import Contents
from mamex.data.contents.items import Items
from mamex.data.dataset import join_words
from mamex.data.problems import Problems
from mamex.data.splits import FEWEST_ITEMS, expected_held_out
from mamex.data.tables.reader import FEATURES

#: (n,) texts -> (n,) the share of each that an encoder does not know, 0 to 1.
UnknownWords = Callable[[list[str]], np.ndarray]
#: A text of which so much is unknown is hardly read.
HARDLY = 0.5
#: Numbers that rest on fewer held-out products are luck.
FEW = 5


def check_trainable(
    folder: Path,
    contents: Contents,
    has_picture: np.ndarray,
    settings: DataConfig,
    unknown_words: UnknownWords | None,
    problems: Problems,
) -> None:
    """Warn of modalities that nobody has, of words that no encoder knows, and of shops that hardly sold anything."""
    items = contents.items
    if items is None or not items.is_first.any():
        return
    if not any((folder / FEATURES).glob("*.npy")):
        _check_modalities(items, has_picture, problems)
        if unknown_words is not None:
            _check_words(items, unknown_words, problems)
    if contents.interactions is not None and not problems.errors():  # of a damaged table nobody can tell
        _check_bought(items, contents.interactions["item"].to_numpy(), settings, problems)


def _check_modalities(items: Items, has_picture: np.ndarray, problems: Problems) -> None:
    """A model learns nothing of what no item has, and a launch of it can't be read."""
    real = items.is_first
    if not (real & has_picture).any():
        message = "no item has a picture; a model of this shop knows words alone"
        problems.warning(items.file, None, "no picture at all", message)
    if not (real & items.has_words).any():
        message = "no item has words; a model of this shop knows pictures alone"
        problems.warning(items.file, None, "no words at all", message)


def _check_words(items: Items, unknown_words: UnknownWords, problems: Problems) -> None:
    spoken = np.flatnonzero(items.is_first & items.has_words)
    titles, descriptions = (items.frame[column].to_numpy()[spoken] for column in ("title", "description"))
    texts = [join_words(title, description) for title, description in zip(titles, descriptions, strict=True)]
    unknown = spoken[unknown_words(texts) >= HARDLY] if texts else spoken
    if len(unknown):
        message = (
            f"the compact encoder knows few or none of the words of {len(unknown):,} of {len(spoken):,} items, so they "
            "are read alike; choose an encoder of their language with --set encoder=…"
        )
        problems.warning(items.file, int(items.rows[unknown[0]]), "unknown words", message)


def _check_bought(items: Items, bought: np.ndarray, settings: DataConfig, problems: Problems) -> None:
    total, sold = int(items.is_first.sum()), len(np.unique(bought))
    held_out = expected_held_out(sold, settings)
    if total >= FEWEST_ITEMS and sold and min(held_out) < FEW and 2 * sold < total:
        message = (
            f"only {sold:,} of {total:,} items were ever bought, so about {min(held_out):.0f} of these will be held "
            "out for test, and what is measured on so few is luck; hold out more with --set data.train_share=0.6 "
            "data.validation_share=0.2, or leave out what was never bought with --set data.k_core=1"
        )
        problems.warning(items.file, None, "hardly bought", message)
