"""The routed start: its kernel, its low-rank ridge and the towers it leaves, each against a plain twin."""

import dataclasses

import numpy as np
import pytest
import torch
from planted import planted_data, split_pairs
from scipy import sparse

from mamex import routed_start
from mamex.checkpoint import load_checkpoint
from mamex.cold_start import ColdStartData
from mamex.config import Config, override
from mamex.errors import ConfigError
from mamex.evaluation import dot_products, evaluate
from mamex.learner import Learner
from mamex.model import keep_top
from mamex.routed_content import SHARED, RoutedContent
from mamex.routed_start import _reduced_rank
from mamex.run import STATE
from mamex.training import fit
from mamex.users import AsymmetricUserTower

CPU = torch.device("cpu")


def settings(*more):
    small = ["model.dimension=60", "model.experts=3", "model.active_experts=2", "training.start=routed"]
    return override(Config(), [*small, "training.epochs=3", *more])


def prepared(data):
    """Modality -> centred, unit-length features, zeros where missing."""
    blocks = data.content.split([values.shape[1] for values in data.features.values()], dim=1)
    return dict(zip(data.features, blocks, strict=True))


def some_gates(data, experts=3):
    random = torch.Generator().manual_seed(0)
    return {m: keep_top(torch.randn(data.n_items, experts, generator=random).softmax(dim=1), 2) for m in data.features}


def written_out(data, features, gates, weights):
    """The vectors whose products are the kernel, item by item: float64 (n_items, ...)."""
    sizes = {}
    for column, m in enumerate(features):
        here = [item for item in data.warm_items if data.present[item, column]]
        sizes[m] = np.mean([sum(float(g) ** 2 for g in gates[m][item]) for item in here])
    rows = []
    for item in range(data.n_items):
        parts = []
        for weight, m in zip(weights, features, strict=True):
            scaled = weight / np.linalg.norm(weights) * features[m][item].double().numpy()
            parts.append(SHARED**0.5 * scaled)
            parts += [((1 - SHARED) / sizes[m]) ** 0.5 * float(gate) * scaled for gate in gates[m][item]]
        rows.append(np.concatenate(parts))
    return np.stack(rows)


def test_the_kernel_and_its_experts_are_those_of_the_vectors_written_out():
    data, weights = planted_data(), [1.0, 0.4]
    features, gates = prepared(data), some_gates(data)
    routed = RoutedContent(features, gates, torch.tensor(weights), torch.from_numpy(data.warm_items))
    vectors = written_out(data, features, gates, weights)
    kernel = routed.kernel(torch.arange(data.n_items))
    np.testing.assert_allclose(kernel.numpy(), vectors @ vectors[data.warm_items].T, atol=1e-5)
    coefficients = torch.randn(len(data.warm_items), 5, generator=torch.Generator().manual_seed(1))
    maps = routed.expert_maps(coefficients)
    expected = (kernel @ coefficients).numpy()
    mixed = sum(torch.einsum("nk,nf,kfd->nd", gates[m], h, maps[m]) for m, h in features.items())
    np.testing.assert_allclose(mixed.numpy(), expected, atol=1e-4)
    np.testing.assert_allclose(routed.embed(maps).numpy(), expected, atol=1e-4)


def test_a_kernel_by_hand():
    # One modality. Both items look alike (product 1); the one gate is (1, 0), the other (.5, .5), so s = (1 + .5) / 2.
    features = {"text": torch.tensor([[1.0, 0.0], [1.0, 0.0]])}
    gates = {"text": torch.tensor([[1.0, 0.0], [0.5, 0.5]])}
    kernel = RoutedContent(features, gates, torch.ones(1), torch.arange(2)).kernel(torch.arange(2))
    different = 0.3 + 0.7 * 0.5 / 0.75
    assert kernel.flatten().tolist() == pytest.approx([0.3 + 0.7 / 0.75, different, different, 0.3 + 0.7 * 0.5 / 0.75])


def test_reduced_rank_ridge_is_ridge_at_full_rank_and_its_best_approximation_below():
    random = np.random.default_rng(0)
    features = random.normal(size=(15, 40))
    bought = (random.random((9, 15)) < 0.4).astype(np.float32)
    kernel = features @ features.T / 40
    fitted = bought @ np.linalg.solve(kernel + 2 * np.eye(15), kernel)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        full = _reduced_rank(torch.from_numpy(kernel).float(), sparse.csr_matrix(bought), 2.0, 12)
        low = _reduced_rank(torch.from_numpy(kernel).float(), sparse.csr_matrix(bought), 2.0, 3)
    assert full.shape == (15, 12)
    assert not full[:, 9:].any()  # nine users leave nothing to more than nine dimensions
    items = kernel @ full.double().numpy()
    np.testing.assert_allclose(bought @ items @ items.T, fitted, atol=1e-4)
    values, vectors = np.linalg.eigh(fitted @ bought.T)
    leading = vectors[:, np.argsort(values)[-3:]]
    items = kernel @ low.double().numpy()
    np.testing.assert_allclose(bought @ items @ items.T, leading @ leading.T @ fitted, atol=1e-4)


