"""Cold items that lose modalities: the copies' trick against masking the data and training again."""

import dataclasses

import numpy as np
import pytest
import torch

from mamex.benchmark.methods import all_methods
from mamex.benchmark.missing import EITHER, SHARES, evaluate_missing, losses, scored_as, with_copies
from mamex.config import Config, override
from mamex.data.cold_start import ColdStartData
from mamex.evaluation import evaluate
from tests.support.shops.planted import planted_data

CONFIG = override(Config(), ["model.dimension=8", "training.epochs=2"])


@pytest.fixture(scope="module")
def data() -> ColdStartData:
    return planted_data()


def masked(data: ColdStartData, lost: str, share: float, seed: int) -> ColdStartData:
    """The data in which those who lose have lost, item by item."""
    features, present = {m: v.clone() for m, v in data.features.items()}, data.present.clone()
    cold = [item for item in range(data.n_items) if data.part[item] > 0]
    random = np.random.default_rng(seed)
    order = random.permutation(len(cold)).tolist()
    drawn = random.integers(2, size=len(cold)).tolist()
    for place in order[: round(share * len(cold))]:
        modality = ("image", "text")[drawn[place]] if lost == EITHER else lost
        features[modality][cold[place]] = 0
        present[cold[place], ("image", "text").index(modality)] = False
    return dataclasses.replace(data, features=features, present=present)


@pytest.mark.parametrize("method", ["mamex", "content-knn", "ridge"])
def test_scores_are_those_of_the_data_with_the_modalities_masked(data, method):
    fit = all_methods(CONFIG)[method].fit
    fitted = fit(with_copies(data), {}, 0)
    if method == "mamex":  # trained on the whole data, then shown what has lost
        whole = fit(data, {}, 0)
        users, items = np.arange(data.n_users), np.arange(data.n_items)
        torch.testing.assert_close(fitted.scorer(users, items), whole.scorer(users, items))
    results = {(point["lost"], point["share"]): point for point in evaluate_missing(fitted.scorer, data, "cold", 3)}
    assert len(results) == 3 * len(SHARES)
    if method == "mamex":
        return
    for (lost, share), point in results.items():
        other = masked(data, lost, share, 3)
        # What they choose on validation sees the masked items, so it is set to what was chosen on whole ones.
        again = fit(other, {}, 0)
        if method == "ridge":
            again.scorer.__self__.strength = fitted.scorer.__self__.strength
        assert point["ndcg@10"] == pytest.approx(evaluate(again.scorer, other, "test").mean["ndcg@10"])


def test_mamex_embeds_masked_items_as_its_tower_does(data):
    from mamex.training.loop import fit

    trained = fit(data, CONFIG)
    fitted = all_methods(CONFIG)["mamex"].fit(with_copies(data), {}, 0)
    users = np.arange(data.n_users)
    cold = np.flatnonzero(data.part > 0)
    for lost in losses(["image", "text"]):
        other = masked(data, lost, 0.5, 7)
        expected = trained.users @ trained.tower(other.features, other.present).embeddings[cold].T
        found = fitted.scorer(users, scored_as(data, lost, 0.5, 7)[cold])
        torch.testing.assert_close(found, expected)


def test_copies_change_nothing_that_is_learnt_or_ranked(data):
    copies = with_copies(data)
    cold = int((data.part > 0).sum())
    assert copies.n_items == data.n_items + 2 * cold
    assert copies.warm_items.tolist() == data.warm_items.tolist()
    torch.testing.assert_close(copies.content[: data.n_items], data.content)
    assert not copies.present[data.n_items : data.n_items + cold, 0].any()
    assert not copies.features["text"][data.n_items + cold :].any()
    random = torch.rand(data.n_users, copies.n_items)
    scorer = lambda users, items: random[users][:, items]  # noqa: E731
    assert evaluate(scorer, copies, "test").mean == evaluate(scorer, data, "test").mean


def test_who_loses_at_a_small_share_loses_at_a_larger_one(data):
    cold = data.part > 0
    before = np.zeros(data.n_items, dtype=bool)
    for share in SHARES:
        positions = scored_as(data, EITHER, share, seed=1)
        lost = positions != np.arange(data.n_items)
        assert lost.sum() == round(share * cold.sum())
        assert not lost[~cold].any()
        assert (lost | ~before).all()
        before = lost
    assert (scored_as(data, "text", 1.0, seed=1)[cold] != scored_as(data, "image", 1.0, seed=1)[cold]).all()


def test_one_modality_can_only_be_lost_itself():
    assert losses(["image"]) == ["image"]
    assert losses(["image", "text", "audio"]) == ["image", "text", "audio", EITHER]
