"""A map of the catalogue: items that the model finds alike lie close together, in two dimensions.

The largest ``MOST_LANDMARKS`` items at most are laid out by t-SNE (van der Maaten and Hinton, 2008) on the cosine
distances of their embeddings e_i. Its cost grows faster than the number of items; so the rest of a larger shop, and
every new product, is put at the mean of its nearest landmarks, weighted by similarity.
"""

from __future__ import annotations

import numpy as np
import torch
from threadpoolctl import threadpool_limits
from torch import Tensor
from torch.nn import functional

from mamex.retrieval.catalogue import Neighbours

#: About 20 seconds on one core.
MOST_LANDMARKS = 5000
#: Neighbours that t-SNE keeps close, roughly.
PERPLEXITY = 30.0
#: Of how many landmarks the place of another item is the mean.
ANCHORS = 5
SEED = 0


def item_map(embeddings: Tensor, most_landmarks: int = MOST_LANDMARKS) -> Tensor:
    """Coordinates of items with embeddings e_i (C, d), float32 (C, 2), centred; the same numbers on each run.

    Args:
        embeddings: what the model makes of the items.
        most_landmarks: how many items t-SNE lays out; they are drawn at random with a fixed seed.
    """
    count = len(embeddings)
    landmarks = np.arange(count)
    if count > most_landmarks:
        landmarks = np.sort(np.random.default_rng(SEED).choice(count, most_landmarks, replace=False))
    coordinates = torch.zeros(count, 2)
    coordinates[landmarks] = torch.from_numpy(_lay_out(functional.normalize(embeddings[landmarks], dim=1).numpy()))
    rest = np.setdiff1d(np.arange(count), landmarks)
    if len(rest):
        coordinates[rest] = place(embeddings[rest], Neighbours(embeddings[landmarks], landmarks), coordinates)
    return coordinates - coordinates.mean(dim=0)


def place(queries: Tensor, index: Neighbours, coordinates: Tensor) -> Tensor:
    """Where products belong on a finished map: sum of s_a x_a / sum of s_a over the nearest items a.

    Args:
        queries: their embeddings e_i (Q, d).
        index: nearest items; the positions that it gives are rows of ``coordinates``.
        coordinates: the map (C, 2).

    Returns:
        (Q, 2). s_a is the cosine, 0 if negative; products unlike everything are put at their nearest items' plain mean.
    """
    rows, cosines = index.nearest(queries, ANCHORS)
    weights = torch.from_numpy(cosines).clamp(min=0)
    weights = torch.where(weights.sum(dim=1, keepdim=True) > 0, weights, torch.ones_like(weights))
    near = coordinates[torch.from_numpy(rows)]  # (Q, a, 2)
    return (near * weights.unsqueeze(-1)).sum(dim=1) / weights.sum(dim=1, keepdim=True)


def _lay_out(directions: np.ndarray) -> np.ndarray:
    """Unit vectors (C, d) -> coordinates (C, 2): t-SNE started from the two largest principal components."""
    # Here, for it takes a second that launches should not wait; before the limit, which binds what is loaded by then.
    from sklearn.manifold import TSNE

    start = _principal(directions)
    spread = start[:, 0].std() if len(start) else 0.0
    perplexity = min(PERPLEXITY, (len(directions) - 1) / 3)
    if perplexity < 1 or spread < 1e-6:  # four items or fewer, or all alike: there is nothing to arrange
        return start
    # Sums in another order would give another map, so the number of threads is fixed too.
    with threadpool_limits(limits=1):
        method = TSNE(perplexity=perplexity, metric="cosine", init=start / spread * 1e-4, random_state=SEED)
        places: np.ndarray = method.fit_transform(directions).astype(np.float32)
        return places


def _principal(directions: np.ndarray) -> np.ndarray:
    """The first two principal components (C, 2); zeros where there are fewer."""
    from sklearn.decomposition import PCA

    coordinates = np.zeros((len(directions), 2), dtype=np.float32)
    components = min(2, *directions.shape)
    if components and len(directions) > 1:
        with threadpool_limits(limits=1):
            coordinates[:, :components] = PCA(components, random_state=SEED).fit_transform(directions)
    return coordinates
