"""Collaborative embeddings, and what rivals that learn share, against loops and numbers by hand."""

import itertools
from itertools import chain

import numpy as np
import pytest
import torch
from scipy import sparse
from torch import nn
from torch.nn import functional

from mamex.baselines import collaborative
from mamex.baselines.clcrec import info_nce
from mamex.baselines.collaborative import normalised_adjacency, warm_embeddings, warm_problem
from mamex.baselines.learned import Purchases, Triples, mlp
from mamex.baselines.metaembed import Buyers, MetaEmbed, MetaEmbedSettings
from mamex.data.cold_start import ColdStartData
from tests.support.recommender_checks import EMPTY, with_interactions
from tests.support.shops.planted import planted_data


@pytest.fixture(scope="module")
def data() -> ColdStartData:
    return planted_data()


def owned(data: ColdStartData) -> set[tuple[int, int]]:
    return {(user, item) for user, item in data.interactions.train.tolist()}


def test_purchases_equal_a_set(data):
    everything = torch.cartesian_prod(torch.arange(data.n_users), torch.arange(data.n_items))
    expected = [pair in owned(data) for pair in map(tuple, everything.tolist())]
    assert any(expected)
    assert Purchases(data).contains(*everything.T).tolist() == expected


def test_triples_pass_once_over_all_purchases_with_warm_items_not_bought(data):
    torch.manual_seed(0)
    batches = list(Triples(data, batch=50))
    assert [len(users) for users, _, _ in batches[:-1]] == [50] * (len(batches) - 1)
    users, bought, others = (torch.cat(parts).tolist() for parts in zip(*batches, strict=True))
    assert sorted(zip(users, bought, strict=True)) == sorted(owned(data))
    assert set(others) <= set(data.warm_items.tolist())
    assert not owned(data) & set(zip(users, others, strict=True))


