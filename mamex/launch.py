"""A product that does not exist yet: routed, fused, scored and explained.

>>> launcher = Launcher.load("checkpoints/demo")                                    # doctest: +SKIP
>>> launcher.launch(image="mug.jpg", text="Stoneware mug, dishwasher safe").reach   # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from mamex.audience import LIST_LENGTHS, audience, ranks
from mamex.catalogue import Catalogue
from mamex.checkpoint import Checkpoint, load_checkpoint
from mamex.encoders import Encoder, load_encoder
from mamex.errors import LaunchError
from mamex.launch_result import LaunchResult, Member, Neighbour, Routing
from mamex.model import ItemForward
from mamex.planned_product import Clock, Source, check_encoder, encode_product

#: Members whose exact rank is computed; more are kept by their relative margin first.
MOST_RANKED = 1000
#: Bought items shown beside each member.
ALIKE = 3


class Launcher:
    """Scores planned products against one checkpoint.

    Args:
        checkpoint: the trained model with its shop.
        encoder: gives the features that the checkpoint was trained on; loaded by name at the first launch if None.

    Raises:
        EncoderError: ``encoder`` is not the one the checkpoint was trained with.
    """

    def __init__(self, checkpoint: Checkpoint, encoder: Encoder | None = None) -> None:
        self.checkpoint = checkpoint
        self._encoder = encoder
        if encoder is not None:
            check_encoder(encoder, checkpoint)
        self._catalogue = Catalogue.of(checkpoint.tower, checkpoint.data)
        self._directions = functional.normalize(self._catalogue.embeddings, dim=1).numpy()
        # Plain arrays: looking up a row of a data frame takes longer than the whole model.
        self._item_ids = checkpoint.dataset.items["item_id"].to_numpy(dtype=object)
        self._titles = checkpoint.dataset.items["title"].to_numpy(dtype=object)
        self._user_norms = checkpoint.users.norm(dim=1).clamp(min=1e-12)

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
        if self._encoder is None:
            identity = self.checkpoint.encoder_identity
            self._encoder = load_encoder(identity["name"])
            check_encoder(self._encoder, self.checkpoint)
        return self._encoder

    def launch(
        self,
        image: Source | None = None,
        text: str | None = None,
        *,
        features: Mapping[str, np.ndarray] | None = None,
        list_length: int = 20,
        members: int = 50,
        neighbours: int = 8,
    ) -> LaunchResult:
        """Everything the model makes of a planned product.

        Args:
            image: its picture: a path, a file's bytes or an opened picture; None or "" if there is none.
            text: its title and description; None or blank if there are none.
            features: modality -> features (d_m,) that exist already; they take the place of encoding.
            list_length: K of the audience, one of 10, 20, 50.
            members: how many members of the audience are described.
            neighbours: how many nearest items are listed in each space.

        Raises:
            LaunchError: the product has no modality that the checkpoint reads, or K is not one of 10, 20, 50.
            PictureError: the picture can't be read.
            EncoderError: the checkpoint's encoder can't be had here.
        """
        if list_length not in LIST_LENGTHS:
            raise LaunchError(f"The list length must be one of {', '.join(map(str, LIST_LENGTHS))}.")
        clock = Clock()
        raw, warnings = encode_product(self.checkpoint, lambda: self.encoder, image, text, features or {}, clock)
        prepared, forward = self._read(raw)
        clock.mark("model")
        product = forward.embeddings[0]
        near = self._neighbours(raw, prepared, product, neighbours)
        warnings += self._unfamiliar(near)
        clock.mark("neighbours")
        column = LIST_LENGTHS.index(list_length)
        users, scores = audience(self.checkpoint.users, self.checkpoint.thresholds[:, column], product)
        reach = {
            length: float((scores > self.checkpoint.thresholds[:, place]).float().mean())
            for place, length in enumerate(LIST_LENGTHS)
        }
        clock.mark("audience")
        described = self._members(users, scores, column, prepared, forward, members)
        clock.mark("reasons")
        return LaunchResult(
            routing=self._routing(raw, forward),
            fusion={m: float(forward.fusion[0, i]) for i, m in enumerate(self.checkpoint.data.features)},
            reach=reach,
            reach_standing=self._standing(reach),
            list_length=list_length,
            audience_size=len(users),
            audience_users=users.numpy(),
            audience=described,
            neighbours=near,
            warnings=warnings,
            timings=clock.milliseconds,
            embedding=product.numpy(),
        )

    def _read(self, raw: Mapping[str, Tensor]) -> tuple[dict[str, Tensor], ItemForward]:
        """Equations 2-6 for one product."""
        stored = self.checkpoint.data.features
        complete = {m: raw.get(m, torch.zeros(1, values.shape[1])) for m, values in stored.items()}
        present = torch.tensor([[m in raw for m in stored]])
        prepared = self.checkpoint.tower.prepare(complete)
        return prepared, self.checkpoint.tower.embed(prepared, present)

    def _routing(self, raw: Mapping[str, Tensor], forward: ItemForward) -> dict[str, Routing | None]:
        return {
            modality: Routing(forward.dense_gates[0, i].tolist(), forward.active_gates[0, i].tolist())
            if modality in raw
            else None
            for i, modality in enumerate(self.checkpoint.data.features)
        }

    def _standing(self, reach: Mapping[int, float]) -> dict[int, float]:
        """For each K, the share of the items on sale whose reach is lower."""
        return {
            length: float((self.checkpoint.reach[:, place] < reach[length]).float().mean())
            for place, length in enumerate(LIST_LENGTHS)
        }

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

    def _neighbours(
        self, raw: Mapping[str, Tensor], prepared: Mapping[str, Tensor], product: Tensor, count: int
    ) -> dict[str, list[Neighbour]]:
        queries = {"fused": product.unsqueeze(0), **{m: prepared[m] for m in raw}}
        found: dict[str, list[Neighbour]] = {}
        for space, index in self._catalogue.spaces.items():
            found[space] = []
            if space in queries:
                positions, cosines = index.nearest(queries[space], count)
                pairs = zip(positions[0], cosines[0], strict=True)
                found[space] = [self._neighbour(position, cosine) for position, cosine in pairs]
        return found

    def _neighbour(self, position: int, similarity: float) -> Neighbour:
        return Neighbour(int(position), self._item_ids[position], self._titles[position], float(similarity))

    def _members(
        self,
        users: Tensor,
        scores: Tensor,
        column: int,
        prepared: Mapping[str, Tensor],
        forward: ItemForward,
        count: int,
    ) -> list[Member]:
        """The ``count`` members in whose lists the product stands highest, each with its reasons."""
        thresholds = self.checkpoint.thresholds[users, column]
        margins = scores[users] - thresholds
        # Scores grow with the length of e_u, so margins of different users compare only relative to it.
        relative = margins / self._user_norms[users]
        order = relative.argsort(descending=True)[:MOST_RANKED]
        users, margins, thresholds = users[order], margins[order], thresholds[order]
        embeddings = self.checkpoint.users[users]
        bought = self._catalogue.bought[users.numpy()]
        places = ranks(scores[users], embeddings, self._catalogue.embeddings, bought)
        first = places.argsort(stable=True)[:count]
        split = self.checkpoint.tower.contributions(embeddings[first], prepared, forward)[:, 0]  # (A, M, K)
        modalities = list(self.checkpoint.data.features)
        likeness = self._directions @ functional.normalize(forward.embeddings[0], dim=0).numpy()
        return [
            Member(
                position=int(users[row]),
                user_id=str(self.checkpoint.dataset.user_ids[int(users[row])]),
                score=float(scores[users[row]]),
                rank=int(places[row]),
                threshold=float(thresholds[row]),
                margin=float(margins[row]),
                contributions={m: split[place, i].tolist() for i, m in enumerate(modalities)},
                bought=len(self._owned(int(users[row]))),
                alike=self._alike(int(users[row]), likeness),
            )
            for place, row in enumerate(first.tolist())
        ]

    def _owned(self, user: int) -> np.ndarray:
        """Rows of the catalogue that a user bought."""
        bought = self._catalogue.bought
        return bought.indices[bought.indptr[user] : bought.indptr[user + 1]]

    def _alike(self, user: int, likeness: np.ndarray) -> list[Neighbour]:
        """The items the user bought that are most like the product, by cosine in the fused space (C,)."""
        owned = self._owned(user)
        best = owned[np.argsort(-likeness[owned], kind="stable")[:ALIKE]]
        return [self._neighbour(self._catalogue.positions[row], likeness[row]) for row in best]
