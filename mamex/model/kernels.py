"""Kernels: how alike two items' features are."""

from __future__ import annotations

from torch import Tensor


def rbf(one: Tensor, other: Tensor, gamma: float) -> Tensor:
    """exp(-gamma |a - b|^2) for rows a (n, F) and b (c, F): (n, c), 1 for equal rows."""
    squares = one.square().sum(dim=1, keepdim=True) + other.square().sum(dim=1)
    return (one @ other.T).mul_(2).sub_(squares).clamp_(max=0).mul_(gamma).exp_()
