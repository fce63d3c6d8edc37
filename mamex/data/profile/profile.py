"""The profile of a dataset folder: everything worth knowing of what it holds, as plain values."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from mamex.config import Config
from mamex.data.contents.contents import Contents
from mamex.data.profile.activity import Activity, activity_of
from mamex.data.profile.catalogue import Catalogue, catalogue_of
from mamex.data.profile.duration import training_seconds
from mamex.data.profile.texts import Texts, texts_of


@dataclass(frozen=True)
class Columns:
    """The columns of a file: ``read`` as pairs of what they are for us and what the file calls them, and the others."""

    file: str
    read: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]


@dataclass(frozen=True)
class Profile:
    """What a dataset folder holds.

    ``catalogue`` and ``texts`` are None if items.csv can't be used, ``activity`` if interactions.csv can't.
    ``training_seconds`` is a guess, None if there is nothing to train on.
    """

    catalogue: Catalogue | None
    texts: Texts | None
    activity: Activity | None
    columns: tuple[Columns, ...]
    training_seconds: float | None

    def to_json(self) -> dict[str, Any]:
        """As JSON knows it."""
        return asdict(self)


def profile_of(contents: Contents, has_picture: np.ndarray, config: Config) -> Profile:
    """The profile of what was read.

    Args:
        contents: both tables.
        has_picture: (n,) bool: does record i of items.csv have a picture that can be used?
        config: the settings of the training whose time is guessed.
    """
    items, bought = contents.items, contents.interactions
    catalogue = texts = activity = seconds = None
    if items is not None:
        catalogue = catalogue_of(items, has_picture)
        real = items.is_first
        texts = texts_of(items.frame["title"][real], items.frame["description"][real], config.encoder)
    if bought is not None:
        activity = activity_of(bought, items, contents.interaction_rows)
    if catalogue and texts and activity and activity.interactions:
        pictures = catalogue.both + catalogue.picture_only
        seconds = training_seconds(catalogue.items, activity.users, pictures, texts.number, config)
    columns = tuple(Columns(*entry) for entry in contents.columns)
    return Profile(catalogue, texts, activity, columns, seconds)
