"""MTPR: Du et al., "How to Learn Item Representation for Cold-Start Multimedia Recommendation?" (MM 2020)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from mamex.baselines.learned import PairwiseRecommender, Settings, Triples
from mamex.data.cold_start import ColdStartData
from mamex.data.splits import Part


@dataclass(frozen=True)
class MtprSettings(Settings):
    """What can be tuned of MTPR.

    Attributes:
        scale: standard deviation of the users' and items' free vectors at the start.
    """

    learning_rate: float = 3e-3
    epochs: int = 100
    patience: int = 12
    batch: int = 8192
    scale: float = 0.1


class Mtpr(PairwiseRecommender):
    """Learns two representations of an item, one with its ID embedding and one as if it were cold, for one free user.

    With e_i the ID embedding and [·, ·] side by side,

        normal:          q_i^N = P [e_i, W x_i],
        counterfactual:  q_i^C = P [0, W x_i],
        loss = sum over a, b in {N, C} of -ln sigmoid(e_u . q_i^a - e_u . q_j^b).

    The branches (N, N) and (C, C) rank warm and cold items each among themselves, (N, C) and (C, N) keep the two
    comparable. A cold item, whose ID embedding is zero, is its counterfactual representation.

    Simplified: the authors multiply the user's free vector, too, by a matrix; the product is a free vector again, so it
    is one from the start. One Adam for all, instead of Adagrad for the embeddings, and one weight decay.
    """

    name = "mtpr"
    settings: MtprSettings
    settings_type: ClassVar[type[Settings]] = MtprSettings
    search_space: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "learning_rate": (1e-3, 3e-3, 1e-2),
        "weight_decay": (0.0, 1e-5, 1e-4, 1e-3),
        "scale": (0.01, 0.1),
        "dimension": (64, 128),
    }
    #: Whether warm items have an ID embedding.
    with_id: ClassVar[bool] = True

    def build(self, data: ColdStartData) -> None:
        settings, width = self.settings, self.settings.dimension
        self._content = data.content
        self._is_warm = torch.from_numpy(data.part == Part.TRAIN).unsqueeze(1)
        self._users, self._items = (
            nn.Parameter(settings.scale * torch.randn(count, width)) for count in (data.n_users, data.n_items)
        )
        self._encoder = nn.Linear(data.content.shape[1], width, bias=False)
        self._projection = nn.Linear(2 * width, width, bias=False)
        parameters = [self._users, self._items, self._encoder.weight, self._projection.weight]
        self._optimizer = torch.optim.Adam(
            parameters, settings.learning_rate, weight_decay=settings.weight_decay, fused=True
        )
        self._triples = Triples(data, settings.batch, settings.epoch_steps)

    def _loss(self, users: Tensor, bought: Tensor, others: Tensor) -> Tensor:
        user = functional.embedding(users, self._users)
        pairs = torch.stack([bought, others])
        scores = [(user * functional.embedding(pairs, items)).sum(dim=-1) for items in self._representations()]
        branches = itertools.product(scores, repeat=2)
        return torch.stack([functional.softplus(two[1] - one[0]).mean() for one, two in branches]).sum()

    def _representations(self) -> list[Tensor]:
        """Normal, where items have an ID, and counterfactual: (n_items, d) each."""
        encoded = self._encoder(self._content)
        ids = [self._items * self._is_warm] if self.with_id else []
        return [self._projection(torch.cat([part, encoded], dim=1)) for part in (*ids, torch.zeros_like(encoded))]

    def embeddings(self) -> tuple[Tensor, Tensor]:
        return self._users, self._representations()[0]

    def release(self) -> None:
        del self._triples, self._content, self._users, self._items, self._encoder, self._projection, self._optimizer


class MtprWithoutId(Mtpr):
    """The counterfactual representation alone: BPR on content, with no ID embeddings at all."""

    name = "mtpr-without-id"
    with_id = False
