"""DropoutNet: Volkovs, Yu and Poutanen, "DropoutNet: Addressing Cold Start in Recommender Systems" (NIPS 2017)."""

from __future__ import annotations

import itertools
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
class DropoutNetSettings(Settings):
    """What can be tuned of DropoutNet; a batch is of users and as many items, all pairs of which are compared.

    Attributes:
        layers: what the preference inputs come from: 0 for BPR, more for LightGCN.
        preference_dropout: share of the items whose preference input is zeroed, as if they were cold.
        dropout: share of the content's entries that is zeroed at random.
        hidden: width of the hidden layers.
    """

    epochs: int = 150
    patience: int = 15
    batch: int = 512
    layers: int = 2
    preference_dropout: float = 0.5
    dropout: float = 0.2
    hidden: int = 128


class DropoutNet(LearnedRecommender):
    """Learns two networks that rebuild the scores of a pretrained model, also where an item's preference is missing.

    With U_u, V_i the pretrained embeddings and x_i the content, the loss over pairs of users and warm items is

        (U_u . V_i - f(U_u) . g(m_i V_i, x_i))^2,   m_i = 0 with probability ``preference_dropout``, else 1,

    divided by the mean of (U_u . V_i)^2. A cold item is g(0, x_i).

    Simplified: the pretrained model is BPR or LightGCN in place of weighted matrix factorisation, so that all rivals
    start from the same; all pairs of a batch of users and a batch of items count, where the authors take the best and
    some random items of each user; user content and cold users, which our data do not have, are left out.
    """

    name = "dropoutnet"
    settings: DropoutNetSettings
    settings_type: ClassVar[type[Settings]] = DropoutNetSettings
    search_space: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "learning_rate": (3e-4, 1e-3, 3e-3),
        "layers": (0, 2),
        "preference_dropout": (0.3, 0.5, 0.8),
        "dropout": (0.0, 0.2, 0.5),
        "hidden": (128, 256),
    }

    def build(self, data: ColdStartData) -> None:
        settings = self.settings
        users, items = warm_embeddings(data, settings.dimension, self.seed, settings.layers)
        bought = torch.from_numpy(data.interactions.train[:, 1]).unique()
        # Both to unit scale: the networks start from inputs of order one, and inner products keep their order.
        self._users = users / users.square().mean().sqrt()
        self._preferences = items / items[bought].square().mean().sqrt()
        self._content, self._bought = data.content, bought
        hidden, dimension = settings.hidden, settings.dimension
        self._user_network = mlp(dimension, hidden, dimension)
        self._item_network = mlp(dimension + data.content.shape[1], hidden, dimension)
        parameters = [*self._user_network.parameters(), *self._item_network.parameters()]
        self._optimizer = torch.optim.Adam(
            parameters, settings.learning_rate, weight_decay=settings.weight_decay, fused=True
        )

    def train_epoch(self) -> None:
        settings = self.settings
        user_batches = torch.randperm(len(self._users)).split(settings.batch)
        item_batches = self._bought[torch.randperm(len(self._bought))].split(settings.batch)
        for users, items in itertools.product(user_batches, item_batches):
            target = self._users[users] @ self._preferences[items].T
            kept = torch.rand(len(items), 1) >= settings.preference_dropout
            content = functional.dropout(self._content[items], settings.dropout)
            item = self._item_network(torch.cat([kept * self._preferences[items], content], dim=1))
            rebuilt = self._user_network(self._users[users]) @ item.T
            loss = functional.mse_loss(rebuilt, target) / target.square().mean()
            self._optimizer.zero_grad()
            loss.backward()
            self._optimizer.step()

    def embeddings(self) -> tuple[Tensor, Tensor]:
        inputs = torch.cat([self._preferences, self._content], dim=1)  # a cold item's preference is zeros already
        return self._user_network(self._users), self._item_network(inputs)

    def release(self) -> None:
        del self._users, self._preferences, self._content, self._bought
        del self._user_network, self._item_network, self._optimizer
