"""GAR: Chen et al. 2022, "Generative Adversarial Framework for Cold-Start Item Recommendation"."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from mamex.baselines.collaborative import warm_embeddings
from mamex.baselines.learned import LearnedRecommender, Settings, Triples
from mamex.data.cold_start import ColdStartData


@dataclass(frozen=True)
class GarSettings(Settings):
    """What can be tuned of GAR.

    Attributes:
        similarity: alpha, share of the generator's loss that pulls generated towards warm embeddings.
        negatives: beta, weight of items that were not bought in the recommender's loss; generated items have the rest.
        layers: steps of propagation of the pre-trained recommender (LightGCN); 0 for BPR.
        hidden: width of the generator's hidden layer.
        dropout: share of the generator's hidden units zeroed at random.
    """

    learning_rate: float = 3e-3
    patience: int = 12
    batch: int = 4096
    similarity: float = 0.99
    negatives: float = 0.9
    layers: int = 3
    hidden: int = 128
    dropout: float = 0.5


class Gar(LearnedRecommender):
    """Learns a generator G: content -> embedding, and a recommender that it competes with.

    The recommender scores y(u, v) = f(e_u) . g(v), with e_u the user's pre-trained embedding, v an item's pre-trained
    embedding e_i or a generated one, and f, g two small networks. For user u, bought item i and other item j,

        recommender: -ln sigmoid(y(u, e_i) - (1 - beta) y(u, G(x_i)) - beta y(u, e_j)),
        generator:   -(1 - alpha) ln sigmoid(y(u, G(x_i)) - y(u, e_i)) + alpha mean |G(x_i) - e_i|,

    one step of each in turn: the recommender tells real items from generated ones, as it tells bought ones from others,
    and the generator learns to be taken for real. A cold item is g(G(x_i)).

    Simplified: f and g add a correction, zero at the start, to the pre-trained embeddings (the authors' networks start
    at random, with batch normalisation), so that the recommender starts as the pre-trained one. Embeddings are scaled
    to a standard deviation of one, which batch normalisation did there. By default alpha is close to one:
    the generator's adversarial term knows no other item, and on little data it drowns what the embeddings say.
    """

    name = "gar"
    settings: GarSettings
    settings_type: ClassVar[type[Settings]] = GarSettings
    search_space: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "learning_rate": (3e-4, 1e-3, 3e-3),
        "similarity": (0.5, 0.9, 0.99),
        "negatives": (0.1, 0.5, 0.9),
        "layers": (0, 3),
        "dropout": (0.1, 0.5),
    }

    def build(self, data: ColdStartData) -> None:
        settings = self.settings
        users, items = warm_embeddings(data, settings.dimension, self.seed, settings.layers)
        bought = torch.from_numpy(data.interactions.train[:, 1]).unique()
        scale = items[bought].std()
        self._users, self._items, self._bought = users / scale, items / scale, bought
        self._content = data.content
        self._generator = nn.Sequential(
            nn.Linear(data.content.shape[1], settings.hidden),
            nn.Tanh(),
            nn.Dropout(settings.dropout),
            nn.Linear(settings.hidden, settings.dimension),
        )
        self._recommender = nn.ModuleList(_correction(settings.dimension) for _ in range(2))
        self._make, self._judge = (
            torch.optim.Adam(part.parameters(), settings.learning_rate, weight_decay=settings.weight_decay, fused=True)
            for part in (self._generator, self._recommender)
        )
        self._triples = Triples(data, settings.batch, settings.epoch_steps)

    def train_epoch(self) -> None:
        self._generator.train()
        for users, bought, others in self._triples:
            user, real, other = self._users[users], self._items[bought], self._items[others]
            generated = functional.embedding(bought, self._generator(self._content))
            self._judge.zero_grad()
            self._recommender_loss(user, real, generated.detach(), other).backward()
            self._judge.step()
            self._make.zero_grad()
            self._generator_loss(user, real, generated).backward()
            self._make.step()

    def _recommender_loss(self, user: Tensor, real: Tensor, generated: Tensor, other: Tensor) -> Tensor:
        share = self.settings.negatives
        true, false, unwanted = self._scores(user, torch.stack([real, generated, other]))
        return functional.softplus((1 - share) * false + share * unwanted - true).mean()

    def _generator_loss(self, user: Tensor, real: Tensor, generated: Tensor) -> Tensor:
        share = self.settings.similarity
        true, false = self._scores(user, torch.stack([real, generated]))
        return (1 - share) * functional.softplus(true - false).mean() + share * (generated - real).abs().mean()

    def _scores(self, user: Tensor, items: Tensor) -> Tensor:
        """y(u, v) for users (B, d) and items (…, B, d)."""
        users, items = self._recommended(user, items)
        return (users * items).sum(dim=-1)

    def _recommended(self, users: Tensor, items: Tensor) -> tuple[Tensor, Tensor]:
        """f(e_u) and g(v), row by row."""
        of_users, of_items = self._recommender
        return users + of_users(users), items + of_items(items)

    def embeddings(self) -> tuple[Tensor, Tensor]:
        self._generator.eval()
        items = self._generator(self._content)
        items[self._bought] = self._items[self._bought]
        return self._recommended(self._users, items)

    def release(self) -> None:
        del self._triples, self._content, self._users, self._items, self._generator, self._recommender
        del self._make, self._judge


def _correction(width: int) -> nn.Sequential:
    """A small network whose output is zero until it is trained."""
    last = nn.Linear(width, width)
    nn.init.zeros_(last.weight)
    nn.init.zeros_(last.bias)
    return nn.Sequential(nn.Linear(width, width), nn.LeakyReLU(0.2), last)
