"""The ridge start, the held-out folds and the user tower, each against a plain twin."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from mamex.config import Config, override
from mamex.model.user_tower import UserTower
from mamex.training.histories import Histories
from mamex.training.learner import Learner
from mamex.training.warm_start import STRENGTHS, _ridge_maps, cluster_directions
from tests.support.shops.planted import planted_data

CPU = torch.device("cpu")
WIDTHS = (12, 7)


def settings(*more):
    """As many dimensions as features, so that no rank is lost."""
    return override(Config(), ["model.dimension=19", "model.kernel_components=0", *more])


def test_at_full_rank_the_start_is_ridge_itself():
    data = planted_data()
    with torch.random.fork_rng():
        torch.manual_seed(0)
        maps = list(_ridge_maps(data, data.content, WIDTHS, settings()))
    content = data.content.double().numpy()
    histories = data.histories.toarray().astype(float)
    first = maps[0]  # equal weights, the first strength
    warm = content[data.warm_items]
    bought = histories[:, data.warm_items]
    solved = np.linalg.solve(warm.T @ warm + STRENGTHS[0] * np.eye(19), warm.T @ bought.T)  # (F, U)
    expected = (content @ solved).T
    item_map = first.item_map.double().numpy()
    found = (histories @ content @ item_map) @ (content @ item_map).T
    np.testing.assert_allclose(found, expected, atol=1e-3)


@pytest.mark.parametrize("fusion", ["sparsemax", "softmax", "average"])
@pytest.mark.parametrize("gate", ["linear", "mlp"])
def test_the_untrained_model_ranks_as_its_ridge(fusion, gate):
    data = planted_data()
    config = settings(f"model.fusion={fusion}", f"model.fusion_gate={gate}")
    learner = Learner(data, config, CPU)
    weights, warm = learner.export()
    both = warm.fusion[warm.present.all(dim=1)]
    torch.testing.assert_close(both, torch.full_like(both, 0.5))  # whatever the modalities weigh in ridge
    with torch.random.fork_rng():
        torch.manual_seed(0)
        learner_start = max(_ridge_maps(data, data.content, WIDTHS, config), key=lambda ridge: ridge.quality)
    users = torch.from_numpy(data.histories @ (data.content @ learner_start.user_map).numpy())
    complete = data.present.all(dim=1)  # items that lack a modality get the rest's weight, which ridge does not do
    expected = users @ (data.content @ learner_start.item_map)[complete].T
    found = (weights["users"] @ weights["items"].T)[:, complete]
    active = torch.from_numpy(np.diff(data.histories.indptr) > 0)
    ratio = found[active] / expected[active]
    # Each user's scores are the ridge's up to one factor.
    assert torch.allclose(ratio, ratio[:, :1].expand_as(ratio), rtol=2e-2)


@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(2, 15))
def test_a_batch_splits_histories_as_loops_do(seed, n_users, n_items):
    random = np.random.default_rng(seed)
    pairs = np.argwhere(random.random((n_users, n_items)) < 0.4)
    users = random.permutation(n_users)[: random.integers(1, n_users + 1)]
    fold = np.sort(random.permutation(n_items)[: random.integers(1, n_items)])
    batch = Histories(random.permutation(pairs), n_users, n_items, CPU).batch(
        torch.from_numpy(users), torch.from_numpy(fold)
    )
    kept = 0
    for user in users:
        history = {item for owner, item in pairs if owner == user}
        targets, rest = history & set(fold), history - set(fold)
        if not targets or not rest:
            continue
        assert int(batch.users[kept]) == user
        assert set(batch.bought[batch.owners == kept].tolist()) == rest
        assert set(fold[batch.targets[batch.target_owners == kept].numpy()]) == targets
        kept += 1
    assert kept == len(batch.users)
    assert bool((batch.target_owners.diff() >= 0).all())
    assert bool((batch.owners.diff() >= 0).all())


def test_a_user_is_the_scaled_sum_of_what_they_bought():
    tower = UserTower(3, 2)
    content = torch.tensor([[1.0, 0, 0], [0, 1, 0], [0, 0, 1]])
    with torch.no_grad():
        tower.map.copy_(torch.tensor([[1.0, 0], [0, 1], [1, 1]]))
        tower.common.copy_(torch.tensor([0.5, -0.5]))
    users = tower(content, torch.tensor([0, 0, 2]), torch.tensor([0, 2, 1]), 3)
    expected = [[2 / 2**0.5 + 0.5, 1 / 2**0.5 - 0.5], [0.5, -0.5], [0.5, 0.5]]
    assert users.tolist() == [pytest.approx(row) for row in expected]


def test_clusters_point_where_the_items_are():
    centres = cluster_directions(torch.tensor([[1.0, 0], [0.99, 0.1], [-1, 0], [-0.99, 0.1]]), 2, seed=0)
    assert sorted(round(float(x)) for x in centres[:, 0]) == [-1, 1]
    assert torch.allclose(centres.norm(dim=1), torch.ones(2), atol=1e-5)
    few = cluster_directions(torch.tensor([[0.0, 1.0]]), 3, seed=0)
    assert few[0].tolist() == pytest.approx([0, 1])
    assert not few[1:].any()


@pytest.mark.parametrize(("start", "share"), [("ridge", 0.25), ("ridge", 0.0), ("random", 0.25)])
def test_the_weights_in_use_go_part_of_the_way_back_to_ridge_but_not_to_noise(start, share):
    learner = Learner(planted_data(), settings(f"training.start={start}", f"training.start_share={share}"), CPU)
    name = "tower.fusion_gate.0.weight"
    before, _ = learner.export()
    learner.train_epoch(1)
    after, _ = learner.export()
    average = learner.state()[f"average.{name}"]
    kept = share if start == "ridge" else 0.0
    assert not torch.equal(average, before[name])
    torch.testing.assert_close(after[name], (1 - kept) * average + kept * before[name])
    assert torch.equal(learner.state()[f"weight.{name}"], learner.tower.state_dict()[name.removeprefix("tower.")])


def test_no_fold_is_larger_than_allowed_not_even_for_the_first_scale(monkeypatch):
    sizes = []
    embed = Learner._embed_fold

    def watched(learner, fold):
        sizes.append(len(fold))
        return embed(learner, fold)

    monkeypatch.setattr(Learner, "_embed_fold", watched)
    learner = Learner(planted_data(), settings("training.most_candidates=6"), CPU)
    assert len(sizes) == 1  # the scale of the start
    learner.train_epoch(0)
    assert max(sizes) <= 6
    assert sum(sizes[1:]) == len(planted_data().warm_items)
