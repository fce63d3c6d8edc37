"""Who gets a product: exact, by one threshold a user (assets/decisions/thresholds.md).

A new product i enters user u's top K if and only if s_ui > tau_u(K), the K-th best score among the catalogue items
that u has not bought. The thresholds are computed once a checkpoint, so the audience of a product is one
matrix-vector product and a comparison, however large the catalogue.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy import sparse
from torch import Tensor

#: The list lengths for which thresholds are kept.
LIST_LENGTHS = (10, 20, 50)
#: Members whose exact rank is computed; of a larger audience those with the largest relative margin.
MOST_RANKED = 5000
#: Users scored at once against the whole catalogue; bounds memory.
CHUNK = 2048


def admission_thresholds(
    users: Tensor, catalogue: Tensor, bought: sparse.csr_matrix, lengths: Sequence[int] = LIST_LENGTHS
) -> Tensor:
    """tau_u(K) for each user and list length.

    Args:
        users: user embeddings (U, d).
        catalogue: embeddings of the items on sale (C, d).
        bought: (U, C), non-zero where the user owns the item.
        lengths: the values of K.

    Returns:
        float32 (U, len(lengths)); minus infinity where fewer than K items are left to recommend.
    """
    deepest = min(max(lengths), len(catalogue))
    thresholds = torch.full((len(users), len(lengths)), -torch.inf)
    for start in range(0, len(users), CHUNK):
        rows = slice(start, start + CHUNK)
        best = open_scores(users[rows], catalogue, bought[rows]).topk(deepest, dim=1).values
        for column, length in enumerate(lengths):
            if length <= deepest:
                thresholds[rows, column] = best[:, length - 1]
    return thresholds


def open_scores(users: Tensor, catalogue: Tensor, bought: sparse.csr_matrix) -> Tensor:
    """Scores (U, C), minus infinity for what a user owns already."""
    scores = users @ catalogue.T
    owner, item = bought.nonzero()
    scores[torch.from_numpy(owner.astype(np.int64)), torch.from_numpy(item.astype(np.int64))] = -torch.inf
    return scores


def catalogue_reach(users: Tensor, catalogue: Tensor, bought: sparse.csr_matrix, thresholds: Tensor) -> Tensor:
    """Reach of each item on sale: the share of the users without it who have it in their top K.

    Args:
        users, catalogue, bought: as for ``admission_thresholds``.
        thresholds: what it returned (U, L).

    Returns:
        float32 (C, L).
    """
    entered = torch.zeros(len(catalogue), thresholds.shape[1])
    for start in range(0, len(users), CHUNK):
        rows = slice(start, start + CHUNK)
        scores = open_scores(users[rows], catalogue, bought[rows])
        listable = torch.isfinite(scores)
        for column in range(thresholds.shape[1]):
            # An item on sale is itself among the K best, hence ">=" where a new product needs ">".
            entered[:, column] += (listable & (scores >= thresholds[rows, column : column + 1])).sum(dim=0)
    owners = np.asarray((bought != 0).sum(axis=0), dtype=np.float32).ravel()
    others = torch.from_numpy(np.maximum(len(users) - owners, 1).astype(np.float32))
    return entered / others.unsqueeze(1)


def audience(users: Tensor, thresholds: Tensor, product: Tensor) -> tuple[Tensor, Tensor]:
    """Users whose list a new product enters.

    Args:
        users: (U, d).
        thresholds: tau_u(K) for one K (U,).
        product: e_i (d,).

    Returns:
        positions of those users, ascending (A,), and the scores of all users (U,), equation 9.
    """
    scores = users @ product
    return enters(scores, thresholds).nonzero().squeeze(1), scores


def enters(scores: Tensor, thresholds: Tensor) -> Tensor:
    """Whether new products enter the list of each user.

    Args:
        scores: of one product (U,), or of several (U, N).
        thresholds: tau_u(K) for one K (U,).
    """
    return scores > (thresholds if scores.dim() == 1 else thresholds.unsqueeze(1))


def ranks(scores: Tensor, users: Tensor, catalogue: Tensor, bought: sparse.csr_matrix) -> Tensor:
    """The place (from 1) that a new product takes in each user's list.

    Args:
        scores: the product's score for each of these users (A,).
        users: their embeddings (A, d).
        catalogue: (C, d).
        bought: their rows (A, C).
    """
    return 1 + (open_scores(users, catalogue, bought) >= scores.unsqueeze(1)).sum(dim=1)


@dataclass(frozen=True)
class RankedAudience:
    """Users whose top K a product enters, best places first.

    Attributes:
        users: positions of those ranked (A,); the rank ties are in the order of relative margins.
        ranks: the place, from 1, that the product takes in each one's list (A,).
        scores: s_ui of each (A,).
        thresholds: tau_u(K) of each (A,).
        everyone: positions of the whole audience, ascending; longer than ``users`` only above ``MOST_RANKED``.
    """

    users: np.ndarray
    ranks: np.ndarray
    scores: np.ndarray
    thresholds: np.ndarray
    everyone: np.ndarray


def rank_audience(
    users: Tensor, thresholds: Tensor, catalogue: Tensor, bought: sparse.csr_matrix, product: Tensor
) -> RankedAudience:
    """Who gets a product into their top K, and at which place.

    Args:
        users: (U, d).
        thresholds: tau_u(K) for one K (U,).
        catalogue: embeddings of the items on sale (C, d).
        bought: (U, C), non-zero where the user owns the item.
        product: e_i (d,).
    """
    reached, scores = audience(users, thresholds, product)
    found = rank_by_margin(users, thresholds, catalogue, bought, reached, scores[reached], MOST_RANKED)
    order = np.argsort(found.ranks, kind="stable")
    return RankedAudience(
        users=found.users[order],
        ranks=found.ranks[order],
        scores=found.scores[order],
        thresholds=found.thresholds[order],
        everyone=reached.numpy(),
    )


def rank_by_margin(
    users: Tensor,
    thresholds: Tensor,
    catalogue: Tensor,
    bought: sparse.csr_matrix,
    reached: Tensor,
    scores: Tensor,
    most: int,
) -> RankedAudience:
    """The users whose top K a product enters by most, largest relative margin first.

    Args:
        users, thresholds, catalogue, bought: as for ``rank_audience``.
        reached: positions of users who all get it (A,).
        scores: s_ui of each (A,).
        most: how many of them.
    """
    beaten = thresholds[reached]
    # Scores grow with the length of e_u, so margins of different users compare only relative to it.
    relative = (scores - beaten) / users[reached].norm(dim=1).clamp(min=1e-12)
    first = relative.argsort(descending=True)[:most]
    chosen = reached[first]
    places = ranks(scores[first], users[chosen], catalogue, bought[chosen.numpy()])
    return RankedAudience(chosen.numpy(), places.numpy(), scores[first].numpy(), beaten[first].numpy(), chosen.numpy())


def reach_and_standing(
    users: Tensor, thresholds: Tensor, product: Tensor, of_catalogue: Tensor
) -> tuple[Tensor, Tensor]:
    """A new product's reach, the share of users whose top K it enters, and how it compares, for each K.

    Args:
        users: (U, d).
        thresholds: tau_u(K) for each K (U, L).
        product: e_i (d,).
        of_catalogue: what ``catalogue_reach`` returned (C, L).

    Returns:
        reach (L,), and the share of the items on sale whose reach is lower (L,).
    """
    scores = users @ product.unsqueeze(0).T  # (U, 1)
    entered = [enters(scores, thresholds[:, place]) for place in range(thresholds.shape[1])]
    reach = torch.stack([column.float().mean(dim=0) for column in entered], dim=1)[0]
    return reach, (of_catalogue < reach).float().mean(dim=0)
