"""Table 3's routers: each against plain loops, and what must hold whatever the router."""

import dataclasses
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.config import Config, ModelConfig, override
from mamex.evaluation import dot_products, evaluate
from mamex.model.paper import ItemTower, adapter_loss, alignment_loss, bpr_loss, fusion_loss
from mamex.model.routers import item_tower
from mamex.training.learner import Learner
from mamex.training.loop import fit
from tests.support.shops.builders import raw_model
from tests.support.shops.planted import planted_data

ROUTERS = ("modality", "shared", "joint")
WIDTHS = {"image": 5, "text": 3, "audio": 4}


def random_tower(config: ModelConfig, seed: int = 0) -> ItemTower:
    """In double precision, every parameter and centre random, so that no term hides behind a zero."""
    generator = torch.Generator().manual_seed(seed)
    tower = item_tower(config, WIDTHS).double()
    for tensor in [*tower.parameters(), *tower.buffers()]:
        tensor.data.copy_(torch.randn(tensor.shape, generator=generator, dtype=torch.float64))
    return tower


def random_items(config: ModelConfig, n: int, seed: int = 1) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {m: torch.randn(n, WIDTHS[m], generator=generator, dtype=torch.float64) for m in config.modalities}


@st.composite
def cases(draw):
    """A tower with any router, items for it, and which modalities each item has (in some items, none)."""
    modalities = tuple(WIDTHS)[: draw(st.integers(1, 3))]
    experts = draw(st.integers(1, 4))
    config = raw_model(
        router=draw(st.sampled_from(ROUTERS)),
        modalities=modalities,
        dimension=draw(st.integers(1, 4)),
        experts=experts,
        active_experts=draw(st.integers(1, experts)),
        fusion=draw(st.sampled_from(["sparsemax", "softmax", "average"])),
    )
    n = draw(st.integers(1, 5))
    row = st.lists(st.booleans(), min_size=len(modalities), max_size=len(modalities))
    present = torch.tensor(draw(st.lists(row, min_size=n, max_size=n)))
    seed = draw(st.integers(0, 1000))
    return random_tower(config, seed), random_items(config, n, seed), present


def active_gate(gate: torch.nn.Linear, h: np.ndarray, active: int) -> np.ndarray:
    """Softmax, the ``active`` largest kept, renormalised."""
    logits = gate.weight.detach().numpy() @ h + gate.bias.detach().numpy()
    weights = np.exp(logits - logits.max())
    asleep = np.argsort(-weights)[active:]
    weights[asleep] = 0
    return weights / weights.sum()


# --- Against plain loops --------------------------------------------------------------------------


def test_shared_experts_by_loops():
    config = raw_model(router="shared", dimension=2, experts=3, active_experts=2, modalities=("image", "text"))
    tower = random_tower(config)
    features = random_items(config, 4)
    items = tower(features)
    prepared = tower.prepare(features)
    for i in range(4):
        for place, m in enumerate(config.modalities):
            h = prepared[m][i].numpy()
            gate = active_gate(tower.mixtures[m].gate, h, 2)
            narrow = h @ tower.mixtures[m].projection.detach().numpy()
            # The same three maps and biases for pictures and words.
            z = sum(
                gate[k] * (narrow @ tower.expert_weight[k].detach().numpy() + tower.expert_bias[k].detach().numpy())
                for k in range(3)
            )
            np.testing.assert_allclose(items.modality_embeddings[i, place].detach().numpy(), z, atol=1e-12)
            np.testing.assert_allclose(items.active_gates[i, place].detach().numpy(), gate, atol=1e-12)


