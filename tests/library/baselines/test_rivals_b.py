"""MTPR, GAR, AlignRec and MILK: what every recommender has to pass, and each loss against its formula in loops."""

import numpy as np
import pytest
import torch
from torch.nn.functional import cosine_similarity, softplus

from mamex.baselines.alignrec import AlignRec, AlignRecSettings, nearest_warm_items
from mamex.baselines.gar import Gar, GarSettings
from mamex.baselines.milk import Milk, MilkSettings, alignment_loss, environments, shares
from mamex.baselines.mtpr import Mtpr, MtprSettings, MtprWithoutId
from mamex.data.cold_start import ColdStartData
from tests.support.recommender_checks import LearnedChecks, all_scores, with_content_of
from tests.support.shops.planted import planted_data

TRIPLES = torch.tensor([[2, 3, 4, 2], [1, 2, 5, 7], [8, 9, 1, 10]])  # users, bought, others; some of positions only


@pytest.fixture(scope="module")
def data() -> ColdStartData:
    return planted_data()


@pytest.fixture(scope="module")
def triples(data) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Users and warm items: (4,) each."""
    users, bought, others = TRIPLES
    warm = torch.from_numpy(data.warm_items)
    return users, warm[bought], warm[others]


def built(recommender, data: ColdStartData):
    """Networks with random weights, before any training."""
    torch.manual_seed(5)
    recommender.seed = 0
    recommender.build(data)
    return recommender


class TestMtpr(LearnedChecks):
    def make(self):
        return Mtpr(MtprSettings(dimension=16, batch=64, epochs=10, learning_rate=1e-2))

    def test_the_loss_ranks_all_four_pairs_of_representations(self, data, triples):
        model = built(self.make(), data)
        normal, counterfactual = model._representations()
        expected = 0.0
        for user, bought, other in zip(*triples, strict=True):
            for first in (normal, counterfactual):
                for second in (normal, counterfactual):
                    gap = model._users[user] @ first[bought] - model._users[user] @ second[other]
                    expected -= torch.sigmoid(gap).log().item() / 4
        assert model._loss(*triples).item() == pytest.approx(expected, rel=1e-5)

    def test_only_warm_items_are_known_by_their_id(self, data):
        normal, counterfactual = built(self.make(), data)._representations()
        same = torch.isclose(normal, counterfactual).all(dim=1).numpy()
        np.testing.assert_array_equal(same, data.part > 0)


class TestMtprWithoutId(LearnedChecks):
    def make(self):
        return MtprWithoutId(MtprSettings(dimension=16, batch=64, epochs=10, learning_rate=1e-2))

    def test_warm_items_too_are_scored_from_their_content_alone(self, data):
        one, two = (int(item) for item in data.warm_items[:2])
        twins = with_content_of(data, [one], like=two)
        found = all_scores(self.fitted(twins), twins)
        np.testing.assert_allclose(found[:, one], found[:, two], atol=1e-5)


class TestGar(LearnedChecks):
    def make(self):
        return Gar(GarSettings(dimension=16, batch=64, epochs=10, learning_rate=1e-2))

    def test_the_recommender_starts_as_the_pretrained_one(self, data):
        model = built(self.make(), data)
        users, items = model.embeddings()
        bought = np.unique(data.interactions.train[:, 1])
        torch.testing.assert_close(users, model._users)
        torch.testing.assert_close(items[bought], model._items[bought])
        assert model._items[bought].std().item() == pytest.approx(1, abs=1e-4)

    def test_losses_by_hand(self, data):
        model = built(Gar(GarSettings(dimension=2, similarity=0.75, negatives=0.25)), data)
        user, real, generated, other = (torch.tensor([v]) for v in ([1.0, 2.0], [1.0, 0.5], [0.0, 1.5], [2.0, -1.0]))
        # Scores: real 2, generated 3, other 0.
        loss = model._recommender_loss(user, real, generated, other).item()
        assert loss == pytest.approx(np.log1p(np.exp(0.75 * 3 + 0.25 * 0 - 2)), rel=1e-5)
        loss = model._generator_loss(user, real, generated).item()
        assert loss == pytest.approx(0.25 * np.log1p(np.exp(2 - 3)) + 0.75 * 1.0, rel=1e-5)

    def test_each_step_moves_its_own_network_only(self, data):
        model = built(self.make(), data)
        groups = [
            {id(p) for group in optimizer.param_groups for p in group["params"]}
            for optimizer in (model._make, model._judge)
        ]
        assert groups == [{id(p) for p in part.parameters()} for part in (model._generator, model._recommender)]


class TestAlignRec(LearnedChecks):
    def make(self):
        return AlignRec(AlignRecSettings(dimension=16, batch=64, epochs=10, learning_rate=1e-2))

    def test_neighbours_are_the_most_similar_warm_items(self, data):
        found = nearest_warm_items(data, 3)
        assert found.shape == (data.n_items, 3)
        for item in range(data.n_items):
            others = [warm for warm in data.warm_items if warm != item]
            likeness = {o: cosine_similarity(data.content[item], data.content[o], dim=0).item() for o in others}
            best = sorted(likeness.values(), reverse=True)[:3]
            assert [likeness[o] for o in found[item].tolist()] == pytest.approx(best, abs=1e-5)

    def test_there_are_no_more_neighbours_than_other_warm_items(self, data):
        assert nearest_warm_items(data, 1000).shape == (data.n_items, len(data.warm_items) - 1)

    def test_the_content_view_equals_loops(self, data):
        model = built(AlignRec(AlignRecSettings(neighbours=2)), data)
        encoded = model._encode()
        users, items = model._content_view(encoded)
        unified = torch.stack([row[here].mean(dim=0) for row, here in zip(encoded, data.present, strict=True)])
        expected = []
        for item, near in enumerate(nearest_warm_items(data, 2)):
            collected = [model._items[j] * model._gate(unified[j]) for j in near]
            expected.append(unified[item] + (collected[0] + collected[1]) / 2)
        torch.testing.assert_close(items, torch.stack(expected))
        history = data.histories[7].indices
        assert len(history) > 1
        torch.testing.assert_close(users[7], items[history].mean(dim=0))
        assert not users[0].any()  # no history

    def test_the_contrast_by_hand(self, data):
        model = built(AlignRec(AlignRecSettings(temperature=0.5)), data)
        one, other = torch.tensor([[2.0, 0.0], [0.0, 1.0]]), torch.tensor([[1.0, 0.0], [3.0, 0.0]])
        # Cosines: first row 1 with both, second row 0 with both.
        assert model._contrast(one, other).item() == pytest.approx(np.log(2), rel=1e-6)
        other = torch.tensor([[1.0, 0.0], [0.0, 5.0]])
        assert model._contrast(one, other).item() == pytest.approx(np.log(1 + np.exp(-2)), rel=1e-5)

    def test_only_items_with_both_modalities_are_contrasted(self, data):
        model = built(self.make(), data)
        encoded = torch.randn(4, 2, 3)
        present = torch.tensor([[True, True], [True, False], [True, True], [False, False]])
        kept = encoded[[0, 2]]
        expected = model._contrast(kept[:, 0], kept[:, 1])
        torch.testing.assert_close(model._between_modalities(encoded, present), expected)
        assert model._between_modalities(encoded, present & False).item() == 0


class TestMilk(LearnedChecks):
    def make(self):
        return Milk(MilkSettings(dimension=16, batch=64, epochs=10, learning_rate=1e-2))

    def test_environments_are_equal_weights_and_all_cyclic_shifts(self):
        found = environments(torch.tensor([0.7, 0.2, 0.1]))
        third = 1 / 3
        expected = [[third] * 3, [0.7, 0.2, 0.1], [0.1, 0.7, 0.2], [0.2, 0.1, 0.7]]
        torch.testing.assert_close(torch.stack(found), torch.tensor(expected))

    def test_missing_modalities_leave_their_weight_to_the_others(self):
        present = torch.tensor([[1.0, 1, 1], [1, 0, 1], [0, 0, 1], [0, 0, 0]])
        expected = torch.tensor([[0.6, 0.3, 0.1], [6 / 7, 0, 1 / 7], [0, 0, 1], [0, 0, 0]])
        torch.testing.assert_close(shares(torch.tensor([0.6, 0.3, 0.1]), present), expected)
        nearly_all_missing = shares(torch.tensor([1.0, 0.0, 0.0]), present[2:3])
        torch.testing.assert_close(nearly_all_missing, torch.tensor([[0.0, 0, 1]]))

    def test_alignment_by_hand(self):
        encoded = torch.tensor([[[1.0, 2], [3, 2]], [[0, 0], [9, 9]], [[1, 1], [1, 3]]])
        present = torch.tensor([[1.0, 1], [1, 0], [1, 1]])
        # Items 0 and 2 have both: mean squared differences 2 and 2.
        assert alignment_loss(encoded, present).item() == pytest.approx(2)
        assert alignment_loss(encoded, present * torch.tensor([1.0, 0])).item() == 0

    def test_the_loss_equals_loops(self, data, triples):
        settings = MilkSettings(alignment=0.3, invariance=2.0)
        model = built(Milk(settings), data)
        draw = torch.tensor([0.8, 0.2])
        model._mixing.sample = lambda: draw
        encoded, risks = model._encode(), []
        for weights in (torch.tensor([0.5, 0.5]), draw, draw.flip(0)):
            gaps = []
            for user, bought, other in zip(*triples, strict=True):
                item = [shares(weights, data.present.float())[i] @ encoded[i] for i in (bought, other)]
                gaps.append(model._users[user] @ (item[0] - item[1]))
            risks.append(softplus(-torch.stack(gaps)).mean().item())
        warm = data.warm_items
        alignment = alignment_loss(encoded[warm], data.present[warm].float()).item()
        expected = sum(risks) + 2.0 * np.var(risks, ddof=1) + 0.3 * alignment
        assert model._loss(*triples).item() == pytest.approx(expected, rel=1e-5)