@pytest.mark.parametrize("fusion", ["sparsemax", "softmax", "average"])
@pytest.mark.parametrize("gate", ["linear", "mlp"])
def test_the_untrained_model_scores_held_out_items_as_ridge_in_the_dual(fusion, gate, monkeypatch):
    monkeypatch.setattr(routed_start, "STRENGTHS", (2.0,))
    monkeypatch.setattr(routed_start, "WIDTHS", (1.0,))
    monkeypatch.setattr(routed_start, "COMMON", (0.0,))
    monkeypatch.setattr(routed_start, "modality_weights", lambda _: [torch.tensor([1.0, 0.4])])
    data = planted_data()  # 40 users, so that d = 60 loses no rank
    learner = Learner(data, settings(f"model.fusion={fusion}", f"model.fusion_gate={gate}"), CPU)
    weights, _ = learner.export()
    found = (weights["users"] @ weights["items"].T).double().numpy()
    # An item that lacks a modality gets all its fusion weight on the other.
    alpha = [0.5, 0.5] if fusion == "average" else [1 / 1.4, 0.4 / 1.4]
    features = {}
    for column, (m, h) in enumerate(prepared(data).items()):
        alone = ~data.present[:, 1 - column]
        features[m] = torch.where(alone.unsqueeze(1), h / alpha[column], h)
    gates = {m: learner.tower.mixture(m).route(h)[1].detach() for m, h in prepared(data).items()}
    vectors = written_out(data, features, gates, [1.0, 0.4])
    warm, cold = data.warm_items, np.flatnonzero(data.part > 0)
    assert not data.present[cold].all()
    bought = data.histories.toarray()[:, warm].astype(float)
    kernel = vectors[warm] @ vectors[warm].T
    ridge = bought @ np.linalg.solve(kernel + 2 * np.eye(len(warm)), vectors[warm] @ vectors[cold].T)
    ridge /= np.sqrt(np.maximum(bought.sum(axis=1), 1))[:, None]
    factor = (found[:, cold] * ridge).sum() / (ridge**2).sum()  # the loss sets the scale
    assert factor > 0
    np.testing.assert_allclose(found[:, cold] / factor, ridge, atol=2e-3 * np.abs(ridge).max())


def test_its_settings_are_chosen_among_validation_items_only(monkeypatch):
    asked = []

    def watched(scorer, data, part, candidates):
        asked.append((part, candidates))
        return evaluate(scorer, data, part, candidates)

    monkeypatch.setattr(routed_start, "evaluate", watched)
    Learner(planted_data(), settings("evaluation.candidates=all"), CPU)
    assert set(asked) == {("validation", "cold_test")}


def test_the_best_of_all_settings_is_what_the_towers_start_with():
    data = planted_data()
    learner = Learner(data, settings(), CPU)
    weights, _ = learner.export()
    score = evaluate(dot_products(weights["users"], weights["items"]), data, "validation", "cold_test").mean["ndcg@20"]
    with torch.random.fork_rng(), torch.no_grad():
        torch.manual_seed(0)
        solutions = list(routed_start._solutions(learner.tower, data, data.content, learner.config))
    assert len(solutions) == 3 * 4 * 3
    assert score == pytest.approx(max(solution.quality for solution in solutions), abs=2e-3)
    assert score > min(solution.quality for solution in solutions) + 0.01


def test_the_mean_user_is_added_and_a_user_without_history_is_that_share_alone(monkeypatch):
    monkeypatch.setattr(routed_start, "COMMON", (0.5,))
    data = planted_data()
    weights, _ = Learner(data, settings(), CPU).export()
    users = weights["users"]  # own + mean(own) / 2, so their mean is 1.5 times that of own
    assert users[0].abs().max() > 0
    torch.testing.assert_close(users[0], users.mean(dim=0) / 3, rtol=1e-4, atol=1e-5)


def test_an_asymmetric_user_is_the_scaled_sum_of_the_vectors_of_what_they_bought():
    tower = AsymmetricUserTower(3, 2)
    with torch.no_grad():
        tower.map.copy_(torch.tensor([[1.0, 0], [0, 1], [1, 1]]))
        tower.common.copy_(torch.tensor([0.5, -0.5]))
        owners, bought = torch.tensor([0, 0, 2]), torch.tensor([0, 2, 1])
        users = tower(torch.full((3, 7), torch.nan), owners, bought, 3, 0.5)
        expected = [[2 / 2**0.5 + 0.5, 1 / 2**0.5 - 0.5], [0.5, -0.5], [0.5, 0.5]]
        assert users.tolist() == [pytest.approx(row) for row in expected]
        tower.scale(3.0)
        torch.testing.assert_close(tower(torch.zeros(3, 7), owners, bought, 3), 3 * users)


