"""Ranking losses of a batch of users against all items of a fold, from the list of who bought what.

A list of the positives, not a mask over all scores, nearly all of it zeros. Positives are given as two arrays (n,):
the row of the user and the column of the item, each pair once.
"""

from __future__ import annotations

import torch
from torch import Tensor

from mamex.model.paper import bpr_loss


def sampled_bpr(scores: Tensor, owners: Tensor, places: Tensor, negatives: int) -> Tensor:
    """Equation 10: each positive against ``negatives`` items drawn at random; each positive weighs the same.

    Args:
        scores: s_ui (B, C); random numbers come from torch's global generator.
        owners, places: the positives (n,), n > 0.
        negatives: how many a positive.
    """
    drawn = torch.randint(scores.shape[1], (len(owners), negatives), device=scores.device)
    negative = _take(scores, owners.repeat_interleave(negatives), drawn.flatten()).view_as(drawn)
    return bpr_loss(_take(scores, owners, places), negative)


def softmax_loss(scores: Tensor, owners: Tensor, places: Tensor) -> Tensor:
    """Mean over positives of -ln softmax(s_u)_i; as in equation 10, each positive weighs the same, not each user.

    Args:
        scores: s_ui (B, C).
        owners, places: the positives (n,), n > 0.
    """
    bought = torch.bincount(owners, minlength=len(scores))
    normalisers = scores.logsumexp(dim=1)  # (B,)
    return (bought.to(scores.dtype) @ normalisers - _take(scores, owners, places).sum()) / len(owners)


def _take(scores: Tensor, rows: Tensor, columns: Tensor) -> Tensor:
    """``scores[rows, columns]`` with a fast way back; that of plain indexing sorts all places first."""
    return scores.flatten().index_select(0, rows * scores.shape[1] + columns)
