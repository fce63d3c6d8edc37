"""AlignRec: Liu et al., "AlignRec: Aligning and Training in Multimodal Recommendations" (CIKM 2024)."""

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

#: Pairs of a step that take part in the contrasts; bounds their cost to CONTRASTED^2 similarities each.
CONTRASTED = 1024


@dataclass(frozen=True)
class AlignRecSettings(Settings):
    """What can be tuned of AlignRec.

    Attributes:
        within_content: weight of the alignment between modalities.
        content_to_id: weight of the alignment between content and ID embeddings.
        user_to_item: weight of the alignment between users and what they bought.
        neighbours: warm items of the most similar content whose IDs an item's content view collects.
        temperature: tau of the contrasts.
    """

    learning_rate: float = 3e-3
    epochs: int = 80
    batch: int = 8192
    within_content: float = 0.1
    content_to_id: float = 0.1
    user_to_item: float = 0.1
    neighbours: int = 10
    temperature: float = 0.2


class AlignRec(PairwiseRecommender):
    """Learns an ID view and a content view of users and items, and three alignments between them.

    With h_m = W_m x_m + b_m and h_i their mean over the modalities that item i has, N(i) the warm items most like it
    and H(u) the history of user u,

        content view: c_i = h_i + mean over j in N(i) of e_j * sigmoid(W h_j + b),    c_u = mean over i in H(u) of c_i,
        s_ui = (e_u + c_u) . (e_i + c_i),    e the ID embeddings, zero for a cold item,
        loss = BPR + within_content sum over m < m' of contrast(h_m, h_m')
             + content_to_id (contrast(c_i, e_i) + contrast(c_u, e_u)) + user_to_item (1 - cos(e_u + c_u, e_i + c_i)),

    with contrast(a, b) the mean of -ln exp(cos(a, b) / tau) / sum over b' of the step of exp(cos(a, b') / tau).

    Simplified: the authors pre-train a large encoder (BEiT-3) by masked modelling as the alignment within content; here
    the encoders are frozen, as for every method, and a contrast between their projections, trained with the rest, takes
    its place, so the term that keeps the content view near the pre-trained features has nothing to do. IDs are not
    propagated over the user-item graph first. Added: h_i within c_i (theirs is made of the neighbours' IDs alone),
    without which little is known of a cold item (Recall@20 on H&M .09, not .16), and neighbours are warm items only.
    """

    name = "alignrec"
    settings: AlignRecSettings
    settings_type: ClassVar[type[Settings]] = AlignRecSettings
    search_space: ClassVar[Mapping[str, tuple[Any, ...]]] = {
        "learning_rate": (1e-3, 3e-3, 1e-2),
        "within_content": (0.01, 0.1, 1.0),
        "content_to_id": (0.01, 0.1, 1.0),
        "user_to_item": (0.1, 1.0, 3.0),
        "neighbours": (5, 10, 20),
    }

    def build(self, data: ColdStartData) -> None:
        settings, width = self.settings, self.settings.dimension
        widths = [values.shape[1] for values in data.features.values()]
        self._content = [block.contiguous() for block in data.content.split(widths, dim=1)]
        self._present = data.present.float()
        self._is_warm = torch.from_numpy(data.part == Part.TRAIN).unsqueeze(1)
        self._neighbours = nearest_warm_items(data, settings.neighbours)
        self._bought = torch.from_numpy(data.histories.indices).long()
        self._starts = torch.from_numpy(data.histories.indptr[:-1]).long()
        self._encoders = nn.ModuleList(nn.Linear(inputs, width) for inputs in widths)
        self._gate = nn.Sequential(nn.Linear(width, width), nn.Sigmoid())
        self._users, self._items = (
            nn.Parameter(nn.init.xavier_uniform_(torch.empty(count, width))) for count in (data.n_users, data.n_items)
        )
        parameters = [self._users, self._items, *self._encoders.parameters(), *self._gate.parameters()]
        self._optimizer = torch.optim.Adam(
            parameters, settings.learning_rate, weight_decay=settings.weight_decay, fused=True
        )
        self._triples = Triples(data, settings.batch, settings.epoch_steps)

    def _loss(self, users: Tensor, bought: Tensor, others: Tensor) -> Tensor:
        settings = self.settings
        encoded = self._encode()
        content_users, content_items = self._content_view(encoded)
        user = functional.embedding(users, self._users + content_users)
        items = functional.embedding(torch.stack([bought, others]), self._ids() + content_items)
        ranking = functional.softplus((user * (items[1] - items[0])).sum(dim=-1)).mean()
        buyers, sold = users[:CONTRASTED], bought[:CONTRASTED]
        within = self._between_modalities(encoded[sold], self._present[sold] > 0)
        across = self._contrast(content_items[sold], self._items[sold])
        across = across + self._contrast(content_users[buyers], self._users[buyers])
        apart = 1 - functional.cosine_similarity(user, items[0]).mean()
        aligned = settings.within_content * within + settings.content_to_id * across + settings.user_to_item * apart
        return ranking + aligned

    def _between_modalities(self, encoded: Tensor, present: Tensor) -> Tensor:
        """Sum over pairs of modalities of the contrast among items (B, M, d) that have both; ``present`` is (B, M)."""
        total = encoded.new_zeros(())
        for one, other in itertools.combinations(range(encoded.shape[1]), 2):
            both = encoded[present[:, one] & present[:, other]]
            if len(both):
                total = total + self._contrast(both[:, one], both[:, other])
        return total

    def _contrast(self, one: Tensor, other: Tensor) -> Tensor:
        logits = functional.normalize(one, dim=1) @ functional.normalize(other, dim=1).T / self.settings.temperature
        return functional.cross_entropy(logits, torch.arange(len(one)))

    def _ids(self) -> Tensor:
        return self._items * self._is_warm

    def _encode(self) -> Tensor:
        """h_m of all items, (n_items, M, d)."""
        return torch.stack([encode(block) for encode, block in zip(self._encoders, self._content, strict=True)], dim=1)

    def _content_view(self, encoded: Tensor) -> tuple[Tensor, Tensor]:
        """c_u (n_users, d) and c_i (n_items, d)."""
        known = self._present.sum(dim=1, keepdim=True).clamp(min=1)
        mean = (encoded * self._present.unsqueeze(-1)).sum(dim=1) / known
        items = mean + functional.embedding_bag(self._neighbours, self._ids() * self._gate(mean), mode="mean")
        return functional.embedding_bag(self._bought, items, self._starts, mode="mean"), items

    def embeddings(self) -> tuple[Tensor, Tensor]:
        users, items = self._content_view(self._encode())
        return self._users + users, self._ids() + items

    def release(self) -> None:
        del self._triples, self._content, self._neighbours, self._bought, self._starts
        del self._encoders, self._gate, self._users, self._items, self._optimizer


def nearest_warm_items(data: ColdStartData, count: int) -> Tensor:
    """Positions of the warm items with the most similar content (cosine), other than the item itself: (n_items, count).

    Fewer where there are not as many.
    """
    content = functional.normalize(data.content, dim=1)
    warm = torch.from_numpy(data.warm_items)
    likeness = content @ content[warm].T
    likeness[warm, torch.arange(len(warm))] = -torch.inf
    return warm[likeness.topk(min(count, len(warm) - 1), dim=1).indices]
