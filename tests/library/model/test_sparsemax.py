"""Sparsemax by hand and against a search over every face of the simplex."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mamex.model.paper import sparsemax
from tests.support.simplex import project_onto_simplex


@pytest.mark.parametrize(
    ("logits", "weights"),
    [
        ([0.0, 0.0], [0.5, 0.5]),
        ([0.6, 0.2], [0.7, 0.3]),
        ([2.0, 0.5], [1.0, 0.0]),
        ([0.5, 1.2, -0.3], [0.15, 0.85, 0.0]),
        ([1.0, 1.0, 1.0, 0.7], [0.325, 0.325, 0.325, 0.025]),
        ([-math.inf, -5.0, -5.2], [0.0, 0.6, 0.4]),
        ([3.0], [1.0]),
    ],
)
def test_sparsemax_by_hand(logits, weights):
    torch.testing.assert_close(sparsemax(torch.tensor(logits)), torch.tensor(weights))


@given(st.lists(st.floats(-4, 4), min_size=1, max_size=5), st.floats(-50, 50))
def test_sparsemax_is_the_projection_onto_the_simplex(logits, shift):
    point = np.array(logits)
    weights = sparsemax(torch.from_numpy(point))
    np.testing.assert_allclose(weights.numpy(), project_onto_simplex(point), atol=1e-9)
    torch.testing.assert_close(sparsemax(torch.from_numpy(point + shift)), weights)


def test_sparsemax_of_huge_logits():
    # In float32, 1 + 3e7 == 3e7: a support test that adds 1 to raw logits finds no entry at all.
    torch.testing.assert_close(sparsemax(torch.tensor([3e7, 1.0])), torch.tensor([1.0, 0.0]))
