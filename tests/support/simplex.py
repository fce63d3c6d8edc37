"""The projection onto the simplex by search: the twin of sparsemax."""

import itertools
import math

import numpy as np


def project_onto_simplex(point: np.ndarray) -> np.ndarray:
    """The nearest point of the simplex, by trying every set of coordinates that may be above zero."""
    best, nearest = math.inf, point
    for size in range(1, len(point) + 1):
        for support in itertools.combinations(range(len(point)), size):
            candidate = np.zeros_like(point)
            inside = list(support)
            candidate[inside] = point[inside] - (point[inside].sum() - 1) / size
            distance = ((candidate - point) ** 2).sum()
            if candidate.min() >= 0 and distance < best:
                best, nearest = distance, candidate
    return nearest
