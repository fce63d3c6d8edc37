"""The features of every item of a dataset: cached, in batches, with missing modalities marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mamex.data.dataset import Dataset, ItemFeatures
from mamex.encoders import Encoder
from mamex.encoders.cache import FeatureCache
from mamex.encoders.modalities import READERS
from mamex.errors import EncoderError, PictureError
from mamex.progress import Progress, silent

BATCH = 32
#: Pixels of all pictures encoded at once; as many phone pictures as shop photos would fill the memory.
MOST_PIXELS = 80_000_000


def item_features(
    dataset: Dataset,
    encoder: Encoder,
    modalities: Sequence[str],
    progress: Progress = silent,
    cache_folder: Path | None = None,
) -> ItemFeatures:
    """Encode each item of ``dataset`` in each of ``modalities``; what the cache knows is not encoded again.

    Args:
        dataset: the items.
        encoder: reads them.
        modalities: what to read of each item.
        progress: is told of each batch.
        cache_folder: where features are kept; the user's own cache if None.

    Raises:
        EncoderError: the encoder does not read one of the modalities.
    """
    unknown = [m for m in modalities if m not in encoder.dimensions]
    if unknown:
        raise EncoderError(
            f"The encoder {encoder.identity['name']} reads {', '.join(encoder.dimensions)}, not {unknown[0]}; "
            "change model.modalities, or use the encoder 'features'."
        )
    values: dict[str, Tensor] = {}
    present: list[Tensor] = []
    warnings: list[str] = []
    for modality in modalities:
        array = encoder.stored_features(dataset.folder, list(dataset.items["item_id"]), modality)
        if array is None:
            array = _encode(dataset, encoder, modality, warnings, progress, cache_folder)
        here = ~np.isnan(array).any(axis=1)
        values[modality] = torch.from_numpy(np.where(here[:, None], array, 0).astype(np.float32))
        present.append(torch.from_numpy(here))
    return ItemFeatures(values, torch.stack(present, dim=1), warnings)


def _encode(
    dataset: Dataset,
    encoder: Encoder,
    modality: str,
    warnings: list[str],
    progress: Progress,
    cache_folder: Path | None,
) -> np.ndarray:
    """Features (N, d_m) of one modality, NaN where an item lacks it."""
    sources, keys = READERS[modality].of_items(dataset, encoder, warnings)
    cache = FeatureCache(encoder.identity, cache_folder)
    try:
        known = cache.get(modality, sorted({key for key in keys if key is not None}))
        todo = {key: source for key, source in zip(keys, sources, strict=True) if key and key not in known}
        unreadable = _encode_new(encoder, modality, todo, cache, known, progress)
    finally:
        cache.close()
    if cache.damaged:
        warnings.append(f"Cached features of {modality} that were damaged: {cache.damaged}; they were computed anew.")
    if unreadable:
        warnings.append(f"Unreadable picture files: {unreadable}; their items are treated as having no picture.")
    missing = np.full(encoder.dimensions[modality], np.nan, dtype=np.float32)
    return np.stack([known.get(key, missing) if key is not None else missing for key in keys])


def _encode_new(
    encoder: Encoder,
    modality: str,
    todo: dict[bytes, Any],
    cache: FeatureCache,
    known: dict[bytes, np.ndarray],
    progress: Progress,
) -> int:
    """Encode what the cache lacks, batch by batch, into ``known``; returns how many could not be read."""
    # Texts of like length share a batch, so that little is spent on padding.
    order = sorted(todo, key=lambda key: len(str(todo[key])))
    unreadable: list[bytes] = []
    for start in range(0, len(order), BATCH):
        for keys, inputs in _groups(modality, order[start : start + BATCH], todo, unreadable):
            vectors = encoder.encode(modality, inputs)
            cache.put(modality, keys, vectors)
            known.update(zip(keys, vectors, strict=True))
        progress(f"Encoding {modality}", min(start + BATCH, len(order)), len(order))
    return len(unreadable)


def _groups(
    modality: str, batch: Sequence[bytes], todo: dict[bytes, Any], unreadable: list[bytes]
) -> Iterator[tuple[list[bytes], list[Any]]]:
    """The batch, in parts if its pictures are large; those that can't be read are added to ``unreadable``."""
    reader, pixels = READERS[modality], 0
    keys: list[bytes] = []
    inputs: list[Any] = []
    for key in batch:
        try:
            inputs.append(reader.open(todo[key]))
        except PictureError:
            unreadable.append(key)
            continue
        keys.append(key)
        pixels += reader.size(inputs[-1])
        if pixels > MOST_PIXELS:
            yield keys, inputs
            keys, inputs, pixels = [], [], 0
    yield keys, inputs
