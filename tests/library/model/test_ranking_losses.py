"""The ranking losses: beside a mask over all scores, value and gradient; and numbers computed by hand."""

import math

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from mamex.model.ranking_losses import sampled_bpr, softmax_loss


def masked_softmax_loss(scores: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    return -(mask * scores.log_softmax(dim=1)).sum() / mask.sum()


@given(st.integers(0, 10_000), st.integers(1, 6), st.integers(2, 9))
def test_the_softmax_loss_and_its_gradient_are_those_of_a_mask(seed, users, items):
    random = np.random.default_rng(seed)
    mask = random.random((users, items)) < 0.4
    mask[np.arange(users), random.integers(0, items, users)] = True
    owners, places = map(torch.from_numpy, np.nonzero(mask))
    scores = torch.from_numpy(random.normal(0, 3, (users, items))).requires_grad_()
    twin = scores.detach().clone().requires_grad_()
    loss, expected = softmax_loss(scores, owners, places), masked_softmax_loss(twin, torch.from_numpy(mask).double())
    loss.backward()
    expected.backward()
    torch.testing.assert_close(loss, expected)
    torch.testing.assert_close(scores.grad, twin.grad)


def test_each_positive_weighs_the_same_in_the_softmax_whoever_bought_it():
    # The first user bought both items, at ln 2 each; the second bought one of probability 3/4.
    scores = torch.tensor([[0.0, 0.0], [math.log(3.0), 0.0]])
    loss = softmax_loss(scores, torch.tensor([0, 0, 1]), torch.tensor([0, 1, 0]))
    assert abs(float(loss) - (2 * math.log(2) + math.log(4 / 3)) / 3) < 1e-6


def test_bpr_compares_each_positive_with_items_of_the_same_user():
    # Every item of a user but the positive has the same score, so that any draw but the positive's own is known.
    scores = torch.tensor([[2.0, 1.0, 1.0], [5.0, 5.0, 8.0]])
    owners, places = torch.tensor([0, 1]), torch.tensor([0, 2])
    torch.manual_seed(0)
    found = {round(float(sampled_bpr(scores, owners, places, 1)), 5) for _ in range(60)}
    differences = [(first, second) for first in (0.0, 1.0) for second in (0.0, 3.0)]
    loss = {pair: sum(math.log1p(math.exp(-gap)) for gap in pair) / 2 for pair in differences}
    assert found == {round(value, 5) for value in loss.values()}


def test_bpr_averages_over_positives_and_negatives():
    scores = torch.tensor([[1.0, 1.0, 1.0, 1.0]], requires_grad=True)
    loss = sampled_bpr(scores, torch.tensor([0, 0]), torch.tensor([0, 1]), 16)
    assert abs(float(loss.detach()) - math.log(2)) < 1e-6
    loss.backward()
    assert abs(float(scores.grad.sum())) < 1e-6
