"""Searching items by what is written about them."""

import pandas as pd
import pytest

from mamex.insight.items import find_items

ITEMS = pd.DataFrame(
    {
        "item_id": ["a1", "a2", "b1"],
        "title": ["Red lamp", "Blue lamp (small)", "Straße"],
        "description": ["for a desk", "for the RED room", ""],
        "image": ["images/x.png"] * 3,
        "category": ["lamps", "lamps", "toys"],
    }
)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", [0, 1, 2]),
        ("  ", [0, 1, 2]),
        ("red", [0, 1]),  # in a title, in a description, in either case
        ("RED lamp", [0, 1]),
        ("lamp desk", [0]),
        ("toy", [2]),
        ("B1", [2]),
        ("STRASSE", [2]),
        ("(small)", [1]),  # no pattern, just characters
        ("images", []),
        (".*", []),
    ],
)
def test_every_word_occurs_somewhere(query, rows):
    assert find_items(ITEMS, query).tolist() == rows


def test_no_items():
    assert find_items(ITEMS.iloc[:0], "red").tolist() == []
