"""Ratings as people write them, the scale they are given on, and the rows that say that an item wasn't liked."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mamex.data.contents.columns import Column
from mamex.data.contents.ratings import Scale, read_ratings, scale_of
from mamex.data.problems import Problems
from tests.support.shops.bought_table import read_bought, said


def kept(ratings: Sequence[str], **settings: object) -> tuple[list[str], Problems]:
    """The ratings of the rows that count, each of a user and an item of its own."""
    users = [f"u{place}" for place in range(len(ratings))]
    pairs, problems, _ = read_bought({"user_id": users, "item_id": ["a"] * len(ratings), "rating": ratings}, **settings)
    return [ratings[users.index(user)] for user, _ in pairs], problems


@pytest.mark.parametrize(
    ("ratings", "wanted", "scale"),
    [
        ("5 4 3 2 1", "5 4 3", "3, the middle of 1 to 5"),
        ("5 1 5 1", "5 5", "3, the middle of 1 to 5"),
        ("4.5 3.0 2.5 0.5", "4.5 3.0", "2.75, the middle of 0.5 to 5"),
        ("4,5 1,5", "4,5", "3, the middle of 1 to 5"),
        ("0 10 5 4 7", "10 5 7", "5, the middle of 0 to 10"),
        ("1 10 5 6", "10 6", "5.5, the middle of 1 to 10"),
        ("0 100 49 50 77", "100 50 77", "50, the middle of 0 to 100"),
        ("-1 1 0 1", "1 0 1", "0, the middle of -1 to 1"),
        ("0 1 1 0", "1 1", "0.5, the middle of 0 to 1"),
        ("3/5 5/5 2/5", "3/5 5/5", "3, the middle of 1 to 5"),
        ("8/10 5/10", "8/10", "5.5, the middle of 1 to 10"),
        ("5★ 2★", "5★", "3, the middle of 1 to 5"),
        ("★★★★☆ ★☆☆☆☆", "★★★★☆", "3, the middle of 1 to 5"),
        ("⭐⭐⭐⭐ ⭐", "⭐⭐⭐⭐", "3, the middle of 1 to 5"),
        ("like dislike Like", "like Like", "dislikes such as 'dislike'"),
        ("👍 👎", "👍", "dislikes such as '👎'"),
        ("yes no yes", "yes yes", "dislikes such as 'no'"),
        ("TRUE FALSE", "TRUE", "dislikes such as 'FALSE'"),
    ],
)
def test_rows_below_the_middle_of_the_scale_are_left_out_and_told(ratings: str, wanted: str, scale: str) -> None:
    written = ratings.split()
    rows, problems = kept(written)
    assert rows == wanted.split()
    warning = said(problems, "warning")["low rating"]
    low = len(written) - len(rows)
    assert f"{low} of {len(written)} ratings are" in warning and scale in warning
    assert "left out" in warning and warning.endswith("--set data.min_rating=0 counts every row")
    assert kept(written, min_rating=0) == (written, [])


@pytest.mark.parametrize(
    "ratings",
    [["5", "5"], ["1", "1", "1"], ["0", "0"], ["4", "5"], ["3", "5"], ["1/5", "1/5"], ["", ""], ["4 stars", "4 stars"]],
)
def test_ratings_that_are_all_alike_or_all_high_leave_nothing_out(ratings: list[str]) -> None:
    assert kept(ratings) == (ratings, [])


@pytest.mark.parametrize("ratings", [["1", "2", "3"], ["1", "500"], ["0", "20"], ["-50", "3"], ["0.2", "0.7"]])
def test_a_scale_that_can_not_be_told_is_told(ratings: list[str]) -> None:
    rows, problems = kept(ratings)
    assert rows == ratings and "can't be told: every row counts" in said(problems, "warning")["scale of ratings"]
    assert "data.min_rating" in problems[0].message


def test_a_setting_says_which_ratings_count() -> None:
    rows, problems = kept(["5", "4", "3", "", "1"], min_rating=4)
    assert rows == ["5", "4", ""]
    assert "2 of 4 ratings are below data.min_rating=4: left out" in said(problems, "note")["low rating"]
    assert "has no rating, as 1 of 5 rows" in said(problems, "note")["no rating"]
    _, problems = kept(["1", "2"], min_rating=4)
    assert "no row counts as an interaction (2 of 2 rows: low rating)" in said(problems, "error")["nothing left"]


def test_an_empty_rating_is_a_purchase_and_an_unreadable_one_is_told() -> None:
    rows, problems = kept(["5", "1", "", "superb"])
    assert rows == ["5", "", "superb"]
    assert "the rating 'superb' can't be read; write a number" in said(problems, "warning")["unreadable rating"]


def test_minus_one_beside_stars_is_no_rating() -> None:
    rows, problems = kept(["8", "-1", "10", "2"])
    assert rows == ["8", "-1", "10"] and "is read as none in 1 of 4 rows" in said(problems, "note")["rating -1"]


def test_zeros_may_mean_not_rated_and_that_is_said() -> None:
    assert "(2 of them are 0: if that means not rated" in said(kept(["9", "0", "0", "2", "10"])[1])["low rating"]


def test_each_row_is_judged_for_itself() -> None:
    columns = {"user_id": "uuvv", "item_id": "abab", "rating": "5115"}
    assert read_bought(columns)[0] == [("u", "a"), ("v", "b")]
    columns = {"user_id": "uuvw", "item_id": "aaab", "rating": "5115"}
    assert read_bought(columns)[0] == [("u", "a"), ("w", "b")], "one high rating of a pair is enough"


def test_what_is_said_as_a_number() -> None:
    texts = [
        "4,5",
        "3/5",
        "4 stars",
        "1 star",
        "4.5 out of 5",
        "★★",
        "3 von 5 Sterne",
        "7",
        "6/5",
        "5%",
        "1_0",
        "x" * 99,
    ]
    read = read_ratings(Column("rating", np.arange(len(texts)), pd.Series(texts, dtype="str")))
    wanted = [4.5, 3, 4, 1, 4.5, 2, math.nan, 7, math.nan, math.nan, math.nan, math.nan]
    np.testing.assert_array_equal(read.numbers, wanted)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=30))
def test_stars_equal_their_brute_force_twin(stars: list[int]) -> None:
    rows, _ = kept([str(number) for number in stars])
    everything = len(set(stars)) == 1 or max(stars) <= 3
    assert rows == [str(number) for number in stars if everything or number >= 3]


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8))
def test_a_scale_holds_all_its_ratings(numbers: list[float]) -> None:
    scale = scale_of(np.array(numbers))
    assert scale is None or (scale.low <= min(numbers) and max(numbers) <= scale.high)
    assert scale is None or scale.low < Scale(scale.low, scale.high).middle < scale.high
