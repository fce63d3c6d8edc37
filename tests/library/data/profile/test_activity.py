"""What is said of interactions, beside the same numbers counted one by one."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mamex.data.contents.items import Items
from mamex.data.profile.activity import CLASSES, Activity, Favourite, Spread, activity_of


def catalogue(*ids: str) -> Items:
    frame = pd.DataFrame({"item_id": ids, "title": [f"Thing {i}" for i in ids], "description": "", "image": ""})
    number = len(ids)
    rows = np.arange(2, number + 2)
    return Items("items.csv", frame, rows, np.zeros(number, dtype=bool), (), [None] * number)


def bought(pairs: list[tuple[str, int]], times: list[str] | None = None) -> pd.DataFrame:
    users, items = [user for user, _ in pairs], [item for _, item in pairs]
    stamps = np.array(times or ["NaT"] * len(pairs), dtype="datetime64[us]")
    frame = pd.DataFrame({"user_id": users, "item": items, "timestamp": stamps, "rating": np.nan})
    return frame.astype({"item": np.int64, "user_id": "str"})


def test_a_small_shop_is_counted() -> None:
    pairs = [("u", 0), ("u", 0), ("u", 1), ("v", 1), ("w", 1)]
    times = ["2024-01-03", "2024-01-05T12:00", "NaT", "2024-03-01", "2024-01-03T23:59"]
    found = activity_of(bought(pairs, times), catalogue("a", "b", "c"), rows=7)
    assert (found.rows, found.left_out, found.merged, found.interactions, found.users) == (7, 2, 1, 4, 3)
    assert (found.first, found.last, found.undated) == ("2024-01-03", "2024-03-01", 1)
    assert found.per_user == Spread(1, 4 / 3, 2) and found.per_item == Spread(2, 2.0, 3)
    assert found.density == pytest.approx(4 / 9) and found.never_bought == 1
    assert found.favourites == (Favourite("b", "Thing b", 3, 1), Favourite("a", "Thing a", 1, 0))
    assert found.by_popularity == (3, 1, 0)
    assert (found.largest_user, found.largest_share) == ("u", 0.6) and found.largest_users == 1.0
    assert [(bar.label, bar.number) for bar in found.users_by_number] == [("1", 2), ("2", 1)]
    assert len(found.over_time) == 59 and found.over_time[0].number == 2 and found.over_time[-1].label == "2024-03-01"


def test_nothing_at_all_is_no_error() -> None:
    found = activity_of(bought([]), catalogue(), rows=0)
    assert found == Activity(0, 0, 0, 0, 0, "", "", 0, *[Spread(0, 0.0, 0)] * 2, 0.0, 0, 0.0, "", 0.0, (), (), (), ())


def test_a_catalogue_that_cant_be_read_leaves_the_rest() -> None:
    found = activity_of(bought([]), None, rows=3)
    assert found.left_out == 3 and found.favourites == ()


@pytest.mark.parametrize(
    ("last", "unit", "steps"), [("2024-04-01", "day", 92), ("2026-01-01", "month", 25), ("9999-12-31", "year", 120)]
)
def test_time_is_cut_into_as_many_steps_as_can_be_drawn(last: str, unit: str, steps: int) -> None:
    found = activity_of(bought([("u", 0), ("v", 0)], ["2024-01-01", last]), catalogue("a"), rows=2)
    length = {"day": 10, "month": 7, "year": 4}[unit]
    assert len(found.over_time) == steps and all(len(bar.label) == length for bar in found.over_time)
    assert sum(bar.number for bar in found.over_time) == 2


@given(st.lists(st.tuples(st.sampled_from("uvwxyz"), st.integers(0, 5)), max_size=60))
def test_numbers_are_those_that_counting_gives(pairs: list[tuple[str, int]]) -> None:
    found = activity_of(bought(pairs), catalogue(*"abcdef"), rows=len(pairs))
    distinct = set(pairs)
    users, items = Counter(user for user, _ in distinct), Counter(item for _, item in distinct)
    assert found.interactions == len(distinct) and found.merged == len(pairs) - len(distinct)
    assert found.users == len(users) and found.never_bought == 6 - len(items)
    assert found.per_user.most == max(users.values(), default=0)
    assert sorted(found.by_popularity) == sorted(items.get(item, 0) for item in range(6))
    assert sum(bar.number for bar in found.users_by_number) == len(users)
    assert {item.item_id: item.users for item in found.favourites} == {"abcdef"[i]: n for i, n in items.items()}


def test_classes_of_users_are_told_in_words() -> None:
    pairs = [(f"u{n}", item) for n in range(1, 12) for item in range(n)]
    found = activity_of(bought(pairs), catalogue(*map(str, range(12))), rows=len(pairs))
    assert [bar.label for bar in found.users_by_number] == ["1", "2", "3", "4–5", "6–10", "11–20"]
    assert [bar.number for bar in found.users_by_number] == [1, 1, 1, 2, 5, 1] and CLASSES[-1] == 1000


def test_control_characters_of_a_stranger_are_not_told_on() -> None:
    found = activity_of(bought([("\x1b[31mu", 0)]), catalogue("\x07a"), rows=1)
    assert found.largest_user == "?[31mu" and found.favourites[0].item_id == "?a"
