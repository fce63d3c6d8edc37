"""The dataset as arrays: read and encoded once, split anew for each seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mamex.config import Config
from mamex.data.cold_start import ColdStartData, cold_start_data
from mamex.data.dataset import Dataset, ItemFeatures, read_dataset
from mamex.encoders import load_encoder
from mamex.encoders.features import item_features
from mamex.progress import Progress, silent
from mamex.training.loop import choose_device


@dataclass
class Problem:
    """A dataset with its features, from which each seed takes its split.

    Attributes:
        dataset: items, users, interactions.
        features: of every item.
        config: the settings by which it is split.
        encoder: the identity of what gave the features.
    """

    dataset: Dataset
    features: ItemFeatures
    config: Config
    encoder: dict[str, Any]
    _splits: dict[int, ColdStartData] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, folder: Path, config: Config, progress: Progress = silent) -> Problem:
        """Read and encode a dataset folder.

        Raises:
            DatasetError, EncoderError: it can't be used; each says why.
        """
        dataset = read_dataset(folder, config.data)
        encoder = load_encoder(config.encoder, folder, choose_device("auto"))
        features = item_features(dataset, encoder, config.model.modalities, progress)
        return cls(dataset, features, config, encoder.identity)

    def split(self, seed: int) -> ColdStartData:
        """The cold-start problem of one seed; the last is kept.

        Raises:
            DatasetError: too few items or interactions to split.
        """
        if seed not in self._splits:
            self._splits = {seed: cold_start_data(self.dataset, self.features, self.config.data, seed)}
        return self._splits[seed]


def with_modalities(data: ColdStartData, modalities: Sequence[str]) -> ColdStartData:
    """The same problem with some of its modalities."""
    if list(modalities) == list(data.features):
        return data
    columns = [list(data.features).index(modality) for modality in modalities]
    return replace(data, features={m: data.features[m] for m in modalities}, present=data.present[:, columns])
