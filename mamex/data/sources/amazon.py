"""Amazon reviews (McAuley): the 5-core releases of 2014 and 2018, with metadata and pictures.

The paper's Baby, Clothing and Sports are categories of the 2014 release. Reviews are JSON lines in both; metadata is a
Python literal a line in 2014 (``imUrl``, ``categories``) and JSON in 2018 (``imageURLHighRes``, ``imageURL``,
``category``, prices as "$12.99"). Research use only, as the publishers ask.
"""

from __future__ import annotations

import html
import math
import re
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mamex.data.sources.amazon_files import Files
from mamex.data.sources.base import Prepared
from mamex.data.sources.download import Downloader
from mamex.data.sources.json_lines import read_records
from mamex.data.sources.pictures.download import Wanted, fetch_pictures
from mamex.data.sources.writing import k_core, write_dataset
from mamex.errors import SourceError
from mamex.modalities import PICTURE_COLUMN
from mamex.progress import Progress

#: Of a time; the year 9999.
MOST_SECONDS = 253_402_300_800
_ASIN = re.compile(r"""['"]asin['"]\s*:\s*['"]([^'"]+)['"]""")
_TAG = re.compile(r"<[^<>]+>")
_PRICE = re.compile(r"\$?\s*(\d[\d,]*(?:\.\d+)?)")


def prepare_amazon(
    out: Path,
    files: Files,
    downloader: Downloader,
    progress: Progress,
    pictures: bool = True,
    workers: int = 8,
    core: int = 0,
) -> Prepared:
    """Fetch what is missing and write the dataset folder.

    Items are those with a review that is kept; one without metadata stays, with neither words nor picture.

    Args:
        out: the dataset folder; what is fetched is kept in ``out/download``.
        files: where reviews and metadata come from.
        downloader: how to fetch.
        progress: called as work goes on.
        pictures: whether to fetch the pictures.
        workers: pictures fetched at once.
        core: k of a further k-core filter; 0 takes the release as it is.

    Raises:
        SourceError: a file can't be had, is damaged, or is of another kind.
    """
    reviews_path = files.reviews(out, downloader, progress)
    metadata_path = files.metadata(out, downloader, progress)
    with files.damaged_are_removed(out):
        interactions = k_core(read_reviews(reviews_path, progress), core)
        item_ids = sorted(interactions["item_id"].unique())
        metadata = read_metadata(metadata_path, frozenset(item_ids), progress)
    unknown = len(item_ids) - len(metadata)
    if unknown == len(item_ids):
        raise SourceError(f"{metadata_path} has none of the items reviewed in {reviews_path}; give two that match.")
    wanted = [Wanted(item_id, urls) for item_id in item_ids if (urls := _urls(metadata.get(item_id, {})))]
    there = fetch_pictures(wanted, out, downloader, workers, progress) if pictures else {}
    items = pd.DataFrame([_item(item_id, metadata.get(item_id, {}), there.get(item_id, "")) for item_id in item_ids])
    notes = [f"Items without metadata, and so without words and picture: {unknown:,}."] if unknown else []
    notes.append(_picture_note(pictures, len(item_ids), len(wanted), len(there)))
    return write_dataset(out, items, interactions, tuple(notes))


def _picture_note(pictures: bool, items: int, wanted: int, there: int) -> str:
    if not pictures:
        return "No pictures were fetched; run the same command with --pictures to add them."
    failed = (
        f"{wanted - there:,} of {wanted:,} pictures could not be fetched and are left empty "
        "(run the same command again to try them again)"
        if wanted > there
        else f"All {wanted:,} pictures were fetched"
    )
    return f"{failed}; items without the address of one: {items - wanted:,}."


@dataclass
class _Column:
    """A column of ids as codes: millions of reviews name the same users and items again and again."""

    codes: array[int] = field(default_factory=lambda: array("i"))
    known: dict[str, int] = field(default_factory=dict)

    def add(self, value: str) -> None:
        self.codes.append(self.known.setdefault(value, len(self.known)))

    def categorical(self) -> pd.Categorical[str]:
        return pd.Categorical.from_codes(np.asarray(self.codes), categories=pd.Index(list(self.known), dtype=str))


