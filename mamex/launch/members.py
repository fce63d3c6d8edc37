"""The audience of a product, one user at a time: which place it takes in their list, and why."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from mamex.checkpoint.checkpoint import Checkpoint
from mamex.launch.result import Member, Reading
from mamex.retrieval.catalogue import Catalogue
from mamex.retrieval.thresholds import LIST_LENGTHS, RankedAudience, rank_audience

#: Bought items shown beside each member.
ALIKE = 3


class MemberReader:
    """Ranks and describes the members of audiences.

    Args:
        checkpoint: users and thresholds.
        catalogue: the items on sale.
    """

    def __init__(self, checkpoint: Checkpoint, catalogue: Catalogue) -> None:
        self._checkpoint, self._catalogue = checkpoint, catalogue

    def rank(self, product: Tensor, list_length: int) -> RankedAudience:
        """Who gets a product with embedding e_i (d,) into their top ``list_length``, and at which place."""
        checkpoint, catalogue = self._checkpoint, self._catalogue
        thresholds = checkpoint.thresholds[:, LIST_LENGTHS.index(list_length)]
        return rank_audience(checkpoint.users, thresholds, catalogue.embeddings, catalogue.bought, product)

    def describe(self, reading: Reading, ranked: RankedAudience, rows: np.ndarray) -> list[Member]:
        """The members in ``rows`` (positions in ``ranked.users``), in that order, each with its exact reasons."""
        users = ranked.users[rows]
        tower = self._checkpoint.tower
        embeddings = self._checkpoint.users[torch.from_numpy(users)]
        split = tower.contributions(embeddings, reading.prepared, reading.forward)[:, 0]  # (A, M, K)
        modalities = list(self._checkpoint.data.features)
        alike = self._catalogue.bought_and_alike(users, reading.forward.embeddings[0], ALIKE)
        return [
            Member(
                position=int(user),
                user_id=str(self._checkpoint.dataset.user_ids[user]),
                score=float(ranked.scores[row]),
                rank=int(ranked.ranks[row]),
                threshold=float(ranked.thresholds[row]),
                margin=float(ranked.scores[row] - ranked.thresholds[row]),
                contributions={m: split[place, i].tolist() for i, m in enumerate(modalities)},
                bought=alike[place][0],
                alike=alike[place][1],
            )
            for place, (user, row) in enumerate(zip(users.tolist(), np.asarray(rows).tolist(), strict=True))
        ]
