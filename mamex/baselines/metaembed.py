"""MetaEmbed: Pan et al., "Warm Up Cold-start Advertisements: … Learning to Learn ID Embeddings" (SIGIR 2019)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from mamex.baselines.collaborative import warm_embeddings
from mamex.baselines.learned import LearnedRecommender, Purchases, Settings, mlp
from mamex.data.cold_start import ColdStartData


@dataclass(frozen=True)
class MetaEmbedSettings(Settings):
    """What can be tuned of MetaEmbed; a batch is of items.

    Attributes:
        layers: what the base model is: 0 for BPR, more for LightGCN.
        examples: buyers, and as many random users, in each of the two minibatches of an item.
        cold_share: alpha, weight of the loss before the gradient step.
        step: a, length of the gradient step.
        hidden: width of the generator's hidden layer.
        dropout: share of the content's entries that is zeroed at random.
    """

    epochs: int = 200
    patience: int = 20
    batch: int = 256
    layers: int = 2
    examples: int = 20
    cold_share: float = 0.5
    step: float = 0.1
    hidden: int = 128
    dropout: float = 0.2


class MetaEmbed(LearnedRecommender):
    """Learns a generator h of first ID embeddings from content, good at once and better still after one step.

    The base model, s_ui = e_u . phi_i, is trained on the warm items and then fixed. For a warm item with two
    minibatches a and b of users, labelled y by whether they bought it, and phi = h(x_i):

        l_a = mean over a of log loss(y, sigmoid(e_u . phi)),   phi' = phi - step * gradient of l_a,
        l_b = mean over b of log loss(y, sigmoid(e_u . phi')),  loss = alpha l_a + (1 - alpha) l_b,

    by which h alone is changed. A cold item has phi = h(x_i).

    Simplified: the base model is BPR or LightGCN in place of a click predictor with many fields, since we rank by inner
    products; buyers and non-buyers come in equal numbers, since there are no shown-but-ignored items, which also keeps
    popularity from drowning taste. The gradient is written out: mean over a of (sigmoid(e_u . phi) - y) e_u.
    """

    name = "metaembed"
    settings: MetaEmbedSettings
    settings_type: ClassVar[type[Settings]] = MetaEmbedSettings
    search_space: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "learning_rate": (3e-4, 1e-3, 3e-3),
        "layers": (0, 2),
        "cold_share": (0.1, 0.5, 0.9),
        "step": (0.01, 0.1, 1.0),
        "dropout": (0.0, 0.2, 0.5),
    }

    def build(self, data: ColdStartData) -> None:
        settings = self.settings
        users, items = warm_embeddings(data, settings.dimension, self.seed, settings.layers)
        self._buyers = Buyers(data)
        # Scaled so that users are of order one, whatever the base model; the order of its scores stays.
        self._users = users / users.square().mean().sqrt()
        self._base_items = items * users.square().mean().sqrt()
        self._content = data.content
        self._is_bought = torch.zeros(data.n_items, 1, dtype=torch.bool)
        self._is_bought[self._buyers.items] = True
        self._generator = mlp(data.content.shape[1], settings.hidden, settings.dimension)
        self._optimizer = torch.optim.Adam(
            self._generator.parameters(), settings.learning_rate, weight_decay=settings.weight_decay, fused=True
        )

    def train_epoch(self) -> None:
        settings = self.settings
        for items in self._buyers.items[torch.randperm(len(self._buyers.items))].split(settings.batch):
            first = self._generator(functional.dropout(self._content[items], settings.dropout))
            gradient, cold_loss = self._gradient_and_loss(first, items)
            warm_loss = self._gradient_and_loss(first - settings.step * gradient, items)[1]
            self._optimizer.zero_grad()
            (settings.cold_share * cold_loss + (1 - settings.cold_share) * warm_loss).backward()
            self._optimizer.step()

    def _gradient_and_loss(self, embeddings: Tensor, items: Tensor) -> tuple[Tensor, Tensor]:
        """Of the log loss on a fresh minibatch of users: each item's gradient (B, d), and the loss of all together."""
        users, bought = self._buyers.examples(items, self.settings.examples)
        vectors = functional.embedding(users, self._users)  # (B, 2 examples, d)
        logits = torch.einsum("bed,bd->be", vectors, embeddings)
        gradient = torch.einsum("be,bed->bd", logits.sigmoid() - bought, vectors) / users.shape[1]
        return gradient, functional.binary_cross_entropy_with_logits(logits, bought)

    def embeddings(self) -> tuple[Tensor, Tensor]:
        return self._users, torch.where(self._is_bought, self._base_items, self._generator(self._content))

    def release(self) -> None:
        del self._buyers, self._base_items, self._content, self._is_bought, self._generator, self._optimizer


class Buyers:
    """Users who did and users who need not have bought an item."""

    def __init__(self, data: ColdStartData) -> None:
        by_item = data.histories.tocsc()
        self._users = torch.from_numpy(by_item.indices.astype(np.int64))
        self._starts = torch.from_numpy(by_item.indptr.astype(np.int64))
        self._purchases = Purchases(data)
        self._n_users = data.n_users
        self.items = torch.from_numpy(data.interactions.train[:, 1]).unique()

    def examples(self, items: Tensor, count: int) -> tuple[Tensor, Tensor]:
        """For each item (B,): ``count`` of its buyers and ``count`` of all users, with repeats, and who bought it.

        Returns:
            Users (B, 2 count), and 1.0 for those who bought the item (B, 2 count).
        """
        starts, ends = self._starts[items].unsqueeze(1), self._starts[items + 1].unsqueeze(1)
        chosen = starts + (torch.rand(len(items), count) * (ends - starts)).long().minimum(ends - starts - 1)
        users = torch.cat([self._users[chosen], torch.randint(self._n_users, (len(items), count))], dim=1)
        return users, self._purchases.contains(users, items.unsqueeze(1)).float()
