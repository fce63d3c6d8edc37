"""What a training on a dataset folder would stumble over, told before anybody waits for it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from mamex.config import DataConfig
from mamex.data.contents.items import Items
from mamex.data.dataset import join_words
from mamex.data.problems import Problems
from mamex.data.splits import FEWEST_ITEMS, expected_held_out
from mamex.data.tables.reader import FEATURES
from mamex.modalities import TEXT_COLUMNS

#: (n,) texts -> (n,) the share of each that an encoder does not know, 0 to 1.
UnknownWords = Callable[[list[str]], np.ndarray]
#: A text of which so much is unknown is hardly read.
HARDLY = 0.5
#: Numbers that rest on fewer held-out products are luck.
FEW = 5
#: Settings by which more of them are held out.
HOLD_OUT_MORE = "data.train_share=0.6 data.validation_share=0.2"


def check_trainable(
    folder: Path,
    items: Items,
    has_picture: np.ndarray,
    never_bought: int | None,
    settings: DataConfig,
    unknown_words: UnknownWords | None,
    problems: Problems,
) -> None:
    """Warn of items that lack a modality, of words that no encoder knows, and of shops that hardly sold anything.

    Args:
        folder: may hold arrays of features in the place of pictures and words.
        items: items.csv.
        has_picture: (n,) bool: does record i have a picture that can be used?
        never_bought: items without any interaction; None if interactions.csv can't be used.
        settings: by which items will be held out.
        unknown_words: says of each text how much of it the encoder does not know; not asked if None.
        problems: what is found is added.
    """
    if not any((folder / FEATURES).glob("*.npy")):
        _check_modalities(items, has_picture, problems)
        if unknown_words is not None:
            _check_words(items, unknown_words, problems)
    if never_bought is not None and not problems.errors():  # of a damaged table nobody can tell
        _check_bought(items, never_bought, settings, problems)


def _check_modalities(items: Items, has_picture: np.ndarray, problems: Problems) -> None:
    """A model learns nothing of what no item has, and a launch of it can't be read."""
    if not set(TEXT_COLUMNS) <= set(items.missing_columns):
        silent = ~items.has_words & ~items.damaged
        message = "has neither title nor description; write one, or its picture alone must speak for it"
        problems.each(items.file, items.rows[silent & has_picture], "warning", "empty text", message)
        message = "has neither a picture nor words, so this item can't be recommended; add one of them"
        problems.each(items.file, items.rows[silent & ~has_picture], "warning", "no modality", message)
    real = items.is_first
    for kind, here, message in (
        ("no picture at all", has_picture, "no item has a picture; a model of this shop knows words alone"),
        ("no words at all", items.has_words, "no item has words; a model of this shop knows pictures alone"),
    ):
        if real.any() and not (real & here).any():
            problems.warning(items.file, None, kind, message)


def _check_words(items: Items, unknown_words: UnknownWords, problems: Problems) -> None:
    spoken = np.flatnonzero(items.is_first & items.has_words)
    titles, descriptions = (items.frame[column].to_numpy()[spoken] for column in TEXT_COLUMNS)
    texts = [join_words(title, description) for title, description in zip(titles, descriptions, strict=True)]
    unknown = spoken[unknown_words(texts) >= HARDLY] if texts else spoken
    if len(unknown):
        message = (
            f"the compact encoder knows few or none of the words of {len(unknown):,} of {len(spoken):,} items, so they "
            "are read alike; choose an encoder of their language with --set encoder=…"
        )
        problems.warning(items.file, int(items.rows[unknown[0]]), "unknown words", message)


def _check_bought(items: Items, never_bought: int, settings: DataConfig, problems: Problems) -> None:
    total = int(items.is_first.sum())
    sold = total - never_bought
    held_out = expected_held_out(sold, settings)
    if total >= FEWEST_ITEMS and sold and min(held_out) < FEW and 2 * sold < total:
        message = (
            f"only {sold:,} of {total:,} items were ever bought, so about {min(held_out):.0f} of these will be held "
            f"out for test, and what is measured on so few is luck; hold out more with --set {HOLD_OUT_MORE}, or leave "
            "out what was never bought with --set data.k_core=1"
        )
        problems.warning(items.file, None, "hardly bought", message)
