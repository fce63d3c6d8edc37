"""The protocol against a twin of plain loops."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mamex import evaluation
from mamex.data.cold_start import ColdStartData
from mamex.data.splits import Part
from mamex.evaluation import candidate_items, evaluate
from tests.library.test_metrics import slow_metrics
from tests.support.shops.planted import planted_data, split_pairs

PART = np.array([0, 0, 1, 2, 0, 2, 1, 2, 0], dtype=np.int8)


def data_of(pairs: list[tuple[int, int]], n_users: int) -> ColdStartData:
    array = np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)
    present = torch.ones(len(PART), 1, dtype=torch.bool)
    return ColdStartData({"text": torch.randn(len(PART), 2)}, present, PART, split_pairs(array, PART), n_users)


def scorer_of(table: np.ndarray):
    return lambda users, items: torch.from_numpy(table[np.ix_(users, items)])


def slow_evaluate(table, pairs, n_users, part, candidates, cutoff):
    """Recall and NDCG of each user with a positive, by user."""
    number = {"validation": 1, "test": 2}[part]
    results = {}
    for user in range(n_users):
        bought = {item for buyer, item in pairs if buyer == user}
        positives = {item for item in bought if PART[item] == number}
        if not positives:
            continue
        competing = {"cold": [1, 2], "cold_test": [number], "all": [0, 1, 2]}[candidates]
        items = [i for i in range(len(PART)) if PART[i] in competing and not (PART[i] == 0 and i in bought)]
        results[user] = slow_metrics([table[user, i] for i in items], [i in positives for i in items], cutoff)
    return results


@given(
    pairs=st.lists(st.tuples(st.integers(0, 5), st.integers(0, len(PART) - 1)), min_size=1, max_size=40),
    part=st.sampled_from(["validation", "test"]),
    candidates=st.sampled_from(["cold", "cold_test", "all"]),
    seed=st.integers(0, 1000),
    chunk=st.integers(1, 7),
)
def test_evaluate_agrees_with_its_slow_twin(pairs, part, candidates, seed, chunk):
    random = np.random.default_rng(seed)
    table = np.array([random.permutation(len(PART)) for _ in range(6)]).astype(np.float32)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluation, "CHUNK", chunk)
        result = evaluate(scorer_of(table), data_of(pairs, 6), part, candidates, cutoffs=(1, 3))
    for cutoff in (1, 3):
        expected = slow_evaluate(table, pairs, 6, part, candidates, cutoff)
        assert result.users.tolist() == list(expected)
        np.testing.assert_allclose(result.per_user[f"recall@{cutoff}"], [value[0] for value in expected.values()])
        np.testing.assert_allclose(result.per_user[f"ndcg@{cutoff}"], [value[1] for value in expected.values()])


def test_candidates_of_each_kind():
    data = data_of([(0, 0)], 1)
    assert candidate_items(data, Part.VALIDATION, "cold").tolist() == [2, 3, 5, 6, 7]
    assert candidate_items(data, Part.VALIDATION, "cold_test").tolist() == [2, 6]
    assert candidate_items(data, Part.TEST, "cold_test").tolist() == [3, 5, 7]
    assert candidate_items(data, Part.TEST, "all").tolist() == list(range(9))


def test_the_mean_is_over_users_and_not_over_positives():
    # User 0 has three test positives, all found; user 1 has one, missed; user 2 has none and doesn't count.
    data = data_of([(0, 3), (0, 5), (0, 7), (1, 7), (2, 0), (2, 2)], 3)
    table = np.zeros((3, len(PART)), dtype=np.float32)
    table[0, [3, 5, 7]] = 9
    table[1] = -np.arange(len(PART))  # item 7 comes last among the cold items
    result = evaluate(scorer_of(table), data, "test", cutoffs=(3,))
    assert result.users.tolist() == [0, 1]
    assert result.mean["recall@3"] == pytest.approx(0.5)
    assert result.mean["ndcg@3"] == pytest.approx(0.5)


def test_bought_items_do_not_compete_among_all(monkeypatch):
    monkeypatch.setattr(evaluation, "CHUNK", 1)  # each user's own history counts, also in a later chunk
    data = data_of([(0, 8), (0, 3), (1, 0), (1, 1), (1, 4), (1, 3)], 2)
    # Of the items that score above item 3, each user owns all.
    table = np.array([[4, 3, 1, 5, 3, 2, 1.5, 0, 9], [9, 8, 1, 5, 7, 2, 1.5, 0, 3]], dtype=np.float32)
    result = evaluate(scorer_of(table), data, "test", "all", cutoffs=(1,))
    assert result.per_user["recall@1"].tolist() == [1, 1]


def test_without_any_positive_nobody_is_scored():
    result = evaluate(scorer_of(np.zeros((2, len(PART)))), data_of([(0, 0)], 2), "test")
    assert result.users.tolist() == []
    assert all(values.shape == (0,) for values in result.per_user.values())


def test_default_cutoffs_and_a_perfect_scorer():
    data = planted_data()
    bought = np.zeros((data.n_users, data.n_items), dtype=np.float32)
    bought[data.interactions.test[:, 0], data.interactions.test[:, 1]] = 1
    mean = evaluate(scorer_of(bought), data, "test").mean
    assert mean == {name: pytest.approx(1) for name in ("recall@10", "ndcg@10", "recall@20", "ndcg@20")}
    assert not any(math.isnan(value) for value in mean.values())
