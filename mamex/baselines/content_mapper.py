"""The strong simple rival: collaborative embeddings, and a map from content to them for items that have none.

The oldest recipe for cold items: Gantner et al., "Learning Attribute-to-Feature Mappings for Cold-Start
Recommendations" (ICDM 2010), here with BPR's factors as there, or with LightGCN's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor
from torch.nn import functional

from mamex.baselines.collaborative import warm_embeddings
from mamex.baselines.learned import LearnedRecommender, Settings, mlp
from mamex.data.cold_start import ColdStartData


@dataclass(frozen=True)
class MapperSettings(Settings):
    """What can be tuned of a mapper; a batch is of items.

    Attributes:
        hidden: width of the mapper's hidden layer; 0 for a linear map.
        dropout: share of the content's entries that is zeroed at random.
        direction: share of the loss that looks at the angle between embeddings alone, the rest at their distance.
    """

    epochs: int = 100
    patience: int = 10
    batch: int = 64
    hidden: int = 0
    dropout: float = 0.5
    direction: float = 0.0


class ContentMapper(LearnedRecommender):
    """Learns g: content -> embedding of the warm items, and scores s_ui = e_u . g(x_i); e_u and e_i stay as they are.

    Loss of a warm item: (1 - direction) |g(x_i) - e_i|^2 / s^2 + direction (1 - cos(g(x_i), e_i)), s^2 the mean squared
    length of e. Items that nobody bought have no embedding to learn from and take no part. Gantner et al. map by
    k nearest neighbours, least squares or BPR; their finding that what ranks well is what counts is met by stopping at
    the best validation ranking.
    """

    settings: MapperSettings
    settings_type: ClassVar[type[Settings]] = MapperSettings
    search_space: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "learning_rate": (3e-4, 1e-3, 3e-3),
        "dimension": (64, 128),
        "hidden": (0, 256),
        "dropout": (0.0, 0.2, 0.5),
        "direction": (0.0, 0.5, 1.0),
    }
    layers: ClassVar[int]

    def build(self, data: ColdStartData) -> None:
        settings = self.settings
        self._collaborative, items = warm_embeddings(data, settings.dimension, self.seed, self.layers)
        bought = torch.from_numpy(data.interactions.train[:, 1]).unique()
        scale = items[bought].square().sum(dim=1).mean().sqrt()
        self._content, self._targets = data.content, items / scale
        self._bought = bought
        hidden = [settings.hidden] if settings.hidden else []
        self._mapper = mlp(data.content.shape[1], *hidden, settings.dimension)
        self._optimizer = torch.optim.Adam(
            self._mapper.parameters(), settings.learning_rate, weight_decay=settings.weight_decay, fused=True
        )

    def train_epoch(self) -> None:
        share = self.settings.direction
        for rows in self._bought[torch.randperm(len(self._bought))].split(self.settings.batch):
            mapped = self._mapper(functional.dropout(self._content[rows], self.settings.dropout))
            target = self._targets[rows]
            distance = (mapped - target).square().sum(dim=1)
            angle = 1 - functional.cosine_similarity(mapped, target)
            self._optimizer.zero_grad()
            ((1 - share) * distance + share * angle).mean().backward()
            self._optimizer.step()

    def embeddings(self) -> tuple[Tensor, Tensor]:
        items = self._mapper(self._content)
        items[self._bought] = self._targets[self._bought]
        return self._collaborative, items

    def release(self) -> None:
        del self._content, self._targets, self._bought, self._mapper, self._optimizer


class LightGCNMapper(ContentMapper):
    """LightGCN's embeddings and a mapper to them."""

    name = "lightgcn-mapper"
    layers = 2


class BPRMapper(ContentMapper):
    """The factors of BPR matrix factorisation and a mapper to them."""

    name = "bpr-mapper"
    layers = 0