def test_it_starts_with_experts_that_differ_and_learns():
    data = planted_data()
    learner = Learner(data, settings("training.learning_rate=0.01"), CPU)
    experts = learner.tower.mixture("image").expert_weight
    assert (experts[0] - experts[1]).abs().max() > 0.1 * experts.abs().max()
    losses = [learner.train_epoch(number)["ranking"] for number in range(1, 7)]
    assert losses[-1] < losses[0]


def test_a_resumed_run_is_the_unbroken_run_bit_for_bit(tmp_path):
    data, config = planted_data(), settings("training.modality_dropout=0.3")

    def stop(record):
        if record.epoch == 1:
            raise KeyboardInterrupt

    whole = fit(data, config)
    with pytest.raises(KeyboardInterrupt):
        fit(data, config, callback=stop, state_path=tmp_path / STATE)
    resumed = fit(data, config, state_path=tmp_path / STATE)
    assert torch.equal(whole.users, resumed.users)
    for name, value in whole.tower.state_dict().items():
        assert torch.equal(value, resumed.tower.state_dict()[name])


def one_modality(data, modality):
    column = list(data.features).index(modality)
    return dataclasses.replace(
        data, features={modality: data.features[modality]}, present=data.present[:, [column]].contiguous()
    )


def tiny_shop():
    """Five warm items, two of each other part, three users; one item has no picture and one has nothing."""
    random = np.random.default_rng(0)
    part = np.array([0, 0, 0, 0, 0, 1, 1, 2, 2], dtype=np.int8)
    present = torch.ones(9, 2, dtype=torch.bool)
    present[1, 0] = False
    present[2] = False
    values = {"image": random.normal(size=(9, 4)), "text": random.normal(size=(9, 3))}
    features = {m: torch.from_numpy(v).float() * present[:, i : i + 1] for i, (m, v) in enumerate(values.items())}
    pairs = np.array([[0, 0], [0, 5], [0, 7], [1, 1], [1, 2], [1, 6], [2, 3], [2, 8]])
    return ColdStartData(features, present, part, split_pairs(pairs, part), 3)


def no_pictures():
    """No item has a picture at all."""
    data = planted_data()
    features = {"image": torch.zeros_like(data.features["image"]), "text": data.features["text"]}
    return dataclasses.replace(data, features=features, present=data.present & torch.tensor([False, True]))


@pytest.mark.parametrize(
    ("data", "more"),
    [
        (one_modality(planted_data(), "text"), ["model.modalities=text"]),
        (tiny_shop(), ["model.experts=8", "model.active_experts=4"]),
        (no_pictures(), []),
        (planted_data(), ["model.experts=1", "model.active_experts=1"]),
    ],
    ids=["one modality", "fewer items than experts, fewer users than d", "nobody has a picture", "one expert"],
)
def test_shops_with_less_than_usual_train(data, more):
    trained = fit(data, settings("training.modality_dropout=0.3", *more))
    assert bool(trained.users.isfinite().all())
    assert bool(trained.users.any())
    assert bool(trained.tower(data.features, data.present).embeddings.isfinite().all())


def test_only_some_items_and_users_are_computed_from_in_a_large_shop(monkeypatch):
    monkeypatch.setattr(routed_start, "MOST_ITEMS", 30)
    monkeypatch.setattr(routed_start, "MOST_USERS", 25)
    data = planted_data()
    learner = Learner(data, settings(), CPU)
    assert len(learner.user_tower.map) == len(data.warm_items)
    assert bool((learner.user_tower.map.norm(dim=1) > 0).all())  # those that were left out have a vector, too
    weights, _ = learner.export()
    score = evaluate(dot_products(weights["users"], weights["items"]), data, "test").mean["recall@10"]
    assert score > 1.5 * 10 / (data.part > 0).sum()  # chance: ten of all cold items


def test_a_checkpoint_that_began_so_loads(tiny_checkpoint, tmp_path):
    checkpoint = load_checkpoint(tiny_checkpoint)
    config = override(checkpoint.config, ["training.start=routed", "training.epochs=1"])
    trained = fit(checkpoint.data, config)
    dataclasses.replace(checkpoint, config=config, tower=trained.tower, users=trained.users).save(tmp_path / "saved")
    loaded = load_checkpoint(tmp_path / "saved")
    assert loaded.config.training.start == "routed"
    assert torch.equal(loaded.users, trained.users)
    state = loaded.tower.state_dict()
    assert all(torch.equal(value, state[name]) for name, value in trained.tower.state_dict().items())


@pytest.mark.parametrize("router", ["shared", "joint"])
def test_other_routers_are_refused_in_one_sentence(router):
    with pytest.raises(ConfigError, match=r"^training.start=routed needs model.router=modality[^.]*\.$"):
        settings(f"model.router={router}")
