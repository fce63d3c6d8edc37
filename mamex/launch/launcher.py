"""A product that does not exist yet: routed, fused, scored and explained.

>>> launcher = Launcher.load("checkpoints/demo")                                    # doctest: +SKIP
>>> launcher.launch(image="mug.jpg", text="Stoneware mug, dishwasher safe").reach   # doctest: +SKIP
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from mamex.checkpoint.checkpoint import Checkpoint, load_checkpoint
from mamex.encoders import Encoder
from mamex.encoders.memory import FeatureMemory
from mamex.errors import LaunchError
from mamex.files.pictures.picture import Picture, Source
from mamex.launch.members import MemberReader
from mamex.launch.product import PlannedProduct, TrainedEncoder, encode_product
from mamex.launch.result import LaunchResult, Reading, Routing
from mamex.model.paper import ItemForward
from mamex.progress import Marks
from mamex.retrieval.catalogue import FUSED, Catalogue, Neighbour
from mamex.retrieval.list_lengths import says_nothing
from mamex.retrieval.thresholds import LIST_LENGTHS, reach_and_standing

#: Members and neighbours of one launch; nobody reads more.
MOST_LISTED = 1_000_000


class Launcher:
    """Scores planned products against one checkpoint.

    Args:
        checkpoint: the trained model with its shop.
        encoder: gives the features that the checkpoint was trained on; loaded by name at the first launch if None.

    Attributes:
        catalogue: the items on sale, as the model sees them.
        members: ranks and describes audiences.

    Raises:
        EncoderError: ``encoder`` is not the one the checkpoint was trained with.
    """

    def __init__(self, checkpoint: Checkpoint, encoder: Encoder | None = None) -> None:
        self.checkpoint = checkpoint
        self._encoder = TrainedEncoder(checkpoint, encoder)
        self.catalogue = Catalogue.of(checkpoint.tower, checkpoint.data, checkpoint.dataset)
        self.members = MemberReader(checkpoint, self.catalogue)
        said = {length: says_nothing(len(self.catalogue.positions), length) for length in LIST_LENGTHS}
        self._of_length = {length: [sentence] if sentence else [] for length, sentence in said.items()}

    @classmethod
    def load(cls, folder: str | Path, encoder: Encoder | None = None) -> Launcher:
        """Load a checkpoint folder.

        Raises:
            CheckpointError: the folder is no checkpoint, unfinished, damaged, or newer than this program.
            EncoderError: ``encoder`` is not the one the checkpoint was trained with.
        """
        return cls(load_checkpoint(folder), encoder)

    @property
    def encoder(self) -> Encoder:
        """The checkpoint's encoder, loaded at first use.

        Raises:
            EncoderError: it can't be had here, or its weights are others than those trained with.
        """
        return self._encoder.get()

    @property
    def modalities(self) -> list[str]:
        """What the checkpoint reads, in the order in which it is fused."""
        return list(self.checkpoint.data.features)

    def read(
        self,
        image: Source | Picture | None = None,
        text: str | None = None,
        *,
        features: Mapping[str, np.ndarray] | None = None,
        memory: FeatureMemory | None = None,
        marks: Marks | None = None,
    ) -> PlannedProduct:
        """Encode a planned product.

        Args:
            image: its picture: a path, a file's bytes or an opened picture; None or "" if there is none.
            text: its title and description; None or blank if there are none.
            features: modality -> features (d_m,) that exist already; they take the place of encoding.
            memory: what the same person encoded before; only what changed is encoded again.
            marks: is told when each modality was read.

        Raises:
            LaunchError: the product has no modality that the checkpoint reads.
            PictureError: the picture can't be read.
            EncoderError: the checkpoint's encoder can't be had here.
        """
        return encode_product(
            self.checkpoint,
            self._encoder,
            image,
            text,
            features or {},
            marks if marks is not None else [],
            memory if memory is not None else FeatureMemory(),
        )

    def launch(
        self,
        image: Source | Picture | None = None,
        text: str | None = None,
        *,
        features: Mapping[str, np.ndarray] | None = None,
        memory: FeatureMemory | None = None,
        fusion: Mapping[str, float] | None = None,
        list_length: int = 20,
        members: int = 50,
        neighbours: int = 8,
    ) -> LaunchResult:
        """Everything the model makes of a planned product: ``read``, then ``score``.

        Raises:
            LaunchError: the product has no modality that the checkpoint reads, K is not one of 10, 20, 50, or fusion
                weights were forced that it can't have.
            PictureError: the picture can't be read.
            EncoderError: the checkpoint's encoder can't be had here.
        """
        _check_numbers(list_length, members, neighbours)
        marks: Marks = [("", time.perf_counter())]
        product = self.read(image, text, features=features, memory=memory, marks=marks)
        return self.score(
            product, fusion=fusion, list_length=list_length, members=members, neighbours=neighbours, marks=marks
        )

    def score(
        self,
        product: PlannedProduct,
        *,
        fusion: Mapping[str, float] | None = None,
        list_length: int = 20,
        members: int = 50,
        neighbours: int = 8,
        marks: Marks | None = None,
    ) -> LaunchResult:
        """Everything the model makes of a product that was encoded before.

        Args:
            product: what ``read`` returned.
            fusion: modality -> weight that takes the place of equation 5; scaled to sum 1.
            list_length: K of the audience, one of 10, 20, 50.
            members: how many members of the audience are described.
            neighbours: how many nearest items are listed in each space.
            marks: what was done before, and when.

        Raises:
            LaunchError: see ``launch``.
        """
        _check_numbers(list_length, members, neighbours)
        marks = marks or [("", time.perf_counter())]
        reading = self.reading(product, fusion)
        embedding = reading.forward.embeddings[0]
        marks.append(("model", time.perf_counter()))
        near = self.catalogue.nearest({FUSED: reading.forward.embeddings, **reading.scaled}, neighbours)
        warnings = product.warnings + self._unfamiliar(near) + self.of_length(list_length)
        marks.append(("neighbours", time.perf_counter()))
        ranked = self.members.rank(embedding, list_length)
        checkpoint = self.checkpoint
        reach, standing = reach_and_standing(checkpoint.users, checkpoint.thresholds, embedding, checkpoint.reach)
        marks.append(("audience", time.perf_counter()))
        described = self.members.describe(reading, ranked, np.arange(min(members, len(ranked.users))))
        marks.append(("reasons", time.perf_counter()))
        return LaunchResult(
            routing=_routing(reading.forward, self.modalities),
            fusion={m: float(reading.forward.fusion[0, i]) for i, m in enumerate(self.modalities)},
            reach=_by_length(reach),
            reach_standing=_by_length(standing),
            list_length=list_length,
            audience_size=len(ranked.everyone),
            audience_users=ranked.everyone,
            audience=described,
            neighbours=near,
            warnings=warnings,
            timings=_milliseconds(marks),
            embedding=embedding.numpy(),
            product=product,
            reading=reading,
        )

    def reading(self, product: PlannedProduct, fusion: Mapping[str, float] | None = None) -> Reading:
        """Equations 2-6 for one product, or with ``fusion`` in the place of equation 5.

        Raises:
            LaunchError: ``fusion`` is negative, zero in sum, or of a modality that the product lacks.
        """
        weights = None if fusion is None else _forced(fusion, self.modalities, product)
        stored = self.checkpoint.data.features
        complete = {m: product.features.get(m, torch.zeros(1, values.shape[1])) for m, values in stored.items()}
        present = torch.tensor([[m in product.features for m in stored]])
        prepared, scaled, forward = self.checkpoint.tower.read(complete, present, weights)
        return Reading(prepared, {m: scaled[m] for m in product.features}, forward)

    def of_length(self, list_length: int) -> list[str]:
        """What must be known of any reach in lists of one length, in words; empty where the shop is large enough."""
        return self._of_length[list_length]

    def _unfamiliar(self, near: Mapping[str, list[Neighbour]]) -> list[str]:
        limits = self.checkpoint.summary["familiarity_limits"]
        warnings = []
        for modality in limits:
            nearest = near[modality][0].similarity if near[modality] else 1.0
            if nearest < limits[modality]:
                warnings.append(
                    f"The product's {modality} is unlike anything in the catalogue (nearest similarity "
                    f"{nearest:.2f}; 99 % of items have one above {limits[modality]:.2f}); trust the result less."
                )
        return warnings


def _milliseconds(marks: Marks) -> dict[str, float]:
    """Stage -> how long it took."""
    return {stage: (ended - before) * 1000 for (_, before), (stage, ended) in pairwise(marks)}


def _routing(forward: ItemForward, modalities: Sequence[str]) -> dict[str, Routing | None]:
    """Modality -> gate weights of one product (N = 1); None for one that it lacks."""
    return {
        modality: Routing(forward.dense_gates[0, place].tolist(), forward.active_gates[0, place].tolist())
        if bool(forward.present[0, place])
        else None
        for place, modality in enumerate(modalities)
    }


def _by_length(values: Tensor) -> dict[int, float]:
    """K -> value."""
    return dict(zip(LIST_LENGTHS, values.tolist(), strict=True))


def _check_numbers(list_length: int, members: int, neighbours: int) -> None:
    if isinstance(list_length, bool) or list_length not in LIST_LENGTHS:
        raise LaunchError(f"The list length must be one of {', '.join(map(str, LIST_LENGTHS))}.")
    for name, number in (("members", members), ("neighbours", neighbours)):
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or not 0 <= number <= MOST_LISTED:
            raise LaunchError(f"The number of {name} must be a whole number from 0 to {MOST_LISTED:,}.")


def _forced(fusion: Mapping[str, float], modalities: list[str], product: PlannedProduct) -> Tensor:
    """Fusion weights (1, M) that sum to 1."""
    absent = [m for m, weight in fusion.items() if weight and m not in product.features]
    if absent:
        raise LaunchError(f"The product has no {absent[0]}, so it can't be given weight.")
    weights = torch.tensor([[float(fusion.get(m, 0.0)) for m in modalities]])
    if not bool(torch.isfinite(weights).all()) or bool((weights < 0).any()) or float(weights.sum()) <= 0:
        raise LaunchError("Fusion weights must be 0 or more, and not all 0.")
    return weights / weights.sum()
