"""What was bought and not taken back: quantities, states of orders, kinds of events, and rows of one order."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mamex.data.contents.quantities import parse_amounts
from tests.support.shops.bought_table import read_bought, said


def test_amounts_as_they_are_written() -> None:
    wanted = {"2": 2, "2.0": 2, "2,5": 2.5, "1.000,50": 1000.5, "1,000.50": 1000.5, "-1": -1, "\u22121": -1, "1-": -1}
    wanted |= {
        "(1)": -1,
        "-0,5": -0.5,
        "1 000": 1000,
        "x": math.nan,
        "": math.nan,
        "1e400": math.nan,
        "٣": math.nan,
        "--5": math.nan,
        ".": math.nan,
    }
    np.testing.assert_array_equal(parse_amounts(pd.Series(list(wanted), dtype="str")), list(wanted.values()))


def test_what_was_taken_back_is_no_interaction() -> None:
    columns = {"user_id": "uuuuvw", "item_id": "aabbab", "quantity": ["1", "-1", "3", "-1", "1", "0"]}
    pairs, problems, _ = read_bought(columns)
    assert pairs == [("u", "b"), ("v", "a")]
    notes = said(problems, "note")
    assert "the quantity is negative in 2 of 6 rows" in notes["negative quantity"]
    assert "the quantity is 0 in 1 of 6 rows" in notes["quantity 0"]
    assert "1 of 6 rows are purchases that were taken back" in notes["purchase taken back"]
    assert not said(problems, "warning")


def test_sales_with_a_minus_sign_are_an_error_with_the_reason() -> None:
    _, problems, _ = read_bought({"user_id": "uv", "item_id": "ab", "quantity": ["-1", "-2"]})
    assert "no row counts as an interaction (2 of 2 rows: negative quantity)" in said(problems, "error")["nothing left"]


def test_quantities_that_say_nothing_change_nothing() -> None:
    pairs, problems, _ = read_bought({"user_id": "uvw", "item_id": "abc", "quantity": ["", "1,000", "2"]})
    assert len(pairs) == 3 and not problems
    _, problems, _ = read_bought({"user_id": "uvw", "item_id": "abc", "quantity": ["one", "1", "2"]})
    assert "the quantity 'one' can't be read" in said(problems, "warning")["unreadable quantity"]


@pytest.mark.parametrize("state", ["refunded", "Cancelled", "wc-cancelled", "voided", "Payment failed", "storniert"])
def test_an_order_that_came_to_nothing_is_no_purchase_and_takes_nothing_back(state: str) -> None:
    columns = {"user_id": "uuv", "item_id": "aab", "event": ["paid", state, state]}
    pairs, problems, _ = read_bought(columns)
    assert pairs == [("u", "a")]
    assert f"2 of 3 rows are no purchases by their event ('{state}' 2)" in said(problems, "note")["no purchase"]


@pytest.mark.parametrize("event", ["return", "Refund", "returned", "cancel", "chargeback"])
def test_a_return_in_a_column_of_events_takes_back_what_was_bought(event: str) -> None:
    columns = {"user_id": "uuvv", "item_id": "aaab", "event": ["purchase", event, "purchase", event]}
    pairs, problems, _ = read_bought(columns)
    assert pairs == [("v", "a")]
    assert "what was bought before is taken back" in said(problems, "note")["no purchase"]


def test_a_return_takes_back_as_much_as_it_says() -> None:
    columns = {"user_id": "uu", "item_id": "aa", "event": ["sale", "return"]}
    assert read_bought(columns | {"quantity": ["3", "1"]})[0] == [("u", "a")]
    assert read_bought(columns | {"quantity": ["3", "-1"]})[0] == [("u", "a")]
    assert read_bought(columns | {"quantity": ["3", "3"]})[0] == []


def test_a_state_takes_back_the_purchase_of_its_own_order() -> None:
    columns = {"user_id": "uuu", "item_id": "aaa", "event": ["completed", "returned", "completed"]}
    assert read_bought(columns | {"order": ["1", "1", ""]})[0] == [("u", "a")] * 2
    assert read_bought({name: values[:2] for name, values in columns.items()} | {"order": ["1", "1"]})[0] == []
    assert read_bought({name: values[:2] for name, values in columns.items()} | {"order": ["1", "2"]})[0] == [
        ("u", "a")
    ]


def test_the_column_cancelled() -> None:
    columns = {"user_id": "uvwx", "item_id": "abcd", "cancelled": ["", "2024-05-01 10:00", "no", "1"]}
    pairs, problems, _ = read_bought(columns)
    assert pairs == [("u", "a"), ("w", "c")]
    assert "2 of 4 rows are no purchases by their cancelled" in said(problems, "note")["no purchase"]


def test_views_among_purchases_are_told_loudly() -> None:
    columns = {"user_id": "uuvw", "item_id": "abca", "event": ["view", "view", "purchase", "add_to_cart"]}
    pairs, problems, _ = read_bought(columns)
    assert len(pairs) == 4
    (warning,) = said(problems, "warning").values()
    assert "('view' 2, 'purchase' 1, 'add_to_cart' 1): all count as interactions" in warning
    assert "take them out of the file" in warning


def test_several_kinds_that_all_count_are_noted_and_one_kind_is_not() -> None:
    columns = {"user_id": "uvw", "item_id": "abc", "event": ["completed", "processing", "completed"]}
    assert "('completed' 2, 'processing' 1): all count" in said(read_bought(columns)[1], "note")["kinds of events"]
    assert not read_bought(columns | {"event": ["view"] * 3})[1]


def test_what_an_order_has_once_goes_to_all_its_rows() -> None:
    columns = {
        "order": ["#1", "#1", "#2", "#2", ""],
        "user_id": ["u", "", "", "v", ""],
        "item_id": "abcda",
        "timestamp": ["2024-05-01", "", "2024-05-02", "", ""],
        "event": ["paid", "", "refunded", "", ""],
    }
    pairs, problems, read = read_bought(columns)
    assert pairs == [("u", "a"), ("u", "b")]
    assert read["timestamp"].astype(str).tolist() == ["2024-05-01", "2024-05-01"]
    notes = said(problems, "note")
    assert "2 of 5 rows have no user_id of their own" in notes["user_id of the order"]
    assert {"timestamp of the order", "event of the order"} <= set(notes)
    assert "has no user_id, as 1 of 5 rows" in said(problems, "warning")["empty user_id"]


def test_a_line_that_was_cancelled_does_not_cancel_its_order() -> None:
    columns = {"order": "111", "user_id": "uuu", "item_id": "abc", "cancelled": ["", "yes", ""]}
    assert read_bought(columns)[0] == [("u", "a"), ("u", "c")]
    assert read_bought(columns | {"cancelled": ["2024-01-01", "", ""]})[0] == []


@given(st.lists(st.tuples(st.sampled_from("uv"), st.sampled_from("ab"), st.integers(-2, 3)), min_size=1, max_size=12))
def test_net_quantities_equal_their_brute_force_twin(rows: list[tuple[str, str, int]]) -> None:
    users, items, numbers = zip(*rows, strict=True)
    pairs, _, _ = read_bought({"user_id": users, "item_id": items, "quantity": [str(number) for number in numbers]})
    net: dict[tuple[str, str], int] = {}
    for user, item, number in rows:
        net[user, item] = net.get((user, item), 0) + number
    taken = {(user, item) for user, item, number in rows if number < 0}
    assert pairs == [
        (user, item) for user, item, number in rows
        if number > 0 and ((user, item) not in taken or net[user, item] > 0)
    ]  # fmt: skip
