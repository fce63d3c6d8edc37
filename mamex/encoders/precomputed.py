"""The ``features`` encoder: arrays that somebody computed already, for any modality (audio, video, …).

The dataset folder holds ``features/MODALITY.npy``, float (rows of items.csv, d_m), in the order of items.csv. A row
with a NaN means that the item lacks that modality.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mamex.data.contents.items import ITEM_COLUMNS
from mamex.data.items.features import columns_of_nan, nobody_has
from mamex.data.problems import Problems
from mamex.data.tables.reader import FEATURES, read_table
from mamex.encoders.base import Encoder
from mamex.errors import EncoderError
from mamex.files.plain_arrays import ArrayError, open_array
from mamex.files.words import printable
from mamex.files.writing import file_hash


class PrecomputedFeatures(Encoder):
    """Reads arrays instead of encoding.

    Args:
        folder: the dataset folder, or None where features are handed over directly (a launch on such a checkpoint).

    Raises:
        EncoderError: the folder has no ``features/*.npy``, or one of them is not a plain two-dimensional array.
    """

    def __init__(self, folder: Path | None) -> None:
        self._arrays: dict[str, np.ndarray] = {}
        paths = sorted((folder / FEATURES).glob("*.npy")) if folder else []
        if folder and not paths:
            raise EncoderError(f"The encoder 'features' needs {folder / FEATURES}/MODALITY.npy, one file a modality.")
        for path in paths:
            self._arrays[path.stem] = _read_array(path)
        self.dimensions = {name: array.shape[1] for name, array in self._arrays.items()}
        self.identity = {
            "name": "features",
            "weights": {path.stem: file_hash(path) for path in paths},
            "dimensions": self.dimensions,
            "context_length": None,
            "preprocessing": {},
        }

    def encode(self, modality: str, inputs: Sequence[Any]) -> np.ndarray:
        raise EncoderError(
            "This checkpoint was trained on precomputed features and can't read pictures or words; "
            "give the product's features instead."
        )

    def stored_features(self, folder: Path, item_ids: Sequence[str], modality: str) -> np.ndarray:
        array = self._arrays.get(modality)
        if array is None:
            raise EncoderError(f"There is no {FEATURES}/{modality}.npy; leave '{modality}' out of model.modalities.")
        table = read_table(folder, "items", ITEM_COLUMNS, (), Problems())
        if table is None:
            raise EncoderError(f"items.csv of {folder} can't be read; run python -m mamex check {folder}.")
        rows = table.frame["item_id"].str.strip()
        if len(rows) != len(array):
            raise EncoderError(
                f"{FEATURES}/{modality}.npy has {len(array)} rows and {table.file} has {len(rows)}; they must match."
            )
        if len(array) and bool(np.isnan(array).any(axis=1).all()):
            raise EncoderError(f"{nobody_has(modality, len(array), columns_of_nan(array))}.")
        # A k-core filter may have dropped items, so rows are found by id.
        return array[pd.Index(rows).get_indexer(pd.Index(item_ids))]


def _read_array(path: Path) -> np.ndarray:
    try:
        array = open_array(path)
    except ArrayError as error:
        raise EncoderError(f"{printable(path.name)} {error}") from error
    with np.errstate(over="ignore"):  # said below
        array = array.astype(np.float32)
    if np.isinf(array).any():
        raise EncoderError(f"{path.name} holds numbers that are infinite in 32 bits; scale them, or put NaN there.")
    return array
