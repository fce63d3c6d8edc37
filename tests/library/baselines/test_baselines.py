"""The simple methods: the suite that every method passes, and each against its formula written out."""

import numpy as np
import pytest
import torch

from mamex.baselines import ContentKNN, KernelRidge, RandomOrder, Recommender, Ridge, WeightedRidge
from mamex.baselines.ridge import STRENGTHS
from mamex.data.cold_start import ColdStartData
from mamex.evaluation import evaluate
from tests.support.recommender_checks import ContentChecks, RecommenderChecks, all_scores
from tests.support.shops.planted import planted_data


class TestRandomOrder(RecommenderChecks):
    def make(self):
        return RandomOrder()

    def test_scores_have_a_row_a_user_and_a_column_an_item(self, small, scores):
        # Drawn anew at each call, so they are not compared with those of another.
        assert scores.shape == (small.n_users, small.n_items)
        assert self.fitted(small).score(np.array([5, 0, 1]), np.array([7, 2])).shape == (3, 2)


class TestContentKNN(ContentChecks):
    def make(self):
        return ContentKNN()


class TestRidge(ContentChecks):
    def make(self):
        return Ridge()


class TestWeightedRidge(ContentChecks):
    def make(self):
        return WeightedRidge()


class TestKernelRidge(ContentChecks):
    def make(self):
        return KernelRidge()


@pytest.fixture(scope="module")
def data() -> ColdStartData:
    return planted_data()


def fitted(method: type[Recommender], data: ColdStartData, seed: int = 0) -> Recommender:
    recommender = method()
    recommender.fit(data, seed)
    return recommender


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
