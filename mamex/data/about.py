"""What a dataset calls itself, its users and its items: the optional ``about.json`` of a dataset folder.

::

    {"name": "Film club", "simulated": false, "item": "film", "items": "films", "user": "viewer", "users": "viewers",
     "bought": "watched"}

All entries are optional. A film has viewers who watched it, not shoppers who bought it; the page says so.
"""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from mamex.errors import DatasetError
from mamex.files.plain_files import NotPlainError, read_plain
from mamex.files.words import STEERING, printable, quoted

ABOUT = "about.json"
MOST_BYTES = 65_536


class About(BaseModel):
    """The words for one dataset."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str = Field("", max_length=80, description="what the dataset is called; the folder's name if empty")
    simulated: bool = Field(False, description="whether its users are made up; said wherever numbers are shown")
    item: str = Field("product", min_length=1, max_length=24)
    items: str = Field("products", min_length=1, max_length=24)
    user: str = Field("shopper", min_length=1, max_length=24)
    users: str = Field("shoppers", min_length=1, max_length=24)
    bought: str = Field("bought", min_length=1, max_length=24, description="what users did with items, in the past")

    @field_validator("name", "item", "items", "user", "users", "bought")
    @classmethod
    def _is_shown(cls, words: str) -> str:
        if STEERING.search(words):
            raise ValueError("it holds characters that can't be shown")
        return words


def _once_each(entries: list[tuple[str, object]]) -> dict[str, object]:
    names = Counter(name for name, _ in entries)
    for name, times in names.items():
        if times > 1:
            raise DatasetError(f"{ABOUT} has the entry {quoted(name)} twice; remove one.")
    return dict(entries)


def read_about(folder: Path) -> About:
    """``about.json`` of a dataset folder; the defaults if there is none.

    Raises:
        DatasetError: the file can't be used; one sentence says why.
    """
    path = folder / ABOUT
    try:
        content = read_plain(path, MOST_BYTES).decode("utf-8")
        return About.model_validate(json.loads(content, object_pairs_hook=_once_each))
    except FileNotFoundError:
        return About()
    except ValidationError as error:
        fault = error.errors()[0]
        name = printable(".".join(map(str, fault["loc"])))[:80]
        known = ", ".join(About.model_fields)
        raise DatasetError(
            f"The entry '{name}' of {ABOUT} can't be used ({fault['msg']}); known are {known}."
        ) from error
    except (NotPlainError, OSError, ValueError, RecursionError) as error:
        raise DatasetError(f"{ABOUT} is not a JSON object; see README, “Train on your own shop”.") from error