@pytest.mark.parametrize("has", [(True, True), (True, False), (False, True)])
def test_the_joint_router_by_loops(has):
    config = raw_model(router="joint", dimension=2, experts=3, active_experts=2, modalities=("image", "text"))
    tower = random_tower(config)
    features = random_items(config, 4)
    items = tower(features, torch.tensor([has] * 4))
    prepared = tower.prepare(features)
    for i in range(4):
        # One vector, one gate, one map an expert; a missing modality is a block of zeros.
        h = np.concatenate([prepared[m][i].numpy() * here for m, here in zip(config.modalities, has, strict=True)])
        gate = active_gate(tower.gate, h, 2)
        embedding = np.zeros(2)
        for k in range(3):
            whole = np.concatenate([tower.mixtures[m].expert_weight[k].detach().numpy() for m in config.modalities])
            embedding += gate[k] * (h @ whole + tower.expert_bias[k].detach().numpy())
        np.testing.assert_allclose(items.embeddings[i].detach().numpy(), embedding, atol=1e-12)


def test_the_joint_router_has_one_gate_and_equal_shares():
    config = raw_model(router="joint", modalities=("image", "text"), fusion="softmax")
    tower = random_tower(config)
    items = tower(random_items(config, 3), torch.tensor([[True, True], [True, False], [False, False]]))
    assert items.fusion.tolist() == [[0.5, 0.5], [1, 0], [0, 0]]
    torch.testing.assert_close(items.dense_gates[:, 0], items.dense_gates[:, 1])
    assert fusion_loss(items).item() == pytest.approx(0)


def test_the_routers_differ_in_what_they_share():
    count = {}
    for router in ROUTERS:
        config = raw_model(router=router, modalities=("image", "text"), dimension=2, experts=3, active_experts=2)
        tower = item_tower(config, WIDTHS)
        names = dict(tower.named_parameters())
        count[router] = sum("gate" in n and n.endswith("weight") and "fusion" not in n for n in names)
        # Three experts of 5 + 3 features each, or of 2 after the projections.
        experts = sum(value.numel() for name, value in names.items() if name.endswith("expert_weight"))
        assert experts == (3 * 2 * 2 if router == "shared" else 3 * 2 * (5 + 3))
    assert count == {"modality": 2, "shared": 2, "joint": 1}


# --- Whatever the router --------------------------------------------------------------------------


@given(cases(), st.integers(1, 3))
def test_contributions_sum_to_the_score(case, n_users):
    tower, features, present = case
    prepared = tower.prepare(features)
    items = tower.embed(prepared, present)
    users = torch.randn(n_users, tower.config.dimension, dtype=torch.float64)
    split = tower.contributions(users, prepared, items)
    assert split.shape == (n_users, *present.shape, tower.config.experts)
    torch.testing.assert_close(split.sum(dim=(2, 3)), users @ items.embeddings.T)
    assert (split[:, ~present] == 0).all()
    assert (split.permute(1, 2, 3, 0)[items.active_gates == 0] == 0).all()


@given(cases())
def test_embeddings_are_the_weighted_sum_and_gates_are_distributions(case):
    tower, features, present = case
    items = tower(features, present)
    z, gates = items.modality_embeddings, items.active_gates
    torch.testing.assert_close(items.embeddings, (items.fusion.unsqueeze(-1) * z).sum(dim=1))
    torch.testing.assert_close(items.fusion.sum(dim=-1), present.any(dim=-1).double())
    torch.testing.assert_close(gates.sum(dim=-1), torch.ones(present.shape, dtype=torch.float64))
    assert ((gates > 0).sum(dim=-1) == tower.config.active_experts).all()
    assert (z[~present] == 0).all()


@given(cases())
def test_features_of_a_missing_modality_are_irrelevant(case):
    tower, features, present = case
    noise = {
        m: torch.where(present[:, column : column + 1], values, 1e3 * torch.randn_like(values))
        for column, (m, values) in enumerate(features.items())
    }
    items, other = tower(features, present), tower(noise, present)
    torch.testing.assert_close(other.embeddings, items.embeddings)
    torch.testing.assert_close(adapter_loss(other), adapter_loss(items))
    torch.testing.assert_close(alignment_loss(other), alignment_loss(items))


