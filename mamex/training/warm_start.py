"""Where training begins: from ridge instead of from noise.

BPR or softmax from random weights loses to ridge regression on small shops (assets/decisions/ridge_start.md). So the
maps start as the best low-rank ridge regression from content to purchases, and learning goes on from there. With X the
content of the warm items (n, F) and Y who bought them (U, n), ridge scores an item x by
y_u X (X'X + strength I)^-1 x'. In the metric of (X'X + strength I) its best rank-d approximation is e_u . e_i with
e_u = y_u X Z, e_i = x Z, and

    X'X = V diag(e) V',   Q = Y X V diag(e + strength)^-1/2,   W = the d leading right singular vectors of Q,
    Z = V diag(e + strength)^-1/2 W   (F, d).

Each modality's block of X is first multiplied by a weight w_m. Weights, strength and rank are those that rank the
validation items best.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import faiss
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from mamex.config import Config
from mamex.data.cold_start import ColdStartData
from mamex.evaluation import dot_products, evaluate
from mamex.model.paper import ItemTower
from mamex.model.user_tower import UserTower
from mamex.training.modality_weights import modality_weights

#: What is tried on validation NDCG@20, besides modality weights: ridge strengths and shares of the full width.
STRENGTHS = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
WIDTHS = (0.25, 0.5, 1.0)
#: Users from whom the directions are computed; more would change little and cost memory.
MOST_USERS = 50_000
#: Length of the gate's rows at the start: routing then differs between items without being all or nothing.
GATE_SCALE = 5.0


@dataclass(frozen=True)
class RidgeMap:
    """A low-rank ridge solution and how well it ranks the validation items."""

    item_map: Tensor  # Z (F, d), for content that is not weighted
    user_map: Tensor  # the same, columns beyond the chosen rank zero: those dimensions start silent
    quality: float  # validation NDCG@20


def start_from_ridge(
    tower: ItemTower, user_tower: UserTower, data: ColdStartData, content: Tensor, config: Config
) -> None:
    """Set both towers to the low-rank ridge that ranks validation items best.

    All experts of a modality start from the same map, the fusion weights are equal, and each gate has one cluster of
    items an expert. So the scores are those of ridge whatever the routing and the router, and experts grow apart
    because they learn from different items. Ridge's weights w_m are in the maps: a fusion gate that starts from them
    instead hardly moves afterwards, and ranks worse (assets/results/README.md).

    Args:
        tower, user_tower: are filled in place; random numbers come from torch's global generator.
        data: the problem.
        content: prepared features of all items side by side (n_items, F), zeros where missing.
        config: the settings.
    """
    best = max(_ridge_maps(data, content, list(tower.widths.values()), config), key=lambda ridge: ridge.quality)
    length = (content[data.warm_items] @ best.item_map).square().sum(dim=1).mean().sqrt().clamp(min=1e-6)
    user_tower.map.copy_(best.user_map / length)
    blocks = best.item_map.split(list(tower.widths.values()))
    tower.set_maps({m: block / length for m, block in zip(tower.widths, blocks, strict=True)})
    start_gates(tower, data, content, config.training.seed)
    start_fusion(tower)


def start_gates(tower: ItemTower, data: ColdStartData, content: Tensor, seed: int) -> None:
    """Give each expert of a gate one cluster of the warm items that have what the gate reads."""
    modalities = tower.config.modalities
    blocks = dict(zip(modalities, content.split(list(tower.widths.values()), dim=1), strict=True))
    for gate, read in tower.gates():
        present = data.present[data.warm_items][:, [modalities.index(m) for m in read]].any(dim=1)
        here = data.warm_items[present.numpy()]
        features = torch.cat([blocks[m][here] for m in read], dim=1)
        gate.weight.copy_(GATE_SCALE * cluster_directions(features, tower.config.experts, seed))
        gate.bias.zero_()


def start_fusion(tower: ItemTower) -> None:
    """Make the fusion gate, where there is one, give all modalities of an item the same weight."""
    if not len(tower.fusion_gate):
        return
    last = tower.fusion_gate[-1]
    assert isinstance(last, nn.Linear)
    last.weight.zero_()
    last.bias.zero_()


def _ridge_maps(data: ColdStartData, content: Tensor, widths: Sequence[int], config: Config) -> Iterator[RidgeMap]:
    """Every combination of weights, strength and rank, scored on validation; ``widths`` are those of the modalities."""
    bought = data.histories[:, data.warm_items].tocsr()
    dimension = config.model.dimension
    for weights in modality_weights(len(widths)):
        spread = weights.repeat_interleave(torch.tensor(widths))
        weighted = content * spread
        warm = weighted[data.warm_items]
        eigenvalues, vectors = _principal_axes(warm)
        rotated = weighted @ vectors
        profiles = torch.from_numpy(bought @ rotated[data.warm_items].numpy())
        some = some_rows(profiles, MOST_USERS, config.training.seed)
        gram = some.T @ some
        for strength in STRENGTHS:
            scale = (eigenvalues + strength).rsqrt()
            directions = scale.unsqueeze(1) * _leading(gram * scale * scale.unsqueeze(1), dimension)
            users, items = profiles @ directions, rotated @ directions
            item_map = spread.unsqueeze(1) * (vectors @ directions)
            for rank in sorted({max(1, round(share * dimension)) for share in WIDTHS}):
                user_map = item_map.clone()
                user_map[:, rank:] = 0
                scorer = dot_products(users[:, :rank], items[:, :rank])
                result = evaluate(scorer, data, "validation", config.evaluation.candidates)
                yield RidgeMap(item_map, user_map, result.mean["ndcg@20"])


def _principal_axes(warm: Tensor) -> tuple[Tensor, Tensor]:
    """Eigenvalues (r,) and eigenvectors (F, r) of X'X for X (n, F), r = min(n, F), by way of the smaller side."""
    exact = warm.double()
    if len(warm) >= warm.shape[1]:
        eigenvalues, vectors = torch.linalg.eigh(exact.T @ exact)
    else:
        eigenvalues, left = torch.linalg.eigh(exact @ exact.T)
        vectors = functional.normalize(exact.T @ left, dim=0)
    return eigenvalues.clamp(min=0).float(), vectors.float()


def _leading(gram: Tensor, count: int) -> Tensor:
    """The ``count`` leading eigenvectors (F, count) of a symmetric matrix; zero columns beyond its size."""
    size = min(count, gram.shape[0])
    # Randomised subspace iteration: a tenth of the time of a full decomposition, and the tail does not matter.
    found = torch.svd_lowrank(gram, q=min(size + 24, gram.shape[0]), niter=4)[0][:, :size]
    return functional.pad(found, (0, count - size))


def some_rows(values: Tensor, most: int, seed: int) -> Tensor:
    """``values`` (n, ...), or ``most`` rows of them drawn at random, in their order."""
    if len(values) <= most:
        return values
    return values[np.sort(np.random.default_rng(seed).choice(len(values), most, replace=False))]


def cluster_directions(prepared: Tensor, clusters: int, seed: int) -> Tensor:
    """Unit-length centres (clusters, d_m) of spherical k-means over prepared features (n, d_m).

    With fewer items than clusters the remaining rows are zero.
    """
    centres = torch.zeros(clusters, prepared.shape[1])
    count = min(clusters, len(prepared))
    if count:
        means = faiss.Kmeans(prepared.shape[1], count, niter=20, nredo=3, spherical=True, seed=seed + 1)
        means.cp.min_points_per_centroid = 1
        means.train(np.ascontiguousarray(prepared.numpy(), dtype=np.float32))
        centres[:count] = torch.from_numpy(means.centroids)
    return centres
