"""What experts prefer: small tables worked out by hand, a plain twin of the fast path, and a planted preference."""

import math

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.insight.experts import (
    FEWEST,
    PRIOR,
    Traits,
    column_traits,
    expert_differences,
    expert_use,
    log_odds,
    preferences,
    profile_experts,
    word_traits,
)
from mamex.retrieval.catalogue import Catalogue


@pytest.fixture(scope="module")
def checkpoint(tiny_checkpoint):
    return load_checkpoint(tiny_checkpoint)


@pytest.fixture(scope="module")
def catalogue(checkpoint):
    return Catalogue.of(checkpoint.tower, checkpoint.data, checkpoint.dataset)


def test_use_by_hand():
    active = np.array([[0.75, 0.25, 0.0], [0.5, 0.0, 0.5], [0.0, 1.0, 0.0], [0.25, 0.75, 0.0]])
    shares, strongest = expert_use(active)
    assert shares.tolist() == [0.375, 0.5, 0.125]
    assert strongest.tolist() == [0.5, 0.5, 0.0]  # a tie goes to the first


def test_nothing_to_use_is_no_use():
    shares, strongest = expert_use(np.zeros((0, 3)))
    assert shares.tolist() == strongest.tolist() == [0, 0, 0]


def test_log_odds_by_hand():
    # Ten items, four of them red; expert 0 reads items 0 to 4 alone, three of which are red.
    red = sparse.csr_matrix(np.array([[1, 1, 1, 0, 0, 1, 0, 0, 0, 0]]).T)
    weights = np.zeros((10, 2))
    weights[:5, 0] = weights[5:, 1] = 1
    # The prior is ten items, 4 red and 6 not. With the expert: 3 + 4 red, 2 + 6 not; without: 1 + 4 and 4 + 6.
    odds = math.log(7 / 8) - math.log(5 / 10)
    error = math.sqrt(1 / 7 + 1 / 8 + 1 / 5 + 1 / 10)
    assert PRIOR == 10
    np.testing.assert_allclose(log_odds(red, weights), [[odds / error, -odds / error]])


@given(seed=st.integers(0, 500))
def test_log_odds_agree_with_a_plain_loop(seed):
    random = np.random.default_rng(seed)
    presence = (random.random((30, 4)) < 0.4).astype(float)
    presence[0], presence[1] = 1, 0  # no trait of all items, none of no item
    weights = random.dirichlet(np.ones(3), 30)
    fast = log_odds(sparse.csr_matrix(presence), weights)
    for trait in range(4):
        for expert in range(3):
            has, w = presence[:, trait] == 1, weights[:, expert]
            a, b = PRIOR * has.mean(), PRIOR * (1 - has.mean())
            cells = (w[has].sum() + a, w[~has].sum() + b, (1 - w)[has].sum() + a, (1 - w)[~has].sum() + b)
            odds = math.log(cells[0] / cells[1]) - math.log(cells[2] / cells[3])
            assert fast[trait, expert] == pytest.approx(odds / math.sqrt(sum(1 / cell for cell in cells)))


def test_a_single_expert_prefers_nothing():
    traits = Traits([("colour", "red")], sparse.csr_matrix(np.array([[1.0]] * 8 + [[0.0]] * 8)))
    assert preferences(traits, np.ones((16, 1)), 5) == [[]]


def test_a_planted_preference_is_found_and_measured():
    # Expert 0 reads the 20 red items and 5 of the 60 others.
    red = np.repeat([1.0, 0.0], [20, 60])
    weights = np.zeros((80, 2))
    weights[:25, 0] = weights[25:, 1] = 1
    names = [("colour", "red"), ("colour", "blue"), ("", "everywhere"), ("", "rare")]
    rare = np.zeros(80)
    rare[: FEWEST - 1] = 1
    presence = sparse.csr_matrix(np.stack([red, 1 - red, np.ones(80), rare], axis=1))
    first, second = preferences(Traits(names, presence), weights, 5)
    assert [(found.column, found.value) for found in first] == [("colour", "red")]
    assert (first[0].share, first[0].share_of_all) == (20 / 25, 20 / 80)
    assert first[0].z > 4
    assert [found.value for found in second] == ["blue"]


