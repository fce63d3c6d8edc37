"""CLCRec: Wei et al., "Contrastive Learning for Cold-Start Recommendation" (ACM Multimedia 2021)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from mamex.baselines.learned import LearnedRecommender, Settings, Triples, mlp
from mamex.data.cold_start import ColdStartData
from mamex.data.splits import Part


@dataclass(frozen=True)
class CLCRecSettings(Settings):
    """What can be tuned of CLCRec.

    Attributes:
        most_steps: steps of a pass at most; batches become larger for it.
        temperature: tau of both contrasts.
        content_share: rho, share of items that enter the user-item contrast by their content.
        alignment: lambda, share of the loss that aligns embeddings and content; the rest contrasts users and items.
        negatives: warm items that a step's positives compete with.
        penalty: weight of the squared length of the step's embeddings.
        hidden: width of the content encoder's hidden layer.
        dropout: share of the content's entries that is zeroed at random.
    """

    learning_rate: float = 3e-3
    most_steps: int = 100
    temperature: float = 0.2
    content_share: float = 0.5
    alignment: float = 0.5
    negatives: int = 512
    penalty: float = 1e-3
    hidden: int = 128
    dropout: float = 0.2


class CLCRec(LearnedRecommender):
    """Learns user and item embeddings and a content encoder f that agrees with them, by two contrasts.

    With z_i an item's embedding, N the step's sampled warm items and sim the cosine,

        user-item:          -ln exp(e_u . r_i / tau) / sum over j in i and N of exp(e_u . r_j / tau),
        embedding-content:  -ln exp(sim(z_i, f(x_i)) / tau) / sum over j in i and N of exp(sim(z_i, f(x_j)) / tau),
        loss = (1 - lambda) user-item + lambda embedding-content + penalty (|e_u|^2 + |z_i|^2),

    where r_i is f(x_i) for a random share rho of the items and z_i for the others (hybrid contrastive training), so
    that users meet content too. A cold item is f(x_i).

    Simplified: e_u . r_i is between unit-length vectors, which makes one temperature fit all data; all positives of a
    step share its sampled items, which now and then a user of the step has bought, as in any softmax over all items.
    """

    name = "clcrec"
    settings: CLCRecSettings
    settings_type: ClassVar[type[Settings]] = CLCRecSettings
    search_space: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "learning_rate": (3e-4, 1e-3, 3e-3),
        "temperature": (0.1, 0.2, 0.5),
        "content_share": (0.2, 0.5, 0.8),
        "alignment": (0.1, 0.5, 0.9),
        "dropout": (0.0, 0.2, 0.5),
    }

    def build(self, data: ColdStartData) -> None:
        settings = self.settings
        self._triples = Triples(data, settings.batch, settings.epoch_steps, settings.most_steps)
        self._warm = torch.from_numpy(data.warm_items)
        self._is_warm = torch.from_numpy(data.part == Part.TRAIN).unsqueeze(1)
        self._content = data.content
        self._users, self._items = (
            nn.Parameter(0.1 * torch.randn(count, settings.dimension)) for count in (data.n_users, data.n_items)
        )
        self._encoder = mlp(data.content.shape[1], settings.hidden, settings.dimension)
        parameters = [self._users, self._items, *self._encoder.parameters()]
        self._optimizer = torch.optim.Adam(
            parameters, settings.learning_rate, weight_decay=settings.weight_decay, fused=True
        )

    def train_epoch(self) -> None:
        for users, bought, _ in self._triples:
            sampled = self._warm[torch.randint(len(self._warm), (self.settings.negatives,))]
            loss = self._loss(users, bought, sampled)
            self._optimizer.zero_grad()
            loss.backward()
            self._optimizer.step()

    def _loss(self, users: Tensor, bought: Tensor, sampled: Tensor) -> Tensor:
        settings = self.settings
        items, places = torch.cat([bought, sampled]).unique(return_inverse=True)
        positives, negatives = places.split([len(bought), len(sampled)])
        user, embedding = functional.embedding(users, self._users), functional.embedding(items, self._items)
        content = self._encoder(functional.dropout(self._content[items], settings.dropout))
        size = user.square().sum(dim=1).mean() + embedding.square().sum(dim=1).mean()
        user, embedding, content = (functional.normalize(vectors, dim=1) for vectors in (user, embedding, content))
        by_content = torch.rand(len(items), 1) < settings.content_share
        shown = torch.where(by_content, content, embedding)
        user_item = info_nce(user, shown[positives], shown[negatives], settings.temperature)
        embedding_content = info_nce(embedding, content, content[negatives], settings.temperature)
        share = settings.alignment
        return (1 - share) * user_item + share * embedding_content + settings.penalty * size

    def embeddings(self) -> tuple[Tensor, Tensor]:
        items = torch.where(self._is_warm, self._items, self._encoder(self._content))
        return functional.normalize(self._users, dim=1), functional.normalize(items, dim=1)

    def release(self) -> None:
        del self._triples, self._warm, self._is_warm, self._content, self._items, self._encoder, self._optimizer


def info_nce(anchors: Tensor, positives: Tensor, negatives: Tensor, temperature: float) -> Tensor:
    """Mean of -ln of the share of each anchor's own positive among it and the negatives, all weighed by exp(dot / tau).

    Args:
        anchors, positives: (B, d), row by row.
        negatives: (N, d), shared.
        temperature: tau.
    """
    own = (anchors * positives).sum(dim=1, keepdim=True)
    logits = torch.cat([own, anchors @ negatives.T], dim=1) / temperature
    return (logits.logsumexp(dim=1) - logits[:, 0]).mean()
