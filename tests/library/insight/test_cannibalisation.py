"""Places lost: exact, against lists that are sorted before and after the new product enters."""

import numpy as np
import pytest
import torch
from hypothesis import given
from scipy import sparse

from mamex.insight import cannibalisation as module
from mamex.insight.cannibalisation import cannibalisation, displaced, losses
from mamex.launch.launcher import Launcher
from mamex.retrieval.thresholds import LIST_LENGTHS, admission_thresholds, audience
from tests.library.retrieval.test_thresholds import open_items, shops


@pytest.fixture(autouse=True, scope="module")
def two_users_a_chunk():
    """So that even small audiences cross the border between chunks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "CHUNK", 2)
        yield


@pytest.fixture(scope="module")
def launcher(tiny_checkpoint):
    return Launcher.load(tiny_checkpoint)


def best(user, length, users, catalogue, bought, product=None):
    """Rows of the user's list, -1 for the new product, by a stable full sort with the new product last."""
    rows = open_items(user, bought) + ([] if product is None else [-1])
    values = {row: float(users[user] @ (product if row == -1 else catalogue[row])) for row in rows}
    return sorted(rows, key=lambda row: -values[row])[:length]


@given(shops())
def test_what_drops_out_is_what_a_new_sort_no_longer_holds(case):
    users, catalogue, bought, product, lengths = case
    thresholds = admission_thresholds(users, catalogue, bought, lengths)
    for column, length in enumerate(lengths):
        entered, _ = audience(users, thresholds[:, column], product)
        expected = np.zeros(len(catalogue), dtype=int)
        for user in entered.tolist():
            before = best(user, length, users, catalogue, bought)
            after = best(user, length, users, catalogue, bought, product)
            for row in set(before) - set(after):
                expected[row] += 1
        lost, shared = displaced(users[entered], catalogue, bought[entered.numpy()], length)
        assert lost.tolist() == expected.tolist()
        assert (lost <= shared).all()
        full = sum(len(open_items(user, bought)) >= length for user in entered.tolist())
        assert lost.sum() == full


def test_by_hand():
    # Three users, four items, K = 2; user 2 owns items 0 and 1.
    users = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    catalogue = torch.tensor([[4.0, 1.0], [3.0, 2.0], [2.0, 3.0], [1.0, 5.0]])
    bought = sparse.csr_matrix(np.array([[0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0]], dtype=np.float32))
    # Lists: user 0 has 0, 1; user 1 has 3, 2; user 2 has 3 (score 6), 2 (score 5).
    lost, shared = displaced(users, catalogue, bought, 2)
    assert lost.tolist() == [0, 1, 2, 0]
    assert shared.tolist() == [1, 1, 2, 2]
    # With K = 3 user 2 has room: only two items are left for a list of three.
    lost, shared = displaced(users, catalogue, bought, 3)
    assert lost.tolist() == [0, 1, 1, 0] and shared.tolist() == [1, 2, 3, 2]


@pytest.mark.parametrize("length", LIST_LENGTHS)
def test_the_places_come_to_the_audience(launcher, length):
    result = launcher.launch(text="Navy coat. A navy waterproof jacket for rain and wind.", list_length=length)
    found = cannibalisation(launcher, result.audience_users, length)
    assert found.lost.sum() + found.room == result.audience_size
    assert (found.lost <= found.shared).all() and (found.shared <= found.audiences).all()
    open_to = launcher.catalogue.bought.shape[1] - np.diff(launcher.catalogue.bought.indptr)
    assert found.room == (open_to[result.audience_users] < length).sum()


def test_audiences_are_counted_by_brute_force(launcher):
    catalogue, checkpoint = launcher.catalogue, launcher.checkpoint
    found = cannibalisation(launcher, np.arange(checkpoint.dataset.n_users), 10)
    expected = np.zeros(len(catalogue.positions), dtype=int)
    for user in range(checkpoint.dataset.n_users):
        expected[best(user, 10, checkpoint.users, catalogue.embeddings, catalogue.bought)] += 1
    assert found.audiences.tolist() == expected.tolist()
    # With everybody in the audience, the overlap is the whole of it.
    assert found.shared.tolist() == expected.tolist()


def test_losses_name_the_most_hit_first(launcher):
    result = launcher.launch(text="Navy coat. A navy waterproof jacket for rain and wind.", list_length=10)
    found = cannibalisation(launcher, result.audience_users, 10)
    lost = losses(launcher, found, 10, 5)
    assert lost and [one.lost for one in lost] == sorted(found.lost.tolist(), reverse=True)[: len(lost)]
    for one in lost:
        row = launcher.catalogue.positions.tolist().index(one.item.position)
        assert one.lost == found.lost[row] > 0
        assert one.share_lost == pytest.approx(one.lost / one.audience)
        assert one.item.reach == pytest.approx(float(launcher.checkpoint.reach[row, 0]))
        assert sum(one.item.fusion.values()) == pytest.approx(1, abs=1e-5)
        assert one.item.price == launcher.checkpoint.dataset.items["price"][one.item.position]


def test_nobody_in_the_audience_loses_nothing(launcher):
    found = cannibalisation(launcher, np.array([], dtype=np.int64), 20)
    assert found.lost.sum() == found.shared.sum() == found.room == 0
    assert losses(launcher, found, 20, 5) == []
