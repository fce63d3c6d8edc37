"""MILK: Bai et al., "Multimodality Invariant Learning for Multimedia-Based New Item Recommendation" (SIGIR 2024)."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.distributions import Dirichlet
from torch.nn import functional

from mamex.baselines.learned import PairwiseRecommender, Settings, Triples
from mamex.data.cold_start import ColdStartData


@dataclass(frozen=True)
class MilkSettings(Settings):
    """What can be tuned of MILK.

    Attributes:
        alignment: weight of the cross-modality alignment.
        invariance: weight of the variance of the environments' losses.
        concentration: parameter of the Dirichlet distribution of the mixing weights; the smaller, the closer the
            environments are to items with one modality only.
    """

    learning_rate: float = 1e-3
    weight_decay: float = 1e-4
    epochs: int = 300
    patience: int = 20
    batch: int = 8192
    alignment: float = 0.1
    invariance: float = 1.0
    concentration: float = 0.5


class Milk(PairwiseRecommender):
    """Learns one linear map a modality and a free vector a user that rank well whichever modality an item shows.

    With c_m = W_m x_m + b_m the modalities of item i and weights w that sum to one, the item is c_i(w) = sum w_m c_m.
    The environments of a step are w = (1/M, …, 1/M) and all cyclic shifts of one draw from Dirichlet(concentration)
    (cyclic mixup), and

        L_w = mean of -ln sigmoid(e_u . c_i(w) - e_u . c_j(w)),
        loss = sum over w of L_w + invariance variance over w of L_w
             + alignment sum over m < m' of mean |c_m - c_m'|^2 + weight decay.

    A cold item is c_i(1/M, …, 1/M). Where an item lacks a modality, its weights are those of the modalities that it
    has, scaled to sum to one, and the alignment skips it.

    As in the authors' code, the penalty is the variance of the environments' losses, and the uniform environment is one
    of those summed. Changed: features are centred before they get unit length, as for every method; the alignment is
    over all warm items, not those of the step; weight decay is on all parameters.
    """

    name = "milk"
    settings: MilkSettings
    settings_type: ClassVar[type[Settings]] = MilkSettings
    search_space: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "learning_rate": (1e-3, 3e-3, 1e-2),
        "weight_decay": (0.0, 1e-5, 1e-4, 1e-3),
        "alignment": (0.01, 0.1, 1.0, 10.0),
        "invariance": (0.1, 1.0, 10.0),
        "concentration": (0.1, 0.5, 1.0),
    }

    def build(self, data: ColdStartData) -> None:
        settings = self.settings
        widths = [values.shape[1] for values in data.features.values()]
        self._content = [block.contiguous() for block in data.content.split(widths, dim=1)]
        self._present = data.present.float()
        self._warm = torch.from_numpy(data.warm_items)
        self._encoders = nn.ModuleList(nn.Linear(width, settings.dimension) for width in widths)
        self._users = nn.Parameter(0.1 * torch.randn(data.n_users, settings.dimension))
        parameters = [self._users, *self._encoders.parameters()]
        self._optimizer = torch.optim.Adam(
            parameters, settings.learning_rate, weight_decay=settings.weight_decay, fused=True
        )
        self._mixing = Dirichlet(torch.full((len(widths),), settings.concentration))
        self._triples = Triples(data, settings.batch, settings.epoch_steps)

    def _loss(self, users: Tensor, bought: Tensor, others: Tensor) -> Tensor:
        encoded = self._encode()
        user = functional.embedding(users, self._users).unsqueeze(1)  # (B, 1, d)
        pairs = torch.stack([bought, others])  # (2, B)
        shown = functional.embedding(pairs, encoded.flatten(1)).unflatten(-1, encoded.shape[1:])  # (2, B, M, d)
        scores = (user * shown).sum(dim=-1)  # (2, B, M): mixing scores is mixing items
        risks = []
        for weights in environments(self._mixing.sample()):
            positive, negative = (functional.embedding(pairs, shares(weights, self._present)) * scores).sum(dim=-1)
            risks.append(functional.softplus(negative - positive).mean())
        risk = torch.stack(risks)
        alignment = alignment_loss(encoded[self._warm], self._present[self._warm])
        return risk.sum() + self.settings.invariance * risk.var() + self.settings.alignment * alignment

    def _encode(self) -> Tensor:
        """c_m of all items, (n_items, M, d)."""
        return torch.stack([encode(block) for encode, block in zip(self._encoders, self._content, strict=True)], dim=1)

    def embeddings(self) -> tuple[Tensor, Tensor]:
        weights = shares(torch.ones(self._present.shape[1]), self._present)
        return self._users, (weights.unsqueeze(-1) * self._encode()).sum(dim=1)

    def release(self) -> None:
        del self._triples, self._content, self._present, self._warm, self._encoders, self._users, self._optimizer


def environments(draw: Tensor) -> list[Tensor]:
    """Weights (M,) of each environment: equal ones, and every cyclic shift of the draw (M,)."""
    return [torch.full_like(draw, 1 / len(draw)), *(draw.roll(shift) for shift in range(len(draw)))]


def shares(weights: Tensor, present: Tensor) -> Tensor:
    """Weights (M,) of the modalities that each item has, scaled to sum to one: (n, M); zero for an item with none."""
    # The least weight keeps the sum above zero where a draw gives nearly all to a modality that the item lacks.
    own = weights.clamp(min=1e-6) * present
    return own / own.sum(dim=1, keepdim=True).clamp(min=1e-6)


def alignment_loss(encoded: Tensor, present: Tensor) -> Tensor:
    """Sum over pairs of modalities of the mean squared difference of c_m and c_m', over items that have both.

    Args:
        encoded: c_m, (n, M, d).
        present: (n, M), one or zero.
    """
    total = encoded.new_zeros(())
    for one, other in itertools.combinations(range(encoded.shape[1]), 2):
        both = present[:, one] * present[:, other]
        gaps = (encoded[:, one] - encoded[:, other]).square().mean(dim=1)
        total = total + (both * gaps).sum() / both.sum().clamp(min=1)
    return total
