"""The faiss index against cosines worked out one by one."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mamex.retrieval.catalogue import Neighbours


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


@given(seed=st.integers(0, 1000), n=st.integers(1, 12), count=st.integers(1, 15), width=st.integers(2, 5))
def test_nearest_agrees_with_brute_force(seed, n, count, width):
    random = np.random.default_rng(seed)
    vectors = random.normal(size=(n, width)) * random.uniform(0.1, 9, (n, 1))  # of any length
    queries = random.normal(size=(3, width))
    positions = random.choice(100, n, replace=False)  # the rows are items of some larger catalogue
    found, cosines = Neighbours(torch.from_numpy(vectors), positions).nearest(torch.from_numpy(queries), count)
    assert found.shape == cosines.shape == (3, min(n, count))
    for row, query in enumerate(queries):
        by_hand = {int(position): cosine(query, vector) for position, vector in zip(positions, vectors, strict=True)}
        expected = sorted(by_hand, key=lambda position: -by_hand[position])[:count]
        assert found[row].tolist() == expected
        np.testing.assert_allclose(cosines[row], [by_hand[position] for position in expected], atol=1e-5)


@given(seed=st.integers(0, 1000), n=st.integers(2, 12), share=st.floats(0, 1))
def test_familiarity_limit_is_a_quantile_of_the_nearest_cosines(seed, n, share):
    vectors = np.random.default_rng(seed).normal(size=(n, 3))
    nearest = [max(cosine(vectors[i], vectors[j]) for j in range(n) if j != i) for i in range(n)]
    limit = Neighbours(torch.from_numpy(vectors), np.arange(n)).familiarity_limit(share)
    assert limit == pytest.approx(float(np.quantile(nearest, share)), abs=1e-5)


def test_familiarity_of_twins_and_of_a_single_item():
    twins = Neighbours(torch.tensor([[1.0, 0], [2.0, 0], [3.0, 0]]), np.arange(3))
    assert twins.familiarity_limit() == pytest.approx(1)
    assert Neighbours(torch.ones(1, 2), np.array([5])).familiarity_limit() == -1  # nothing is unfamiliar to it


def test_a_zero_vector_is_near_to_nothing():
    index = Neighbours(torch.eye(3), np.arange(3))
    _, cosines = index.nearest(torch.zeros(1, 3), 3)
    assert cosines.tolist() == [[0, 0, 0]]


@pytest.mark.parametrize(("n", "count"), [(0, 5), (3, 0)])
def test_nothing_to_find_is_an_empty_answer(n, count):
    # A catalogue in which no item has a picture has an empty picture space.
    found, cosines = Neighbours(torch.ones(n, 2), np.arange(n)).nearest(torch.ones(2, 2), count)
    assert found.shape == cosines.shape == (2, 0)
