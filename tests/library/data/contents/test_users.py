"""Who is nobody, who is left out, who is written in two ways and who has much of everything."""

from __future__ import annotations

import pytest

from tests.support.shops.bought_table import read_bought, said

MANY = [f"u{number}" for number in range(20)]


@pytest.mark.parametrize("name", ["NULL", "nan", "None", "N/A", "#N/A", "undefined", "Anonymous", "guest", "\\N", "-"])
def test_a_placeholder_is_no_user(name: str) -> None:
    pairs, problems, _ = read_bought({"user_id": ["u", name, "v", name], "item_id": "aabb"})
    assert pairs == [("u", "a"), ("v", "b")]
    (warning,) = said(problems, "warning").values()
    assert warning.startswith("interactions.csv row 3: names no user, as 2 of 4 rows do") and f"'{name}' 2" in warning
    pairs, problems, _ = read_bought({"user_id": [name, name], "item_id": "ab"})
    assert not pairs and list(said(problems, "error")) == ["placeholder user_id"]


def test_some_rows_without_a_user_are_left_out_and_all_are_an_error() -> None:
    pairs, problems, _ = read_bought({"user_id": ["u", "", "v", " "], "item_id": "aabb"})
    assert pairs == [("u", "a"), ("v", "b")] and not problems.errors()
    assert "has no user_id, as 2 of 4 rows" in said(problems, "warning")["empty user_id"]
    _, problems, _ = read_bought({"user_id": ["", ""], "item_id": "ab"})
    assert len(problems) == 1 and list(said(problems, "error")) == ["empty user_id"]


def test_rows_of_guests_take_the_user_of_another_column() -> None:
    columns = {"user_id": ["7", "", "0", "NULL"], "Email": ["x@y.z", "a@b.c", "A@b.c", "d@e.f"], "item_id": "abcd"}
    pairs, problems, _ = read_bought(columns, also={"user_id": ("Email",)})
    assert pairs == [("7", "a"), ("a@b.c", "b"), ("a@b.c", "c"), ("d@e.f", "d")]
    assert "3 of 4 rows have no customer of their own" in said(problems, "note")["users by another column"]


def test_excluded_users_are_left_out_with_their_count() -> None:
    columns = {"user_id": ["0", "u", "0", "POS", "v"], "item_id": "abcde"}
    pairs, problems, _ = read_bought(columns, exclude_users=("0", "POS"))
    assert pairs == [("u", "b"), ("v", "e")]
    assert "leaves out 3 of 5 rows ('0' 2, 'POS' 1)" in said(problems, "note")["excluded users"]
    _, problems, _ = read_bought(columns, exclude_users=("00",))
    assert "names '00', who has no rows" in said(problems, "warning")["excluded users who are not there"]
    _, problems, _ = read_bought({"user_id": "uu", "item_id": "ab"}, exclude_users=("u",))
    assert list(said(problems, "error")) == ["all users excluded"]


def test_addresses_in_two_cases_and_numbers_with_a_zero_behind_are_one_user() -> None:
    columns = {"user_id": ["Anna@X.de", "anna@x.de", "12", "12.0", "u"], "item_id": "abcde"}
    pairs, problems, _ = read_bought(columns)
    assert [user for user, _ in pairs] == ["Anna@X.de", "Anna@X.de", "12", "12", "u"]
    (warning,) = said(problems, "warning").values()
    assert "'Anna@X.de', 'anna@x.de'" in warning and "(so with 2 users, 4 of 5 rows)" in warning


def test_other_ids_that_are_nearly_alike_stay_apart_and_are_told() -> None:
    pairs, problems, _ = read_bought({"user_id": ["Ab1", "aB1", "U 1", "u1", "v"], "item_id": "abcde"})
    assert [user for user, _ in pairs] == ["Ab1", "aB1", "U 1", "u1", "v"]
    assert (
        "only in case, spaces or leading zeros ('Ab1', 'aB1'), as 4 of 5 rows"
        in said(problems)["user ids that are nearly alike"]
    )


def test_numbers_with_and_without_leading_zeros_are_told() -> None:
    pairs, problems, _ = read_bought({"user_id": ["007", "7", "8"], "item_id": "abc"})
    assert len({user for user, _ in pairs}) == 3
    assert "('007', '7'), as 2 of 3 rows" in said(problems)["user ids that are nearly alike"]


def test_numbers_of_orders_in_place_of_users_are_told() -> None:
    _, problems, _ = read_bought({"user_id": MANY, "item_id": "abcd" * 5})
    assert "each of 20 users has one row only" in said(problems, "warning")["one row each"]
    assert not read_bought({"user_id": [*MANY, "u1"], "item_id": [*"abcd" * 5, "a"]})[1]


def test_one_user_is_told() -> None:
    assert (
        "all rows that count (3) are of one user, 'u'"
        in said(read_bought({"user_id": "uuu", "item_id": "abc"})[1])["one user"]
    )


def test_mostly_repeated_rows_are_told() -> None:
    _, problems, _ = read_bought({"user_id": "uuuvvv", "item_id": "aaabbb"})
    (warning,) = said(problems, "warning").values()
    assert "4 of 6 rows repeat the user and the item of another row and are merged, 2 pairs remain" in warning
    assert not read_bought({"user_id": "uuvv", "item_id": "aabb"})[1]


def test_a_user_with_much_of_everything_is_told_with_the_way_out() -> None:
    users, items = [*MANY, *["0"] * 162], list("abcdefgh") * 30
    _, problems, _ = read_bought({"user_id": users, "item_id": items[: len(users)]})
    sentence = said(problems, "warning")["one user with much of everything"]
    assert "user '0' has 162 of 182 rows and 8 of 8 items: guest orders?" in sentence
    assert sentence.endswith("--set data.exclude_users=0")


def test_a_user_with_nearly_all_items_is_told_and_an_eager_one_is_not() -> None:
    ids = [f"p{number}" for number in range(40)]
    users, items = [user for user in MANY for _ in range(3)], [ids[n % 40] for n in range(60)]
    _, problems, _ = read_bought({"user_id": [*users, *["till 1"] * 38], "item_id": [*items, *ids[:38]]}, ids)
    sentence = said(problems, "warning")["one user with much of everything"]
    assert "user 'till 1' has 38 of 98 rows and 38 of 40 items" in sentence
    assert sentence.endswith("--set 'data.exclude_users=till 1'")
    _, problems, _ = read_bought({"user_id": [*users, *["eager"] * 9], "item_id": [*items, *ids[:9]]}, ids)
    assert not problems


def test_the_number_of_guests_is_told_though_it_has_little() -> None:
    ids = [f"p{number}" for number in range(40)]
    users, items = [user for user in MANY for _ in range(3)], [ids[n % 40] for n in range(60)]
    _, problems, _ = read_bought({"user_id": [*users, *["0"] * 10], "item_id": [*items, *ids[:10]]}, ids)
    assert "user '0' has 10 of 70 rows" in said(problems, "warning")["one user with much of everything"]
