"""What every method that is compared with MAMEX has to pass: inherit, and say how one is made."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import numpy as np
import pytest
import torch

from mamex.baselines.base import Recommender
from mamex.baselines.learned import LearnedRecommender
from mamex.baselines.random_order import RandomOrder
from mamex.data.cold_start import ColdStartData
from mamex.data.splits import SplitInteractions
from mamex.evaluation import evaluate
from tests.support.shops.planted import planted_data

EMPTY = np.zeros((0, 2), dtype=np.int64)


def all_scores(recommender: Recommender, data: ColdStartData) -> np.ndarray:
    """(n_users, n_items)."""
    return recommender.score(np.arange(data.n_users), np.arange(data.n_items)).numpy()


def with_interactions(data: ColdStartData, **parts: np.ndarray) -> ColdStartData:
    """The same items, with other interactions in the named parts."""
    old = {name: getattr(data.interactions, name) for name in ("train", "validation", "test")}
    return dataclasses.replace(data, interactions=SplitInteractions(**(old | parts)))


def with_content_of(data: ColdStartData, items: list[int], like: int | None) -> ColdStartData:
    """The same interactions; ``items`` get the features and the modalities of item ``like``, or no modality at all."""
    present, features = data.present.clone(), {m: v.clone() for m, v in data.features.items()}
    present[items] = False if like is None else data.present[like]
    for values in features.values():
        values[items] = 0 if like is None else values[like].clone()
    return dataclasses.replace(data, features=features, present=present)


def subclasses(method: type[Recommender]) -> Iterator[type[Recommender]]:
    for child in method.__subclasses__():
        yield child
        yield from subclasses(child)


class RecommenderChecks:
    """For every method; ``fit`` is called some ten times on a small problem."""

    def make(self) -> Recommender:
        """A method that is not fitted yet, with settings that are quick."""
        raise NotImplementedError

    def fitted(self, data: ColdStartData, seed: int = 0) -> Recommender:
        recommender = self.make()
        recommender.fit(data, seed)
        return recommender

    @pytest.fixture(scope="class")
    def small(self) -> ColdStartData:
        """User 0 has no purchases and user 1 none of a warm item; a third of the items lack a modality."""
        data = planted_data()
        assert data.histories[:2].nnz == 0
        assert not bool(data.present.all())
        return data

    @pytest.fixture(scope="class")
    def scores(self, small: ColdStartData) -> np.ndarray:
        return all_scores(self.fitted(small), small)

    def test_scores_have_a_row_a_user_and_a_column_an_item(self, small, scores):
        recommender = self.fitted(small)
        users, items = np.array([5, 0, 1]), np.array([7, 2])
        some = recommender.score(users, items)
        assert some.dtype == torch.float32
        assert not some.requires_grad
        np.testing.assert_allclose(some.numpy(), scores[np.ix_(users, items)], atol=1e-5)
        assert recommender.score(np.array([], dtype=np.int64), items).shape == (0, 2)

    def test_scores_are_finite_for_everyone(self, scores):
        assert np.isfinite(scores).all()

    def test_an_item_without_any_modality_has_a_finite_score(self, small):
        warm, cold = small.warm_items[0], np.flatnonzero(small.part == 2)[0]
        bare = with_content_of(small, [warm, cold], like=None)
        assert np.isfinite(all_scores(self.fitted(bare), bare)).all()

    def test_same_seed_same_scores_whatever_the_caller_drew_before(self, scores):
        again = planted_data()
        torch.manual_seed(123)
        np.testing.assert_array_equal(all_scores(self.fitted(again), again), scores)

    def test_the_callers_random_numbers_and_data_are_left_alone(self):
        data = planted_data(seed=3)
        content, before = data.content.clone(), torch.get_rng_state()
        fingerprint = data.fingerprint
        self.fitted(data)
        assert torch.equal(torch.get_rng_state(), before)
        assert torch.equal(data.content, content)
        assert dataclasses.replace(data).fingerprint == fingerprint

    def test_test_interactions_never_influence_scores(self, small, scores):
        one_item = int(np.flatnonzero(small.part == 2)[0])
        everyone_buys_it = np.stack([np.arange(small.n_users), np.full(small.n_users, one_item)], axis=1)
        for test in (EMPTY, everyone_buys_it):
            other = with_interactions(small, test=test)
            np.testing.assert_array_equal(all_scores(self.fitted(other), other), scores)

    def test_it_can_be_fitted_without_validation_interactions(self, small):
        # A small shop whose held-out items nobody has bought yet.
        other = with_interactions(small, validation=EMPTY)
        assert np.isfinite(all_scores(self.fitted(other), other)).all()

    def test_no_other_method_has_its_name(self):
        name = self.make().name
        assert [getattr(method, "name", None) for method in subclasses(Recommender)].count(name) == 1


class ContentChecks(RecommenderChecks):
    """For a method that reads items' content."""

    def test_a_cold_item_is_scored_from_its_content_alone(self, small):
        # Item ``twin`` of the test part now shows what an item of the validation part shows.
        shown, twin = np.flatnonzero(small.part == 1)[0], np.flatnonzero(small.part == 2)[0]
        twins = with_content_of(small, [twin], like=shown)
        found = all_scores(self.fitted(twins), twins)
        np.testing.assert_allclose(found[:, twin], found[:, shown], atol=1e-5)

    def test_it_beats_random_where_features_tell_tastes(self):
        data = planted_data(n_users=200, n_items=240, tastes=6)
        floor = RandomOrder()
        floor.fit(data)
        value, chance = (evaluate(r.score, data, "test").mean["recall@20"] for r in (self.fitted(data), floor))
        assert value > 2 * chance


class LearnedChecks(ContentChecks):
    """For a method that is trained in epochs from random numbers, with settings to search."""

    def make(self) -> LearnedRecommender:
        raise NotImplementedError

    def test_another_seed_gives_other_scores(self, small, scores):
        assert not np.allclose(all_scores(self.fitted(small, seed=1), small), scores)

    def test_it_keeps_the_epoch_that_is_best_on_validation(self, small):
        recommender = self.fitted(small)
        assert isinstance(recommender, LearnedRecommender)
        assert 1 <= recommender.best_epoch <= recommender.epochs_run <= recommender.settings.epochs
        assert evaluate(recommender.score, small, "validation").mean == pytest.approx(recommender.validation)

    def test_the_search_draws_from_settings_that_exist(self):
        recommender = self.make()
        assert 3 <= len(recommender.search_space) <= 5
        defaults = recommender.settings_type()
        for name, values in recommender.search_space.items():
            assert len(set(values)) == len(values) > 1
            for value in values:
                assert getattr(dataclasses.replace(defaults, **{name: value}), name) == value
