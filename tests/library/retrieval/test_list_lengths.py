"""A list that shows most of a shop tells nothing, and the lengths on offer say so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mamex.retrieval.list_lengths import (
    held_out_say_nothing,
    offered_lengths,
    says_nothing,
    telling_lengths,
    usual_length,
)
from mamex.retrieval.thresholds import LIST_LENGTHS


@pytest.mark.parametrize(
    ("products", "telling", "usual"),
    [(1, (), 10), (19, (), 10), (20, (10,), 10), (39, (10,), 10), (40, (10, 20), 20), (100, (10, 20, 50), 20)],
)
def test_a_list_of_k_needs_two_k_products(products, telling, usual):
    assert telling_lengths(products) == telling
    assert usual_length(products) == usual
    assert offered_lengths(products) == (telling or (10,))


@given(st.integers(1, 10_000), st.sampled_from(LIST_LENGTHS))
def test_what_is_offered_is_what_nothing_is_said_of(products, length):
    assert bool(says_nothing(products, length)) == (length not in telling_lengths(products))
    assert usual_length(products) in offered_lengths(products)


def test_the_sentences():
    assert says_nothing(10, 20) == "10 products are on sale: a list of 20 shows them all, so reach says nothing."
    assert says_nothing(30, 20) == (
        "30 products are on sale: a list of 20 shows most of them, so reach says little; ask for lists of 10."
    )
    assert held_out_say_nothing(1).startswith(
        "1 held-out item competes: a list of 20 shows them all, so Recall@20 is 1"
    )
    assert held_out_say_nothing(38) == (
        "38 held-out items compete: a list of 20 shows most of them, so Recall@20 says little."
    )
    assert held_out_say_nothing(40) == ""
