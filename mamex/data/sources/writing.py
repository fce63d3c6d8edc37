"""Writing the dataset folder, so that a run that was killed can go on and never leaves half a file."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from mamex.data.dataset import k_core_filter
from mamex.data.sources.base import Prepared
from mamex.errors import SourceError
from mamex.files.writing import atomic_path
from mamex.modalities import PICTURE_COLUMN
from mamex.progress import Progress

IMAGES = "images"
#: Endings that a picture may keep; Pillow goes by the content, so any other is called .jpg.
PICTURE_ENDINGS = (".jpg", ".jpeg", ".png", ".webp", ".gif")


def one_line(text: str) -> str:
    """Without line breaks, repeated spaces and NUL, which readers of CSV refuse."""
    return " ".join(text.replace("\x00", " ").split())


def picture_name(item_id: str, source: str) -> str:
    """``images/ITEM.ending`` for a picture from ``source`` (a path or an address); never outside ``images/``."""
    ending = Path(source).suffix.lower()
    return f"{IMAGES}/{quote(item_id, safe='')}{ending if ending in PICTURE_ENDINGS else '.jpg'}"


def copy_pictures(pictures: Iterable[tuple[Path, str]], folder: Path, progress: Progress) -> None:
    """Copy (from, name in the dataset folder); those that an earlier run copied are left alone."""
    todo = list(pictures)
    for done, (source, name) in enumerate(todo, start=1):
        target = folder / name
        if not target.is_file() or target.stat().st_size != source.stat().st_size:
            with atomic_path(target) as temporary:
                shutil.copyfile(source, temporary)
        progress("copying pictures", done, len(todo))


def k_core(interactions: pd.DataFrame, core: int) -> pd.DataFrame:
    """The rows of the users and items that have ``core`` distinct items or users each among them; 0 keeps all.

    Raises:
        SourceError: no row is left.
    """
    if core > 0 and len(interactions):
        pairs = pd.DataFrame({side: pd.factorize(interactions[f"{side}_id"])[0] for side in ("user", "item")})
        distinct = pairs.drop_duplicates()
        kept_users, kept_items = k_core_filter(distinct, pairs["user"].max() + 1, pairs["item"].max() + 1, core)
        both = kept_users[pairs["user"].to_numpy()] & kept_items[pairs["item"].to_numpy()]
        interactions = interactions[both].reset_index(drop=True)
    if interactions.empty:
        raise SourceError("No interaction is left to write; set --k-core lower, or select more users.")
    return interactions


def write_dataset(
    folder: Path, items: pd.DataFrame, interactions: pd.DataFrame, notes: tuple[str, ...] = ()
) -> Prepared:
    """Write items.csv and interactions.csv.gz; both take their places when both are whole.

    Args:
        folder: the dataset folder; pictures are there already.
        items: columns item_id, title, description, image and any further ones, all str.
        interactions: columns user_id, item_id and, if known, timestamp and rating.
        notes: passed on to the result.
    """
    items = items.assign(**{name: items[name].map(one_line) for name in items.columns.drop("item_id")})
    with ExitStack() as stack:
        paths = [stack.enter_context(atomic_path(folder / name)) for name in ("items.csv", "interactions.csv.gz")]
        # JSON may hold halves of surrogate pairs, which UTF-8 can't: they become question marks.
        items.to_csv(paths[0], index=False, lineterminator="\n", errors="replace")
        # Neither a time nor the temporary file's name inside, so that the same rows make the same file.
        with paths[1].open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as stream:
            interactions.to_csv(stream, index=False, lineterminator="\n", errors="replace")
    for other in ("items.csv.gz", "interactions.csv"):  # left by other hands; two files of a kind are refused
        (folder / other).unlink(missing_ok=True)
    return Prepared(
        folder,
        items=len(items),
        with_picture=int(items[PICTURE_COLUMN].ne("").sum()),
        users=int(interactions["user_id"].nunique()),
        interactions=len(interactions),
        notes=notes,
    )
