"""Where training begins with ``training.start=routed``: from a ridge whose experts differ.

``mamex.warm_start`` begins with experts that are all alike. Here the gates are set first, one cluster of items an
expert, and ridge is solved for the mixture that they leave to be learned (see ``mamex.routed_content``). With K the
kernel between the n warm items, Y who bought them (U, n) and A = K + strength I, ridge scores an item x by
y_u A^-1 k(x). The Gram matrix of the purchases it fits is Y (I - strength A^-1) Y'; with P (U, d) its leading
eigenvectors and S their eigenvalues, the best rank-d approximation of ridge is

    e_u = sum over j in H_u of e_j,   e_i = Z' k(i),   Z = A^-1 Y' P S^(-1/2)   (n, d),

and Z' k is a mixture of experts again (reduced-rank regression: Izenman 1975, in the dual). To e_u, divided by
|H_u|^(1/2), a share of the mean user is added, for what everybody likes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from scipy import sparse
from torch import Tensor
from torch.nn import functional

from mamex.cold_start import ColdStartData
from mamex.config import Config
from mamex.evaluation import candidate_items, dot_products, evaluate
from mamex.modality_weights import modality_weights
from mamex.model import ItemTower
from mamex.routed_content import RoutedContent
from mamex.users import AsymmetricUserTower, UserTower
from mamex.warm_start import MOST_USERS, content_blocks, fusion_shares, some_rows, start_fusion, start_gates

#: What is tried on validation NDCG@20, besides modality weights: ridge strengths, shares of the full width that users
#: use, and shares of the mean user.
STRENGTHS = (1.0, 2.0, 5.0, 10.0, 30.0)
WIDTHS = (0.125, 0.25, 0.5, 1.0)
COMMON = (0.0, 0.5, 1.0)
#: Warm items from which ridge is computed; more would change little and cost memory (their square) and time (cube).
MOST_ITEMS = 8_192
#: What competes while the settings above are chosen, whatever ``evaluation.candidates`` says. If test items competed,
#: a setting could win by ranking them all low: that moves validation items up and says nothing of how good they are.
COMPETING: Literal["cold_test"] = "cold_test"


@dataclass(frozen=True)
class RoutedRidge:
    """A low-rank ridge on routed content and how well it ranks the validation items."""

    maps: dict[str, Tensor]  # modality -> experts (K, d_m, d), for features that fusion has not weighed
    item_vectors: Tensor  # q_j of the warm items (n_warm, d), zero beyond the chosen rank: those start silent
    common: Tensor  # c (d,)
    fusion: Tensor  # alpha (M,) of items that have all modalities
    quality: float  # validation NDCG@20


def start_from_routed_ridge(
    tower: ItemTower, user_tower: UserTower, data: ColdStartData, content: Tensor, config: Config
) -> None:
    """Set both towers to the low-rank ridge on routed content that ranks validation items best.

    Args:
        tower, user_tower: are filled in place; random numbers come from torch's global generator.
        data: the problem.
        content: prepared features of all items side by side (n_items, F), zeros where missing.
        config: the settings.
    """
    assert isinstance(user_tower, AsymmetricUserTower)
    start_gates(tower, data, content, config.training.seed)
    best = max(_solutions(tower, data, content, config), key=lambda ridge: ridge.quality)
    start_fusion(tower, best.fusion)
    for place, (modality, maps) in enumerate(best.maps.items()):
        # Divided by the fusion weight that it will be multiplied with.
        tower.mixture(modality).expert_weight.copy_(maps / best.fusion[place])
    user_tower.map.copy_(best.item_vectors)
    user_tower.common.copy_(best.common)


def _solutions(tower: ItemTower, data: ColdStartData, content: Tensor, config: Config) -> Iterator[RoutedRidge]:
    """For each modality weights the strength that suits full-rank ridge, at every rank and share of the mean user."""
    seed = config.training.seed
    rows = some_rows(torch.from_numpy(data.warm_items), MOST_ITEMS, seed)
    bought = data.histories[:, rows.numpy()].tocsr()
    some_users = some_rows(torch.arange(data.n_users), MOST_USERS, seed)
    blocks = content_blocks(content, data, config.model.modalities)
    gates = {m: tower.mixture(m).route(h)[1] for m, h in blocks.items()}
    for weights in modality_weights(len(blocks)):
        fusion = fusion_shares(weights, config)
        routed = RoutedContent(_fused(tower, blocks, data.present, fusion), gates, weights, rows)
        kernel = routed.kernel(rows)
        strength = _best_strength(data, routed, kernel, bought)
        coefficients = _reduced_rank(kernel, bought[some_users.numpy()], strength, config.model.dimension)
        yield from _ranked(data, routed, coefficients, fusion)


def _fused(tower: ItemTower, blocks: Mapping[str, Tensor], present: Tensor, fusion: Tensor) -> dict[str, Tensor]:
    """h_m times alpha_m / ``fusion``: an item that lacks a modality gets more of the others, and ridge has to know.

    Leaves the tower's fusion gate set to ``fusion``.
    """
    start_fusion(tower, fusion)
    kinds, kind = present.unique(dim=0, return_inverse=True)
    alpha = tower.fuse(torch.zeros(*kinds.shape, tower.config.dimension), kinds)
    relative = (alpha / fusion)[kind]  # (n_items, M)
    return {m: h * relative[:, place : place + 1] for place, (m, h) in enumerate(blocks.items())}


def _best_strength(data: ColdStartData, routed: RoutedContent, kernel: Tensor, bought: sparse.csr_matrix) -> float:
    """The strength at which full-rank ridge ranks the validation items best."""
    candidates = candidate_items(data, 1, COMPETING)
    towards = routed.kernel(torch.from_numpy(candidates)).T
    quality: dict[float, float] = {}
    for strength in STRENGTHS:
        solved = torch.cholesky_solve(towards, _cholesky(kernel, strength)).numpy()  # A^-1 k (n, C)

        def scorer(users: np.ndarray, items: np.ndarray, solved: np.ndarray = solved) -> Tensor:
            return torch.from_numpy(bought[users] @ solved[:, np.searchsorted(candidates, items)])

        quality[strength] = evaluate(scorer, data, "validation", COMPETING).mean["ndcg@20"]
    return max(quality, key=quality.__getitem__)


def _ranked(data: ColdStartData, routed: RoutedContent, coefficients: Tensor, fusion: Tensor) -> Iterator[RoutedRidge]:
    """One low-rank ridge at every rank and share of the mean user, scored on validation."""
    maps = routed.expert_maps(coefficients)
    items = routed.embed(maps)
    length = items[data.warm_items].square().sum(dim=1).mean().sqrt().clamp(min=1e-6)
    maps, items = {m: experts / length for m, experts in maps.items()}, items / length
    bought = data.histories[:, data.warm_items].tocsr()
    counts = torch.from_numpy(np.diff(bought.indptr)).clamp(min=1).unsqueeze(1)
    users = torch.from_numpy(bought @ items[data.warm_items].numpy()) / counts.sqrt()
    dimension = items.shape[1]
    for rank in sorted({max(1, round(share * dimension)) for share in WIDTHS}):
        kept = torch.arange(dimension) < rank
        for share in COMMON:
            common = share * users.mean(dim=0) * kept
            scorer = dot_products((users + common)[:, :rank], items[:, :rank])
            quality = evaluate(scorer, data, "validation", COMPETING).mean["ndcg@20"]
            yield RoutedRidge(maps, items[data.warm_items] * kept, common, fusion, quality)


def _cholesky(kernel: Tensor, strength: float) -> Tensor:
    """The lower Cholesky factor of A = K + strength I."""
    regularised = kernel.clone()
    regularised.diagonal().add_(strength)
    return torch.linalg.cholesky(regularised)


def _reduced_rank(kernel: Tensor, bought: sparse.csr_matrix, strength: float, dimension: int) -> Tensor:
    """Z (n, dimension) for a kernel (n, n) and purchases (U, n); columns beyond the rank of the purchases are zero."""
    factor = _cholesky(kernel, strength)
    transposed = bought.T.tocsr()

    def towards_items(vectors: Tensor) -> Tensor:
        return torch.from_numpy(transposed @ vectors.numpy())

    def fitted(vectors: Tensor) -> Tensor:
        """Y (I - strength A^-1) Y' times vectors (U, c)."""
        sums = towards_items(vectors)
        return torch.from_numpy(bought @ (sums - strength * torch.cholesky_solve(sums, factor)).numpy())

    # Randomised subspace iteration (Halko et al. 2011): the tail of the spectrum does not matter.
    size = min(dimension, *bought.shape)
    basis = torch.randn(bought.shape[0], min(size + 24, bought.shape[0]))
    for _ in range(5):
        basis = torch.linalg.qr(fitted(basis))[0]
    eigenvalues, rotation = torch.linalg.eigh(basis.T @ fitted(basis))
    eigenvalues, leading = eigenvalues.flip(0)[:size], basis @ rotation.flip(1)[:, :size]
    real = eigenvalues > 1e-5 * eigenvalues[0].clamp(min=0)
    scale = torch.where(real, eigenvalues.clamp(min=1e-12).rsqrt(), 0.0)
    solved = torch.cholesky_solve(towards_items(leading), factor) * scale
    return functional.pad(solved, (0, dimension - size))
