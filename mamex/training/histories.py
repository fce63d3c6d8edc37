"""Interactions on the device, and batches of users with part of their history held out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True)
class UserBatch:
    """Some users, what they bought outside the held-out items, and what they bought among them.

    ``owners`` and ``bought`` have one entry an interaction with another item: the user's row in the batch, ascending,
    and the item's row among the warm items. ``target_owners`` and ``targets`` have one an interaction with a held-out
    item: the user's row again, ascending, and the item's place among those held out. Each user has both.
    """

    users: Tensor  # (B,) user positions
    owners: Tensor
    bought: Tensor
    target_owners: Tensor
    targets: Tensor


class Histories:
    """All training interactions, sorted by user, as flat arrays on a device.

    Args:
        pairs: (n, 2) user positions and rows among the warm items.
        n_users: number of users.
        n_items: number of warm items.
        device: where the arrays live.
    """

    def __init__(self, pairs: np.ndarray, n_users: int, n_items: int, device: torch.device) -> None:
        order = np.argsort(pairs[:, 0], kind="stable")
        self.owners = torch.from_numpy(pairs[order, 0]).to(device)
        self.bought = torch.from_numpy(pairs[order, 1]).to(device)
        self._counts = torch.bincount(self.owners, minlength=n_users)
        self._starts = self._counts.cumsum(0) - self._counts
        self._place = torch.empty(n_items, dtype=torch.int64, device=device)

    @property
    def popularity(self) -> Tensor:
        """(n_items,) number of interactions of each warm item."""
        return torch.bincount(self.bought, minlength=len(self._place))

    def batch(self, users: Tensor, held_out: Tensor) -> UserBatch:
        """Split the histories of ``users`` (B,) into ``held_out`` items (C,) and the rest.

        Users with nothing on one of the two sides are dropped: they have nothing to learn from.
        """
        counts = self._counts[users]
        # Indexing with a mask looks for its places each time anew; here each mask is searched once, then index_select.
        rows = torch.arange(len(users), device=users.device).repeat_interleave(counts)
        shift = self._starts[users] - (counts.cumsum(0) - counts)
        bought = self.bought.index_select(0, shift.index_select(0, rows) + torch.arange(len(rows), device=users.device))
        self._place.fill_(-1)
        self._place[held_out] = torch.arange(len(held_out), device=users.device)
        place = self._place.index_select(0, bought)
        is_target = place >= 0
        targets_of = torch.bincount(rows[is_target], minlength=len(users))
        kept = (targets_of > 0) & (targets_of < counts)
        of_kept = kept.index_select(0, rows)
        owners = (kept.cumsum(0) - 1).index_select(0, rows)
        chosen, history = ((mask & of_kept).nonzero().squeeze(1) for mask in (is_target, ~is_target))
        return UserBatch(
            users[kept],
            owners.index_select(0, history),
            bought.index_select(0, history),
            owners.index_select(0, chosen),
            place.index_select(0, chosen),
        )
