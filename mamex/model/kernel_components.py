"""Kernel principal components of one modality: features in which a linear expert can bend.

Two items are as alike as k(a, b) = exp(-gamma |a - b|^2) says. The leading principal components of the training items
in the space of that kernel (Schoelkopf, Smola and Mueller, "Nonlinear component analysis as a kernel eigenvalue
problem", 1998) are P numbers an item,

    phi(x) = k(x, Z) A - b,

with Z the training items (or ``MOST_LANDMARKS`` of them), and A, b from scikit-learn's ``KernelPCA``. A linear map of
phi is a smooth function of x that can rise around one kind of item and fall around another.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

#: Training items that an item is compared with; more cost memory by their number times the components'.
MOST_LANDMARKS = 4096
#: Components along which the items vary less, all together (one item's likeness to itself is 1), are rounding noise.
SMALLEST = 1e-6


class KernelComponents(nn.Module):
    """phi of one modality; maps everything to zero until ``fit``.

    Args:
        features: number of features d_m.
        components: P.
        gamma: inverse squared width of the kernel.
    """

    landmarks: Tensor  # Z (L, d_m)
    projection: Tensor  # A (L, P); columns beyond what L items span are zero
    offset: Tensor  # b (P,)

    def __init__(self, features: int, components: int, gamma: float) -> None:
        super().__init__()
        self.components, self.gamma = components, gamma
        self.register_buffer("landmarks", torch.zeros(0, features))
        self.register_buffer("projection", torch.zeros(0, components))
        self.register_buffer("offset", torch.zeros(components))

    def fit(self, h: Tensor, seed: int) -> None:
        """Find the components of the training items (n, d_m); ``seed`` draws the landmarks where there are too many."""
        from sklearn.decomposition import KernelPCA  # takes a second, for which a launch should not wait

        generator = torch.Generator().manual_seed(seed)
        self.landmarks = h[torch.randperm(len(h), generator=generator)[:MOST_LANDMARKS].sort().values].clone()
        self.projection = h.new_zeros(len(self.landmarks), self.components)
        self.offset = h.new_zeros(self.components)
        if len(self.landmarks) < 2:
            return
        exact = self.landmarks.double()
        kernel = rbf(exact, exact, self.gamma).numpy()
        found = KernelPCA(
            min(self.components, len(exact) - 1), kernel="precomputed", eigen_solver="randomized", random_state=seed
        ).fit(kernel)
        values, vectors = (torch.from_numpy(part.copy()) for part in (found.eigenvalues_, found.eigenvectors_))
        kept = values > SMALLEST
        projection = vectors[:, kept] * values[kept].rsqrt()
        self.projection[:, : projection.shape[1]] = projection
        self.offset[: projection.shape[1]] = torch.from_numpy(kernel.mean(axis=0)) @ projection

    def forward(self, h: Tensor) -> Tensor:
        """h (N, d_m) -> phi (N, P)."""
        return rbf(h, self.landmarks, self.gamma) @ self.projection - self.offset

    def _load_from_state_dict(self, state_dict: dict[str, Tensor], prefix: str, *rest: Any) -> None:
        """Take on the number of landmarks of what is loaded."""
        for name in ("landmarks", "projection"):
            if prefix + name in state_dict:
                setattr(self, name, torch.empty_like(state_dict[prefix + name]))
        super()._load_from_state_dict(state_dict, prefix, *rest)


def rbf(one: Tensor, other: Tensor, gamma: float) -> Tensor:
    """exp(-gamma |a - b|^2) for rows a (n, F) and b (c, F): (n, c), 1 for equal rows."""
    squares = one.square().sum(dim=1, keepdim=True) + other.square().sum(dim=1)
    return (one @ other.T).mul_(2).sub_(squares).clamp_(max=0).mul_(gamma).exp_()
