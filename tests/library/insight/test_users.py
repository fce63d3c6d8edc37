"""One user: the list of cold items against the protocol's own evaluation, exact reasons, history and search."""

import numpy as np
import pytest
import torch

from mamex.errors import LaunchError
from mamex.evaluation import dot_products, evaluate
from mamex.insight.users import ShopperReader
from mamex.launch.launcher import Launcher


@pytest.fixture(scope="module")
def launcher(tiny_checkpoint):
    return Launcher.load(tiny_checkpoint)


@pytest.fixture(scope="module")
def reader(launcher):
    return ShopperReader(launcher.checkpoint, launcher.catalogue)


def cold_scores(launcher, user):
    """Cold item -> score, one dot product at a time."""
    checkpoint = launcher.checkpoint
    items = checkpoint.tower(checkpoint.data.features, checkpoint.data.present).embeddings
    return {int(i): float(checkpoint.users[user] @ items[i]) for i in np.flatnonzero(checkpoint.data.part > 0)}


def test_suggestions_are_a_full_sort_of_the_cold_items(launcher, reader):
    data = launcher.checkpoint.data
    later = np.concatenate([data.interactions.validation, data.interactions.test])
    for user in range(0, launcher.checkpoint.dataset.n_users, 7):
        scores = cold_scores(launcher, user)
        reading = reader.read(user, most=5)
        assert reading.candidates == len(scores)
        assert [one.place for one in reading.suggestions] == [1, 2, 3, 4, 5]
        expected = sorted(scores.values(), reverse=True)[:5]
        assert [one.score for one in reading.suggestions] == pytest.approx(expected, abs=1e-5)
        bought = set(later[later[:, 0] == user, 1].tolist())
        for one in reading.suggestions:
            assert one.score == pytest.approx(scores[one.position], abs=1e-5)
            assert one.bought == (one.position in bought)
            assert sum(map(sum, one.contributions.values())) == pytest.approx(one.score, abs=1e-5)
        assert reading.bought == len(bought)


def test_recall_is_the_protocols(launcher, reader):
    checkpoint = launcher.checkpoint
    items = checkpoint.tower(checkpoint.data.features, checkpoint.data.present).embeddings
    found = evaluate(dot_products(checkpoint.users, items), checkpoint.data, "test", "cold")
    by_user = dict(zip(found.users.tolist(), found.per_user["recall@20"].tolist(), strict=True))
    for user in range(checkpoint.dataset.n_users):
        assert reader.read(user).test_recall == pytest.approx(by_user.get(user))


def test_found_counts_the_hits_among_the_first_twenty(launcher, reader):
    data = launcher.checkpoint.data
    later = np.concatenate([data.interactions.validation, data.interactions.test])
    for user in range(launcher.checkpoint.dataset.n_users):
        scores, reading = cold_scores(launcher, user), reader.read(user)
        first = sorted(scores, key=lambda item: -scores[item])[:20]
        hits = len(set(first) & set(later[later[:, 0] == user, 1].tolist()))
        assert reading.found == hits
        assert reading.recall == (pytest.approx(hits / reading.bought) if reading.bought else None)


def test_history_is_what_was_bought_of_the_items_on_sale_latest_first(launcher, reader):
    checkpoint = launcher.checkpoint
    for user in range(0, checkpoint.dataset.n_users, 5):
        history = reader.read(user).history
        assert {one.position for one in history} == set(checkpoint.data.histories[user].indices.tolist())
        dates = [one.date for one in history]
        assert dates == sorted(dates, reverse=True) and all(len(date) == 10 for date in dates)
        times = checkpoint.dataset.interactions.set_index(["user", "item"])["timestamp"]
        assert dates[0] == str(times[user, history[0].position].date())


def test_standing_is_the_place_in_the_audience(launcher, reader):
    result = launcher.launch(text="Navy coat. A navy waterproof jacket for rain and wind.")
    assert result.audience
    for member in result.audience[:10]:
        standing = reader.stand(member.position, result.reading)
        assert standing.place == member.rank
        assert standing.score == pytest.approx(member.score, abs=1e-5)
        assert sum(map(sum, standing.contributions.values())) == pytest.approx(member.score, abs=1e-5)
        owned = len(launcher.checkpoint.data.histories[member.position].indices)
        assert standing.competitors == len(launcher.catalogue.positions) - owned


def test_search_finds_parts_of_names_and_puts_the_exact_one_first(launcher, reader):
    user_ids = launcher.checkpoint.dataset.user_ids.tolist()
    assert [user_ids[user] for user in reader.find("U03", 3)] == ["u030", "u031", "u032"]
    assert reader.find("u031")[0] == user_ids.index("u031")
    assert reader.find("31") == [user for user, name in enumerate(user_ids) if "31" in name]
    assert reader.find("nobody") == [] and reader.find("", 4) == [0, 1, 2, 3]
    assert reader.position(" u007 ") == user_ids.index("u007")
    for unknown in ("u7", "zzz", ""):
        with pytest.raises(LaunchError, match="Nobody here has the user_id"):
            reader.position(unknown)


def test_reading_changes_nothing(launcher, reader):
    before = launcher.checkpoint.users.clone()
    assert reader.read(3) == reader.read(3)
    assert torch.equal(before, launcher.checkpoint.users)
