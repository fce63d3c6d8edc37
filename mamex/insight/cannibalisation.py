"""Which items on sale lose places to a new product: exact, place by place.

When a new product enters a user's top K, the item at place K of that list drops out: the best K are one too many. So an
audience of A users takes A places, each from one item; only a list that has fewer than K items gives up none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from scipy import sparse
from torch import Tensor

from mamex.insight.items import OnSale, on_sale
from mamex.launch.launcher import Launcher
from mamex.retrieval.thresholds import LIST_LENGTHS, open_scores

#: Members of the audience scored at once against the whole catalogue; bounds memory.
CHUNK = 2048


@dataclass(frozen=True)
class Cannibalisation:
    """What each item on sale has to do with the audience of a new product; rows in the order of the catalogue.

    Attributes:
        lost: (C,) users of the audience from whose top K the item drops out.
        shared: (C,) users of the audience in whose top K it is before; ``lost`` of them are lost.
        audiences: (C,) users in whose top K it is before.
        room: users of the audience whose list has fewer than K items, so that nothing drops out.
    """

    lost: np.ndarray
    shared: np.ndarray
    audiences: np.ndarray
    room: int

    @property
    def share_lost(self) -> np.ndarray:
        """(C,) the share of its audience that each item loses; 0 for an item without an audience."""
        share: np.ndarray = self.lost / np.maximum(self.audiences, 1)
        return share

    def most_hit(self, count: int) -> np.ndarray:
        """Rows of the items that lose most, most first, at most ``count``; items that lose nothing are left out."""
        order = np.lexsort((-self.share_lost, -self.lost))[:count]
        return order[self.lost[order] > 0]


@dataclass(frozen=True)
class Loss:
    """What one item on sale loses to a new product.

    Attributes:
        item: which one.
        lost: users of the new product's audience from whose top K it drops out.
        shared: users in whose top K it is now and which the new product enters; ``lost`` of them are lost.
        audience: users in whose top K it is now.
        share_lost: lost / audience.
    """

    item: OnSale
    lost: int
    shared: int
    audience: int
    share_lost: float


def cannibalisation(launcher: Launcher, audience: np.ndarray, list_length: int) -> Cannibalisation:
    """Which items on sale lose places to a product with this audience.

    Args:
        launcher: users, and the items on sale.
        audience: (A,) positions of the users whose top K the product enters.
        list_length: K, one of ``LIST_LENGTHS``.
    """
    checkpoint, catalogue = launcher.checkpoint, launcher.catalogue
    users, bought = checkpoint.users[torch.from_numpy(audience)], catalogue.bought[audience]
    lost, shared = displaced(users, catalogue.embeddings, bought, list_length)
    owners = np.asarray((catalogue.bought != 0).sum(axis=0)).ravel()
    # Reach is a share of the users without the item; see catalogue_reach.
    others = np.maximum(len(checkpoint.users) - owners, 1)
    reach = checkpoint.reach[:, LIST_LENGTHS.index(list_length)].double().numpy()
    audiences = np.rint(reach * others).astype(np.int64)
    return Cannibalisation(lost, shared, audiences, len(audience) - int(lost.sum()))


def losses(launcher: Launcher, found: Cannibalisation, list_length: int, count: int) -> list[Loss]:
    """The items that lose most places, most first, at most ``count``."""
    return [
        Loss(
            item=on_sale(launcher, int(launcher.catalogue.positions[row]), list_length),
            lost=int(found.lost[row]),
            shared=int(found.shared[row]),
            audience=int(found.audiences[row]),
            share_lost=float(found.share_lost[row]),
        )
        for row in found.most_hit(count)
    ]


def displaced(
    users: Tensor, catalogue: Tensor, bought: sparse.csr_matrix, list_length: int
) -> tuple[np.ndarray, np.ndarray]:
    """How often each item is at place K, and how often among the K best, in the lists of an audience.

    Args:
        users: embeddings of the audience (A, d).
        catalogue: embeddings of the items on sale (C, d).
        bought: their rows (A, C), non-zero where the user owns the item.
        list_length: K.

    Returns:
        int64 (C,) and (C,). Of equal scores the item that comes first in the catalogue has the better place; among the
        K best is every item that scores as much as the one at place K, as in ``catalogue_reach``.
    """
    size = len(catalogue)
    last, within = torch.zeros(size, dtype=torch.int64), torch.zeros(size, dtype=torch.int64)
    for start in range(0, len(users), CHUNK):
        rows = slice(start, start + CHUNK)
        scores = open_scores(users[rows], catalogue, bought[rows])
        listable = torch.isfinite(scores)
        if list_length > size:
            within += listable.sum(dim=0)
            continue
        threshold = scores.topk(list_length, dim=1).values[:, -1:]
        within += (listable & (scores >= threshold)).sum(dim=0)
        full = torch.isfinite(threshold[:, 0])
        place = _at_place(scores[full], threshold[full], list_length)
        last += torch.bincount(place, minlength=size)
    return last.numpy(), within.numpy()


def _at_place(scores: Tensor, threshold: Tensor, list_length: int) -> Tensor:
    """(A,) which item is at place K, given scores (A, C) and the K-th best score (A, 1)."""
    equal = scores == threshold
    better = (scores > threshold).sum(dim=1, keepdim=True)
    return ((equal.cumsum(dim=1) == list_length - better) & equal).int().argmax(dim=1)
