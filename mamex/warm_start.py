"""Where training begins: from ridge instead of from noise.

BPR or softmax from random weights loses to ridge regression on small shops (design, section 4). So the maps start as
the best rank-d ridge regression from content to purchases, and learning goes on from there. With X the content of the
warm items (n, F) and Y who bought them (U, n), ridge scores an item x by y_u X (X'X + strength I)^-1 x'. In the metric
of (X'X + strength I) its best rank-d approximation is e_u . e_i with e_u = y_u X Z, e_i = x Z, and

    X'X = V diag(e) V',   Q = Y X V diag(e + strength)^-1/2,   W = the d leading right singular vectors of Q,
    Z = V diag(e + strength)^-1/2 W   (F, d).

Before W is computed, each user's profile Y X is completed by the mean profile of the users with like histories: with 14
purchases a user, the leading directions are otherwise those of the heaviest buyers.
"""

from __future__ import annotations

import faiss
import numpy as np
import torch
from scipy import sparse
from torch import Tensor

from mamex.cold_start import ColdStartData
from mamex.config import Config
from mamex.evaluation import evaluate
from mamex.model import ItemTower
from mamex.users import UserTower

#: Ridge strengths and shares of the full width tried on validation NDCG@20.
STRENGTHS = (3.0, 10.0, 30.0, 100.0)
WIDTHS = (0.5, 1.0)
#: Users from whom the directions are computed; more would change little and cost memory.
MOST_USERS = 50_000
#: Experts start alike but for this share of the map's standard deviation.
EXPERT_NOISE = 0.1
#: Length of the gate's rows at the start: routing then differs between items without being all or nothing.
GATE_SCALE = 4.0


def start_from_ridge(
    tower: ItemTower, user_tower: UserTower, data: ColdStartData, content: Tensor, config: Config
) -> None:
    """Set both towers to the low-rank ridge that ranks validation items best.

    All experts of a modality start from the same map, the fusion weights from 1 / M, and the gate with one cluster of
    items an expert, so the scores are those of ridge whatever the routing; learning makes the difference.

    Args:
        tower, user_tower: are filled in place; random numbers come from torch's global generator.
        data: the problem.
        content: prepared features of all items side by side (n_items, F), zeros where missing.
        config: the settings.
    """
    item_map, width = _best_map(data, content, config)
    warm = content[data.warm_items]
    item_map = item_map / (warm @ item_map).square().sum(dim=1).mean().sqrt()
    user_tower.map.copy_(item_map)
    user_tower.map[:, width:] = 0  # dimensions that validation did not ask for start silent and may be learnt
    blocks = item_map.split([data.features[m].shape[1] for m in config.model.modalities])
    for column, (modality, block) in enumerate(zip(config.model.modalities, blocks, strict=True)):
        mixture = tower.mixture(modality)
        block = block * len(blocks)  # each fusion weight is 1 / M at the start
        noise = torch.randn_like(mixture.expert_weight)
        mixture.expert_weight.copy_(block + EXPERT_NOISE * block.std() * noise)
        here = warm_block(data, content, config, column)
        centres = cluster_directions(here, config.model.experts, config.training.seed)
        mixture.gate.weight.copy_(GATE_SCALE * centres)
        mixture.gate.bias.zero_()
    for parameter in tower.fusion_gate.parameters():
        parameter.zero_()


def warm_block(data: ColdStartData, content: Tensor, config: Config, column: int) -> Tensor:
    """One modality's prepared features (n, d_m) of the warm items that have it."""
    widths = [data.features[m].shape[1] for m in config.model.modalities]
    rows = data.warm_items[data.present[data.warm_items, column].numpy()]
    return content[rows][:, sum(widths[:column]) : sum(widths[: column + 1])]


def _best_map(data: ColdStartData, content: Tensor, config: Config) -> tuple[Tensor, int]:
    """The map Z (F, d) of the best strength, and how many of its columns to use."""
    warm = content[data.warm_items]
    bought = data.histories[:, data.warm_items].tocsr()
    eigenvalues, vectors = torch.linalg.eigh((warm.T @ warm).double())
    eigenvalues, vectors = eigenvalues.clamp(min=0).float(), vectors.float()
    rotated = content @ vectors
    profiles = torch.from_numpy(np.asarray(bought @ rotated[data.warm_items].numpy(), dtype=np.float32))
    completed = _complete(*_some_users(bought, profiles, config.training.seed))
    best, chosen = -1.0, (torch.zeros(content.shape[1], config.model.dimension), config.model.dimension)
    for strength in STRENGTHS:
        directions = _directions(completed, (eigenvalues + strength).rsqrt(), config.model.dimension)
        users, items = profiles @ directions, rotated @ directions
        for width in sorted({max(1, round(share * config.model.dimension)) for share in WIDTHS}):
            scorer = _scorer(users[:, :width], items[:, :width])
            value = evaluate(scorer, data, "validation", config.evaluation.candidates).mean["ndcg@20"]
            if value > best:
                best, chosen = value, (vectors @ directions, width)
    return chosen


def _scorer(users: Tensor, items: Tensor):
    return lambda rows, columns: users[rows] @ items[columns].T


def _some_users(bought: sparse.csr_matrix, profiles: Tensor, seed: int) -> tuple[sparse.csr_matrix, Tensor]:
    if bought.shape[0] <= MOST_USERS:
        return bought, profiles
    chosen = np.sort(np.random.default_rng(seed).choice(bought.shape[0], MOST_USERS, replace=False))
    return bought[chosen], profiles[chosen]


def _directions(profiles: Tensor, scale: Tensor, dimension: int) -> Tensor:
    """diag(scale) W with W the leading right singular vectors of ``profiles`` diag(scale): (F, dimension).

    Columns beyond the rank of the problem are zero.
    """
    weighted = profiles * scale
    _, right = torch.linalg.eigh((weighted.T @ weighted).double())
    leading = right.flip(1)[:, :dimension].float() * scale.unsqueeze(1)  # eigh sorts ascending
    return torch.nn.functional.pad(leading, (0, dimension - leading.shape[1]))


def _complete(bought: sparse.csr_matrix, profiles: Tensor) -> Tensor:
    """Add to each profile (U, F) the mean profile of the other users, weighted by the cosine of their histories."""
    length = np.sqrt(np.maximum(np.asarray(bought.sum(axis=1)).ravel(), 1))
    unit = (sparse.diags(1 / length) @ bought).astype(np.float32)
    own = np.asarray(unit.multiply(unit).sum(axis=1), dtype=np.float32).reshape(-1, 1)  # 0 for an empty history, else 1
    others = unit @ (unit.T @ profiles.numpy()) - own * profiles.numpy()
    weight = unit @ np.asarray(unit.sum(axis=0)).reshape(-1, 1) - own
    return profiles + torch.from_numpy((others / np.maximum(weight, 1)).astype(np.float32))


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