def read_reviews(path: Path, progress: Progress) -> pd.DataFrame:
    """user_id, item_id, timestamp (seconds since 1970) and rating (1-5) of each review, in the file's order.

    Raises:
        SourceError: the file is damaged, or isn't one of reviews.
    """
    users, items, times, ratings = _Column(), _Column(), array("q"), array("d")
    for number, review in read_records(path, progress):
        try:
            user, item = str(review["reviewerID"]), str(review["asin"])
            time, rating = int(review["unixReviewTime"]), float(review["overall"])
            if not (abs(time) < MOST_SECONDS and math.isfinite(rating)):
                raise ValueError("no time or no rating")
        except (KeyError, TypeError, ValueError, OverflowError) as error:
            raise SourceError(
                f"{path} line {number} is not a review with reviewerID, asin, overall and unixReviewTime; "
                "give the 5-core reviews file."
            ) from error
        users.add(user)
        items.add(item)
        times.append(time)
        ratings.append(rating)
    return pd.DataFrame(
        {
            "user_id": users.categorical(),
            "item_id": items.categorical(),
            "timestamp": np.asarray(times, dtype=np.int64),
            "rating": np.asarray(ratings, dtype=np.float64),
        }
    )


def read_metadata(path: Path, item_ids: frozenset[str], progress: Progress) -> dict[str, dict[str, Any]]:
    """asin -> its record, for the items asked for; of records that repeat an item the first counts.

    Raises:
        SourceError: the file is damaged, or isn't one of metadata.
    """

    def is_wanted(line: str) -> bool:
        # Parsing takes most of the time and most lines are about other items, so their id is looked at first.
        found = _ASIN.search(line)
        return found is None or found[1] in item_ids

    metadata: dict[str, dict[str, Any]] = {}
    for number, record in read_records(path, progress, is_wanted):
        if "asin" not in record or "reviewerID" in record:
            raise SourceError(f"{path} line {number} is not an item with an asin; give the metadata file.")
        if record["asin"] in item_ids:
            metadata.setdefault(record["asin"], record)
    return metadata


def _item(item_id: str, record: Mapping[str, Any], image: str) -> dict[str, str]:
    path = _categories(record)
    return {
        "item_id": item_id,
        "title": _words(record.get("title")),
        "description": _words(record.get("description")),
        PICTURE_COLUMN: image,
        # The first step names the whole file ("Baby"); the second tells its items apart.
        "category": path[min(1, len(path) - 1)] if path else "",
        "price": _price(record.get("price")),
        "brand": _words(record.get("brand")),
        "categories": " > ".join(path),
    }


def _words(value: object) -> str:
    """Plain text of a string or a list of them; the 2018 release holds HTML, and scripts where titles failed."""
    text = " ".join(str(part) for part in value) if isinstance(value, list) else str(value or "")
    if "getTime" in text:
        return ""
    return html.unescape(_TAG.sub(" ", text)).strip()


def _categories(record: Mapping[str, Any]) -> list[str]:
    paths = record.get("categories") or [record.get("category") or []]
    first = paths[0] if isinstance(paths, list) and paths else []
    return [words for step in first if (words := _words(step))] if isinstance(first, list) else []


def _price(value: object) -> str:
    """A number: 2014 has numbers; 2018 has "$1,299.99", ranges (the lower end is taken) and fragments of pages."""
    found = _PRICE.match(str(value if value is not None else "").strip())
    return found[1].replace(",", "") if found else ""


def _urls(record: Mapping[str, Any]) -> tuple[str, ...]:
    """Addresses of the item's first picture, the best first."""
    return tuple(
        dict.fromkeys(url for name in ("imUrl", "imageURLHighRes", "imageURL") for url in _first(record, name))
    )


def _first(record: Mapping[str, Any], name: str) -> Iterator[str]:
    value = record.get(name) or []
    candidates = value if isinstance(value, list) else [value]
    yield from (str(url).strip() for url in candidates[:1] if str(url).strip())
