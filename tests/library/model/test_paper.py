"""Each equation of the paper on numbers worked out by hand, and the model against a twin of plain loops."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mamex.model.paper import (
    ItemTower,
    ModalityMixture,
    adapter_loss,
    alignment_loss,
    keep_top,
)
from tests.support.shops.builders import raw_model
from tests.support.simplex import project_onto_simplex
from tests.support.towers import MODALITIES, make_tower, random_items, towers

# --- Equation 2: centring and scaling -------------------------------------------------------------


@pytest.mark.parametrize(
    ("center", "normalise", "expected"),
    [
        (True, True, [0.6, 0.8]),
        (True, False, [3.0, 4.0]),
        (False, True, [0.8, 0.6]),
        (False, False, [4.0, 3.0]),
    ],
)
def test_features_are_centred_then_scaled(center, normalise, expected):
    mixture = ModalityMixture(2, raw_model(center=center, normalise=normalise))
    mixture.center.copy_(torch.tensor([1.0, -1.0]))
    torch.testing.assert_close(mixture.prepare(torch.tensor([[4.0, 3.0]])), torch.tensor([expected]))


def test_the_centre_is_the_mean_of_the_items_that_have_the_modality():
    tower = ItemTower(raw_model(), {"image": 2, "text": 1})
    features = {"image": torch.tensor([[1.0, 2], [3, 6], [90, 90]]), "text": torch.tensor([[5.0], [7], [9]])}
    tower.fit_features(features, torch.tensor([[True, False], [True, False], [False, False]]), seed=0)
    assert tower.mixtures["image"].center.tolist() == [2, 4]
    assert tower.mixtures["text"].center.tolist() == [0]  # nobody has words, so there is no mean to take


# --- Equation 3: routing and experts --------------------------------------------------------------


def test_routing_and_mixing_by_hand():
    config = raw_model(dimension=2, experts=3, active_experts=2)
    mixture = ModalityMixture(2, config)
    with torch.no_grad():
        # For h = (1, 2) the gate's logits are ln 1, ln 5, ln 2, so g = (1/8, 5/8, 2/8); the first sleeps.
        mixture.gate.weight.copy_(torch.tensor([[0.0, 0], [math.log(5), 0], [0, math.log(2) / 2]]))
        mixture.gate.bias.zero_()
        # By expert, feature and dimension.
        mixture.expert_weight.copy_(torch.tensor([[[9.0, 9], [9, 9]], [[1, 0], [3, 0]], [[0, 2], [0, 1]]]))
        mixture.expert_bias.copy_(torch.tensor([[9.0, 9], [0, 7], [14, 0]]))
    z, dense, active = mixture(torch.tensor([[1.0, 2.0]]))
    torch.testing.assert_close(dense, torch.tensor([[1 / 8, 5 / 8, 2 / 8]]))
    torch.testing.assert_close(active, torch.tensor([[0, 5 / 7, 2 / 7]]))
    # Expert 2 reads (1 + 6, 0 + 7) = (7, 7) and expert 3 reads (0 + 14, 2 + 2) = (14, 4).
    torch.testing.assert_close(z, torch.tensor([[5 / 7 * 7 + 2 / 7 * 14, 5 / 7 * 7 + 2 / 7 * 4]]))


def test_keep_top_renormalises_what_it_keeps():
    gate = torch.tensor([[0.1, 0.4, 0.2, 0.3], [0.7, 0.1, 0.15, 0.05]])
    expected = torch.tensor([[0, 4 / 7, 0, 3 / 7], [0.7 / 0.85, 0, 0.15 / 0.85, 0]])
    torch.testing.assert_close(keep_top(gate, 2), expected)
    torch.testing.assert_close(keep_top(gate, 4), gate)


@given(towers())
def test_gates_sum_to_one_and_exactly_k_experts_are_active(case):
    tower, features, present = case
    items = tower(features, present)
    ones = torch.ones(items.dense_gates.shape[:2], dtype=torch.float64)
    torch.testing.assert_close(items.dense_gates.sum(dim=-1), ones)
    torch.testing.assert_close(items.active_gates.sum(dim=-1), ones)
    assert (items.dense_gates > 0).all()
    active = items.active_gates > 0
    assert (active.sum(dim=-1) == tower.config.active_experts).all()
    asleep = items.dense_gates.masked_fill(active, -1).amax(dim=-1)
    assert (items.dense_gates.masked_fill(~active, 2).amin(dim=-1) >= asleep).all()


# --- Equation 5: fusion ---------------------------------------------------------------------------


@given(towers())
def test_fusion_weights_sum_to_one_over_the_modalities_an_item_has(case):
    tower, features, present = case
    items = tower(features, present)
    torch.testing.assert_close(items.fusion.sum(dim=-1), present.any(dim=-1).double())
    assert (items.fusion >= 0).all()
    assert (items.fusion[~present] == 0).all()


# --- Equation 6, 8, 10 ----------------------------------------------------------------------------


def test_the_embedding_is_the_weighted_sum_of_the_modalities():
    tower, dimensions = make_tower(raw_model(dimension=3))
    with torch.no_grad():
        tower.fusion_gate[0].weight.zero_()
        tower.fusion_gate[0].bias.copy_(torch.tensor([0.6, 0.2]))  # sparsemax: 0.7 and 0.3
    items = tower(random_items(dimensions, 4, seed=1))
    z = items.modality_embeddings
    torch.testing.assert_close(items.embeddings, 0.7 * z[:, 0] + 0.3 * z[:, 1])


def test_the_fusion_gate_reads_the_modalities_side_by_side():
    tower, _ = make_tower(raw_model(dimension=2, fusion="softmax"))
    with torch.no_grad():
        tower.fusion_gate[0].weight.copy_(torch.tensor([[1.0, 0, 0, 0], [0, 0, 0, 1]]))
        tower.fusion_gate[0].bias.zero_()
    z = torch.tensor([[[math.log(3), 8], [9, math.log(2)]]], dtype=torch.float64)
    weights = tower.fuse(z, torch.ones(1, 2, dtype=torch.bool))
    torch.testing.assert_close(weights, torch.tensor([[0.6, 0.4]], dtype=torch.float64))


# --- The exact split of a score -------------------------------------------------------------------


@given(towers(), st.integers(1, 4))
def test_contributions_sum_to_the_score(case, n_users):
    tower, features, present = case
    prepared = tower.prepare(features)
    items = tower.embed(prepared, present)
    users = torch.randn(n_users, tower.config.dimension, dtype=torch.float64)
    split = tower.contributions(users, prepared, items)
    n, modalities = present.shape
    assert split.shape == (n_users, n, modalities, tower.config.experts)
    torch.testing.assert_close(split.sum(dim=(2, 3)), users @ items.embeddings.T)
    assert (split[:, ~present] == 0).all()
    assert (split.permute(1, 2, 3, 0)[items.active_gates == 0] == 0).all()


def test_one_contribution_by_hand():
    tower, dimensions = make_tower(raw_model(dimension=3))
    prepared = tower.prepare(random_items(dimensions, 2, seed=3))
    items = tower.embed(prepared)
    users = torch.randn(2, 3, dtype=torch.float64)
    split = tower.contributions(users, prepared, items)
    expert = int(items.active_gates[1, 1].argmax())
    mixture = tower.mixtures["text"]
    reading = prepared["text"][1] @ mixture.expert_weight[expert] + mixture.expert_bias[expert]
    by_hand = items.fusion[1, 1] * items.active_gates[1, 1, expert] * (users[0] @ reading)
    torch.testing.assert_close(split[0, 1, 1, expert], by_hand)


# --- Missing modalities ---------------------------------------------------------------------------


@given(towers())
def test_features_of_a_missing_modality_are_irrelevant(case):
    tower, features, present = case
    noise = {
        m: torch.where(present[:, column : column + 1], values, 1e3 * torch.randn_like(values))
        for column, (m, values) in enumerate(features.items())
    }
    items, other = tower(features, present), tower(noise, present)
    torch.testing.assert_close(other.embeddings, items.embeddings)
    torch.testing.assert_close(other.fusion, items.fusion)
    assert (other.modality_embeddings[~present] == 0).all()
    torch.testing.assert_close(adapter_loss(other), adapter_loss(items))
    torch.testing.assert_close(alignment_loss(other), alignment_loss(items))


@pytest.mark.parametrize("fusion", ["sparsemax", "softmax"])
def test_an_item_with_one_modality_is_that_modality(fusion):
    tower, dimensions = make_tower(raw_model(modalities=MODALITIES, fusion=fusion))
    items = tower(random_items(dimensions, 1, seed=2), torch.tensor([[False, True, False]]))
    assert items.fusion.tolist() == [[0, 1, 0]]
    torch.testing.assert_close(items.embeddings, items.modality_embeddings[:, 1])


# --- The slow twin --------------------------------------------------------------------------------


def softmax_of(logits: list[float]) -> list[float]:
    powers = [math.exp(logit - max(logits)) for logit in logits]
    return [power / sum(powers) for power in powers]


def slow_embedding(
    tower: ItemTower, features: dict[str, np.ndarray], has: list[bool]
) -> tuple[np.ndarray, list[float]]:
    """Equations 2-6 for one item, in the paper's words; returns e_i and alpha."""
    config = tower.config
    embeddings = []
    for place, modality in enumerate(config.modalities):
        mixture = tower.mixtures[modality]
        h = features[modality]
        if config.center:
            h = h - mixture.center.numpy()
        if config.normalise:
            h = h / math.sqrt(sum(value**2 for value in h))
        weight, bias = mixture.gate.weight.detach().numpy(), mixture.gate.bias.detach().numpy()
        gate = softmax_of([float(weight[k] @ h + bias[k]) for k in range(config.experts)])
        best = sorted(range(config.experts), key=lambda k: -gate[k])[: config.active_experts]
        z = np.zeros(config.dimension)
        for k in best:
            matrix = mixture.expert_weight[k].detach().numpy()
            reading = h @ matrix + mixture.expert_bias[k].detach().numpy()
            z += gate[k] / sum(gate[j] for j in best) * reading
        embeddings.append(z if has[place] else np.zeros(config.dimension))
    joined = torch.from_numpy(np.concatenate(embeddings))
    logits = tower.fusion_gate(joined).tolist()
    mine = [place for place in range(len(has)) if has[place]]
    alpha = [0.0] * len(has)
    if mine:
        chosen = [logits[place] for place in mine]
        weights = project_onto_simplex(np.array(chosen)) if config.fusion == "sparsemax" else softmax_of(chosen)
        for place, value in zip(mine, weights, strict=True):
            alpha[place] = float(value)
    return sum(a * z for a, z in zip(alpha, embeddings, strict=True)), alpha


