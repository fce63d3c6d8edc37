"""One suite that every method passes, and each method against its formula written out."""

import dataclasses

import numpy as np
import pytest
import torch
from planted import planted_data

from mamex.baselines import ContentKNN, KernelRidge, RandomOrder, Recommender, Ridge, WeightedRidge
from mamex.baselines.ridge import STRENGTHS
from mamex.cold_start import ColdStartData
from mamex.evaluation import evaluate
from mamex.splits import SplitInteractions

METHODS = [ContentKNN, RandomOrder, Ridge, WeightedRidge, KernelRidge]
LEARNERS = [ContentKNN, Ridge, WeightedRidge, KernelRidge]
EMPTY = np.zeros((0, 2), dtype=np.int64)


@pytest.fixture(scope="module")
def data() -> ColdStartData:
    return planted_data()


def fitted(method: type[Recommender], data: ColdStartData, seed: int = 0) -> Recommender:
    recommender = method()
    recommender.fit(data, seed)
    return recommender


def all_scores(recommender: Recommender, data: ColdStartData) -> np.ndarray:
    return recommender.score(np.arange(data.n_users), np.arange(data.n_items)).numpy()


def with_interactions(data: ColdStartData, **parts: np.ndarray) -> ColdStartData:
    """The same items, with other interactions in the named parts."""
    old = {name: getattr(data.interactions, name) for name in ("train", "validation", "test")}
    return dataclasses.replace(data, interactions=SplitInteractions(**(old | parts)))


@pytest.mark.parametrize("method", METHODS)
class TestEveryRecommender:
    def test_scores_have_a_row_a_user_and_a_column_an_item(self, method, data):
        scores = fitted(method, data).score(np.array([5, 0, 1]), np.array([7, 2]))
        assert scores.shape == (3, 2)
        assert scores.dtype == torch.float32
        assert fitted(method, data).score(np.array([], dtype=np.int64), np.array([7])).shape == (0, 1)

    def test_scores_are_finite_for_everyone(self, method, data):
        # User 0 has no purchases at all and user 1 none of a warm item; some items lack a modality.
        assert data.histories[:2].nnz == 0
        assert np.isfinite(all_scores(fitted(method, data), data)).all()

    def test_an_item_without_any_modality_has_a_finite_score(self, method, data):
        present, features = data.present.clone(), {m: v.clone() for m, v in data.features.items()}
        present[4] = False
        for values in features.values():
            values[4] = 0
        bare = dataclasses.replace(data, features=features, present=present)
        assert np.isfinite(all_scores(fitted(method, bare), bare)).all()

    def test_same_seed_same_scores(self, method, data):
        first, second = fitted(method, data, seed=7), fitted(method, planted_data(), seed=7)
        np.testing.assert_array_equal(all_scores(first, data), all_scores(second, data))

    def test_test_interactions_never_influence_scores(self, method, data):
        scores = all_scores(fitted(method, data), data)
        one_item = int(np.flatnonzero(data.part == 2)[0])
        everyone_buys_it = np.stack([np.arange(data.n_users), np.full(data.n_users, one_item)], axis=1)
        for test in (EMPTY, everyone_buys_it):
            other = with_interactions(data, test=test)
            np.testing.assert_array_equal(all_scores(fitted(method, other), other), scores)

    def test_it_has_a_name_of_its_own(self, method, data):
        assert [other.name for other in METHODS].count(method.name) == 1

    def test_it_can_be_fitted_without_validation_interactions(self, method, data):
        # A small shop whose held-out items nobody has bought yet.
        other = with_interactions(data, validation=EMPTY)
        assert np.isfinite(all_scores(fitted(method, other), other)).all()


@pytest.mark.parametrize("method", LEARNERS)
def test_order_and_choice_of_users_and_items_do_not_matter(method, data):
    recommender = fitted(method, data)
    users, items = np.array([9, 3, 30]), np.array([50, 1, 88, 4])
    expected = all_scores(recommender, data)[np.ix_(users, items)]
    np.testing.assert_allclose(recommender.score(users, items).numpy(), expected, atol=1e-6)


@pytest.mark.parametrize("method", LEARNERS)
def test_it_beats_random_where_features_tell_tastes(method, data):
    value = evaluate(fitted(method, data).score, data, "test").mean["ndcg@10"]
    floor = evaluate(fitted(RandomOrder, data).score, data, "test").mean["ndcg@10"]
    assert value > 1.5 * floor


def test_content_knn_equals_loops(data):
    content = data.content.numpy().astype(float)
    scores = all_scores(fitted(ContentKNN, data), data)
    bought = {user: [] for user in range(data.n_users)}
    for user, item in data.interactions.train:
        bought[user].append(item)
    for user, history in bought.items():
        for item in range(data.n_items):
            expected = sum(content[item] @ content[j] for j in history) / len(history) if history else 0
            assert scores[user, item] == pytest.approx(expected, abs=1e-5)


def ridge_by_solving(data: ColdStartData, strength: float) -> np.ndarray:
    """Scores of all users and items, one linear system a user."""
    content = data.content.numpy().astype(float)
    warm = content[data.warm_items]
    bought = data.histories.toarray()[:, data.warm_items]
    left = warm.T @ warm + strength * np.eye(warm.shape[1])
    return np.stack([content @ np.linalg.solve(left, warm.T @ bought[user]) for user in range(data.n_users)])


def test_ridge_equals_one_linear_system_a_user(data):
    ridge = fitted(Ridge, data)
    assert ridge.strength in STRENGTHS
    for strength in (STRENGTHS[0], ridge.strength, STRENGTHS[-1]):
        ridge.strength = strength
        np.testing.assert_allclose(all_scores(ridge, data), ridge_by_solving(data, strength), atol=1e-4, rtol=1e-3)


def test_ridge_takes_the_strength_that_is_best_on_validation(data):
    def quality(strength: float) -> float:
        table = ridge_by_solving(data, strength)
        scorer = lambda users, items: torch.from_numpy(table[np.ix_(users, items)])  # noqa: E731
        return evaluate(scorer, data, "validation").mean["ndcg@20"]

    values = {strength: quality(strength) for strength in STRENGTHS}
    assert len({round(value, 6) for value in values.values()}) > 1  # else any choice would pass
    assert values[fitted(Ridge, data).strength] == pytest.approx(max(values.values()), abs=1e-6)


def kernel_ridge_by_solving(data: ColdStartData, ridge: KernelRidge) -> np.ndarray:
    """Scores of all users and items from a kernel made pair by pair."""
    widths = [values.shape[1] for values in data.features.values()]
    content = data.content.numpy().astype(float) * np.repeat(ridge.weights.numpy(), widths)
    kernel = np.array([[np.exp(-ridge.gamma * np.sum((a - b) ** 2)) for b in content] for a in content])
    warm = data.warm_items
    bought = data.histories.toarray()[:, warm]
    solved = np.linalg.solve(kernel[np.ix_(warm, warm)] + ridge.strength * np.eye(len(warm)), kernel[warm])
    return bought @ solved


def test_kernel_ridge_equals_its_formula(data):
    ridge = fitted(KernelRidge, data)
    assert isinstance(ridge, KernelRidge)
    np.testing.assert_allclose(all_scores(ridge, data), kernel_ridge_by_solving(data, ridge), atol=1e-4)


def test_random_order_differs_between_users_and_seeds(data):
    scores = all_scores(fitted(RandomOrder, data, seed=1), data)
    assert len(np.unique(scores.argmax(axis=1))) > 5
    assert not np.array_equal(scores, all_scores(fitted(RandomOrder, data, seed=2), data))
