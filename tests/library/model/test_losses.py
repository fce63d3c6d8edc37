"""Equations 4, 7, 8 and 10 on numbers worked out by hand, and gradients that stay finite in every corner."""

import math

import pytest
import torch

from mamex.model.paper import (
    ItemForward,
    ItemTower,
    adapter_loss,
    alignment_loss,
    balance_loss,
    bpr_loss,
    fusion_loss,
)
from tests.support.shops.builders import raw_model
from tests.support.towers import forward_of, make_tower, random_items


def test_balance_in_both_directions_by_hand():
    mean = torch.tensor([0.75, 0.25])
    assert balance_loss(mean).item() == pytest.approx(0.75 * math.log(1.5) + 0.25 * math.log(0.5))
    assert balance_loss(mean, "reverse").item() == pytest.approx(0.5 * math.log(0.5 / 0.75) + 0.5 * math.log(2))
    # All weight on one of four: ln 4 in the paper's direction, and large but finite in the other.
    collapsed = torch.tensor([1.0, 0, 0, 0])
    assert balance_loss(collapsed).item() == pytest.approx(math.log(4))
    assert 10 < balance_loss(collapsed, "reverse").item() < 100


@pytest.mark.parametrize("direction", ["paper", "reverse"])
def test_balance_is_zero_only_for_the_uniform_gate(direction):
    assert balance_loss(torch.full((5,), 0.2), direction).item() == pytest.approx(0, abs=1e-6)
    assert balance_loss(torch.tensor([0.3, 0.2, 0.2, 0.2, 0.1]), direction).item() > 0.01


def test_adapter_loss_sums_over_modalities_and_counts_only_items_that_have_them():
    gates = torch.tensor([[[0.9, 0.1], [0.8, 0.2]], [[0.5, 0.5], [0.1, 0.9]]])  # item, modality, expert
    everything = forward_of(dense_gates=gates, present=torch.tensor([[True, True], [True, True]]))
    expected = balance_loss(torch.tensor([0.7, 0.3])) + balance_loss(torch.tensor([0.45, 0.55]))
    torch.testing.assert_close(adapter_loss(everything), expected)
    partly = forward_of(dense_gates=gates, present=torch.tensor([[True, True], [True, False]]))
    expected = balance_loss(torch.tensor([0.7, 0.3])) + balance_loss(torch.tensor([0.8, 0.2]))
    torch.testing.assert_close(adapter_loss(partly), expected)
    only_pictures = forward_of(dense_gates=gates, present=torch.tensor([[True, False], [True, False]]))
    torch.testing.assert_close(adapter_loss(only_pictures), balance_loss(torch.tensor([0.7, 0.3])))
    reverse = adapter_loss(only_pictures, "reverse")
    torch.testing.assert_close(reverse, balance_loss(torch.tensor([0.7, 0.3]), "reverse"))


def test_fusion_loss_reads_only_complete_items():
    fusion = torch.tensor([[0.9, 0.1], [0.5, 0.5], [1.0, 0.0]])
    present = torch.tensor([[True, True], [True, True], [True, False]])
    items = forward_of(fusion=fusion, present=present)
    torch.testing.assert_close(fusion_loss(items), balance_loss(torch.tensor([0.7, 0.3])))
    torch.testing.assert_close(fusion_loss(items, "reverse"), balance_loss(torch.tensor([0.7, 0.3]), "reverse"))
    assert fusion_loss(forward_of(fusion=fusion[2:], present=present[2:])).item() == 0


def test_alignment_by_hand():
    items = forward_of(
        embeddings=torch.tensor([[1.0, 2.0], [0.0, 1.0]]),
        modality_embeddings=torch.tensor([[[1.0, 0], [4, 2]], [[0, 1], [50, 50]]]),
        present=torch.tensor([[True, True], [True, False]]),
    )
    # Item 1: 4 + 9; item 2: 0, and the modality that it lacks doesn't count; mean over both.
    assert alignment_loss(items).item() == pytest.approx(13 / 2)


