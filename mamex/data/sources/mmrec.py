"""Feature files as MMRec and LATTICE lay them out: interactions by number, ``*_feat.npy``, no pictures or words.

MMRec: ``NAME.inter``, tab separated, with userID, itemID and, if known, rating, timestamp and x_label. LATTICE:
``train.json``, ``val.json``, ``test.json`` (user -> [items]), in the folder or in ``5-core``. Item i is row i of each
array. Their own division by interaction (x_label, train/val/test) is dropped: MAMEX divides by item.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd

from mamex.data.sources.base import Prepared
from mamex.data.sources.writing import write_dataset
from mamex.data.tables.reader import FEATURES
from mamex.errors import SourceError
from mamex.files.plain_arrays import ArrayError, open_array
from mamex.files.writing import atomic_path
from mamex.modalities import PICTURE_COLUMN
from mamex.progress import Progress

LAYOUT = "a folder with NAME.inter or train.json, and image_feat.npy and text_feat.npy"
ENDING = "_feat.npy"
PARTS = ("train.json", "val.json", "test.json")


def prepare_mmrec(out: Path, source: Path, progress: Progress) -> Prepared:
    """Write items.csv, interactions.csv.gz and ``features/MODALITY.npy``, for ``--set encoder=features``.

    Items are all rows of the arrays, in their order. With ``i_id_mapping.csv`` there, each item's own id (its asin) is
    kept in a further column.

    Raises:
        SourceError: a file is missing, damaged or of another layout, or the files don't belong together.
    """
    arrays = read_features(source)
    interactions = _read_interactions(source)
    original = _original_ids(source)
    n_items = len(next(iter(arrays.values())))
    smallest, largest = int(interactions["item_id"].min()), int(interactions["item_id"].max())
    if smallest < 0 or largest >= n_items:
        raise SourceError(
            f"The interactions in {source} are with items {smallest} to {largest}, its features are of items 0 to "
            f"{n_items - 1}; give files that belong together."
        )
    for done, (modality, array) in enumerate(arrays.items(), start=1):
        with atomic_path(out / FEATURES / f"{modality}.npy") as temporary, temporary.open("wb") as stream:
            np.save(stream, array.astype(np.float32), allow_pickle=False)
        progress("writing features", done, len(arrays))
    items = pd.DataFrame(
        {"item_id": np.arange(n_items).astype(str), "title": "", "description": "", PICTURE_COLUMN: ""}
    )
    if original is not None:
        items["original_id"] = items["item_id"].map(original).fillna("")
    note = f"Use it with: --set encoder=features model.modalities={','.join(arrays)}"
    return write_dataset(out, items, interactions, (note,))


def read_features(source: Path) -> dict[str, np.ndarray]:
    """Modality -> (n_items, d_m), from each ``MODALITY_feat.npy``.

    Raises:
        SourceError: there is none, one isn't a plain array of numbers, or they have different numbers of rows.
    """
    paths = sorted(source.glob(f"*{ENDING}")) if source.is_dir() else []
    if not paths:
        raise SourceError(f"There is no image_feat.npy or text_feat.npy in {source}; give {LAYOUT}.")
    arrays = {}
    for path in paths:
        try:
            array = open_array(path)
        except ArrayError as error:
            raise SourceError(f"{path} {error}") from error
        arrays[path.name.removesuffix(ENDING)] = array
    if len({len(array) for array in arrays.values()}) > 1:
        rows = ", ".join(f"{name}{ENDING} {len(array)}" for name, array in arrays.items())
        raise SourceError(f"The arrays in {source} have different numbers of rows ({rows}); they must match.")
    return arrays


def _read_interactions(source: Path) -> pd.DataFrame:
    found = sorted(source.glob("*.inter"))
    if len(found) > 1:
        raise SourceError(f"{source} has {len(found)} .inter files; leave one.")
    if found:
        return read_inter(found[0])
    for folder in (source, source / "5-core"):
        if (folder / PARTS[0]).is_file():
            return read_json_parts(folder)
    raise SourceError(f"There is neither NAME.inter nor train.json nor 5-core/train.json in {source}; give {LAYOUT}.")


def read_inter(path: Path) -> pd.DataFrame:
    """user_id and item_id (int64), and timestamp and rating where the file has them.

    Raises:
        SourceError: the file is of another layout.
    """
    names = {"userID": "user_id", "itemID": "item_id", "timestamp": "timestamp", "rating": "rating"}
    try:
        frame = pd.read_csv(path, sep="\t")
        present = {old: new for old, new in names.items() if old in frame or new in ("user_id", "item_id")}
        frame = frame[list(present)].rename(columns=present)
        frame = frame.astype({"user_id": "int64", "item_id": "int64"})
    except (KeyError, ValueError, OverflowError) as error:
        raise SourceError(f"{path} is not tab separated with the numbers userID and itemID; give {LAYOUT}.") from error
    if frame.empty:
        raise SourceError(f"{path} holds no interactions.")
    return frame


def read_json_parts(folder: Path) -> pd.DataFrame:
    """user_id and item_id (int64), all parts together; a part that isn't there has no interactions.

    Raises:
        SourceError: a file is damaged or of another layout.
    """
    pairs: list[tuple[int, int]] = []
    for path in (folder / name for name in PARTS if (folder / name).is_file()):
        try:
            part = json.loads(path.read_text(encoding="utf-8"))
            pairs += [(int(user), int(item)) for user, bought in part.items() for item in bought]
            if any(abs(number) >= 2**62 for pair in pairs for number in pair):
                raise ValueError("no number of a user or an item")
        except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise SourceError(f"{path} is not a JSON object of user to [items], all numbers; give {LAYOUT}.") from error
    if not pairs:
        raise SourceError(f"The files {', '.join(PARTS)} in {folder} hold no interactions.")
    return pd.DataFrame(pairs, columns=["user_id", "item_id"], dtype="int64")


def _original_ids(source: Path) -> dict[str, str] | None:
    """Item number -> the id it had before MMRec numbered it, from i_id_mapping.csv (asin, itemID); None without it."""
    path = source / "i_id_mapping.csv"
    if not path.is_file():
        return None
    complaint = f"{path} is not tab separated with the columns asin and itemID; remove it, or repair it."
    try:
        frame = pd.read_csv(path, sep="\t", dtype=str, keep_default_na=False)
    except ValueError as error:
        raise SourceError(complaint) from error
    if "itemID" not in frame or frame.shape[1] < 2:
        raise SourceError(complaint)
    other = next(column for column in frame.columns if column != "itemID")
    return dict(zip(frame["itemID"], frame[other], strict=True))