def test_at_most_so_many_are_named_most_certain_first():
    random = np.random.default_rng(0)
    weights = np.zeros((200, 2))
    weights[:100, 0] = weights[100:, 1] = 1
    strength = np.array([0.9, 0.7, 0.8])
    presence = np.concatenate([random.random((100, 3)) < strength, random.random((100, 3)) < 0.2]).astype(float)
    found = preferences(Traits([("", word) for word in "abc"], sparse.csr_matrix(presence)), weights, 2)[0]
    assert [entry.value for entry in found] == ["a", "c"]


def test_columns_that_repeat_are_traits_and_others_are_not():
    items = pd.DataFrame(
        {
            "item_id": [f"{i}" for i in range(70)],
            "title": "x",
            "description": "y",
            "image": "",
            "category": [f"c{i}" for i in range(70)],  # whatever it holds
            "colour": ["red", " red ", ""] + ["blue"] * 67,
            "price": [f"{i}.5" for i in range(70)],  # too many different values
        }
    )
    traits = column_traits(items)
    assert {column for column, _ in traits.names} == {"category", "colour"}
    places = {name: place for place, name in enumerate(traits.names)}
    assert traits.presence[:, places["colour", "red"]].toarray().ravel().tolist() == [1, 1, 0] + [0] * 67
    assert ("colour", "") not in places


def test_words_count_once_an_item():
    traits = word_traits(["Red red lamp", "a LAMP of 12 cm", ""])
    assert [word for _, word in traits.names] == ["lamp", "red"]
    assert traits.presence.toarray().tolist() == [[1, 1], [1, 0], [0, 0]]


@pytest.mark.parametrize("texts", [[], ["", ""], ["12 3", "—"]])
def test_no_words_are_no_traits(texts):
    traits = word_traits(texts)
    assert traits.names == []
    assert traits.presence.shape == (len(texts), 0)


def test_profiles_hold_the_gates_own_numbers(checkpoint, catalogue):
    profiles = profile_experts(checkpoint.tower, catalogue, checkpoint.dataset)
    assert [profile.modality for profile in profiles] == ["image", "text"]
    for place, profile in enumerate(profiles):
        here = catalogue.forward.present[:, place]
        assert profile.items == int(here.sum())
        mean = catalogue.forward.active_gates[here, place].mean(dim=0)
        np.testing.assert_allclose([expert.share for expert in profile.experts], mean, atol=1e-6)
        assert sum(expert.strongest for expert in profile.experts) == pytest.approx(1)
        for number, expert in enumerate(profile.experts):
            position, weight = expert.typical[0]
            row = int(np.flatnonzero(catalogue.positions == position)[0])
            dense = catalogue.forward.dense_gates[here, place, number]
            assert bool(here[row])
            assert weight == pytest.approx(float(dense.max()))
            assert catalogue.forward.dense_gates[row, place, number] == dense.max()


def test_alike_experts_are_told_from_different_ones(tiny_checkpoint):
    checkpoint = load_checkpoint(tiny_checkpoint)
    catalogue = Catalogue.of(checkpoint.tower, checkpoint.data, checkpoint.dataset)
    weight, bias = (checkpoint.tower.mixture("image").expert_weight, checkpoint.tower.mixture("image").expert_bias)
    weight.copy_(weight[:1].expand_as(weight))
    bias.copy_(bias[:1].expand_as(bias))
    assert expert_differences(checkpoint.tower, catalogue)[0] == pytest.approx(0, abs=1e-5)
    assert profile_experts(checkpoint.tower, catalogue, checkpoint.dataset)[0].alike
    # All readings of one expert doubled: with K alike but one, the mean is (K + 1)/K, the largest distance (K - 1)/K.
    weight[0].mul_(2)
    bias[0].mul_(2)
    experts = len(weight)
    assert expert_differences(checkpoint.tower, catalogue)[0] == pytest.approx((experts - 1) / (experts + 1), abs=1e-4)


def test_a_modality_that_no_item_has(checkpoint):
    data = checkpoint.data
    bare = type(data)(
        data.features, data.present & torch.tensor([True, False]), data.part, data.interactions, data.n_users
    )
    catalogue = Catalogue.of(checkpoint.tower, bare, checkpoint.dataset)
    profile = profile_experts(checkpoint.tower, catalogue, checkpoint.dataset)[1]
    assert (profile.items, profile.difference) == (0, 0.0)
    assert all(expert.typical == [] and expert.share == 0 for expert in profile.experts)