def test_bpr_by_hand():
    loss = bpr_loss(torch.tensor([1.0, 0.0]), torch.tensor([[0.0, 1.0], [2.0, 0.0]]))
    differences = [1, 0, -2, 0]
    expected = sum(math.log(1 + math.exp(-difference)) for difference in differences) / 4
    assert loss.item() == pytest.approx(expected)
    assert bpr_loss(torch.tensor([0.0]), torch.tensor([[200.0]])).item() == pytest.approx(200)


def all_losses(items: ItemForward, direction: str) -> torch.Tensor:
    scores = items.embeddings.sum(dim=-1)
    bpr = bpr_loss(scores, -scores.unsqueeze(-1))
    return bpr + adapter_loss(items, direction) + fusion_loss(items, direction) + alignment_loss(items)


def assert_finite_gradients(tower: ItemTower) -> None:
    wrong = [n for n, p in tower.named_parameters() if p.grad is not None and not torch.isfinite(p.grad).all()]
    assert not wrong, f"gradients that are not finite: {wrong}"


@pytest.mark.parametrize("direction", ["paper", "reverse"])
@pytest.mark.parametrize("fusion", ["sparsemax", "softmax"])
@pytest.mark.parametrize("gate", ["linear", "mlp"])
def test_an_item_without_any_modality_is_zero_and_harms_no_gradient(fusion, gate, direction):
    tower, dimensions = make_tower(raw_model(fusion=fusion, fusion_gate=gate))
    with torch.no_grad():
        for parameter in tower.parameters():
            parameter.mul_(0.1)  # so that neither modality is shut out, which another test is about
    features = {m: values.requires_grad_() for m, values in random_items(dimensions, 4, seed=5).items()}
    present = torch.tensor([[True, True], [False, False], [True, False], [False, True]])
    items = tower(features, present)
    assert items.embeddings[1].tolist() == [0] * tower.config.dimension
    assert items.fusion[1].tolist() == [0, 0]
    all_losses(items, direction).backward()
    assert_finite_gradients(tower)
    assert all(torch.isfinite(values.grad).all() for values in features.values())
    assert all(p.grad is not None and p.grad.any() for p in tower.mixtures.parameters())


@pytest.mark.parametrize("direction", ["paper", "reverse"])
@pytest.mark.parametrize("gap", [10.0, 1.0])
def test_gradients_are_finite_when_fusion_has_collapsed_onto_one_modality(gap, direction):
    # Text has weight 0 in the whole batch; a gap of exactly 1 puts it on the edge of sparsemax's support.
    tower, dimensions = make_tower(raw_model())
    with torch.no_grad():
        tower.fusion_gate[0].weight.zero_()
        tower.fusion_gate[0].bias.copy_(torch.tensor([gap / 2, -gap / 2]))
    items = tower(random_items(dimensions, 4, seed=6))
    assert items.fusion[:, 1].tolist() == [0] * 4
    all_losses(items, direction).backward()
    assert_finite_gradients(tower)


@pytest.mark.parametrize("direction", ["paper", "reverse"])
def test_gradients_are_finite_when_no_item_of_a_batch_has_a_modality(direction):
    tower, dimensions = make_tower(raw_model())
    present = torch.tensor([[False, True]] * 3)
    all_losses(tower(random_items(dimensions, 3, seed=7), present), direction).backward()
    assert_finite_gradients(tower)


def test_an_item_of_all_zero_features_gives_finite_gradients():
    tower, dimensions = make_tower(raw_model(center=False))
    features = {m: torch.zeros(2, d, dtype=torch.float64, requires_grad=True) for m, d in dimensions.items()}
    tower(features).embeddings.sum().backward()
    assert_finite_gradients(tower)
    assert all(torch.isfinite(values.grad).all() for values in features.values())
