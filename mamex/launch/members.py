"""The audience of a product, one user at a time: which place it takes in their list, and why."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from mamex.checkpoint.checkpoint import Checkpoint
from mamex.launch.result import Member, Reading
from mamex.retrieval.catalogue import Catalogue, Neighbour
from mamex.retrieval.thresholds import LIST_LENGTHS, audience, ranks

#: Members whose exact rank is computed; of a larger audience those with the largest relative margin.
MOST_RANKED = 5000
#: Bought items shown beside each member.
ALIKE = 3


@dataclass(frozen=True)
class RankedAudience:
    """Users whose top K a product enters, best places first.

    Attributes:
        users: positions of those ranked (A,); the rank ties are in the order of relative margins.
        ranks: the place, from 1, that the product takes in each one's list (A,).
        scores: s_ui of each (A,).
        thresholds: tau_u(K) of each (A,).
        everyone: positions of the whole audience, ascending; longer than ``users`` only above ``MOST_RANKED``.
    """

    users: np.ndarray
    ranks: np.ndarray
    scores: np.ndarray
    thresholds: np.ndarray
    everyone: np.ndarray


class MemberReader:
    """Ranks and describes the members of audiences.

    Args:
        checkpoint: users and thresholds.
        catalogue: the items on sale.
    """

    def __init__(self, checkpoint: Checkpoint, catalogue: Catalogue) -> None:
        self._checkpoint, self._catalogue = checkpoint, catalogue
        self._directions = functional.normalize(catalogue.embeddings, dim=1).numpy()
        self._user_norms = checkpoint.users.norm(dim=1).clamp(min=1e-12)

    def rank(self, product: Tensor, list_length: int) -> RankedAudience:
        """Who gets a product with embedding e_i (d,) into their top ``list_length``, and at which place."""
        column = LIST_LENGTHS.index(list_length)
        users, scores = audience(self._checkpoint.users, self._checkpoint.thresholds[:, column], product)
        found = self.by_margin(users, scores[users], list_length, MOST_RANKED)
        order = np.argsort(found.ranks, kind="stable")
        return RankedAudience(
            users=found.users[order],
            ranks=found.ranks[order],
            scores=found.scores[order],
            thresholds=found.thresholds[order],
            everyone=users.numpy(),
        )

    def by_margin(self, users: Tensor, scores: Tensor, list_length: int, most: int) -> RankedAudience:
        """The users whose top ``list_length`` a product enters by most, largest relative margin first.

        Args:
            users: positions of users who all get it (A,).
            scores: s_ui of each (A,).
            list_length: K.
            most: how many of them.
        """
        thresholds = self._checkpoint.thresholds[users, LIST_LENGTHS.index(list_length)]
        # Scores grow with the length of e_u, so margins of different users compare only relative to it.
        relative = (scores - thresholds) / self._user_norms[users]
        first = relative.argsort(descending=True)[:most]
        chosen = users[first]
        bought = self._catalogue.bought[chosen.numpy()]
        places = ranks(scores[first], self._checkpoint.users[chosen], self._catalogue.embeddings, bought)
        return RankedAudience(
            users=chosen.numpy(),
            ranks=places.numpy(),
            scores=scores[first].numpy(),
            thresholds=thresholds[first].numpy(),
            everyone=chosen.numpy(),
        )

    def describe(self, reading: Reading, ranked: RankedAudience, rows: np.ndarray) -> list[Member]:
        """The members in ``rows`` (positions in ``ranked.users``), in that order, each with its exact reasons."""
        users = ranked.users[rows]
        tower = self._checkpoint.tower
        embeddings = self._checkpoint.users[torch.from_numpy(users)]
        split = tower.contributions(embeddings, reading.prepared, reading.forward)[:, 0]  # (A, M, K)
        likeness = self._directions @ functional.normalize(reading.forward.embeddings[0], dim=0).numpy()
        modalities = list(self._checkpoint.data.features)
        return [
            Member(
                position=int(user),
                user_id=str(self._checkpoint.dataset.user_ids[user]),
                score=float(ranked.scores[row]),
                rank=int(ranked.ranks[row]),
                threshold=float(ranked.thresholds[row]),
                margin=float(ranked.scores[row] - ranked.thresholds[row]),
                contributions={m: split[place, i].tolist() for i, m in enumerate(modalities)},
                bought=len(self.bought(user)),
                alike=self._alike(user, likeness),
            )
            for place, (user, row) in enumerate(zip(users.tolist(), np.asarray(rows).tolist(), strict=True))
        ]

    def bought(self, user: int) -> np.ndarray:
        """Rows of the catalogue that a user bought."""
        bought = self._catalogue.bought
        positions: np.ndarray = bought.indices[bought.indptr[user] : bought.indptr[user + 1]]
        return positions

    def neighbour(self, position: int, similarity: float) -> Neighbour:
        """An item of the catalogue by its position."""
        return self._catalogue.neighbour(position, similarity)

    def _alike(self, user: int, likeness: np.ndarray) -> list[Neighbour]:
        """The items the user bought that are most like the product, by cosine in the fused space (C,)."""
        owned = self.bought(user)
        best = owned[np.argsort(-likeness[owned], kind="stable")[:ALIKE]]
        return [self._catalogue.neighbour(self._catalogue.positions[row], likeness[row]) for row in best]