def test_triples_in_short_epochs_pass_over_all_purchases_before_any_comes_again(data):
    triples = Triples(data, batch=20, epoch_steps=3)
    steps = -(-len(owned(data)) // 20)
    epochs = [list(triples) for _ in range(-(-steps // 3))]
    assert [len(epoch) for epoch in epochs[:-1]] == [3] * (len(epochs) - 1)
    users, bought, _ = (torch.cat(parts).tolist() for parts in zip(*chain.from_iterable(epochs), strict=True))
    seen = list(zip(users, bought, strict=True))
    assert sorted(seen) == sorted(owned(data))
    assert len(next(iter(list(triples)))[0]) == 20  # and the next epoch begins another pass


def test_an_mlp_has_no_activation_after_its_last_layer():
    assert [type(layer) for layer in mlp(4, 3, 2)] == [nn.Linear, nn.LeakyReLU, nn.Linear]


def test_the_adjacency_is_scaled_by_both_degrees():
    histories = sparse.csr_matrix(np.array([[1, 1, 0, 0], [0, 1, 0, 0], [0, 0, 0, 0]], dtype=np.float32))
    dense = normalised_adjacency(histories).to_dense()
    expected = torch.zeros(7, 7)
    expected[0, 3] = 1 / 2**0.5  # two purchases of user 0, one of item 0
    expected[0, 4] = 1 / 2
    expected[1, 4] = 1 / 2**0.5
    torch.testing.assert_close(dense, expected + expected.T)


@pytest.mark.parametrize("layers", [0, 1, 2])
def test_propagation_is_the_mean_of_the_layers_and_so_is_its_gradient(data, layers):
    model = collaborative.Collaborative(collaborative.CollaborativeSettings(layers=layers, dimension=3))
    model.build(data)
    start = model._start.detach().clone().requires_grad_()
    adjacency = normalised_adjacency(data.histories).to_dense()
    expected = sum(torch.linalg.matrix_power(adjacency, power) @ start for power in range(layers + 1)) / (layers + 1)
    found = model._propagate()
    torch.testing.assert_close(found, expected)
    weight = torch.randn_like(expected)
    (found * weight).sum().backward()
    (expected * weight).sum().backward()
    torch.testing.assert_close(model._start.grad, start.grad)


@pytest.mark.parametrize("layers", [0, 2])
class TestWarmEmbeddings:
    def test_cold_items_have_none_and_tastes_are_found(self, layers):
        data = planted_data(n_users=200, n_items=240)
        users, items = warm_embeddings(data, 8, 0, layers)
        assert (users.shape, items.shape) == ((200, 8), (240, 8))
        assert not items[data.part > 0].any()
        assert not (users.requires_grad or items.requires_grad)
        is_taste = (np.arange(240) % 3 == (np.arange(200) % 3)[:, None])[2:][:, data.warm_items]
        scores = (users @ items.T).numpy()[2:][:, data.warm_items]
        assert scores[is_taste].mean() > scores[~is_taste].mean() + 0.5 * scores.std()

    def test_they_are_computed_once_and_depend_on_seed_and_width(self, data, layers):
        torch.manual_seed(5)
        state = torch.get_rng_state()
        first = warm_embeddings(data, 8, 0, layers)
        assert warm_embeddings(data, 8, 0, layers)[0] is first[0]
        assert warm_embeddings(data, 4, 0, layers)[0].shape[1] == 4
        assert not torch.equal(warm_embeddings(data, 8, 1, layers)[0], first[0])
        assert torch.equal(torch.get_rng_state(), state)

    def test_interactions_of_cold_items_play_no_part(self, data, layers):
        other = with_interactions(data, validation=EMPTY, test=EMPTY)
        for before, after in itertools.zip_longest(*(warm_embeddings(d, 8, 0, layers) for d in (data, other))):
            assert torch.equal(before, after)


def test_few_results_are_kept(data):
    for seed in range(collaborative.MOST_KEPT + 2):
        warm_embeddings(data, 2, seed)
    assert len(collaborative._kept) == collaborative.MOST_KEPT


def test_the_warm_problem_holds_out_a_tenth_of_the_warm_interactions(data):
    problem = warm_problem(data, seed=0)
    assert problem.n_items == len(data.warm_items)
    parts = problem.interactions
    together = np.concatenate([parts.train, parts.validation])
    together[:, 1] = data.warm_items[together[:, 1]]
    assert {(user, item) for user, item in together.tolist()} == owned(data)
    assert 0.05 < len(parts.validation) / len(together) < 0.15
    assert len(parts.test) == 0


def test_buyers_are_buyers_and_the_rest_is_labelled_by_what_they_bought(data):
    torch.manual_seed(0)
    buyers = Buyers(data)
    assert set(buyers.items.tolist()) == {item for _, item in owned(data)}
    users, labels = buyers.examples(buyers.items, 7)
    assert users.shape == labels.shape == (len(buyers.items), 14)
    assert bool((labels[:, :7] == 1).all())
    assert 0 < labels[:, 7:].mean() < 1
    for row, item in enumerate(buyers.items.tolist()):
        for user, label in zip(users[row].tolist(), labels[row].tolist(), strict=True):
            assert ((user, item) in owned(data)) == bool(label)


def test_metaembeds_written_out_gradient_is_that_of_its_loss(data, monkeypatch):
    method = MetaEmbed(MetaEmbedSettings(dimension=8))
    method.seed = 0
    torch.manual_seed(0)
    method.build(data)
    items = method._buyers.items[:5]
    examples = method._buyers.examples(items, 4)
    monkeypatch.setattr(method._buyers, "examples", lambda *_: examples)
    embeddings = torch.randn(5, 8, requires_grad=True)
    gradient, loss = method._gradient_and_loss(embeddings, items)
    loss.backward()
    torch.testing.assert_close(gradient, embeddings.grad * len(items))  # the loss is a mean over items


def test_info_nce_by_hand():
    anchors, positives = torch.tensor([[1.0, 0], [0, 1]]), torch.tensor([[1.0, 0], [1, 1]])
    negatives = torch.tensor([[0.0, 1], [1, 1]])
    first = functional.cross_entropy(torch.tensor([[2.0, 0, 2]]), torch.tensor([0]))
    second = functional.cross_entropy(torch.tensor([[2.0, 2, 2]]), torch.tensor([0]))
    assert second == pytest.approx(np.log(3))
    assert info_nce(anchors, positives, negatives, temperature=0.5) == pytest.approx(float(first + second) / 2)