@pytest.mark.parametrize("router", ROUTERS)
def test_every_parameter_learns_and_no_gradient_is_lost(router):
    config = raw_model(router=router, modalities=("image", "text"), dimension=3)
    tower = random_tower(config)
    with torch.no_grad():
        for parameter in tower.parameters():
            parameter.mul_(0.1)  # so that neither modality is shut out
    items = tower(random_items(config, 6), torch.tensor([[True, True], [False, False], [True, False]] * 2))
    scores = items.embeddings.sum(dim=-1)
    loss = bpr_loss(scores, -scores.unsqueeze(-1)) + adapter_loss(items) + fusion_loss(items) + alignment_loss(items)
    loss.backward()
    for name, parameter in tower.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
        assert parameter.grad.any(), name


def test_a_tower_refuses_the_settings_of_another_router():
    with pytest.raises(ValueError, match="joint"):
        ItemTower(raw_model(router="joint"), WIDTHS)


def test_reset_draws_every_parameter_anew():
    for router in ROUTERS:
        torch.manual_seed(3)
        tower = item_tower(raw_model(router=router, modalities=("image", "text"), dimension=3), WIDTHS)
        before = {name: value.detach().clone() for name, value in tower.named_parameters()}
        tower.reset()
        for name, value in tower.named_parameters():
            assert torch.isfinite(value).all()
            assert torch.equal(value, before[name]) == name.endswith("expert_bias"), name  # biases start at zero


# --- Training, the ridge start, checkpoints -------------------------------------------------------


def settings(router: str, *more: str) -> Config:
    return override(Config(), [f"model.router={router}", "model.dimension=19", *more])  # 12 + 7 features: full rank


@pytest.mark.parametrize("fusion", ["sparsemax", "softmax", "average"])
def test_every_router_starts_from_the_same_ridge(fusion):
    data = planted_data()
    data = dataclasses.replace(data, present=torch.ones_like(data.present))  # what is missing, routers treat unlike
    scores = {}
    for router in ROUTERS:
        # Without dropout, which would draw another scale of the scores for each router.
        config = settings(router, f"model.fusion={fusion}", "training.feature_dropout=0")
        weights, _ = Learner(data, config, torch.device("cpu")).export()
        scores[router] = weights["users"] @ weights["items"].T
    assert scores["modality"].std() > 0.1
    for router in ("shared", "joint"):
        torch.testing.assert_close(scores[router], scores["modality"], rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("router", ["shared", "joint"])
@pytest.mark.parametrize("start", ["ridge", "random"])
def test_every_router_learns(router, start):
    data = planted_data()
    config = settings(router, "training.epochs=6", f"training.start={start}", "training.learning_rate=0.01")
    trained = fit(data, config)
    losses = [record.losses["ranking"] for record in trained.records[1:]]
    assert losses[-1] < losses[0]
    assert math.isfinite(losses[-1])
    items = trained.tower(data.features, data.present).embeddings
    result = evaluate(dot_products(trained.users, items), data, "validation").mean
    assert result["ndcg@20"] == pytest.approx(trained.best.validation["ndcg@20"], abs=1e-6)


@pytest.mark.parametrize("router", ["shared", "joint"])
def test_a_tower_survives_its_file(router, tmp_path):
    config = settings(router).model
    tower = random_tower(config).float()
    save_file(tower.state_dict(), tmp_path / "tower.safetensors")
    again = item_tower(config, WIDTHS)
    again.load_state_dict(load_file(tmp_path / "tower.safetensors"))
    features = {m: values.float() for m, values in random_items(config, 4).items()}
    assert torch.equal(again(features).embeddings, tower(features).embeddings)


@pytest.mark.parametrize("router", ["shared", "joint"])
def test_a_checkpoint_of_every_router_loads(router, tiny_checkpoint, tmp_path):
    checkpoint = load_checkpoint(tiny_checkpoint)
    config = override(checkpoint.config, [f"model.router={router}", "training.epochs=1"])
    trained = fit(checkpoint.data, config)
    dataclasses.replace(checkpoint, config=config, tower=trained.tower, users=trained.users).save(tmp_path / "saved")
    loaded = load_checkpoint(tmp_path / "saved")
    assert loaded.config.model.router == router
    items = loaded.tower(loaded.data.features, loaded.data.present)
    assert torch.equal(items.embeddings, trained.tower(checkpoint.data.features, checkpoint.data.present).embeddings)
