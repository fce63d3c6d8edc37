"""Thresholds, audience, reach and ranks against a full sort of every user's list."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from mamex.retrieval import thresholds as module
from mamex.retrieval.thresholds import admission_thresholds, audience, catalogue_reach, open_scores, ranks


@st.composite
def shops(draw):
    """Users, a catalogue and a new product in whole numbers, so that scores are exact and ties are common.

    Some users own almost everything, so that fewer than K items are left to show them.
    """
    n_users, n_items, width = draw(st.integers(1, 6)), draw(st.integers(1, 8)), draw(st.integers(1, 3))
    number = st.integers(-3, 3)

    def matrix(rows: int) -> torch.Tensor:
        row = st.lists(number, min_size=width, max_size=width)
        return torch.tensor(draw(st.lists(row, min_size=rows, max_size=rows)), dtype=torch.float32)

    owned = np.zeros((n_users, n_items), dtype=np.float32)
    for user in range(n_users):
        items = draw(st.sets(st.integers(0, n_items - 1)))
        owned[user, sorted(set(range(n_items)) - items if draw(st.booleans()) else items)] = 1
    lengths = draw(st.lists(st.integers(1, 10), min_size=1, max_size=3, unique=True))
    return matrix(n_users), matrix(n_items), sparse.csr_matrix(owned), matrix(1)[0], lengths


@pytest.fixture(autouse=True, scope="module")
def two_users_a_chunk():
    """So that even these small shops cross the border between chunks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHUNK", 2)
        yield


def open_items(user: int, bought: sparse.csr_matrix) -> list[int]:
    return [item for item in range(bought.shape[1]) if not bought[user, item]]


def place_of_the_new(user: int, users, catalogue, bought, product) -> int:
    """Its place in a stable full sort of what the user doesn't own, the new product appended last."""
    rows = [*open_items(user, bought), -1]
    values = {item: float(users[user] @ (product if item == -1 else catalogue[item])) for item in rows}
    return sorted(rows, key=lambda item: -values[item]).index(-1) + 1


@given(shops())
def test_thresholds_are_the_kth_best_open_scores(case):
    users, catalogue, bought, _, lengths = case
    thresholds = admission_thresholds(users, catalogue, bought, lengths)
    assert thresholds.dtype == torch.float32
    for user in range(len(users)):
        best = sorted((float(users[user] @ catalogue[i]) for i in open_items(user, bought)), reverse=True)
        expected = [best[length - 1] if length <= len(best) else -math.inf for length in lengths]
        assert thresholds[user].tolist() == expected


@given(shops())
def test_the_audience_is_who_has_the_product_in_a_full_sort(case):
    users, catalogue, bought, product, lengths = case
    thresholds = admission_thresholds(users, catalogue, bought, lengths)
    for column, length in enumerate(lengths):
        entered, scores = audience(users, thresholds[:, column], product)
        expected = [
            user for user in range(len(users)) if place_of_the_new(user, users, catalogue, bought, product) <= length
        ]
        assert entered.tolist() == expected
        assert scores.tolist() == [float(user @ product) for user in users]


@given(shops())
def test_reach_is_the_share_of_users_without_an_item_who_see_it(case):
    users, catalogue, bought, _, lengths = case
    reach = catalogue_reach(users, catalogue, bought, admission_thresholds(users, catalogue, bought, lengths))
    for item in range(len(catalogue)):
        for column, length in enumerate(lengths):
            others = [user for user in range(len(users)) if not bought[user, item]]
            seen = 0
            for user in others:
                mine = float(users[user] @ catalogue[item])
                better = sum(float(users[user] @ catalogue[i]) > mine for i in open_items(user, bought))
                seen += better < length  # items that tie for the last place all count
            assert reach[item, column].item() == pytest.approx(seen / max(len(others), 1))


@given(st.integers(0, 10_000))
def test_ranks_are_the_places_in_a_full_sort(seed):
    generator = torch.Generator().manual_seed(seed)
    users, catalogue = torch.randn(5, 3, generator=generator), torch.randn(9, 3, generator=generator)
    product = torch.randn(3, generator=generator)
    bought = sparse.csr_matrix((torch.rand(5, 9, generator=generator) < 0.5).numpy().astype(np.float32))
    some = np.array([4, 0, 3])
    places = ranks((users @ product)[some], users[some], catalogue, bought[some])
    assert places.tolist() == [place_of_the_new(int(u), users, catalogue, bought, product) for u in some]


def test_a_product_that_ties_comes_after_what_is_on_sale():
    # It enters no list of length 2 (that needs a score above the threshold), so its rank can't be 1 or 2.
    users, catalogue = torch.ones(1, 1), torch.tensor([[3.0], [3.0], [1.0]])
    bought = sparse.csr_matrix((1, 3), dtype=np.float32)
    product = torch.tensor([3.0])
    thresholds = admission_thresholds(users, catalogue, bought, (2, 3))
    assert audience(users, thresholds[:, 0], product)[0].tolist() == []
    assert audience(users, thresholds[:, 1], product)[0].tolist() == [0]
    assert ranks(torch.tensor([3.0]), users, catalogue, bought).tolist() == [3]


def test_a_user_who_owns_everything_is_reached_by_anything_new():
    users, catalogue = torch.tensor([[1.0]]), torch.tensor([[2.0], [3.0]])
    bought = sparse.csr_matrix(np.ones((1, 2), dtype=np.float32))
    thresholds = admission_thresholds(users, catalogue, bought, (1,))
    assert thresholds.tolist() == [[-math.inf]]
    assert audience(users, thresholds[:, 0], torch.tensor([-100.0]))[0].tolist() == [0]
    assert catalogue_reach(users, catalogue, bought, thresholds).tolist() == [[0], [0]]


def test_open_scores_leave_the_users_and_the_catalogue_as_they_were():
    users, catalogue = torch.randn(3, 2), torch.randn(4, 2)
    bought = sparse.csr_matrix(np.eye(3, 4, dtype=np.float32))
    copies = users.clone(), catalogue.clone()
    scores = open_scores(users, catalogue, bought)
    assert torch.isinf(scores).nonzero().tolist() == [[0, 0], [1, 1], [2, 2]]
    assert torch.equal(users, copies[0])
    assert torch.equal(catalogue, copies[1])
