"""Audience segments: hand-computed shares, the small-sample rule, and groups of users by brute force."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.insight.segments import largest_groups, segments
from mamex.insight.user_groups import UserGroups, item_prices


@pytest.fixture(scope="module")
def checkpoint(tiny_checkpoint):
    return load_checkpoint(tiny_checkpoint)


def with_items(checkpoint, **columns):
    return replace(checkpoint, dataset=replace(checkpoint.dataset, items=checkpoint.dataset.items.assign(**columns)))


def test_shares_and_lift_by_hand():
    # 100 users: 40 a, 60 b. The audience has 20: 14 a, where chance gives 8, and 6 b, where chance gives 12.
    groups = np.array([0] * 40 + [1] * 60)
    audience = np.concatenate([np.arange(14), np.arange(40, 46)])
    a, b = segments(["a", "b"], groups, audience)
    assert (a.name, a.members, a.users) == ("a", 14, 40)
    assert (a.share, a.share_of_all) == (pytest.approx(0.7), pytest.approx(0.4))
    assert a.lift == pytest.approx(1.75) and b.lift == pytest.approx(0.5)
    # Variance 20 * .4 * .6 * 80 / 99 = 3.88; 14 is (14 - 8) / 1.97 = 3.05 standard deviations from chance.
    assert a.clear and b.clear
    a, _ = segments(["a", "b"], groups, np.concatenate([np.arange(13), np.arange(40, 47)]))
    assert a.lift == pytest.approx(13 / 8) and not a.clear  # 2.54 standard deviations


def test_small_numbers_are_not_compared():
    groups = np.array([0] * 10 + [1] * 90)
    # Of 40, chance gives 4 of group 0: fewer than 5, even if all of them are in.
    few, many = segments(["few", "many"], groups, np.arange(40))
    assert few.members == 10 and few.lift is None and not few.clear
    assert many.lift is not None


def test_an_empty_audience_and_users_of_no_group():
    groups = np.array([0, 0, 1, -1])
    a, b = segments(["a", "b"], groups, np.array([], dtype=int))
    assert (a.members, a.share, a.lift, b.users) == (0, 0.0, None, 1)
    assert [one.share_of_all for one in (a, b)] == [pytest.approx(2 / 3), pytest.approx(1 / 3)]
    assert segments(["a"], np.array([-1, -1]), np.array([0])) == []
    assert [one.members for one in segments(["a", "b"], groups, np.array([0, 3]))] == [1, 0]


def test_everybody_in_the_audience_is_no_difference():
    found = segments(["a", "b"], np.array([0] * 30 + [1] * 30), np.arange(60))
    assert [one.lift for one in found] == [1.0, 1.0] and not any(one.clear for one in found)


def test_the_largest_groups_are_kept_and_the_rest_put_together():
    groups = np.array([0, 1, 1, 2, 2, 2, 3, 4, -1])
    audience = np.array([7, 3, 4, 0])  # one of 4, two of 2, one of 0
    names, regrouped = largest_groups(list("abcde"), groups, audience, most=2)
    assert names == ["c", "a", "all others"]
    assert regrouped.tolist() == [1, 2, 2, 0, 0, 0, 2, 2, -1]
    # One group left over keeps its own name, and nobody is lost.
    names, regrouped = largest_groups(list("abcde"), groups, audience, most=4)
    assert names == ["c", "a", "e", "b", "d"] and (regrouped >= 0).sum() == 8


def test_groups_are_those_of_a_loop_over_users(checkpoint):
    groups = UserGroups(checkpoint)
    by = {grouping.key: grouping for grouping in groups.groupings}
    assert list(by) == ["category", "bought", "price"]
    items, prices = checkpoint.dataset.items, item_prices(checkpoint.dataset.items)
    for user in range(checkpoint.dataset.n_users):
        bought = checkpoint.data.histories[user].indices
        counts = Counter(items["category"].iloc[bought])
        expected = sorted(counts, key=lambda name: (-counts[name], name))
        assert groups.favourites(user, most=10) == expected
        assert by["category"].names[by["category"].groups[user]] == expected[0]
        for key, value in (("bought", len(bought)), ("price", prices[bought].mean())):
            least, _, most = by[key].names[by[key].groups[user]].partition(" to ")
            assert float(least) - 0.005 <= value <= float(most or least) + 0.005


def test_terciles_are_about_a_third(checkpoint):
    by = {grouping.key: grouping for grouping in UserGroups(checkpoint).groupings}
    sizes = np.bincount(by["price"].groups)
    assert len(sizes) == 3 and sizes.max() - sizes.min() <= 1


def test_without_categories_or_prices(checkpoint):
    bare = replace(
        checkpoint,
        dataset=replace(checkpoint.dataset, items=checkpoint.dataset.items.drop(columns=["category", "price"])),
    )
    groups = UserGroups(bare)
    assert [grouping.key for grouping in groups.groupings] == ["bought"]
    assert groups.favourites(0) == []


def test_empty_categories_and_unreadable_prices(checkpoint):
    n_items = checkpoint.dataset.n_items
    odd = with_items(checkpoint, category=[""] * n_items, price=["on request"] * n_items)
    assert [grouping.key for grouping in UserGroups(odd).groupings] == ["bought"]
    assert item_prices(pd.DataFrame({"price": ["3.5", "", "free", "inf"]})).tolist()[0] == 3.5
    assert np.isnan(item_prices(pd.DataFrame({"price": ["3.5", "", "free", "inf"]}))[1:]).all()


def test_a_user_without_purchases_belongs_to_no_taste(checkpoint):
    histories = checkpoint.data.histories.copy()
    histories.data[histories.indptr[3] : histories.indptr[4]] = 0
    histories.eliminate_zeros()
    data = replace(checkpoint.data)
    data.__dict__["histories"] = histories  # a cached property of a frozen dataclass
    by = {grouping.key: grouping for grouping in UserGroups(replace(checkpoint, data=data)).groupings}
    assert by["category"].groups[3] == -1 and by["price"].groups[3] == -1 and by["bought"].groups[3] == 0