@given(towers())
def test_the_tower_agrees_with_its_slow_twin(case):
    tower, features, present = case
    items = tower(features, present)
    for i, has in enumerate(present.tolist()):
        embedding, alpha = slow_embedding(tower, {m: values[i].numpy() for m, values in features.items()}, has)
        np.testing.assert_allclose(items.embeddings[i].detach().numpy(), embedding, atol=1e-9)
        np.testing.assert_allclose(items.fusion[i].detach().numpy(), alpha, atol=1e-9)


@given(towers(), st.randoms(use_true_random=False))
def test_items_do_not_see_each_other(case, random):
    tower, features, present = case
    order = list(range(len(present)))
    random.shuffle(order)
    shuffled = tower({m: values[order] for m, values in features.items()}, present[order])
    items = tower(features, present)
    torch.testing.assert_close(shuffled.embeddings, items.embeddings[order])
    torch.testing.assert_close(shuffled.active_gates, items.active_gates[order])
    torch.testing.assert_close(shuffled.fusion, items.fusion[order])


def test_every_modality_is_taken_as_present_unless_told():
    tower, dimensions = make_tower(raw_model(modalities=MODALITIES))
    features = random_items(dimensions, 3, seed=8)
    everything = torch.ones(3, 3, dtype=torch.bool)
    torch.testing.assert_close(tower(features).embeddings, tower(features, everything).embeddings)


def test_a_fresh_tower_starts_with_every_expert_different():
    torch.manual_seed(0)
    weights = ModalityMixture(6, raw_model(experts=4)).expert_weight
    assert not any(torch.equal(weights[a], weights[b]) for a, b in itertools.combinations(range(4), 2))
