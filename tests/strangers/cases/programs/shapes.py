"""Shops of odd shapes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.strangers.reading import look, read_rightly, told
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import Shop, interaction_rows, item_rows, make_shop, write_shop

PART = "shapes"


def only(shop: Shop, count: int) -> Shop:
    """The shop of which only the first ``count`` products were ever sold."""
    sold = {product.number for product in shop.products[:count]}
    return Shop(shop.products, [one for one in shop.purchases if one.product.number in sold])


@situation(PART)
def few_products_ever_sold(folder: Path) -> Outcome:
    """48 products, 6 of them ever bought: told with both numbers."""
    shop = only(make_shop(48, users=60), 6)
    reading = look(write_shop(folder, shop, pictures=False))
    told(reading, r"\b42\b|\b6 of 48\b", r"never|nobody|not bought|bought", file="i(tems|nteractions)")
    return read_rightly(reading, shop)


@situation(PART)
def sizes_as_products(folder: Path) -> Outcome:
    """Each product in three sizes with the same title and picture: twins, and data.group_column."""
    shop = make_shop(12)
    items = [
        row | {"item_id": f"{row['item_id']}-{size}", "style": row["item_id"]}
        for row in item_rows(shop) for size in "SML"
    ]  # fmt: skip
    rows = [
        row | {"item_id": f"{row['item_id']}-{'SML'[index % 3]}"} for index, row in enumerate(interaction_rows(shop))
    ]
    reading = look(write_shop(folder, shop, items, rows))
    return told(reading, r"data\.group_column=style", file="items.csv")


@situation(PART)
def twins_without_a_column(folder: Path) -> Outcome:
    """The same, and no column groups them: told all the same."""
    items = [row | {"item_id": f"{row['item_id']}-{size}"} for row in item_rows(make_shop(12)) for size in "SML"]
    rows = [row | {"item_id": f"{row['item_id']}-{'SML'[index % 3]}"}
            for index, row in enumerate(interaction_rows(make_shop(12)))]  # fmt: skip
    return told(
        look(write_shop(folder, make_shop(12), items, rows)),
        r"same title|twin|alike",
        r"group_column",
        file="items.csv",
    )


@situation(PART)
def a_tiny_shop(folder: Path) -> Outcome:
    """Eight products, six shoppers: told that lists of 10 and 20 say nothing."""
    shop = make_shop(8, users=6, each=3)
    reading = look(write_shop(folder, shop))
    return told(reading, r"\b8\b", r"list|few|small", file="items.csv|interactions.csv")


@situation(PART)
def one_bestseller(folder: Path) -> Outcome:
    """A carrier bag is in every order: the profile says so."""
    shop = make_shop(each=1)
    bag = shop.products[0]
    first = [type(one)(one.user, bag, one.time, one.order) for one in shop.purchases]
    shop.purchases = first + [one for one in shop.purchases if one.product is not bag][:6]
    reading = look(write_shop(folder, shop, pictures=False))
    assert any("30" in line and "Crimson teapot" in line for line in reading.text.splitlines()), reading.text
    return read_rightly(reading, shop)


@situation(PART)
def two_products(folder: Path) -> Outcome:
    """Two products: told, before or instead of training."""
    shop = Shop(make_shop(2, users=4, each=1).products, make_shop(2, users=4, each=1).purchases)
    return told(look(write_shop(folder, shop)), r"\b2\b", r"item|product", file="items.csv|interactions.csv")


def arrays(folder: Path, **features: np.ndarray) -> Path:
    """A shop with arrays of features beside its tables."""
    write_shop(folder, make_shop(), pictures=False)
    (folder / "features").mkdir()
    for name, values in features.items():
        np.save(folder / "features" / f"{name}.npy", values)
    return folder


def noise(rows: int = 24, columns: int = 8) -> np.ndarray:
    """Features of which nothing is wrong."""
    return np.random.default_rng(0).normal(size=(rows, columns)).astype(np.float32)


@situation(PART)
def a_dead_column_of_features(folder: Path) -> Outcome:
    """Column 3 is NaN in every row."""
    broken = noise()
    broken[:, 3] = np.nan
    return told(look(arrays(folder, audio=broken)), r"audio", r"NaN|not a number", r"\b3\b|\b4\b|24", file="audio.npy")


@situation(PART)
def features_that_never_change(folder: Path) -> Outcome:
    """Every product has the same features: an error."""
    return told(look(arrays(folder, audio=np.ones((24, 8), np.float32))), r"same|constant|equal", file="audio.npy")


@situation(PART)
def features_with_too_few_rows(folder: Path) -> Outcome:
    """23 rows for 24 products."""
    return told(look(arrays(folder, audio=noise(23))), r"\b23\b", r"\b24\b", file="audio.npy")


@situation(PART)
def features_that_are_words(folder: Path) -> Outcome:
    """An array of strings."""
    return told(look(arrays(folder, audio=np.array([["loud"]] * 24))), r"number", file="audio.npy")


@situation(PART)
def features_of_objects(folder: Path) -> Outcome:
    """A pickled array: told, never opened."""
    odd = np.empty(24, dtype=object)
    odd[:] = [{"a": 1}] * 24
    return told(look(arrays(folder, audio=odd)), r"pickle|object|number|plain NumPy array", file="audio.npy")


@situation(PART)
def good_features(folder: Path) -> Outcome:
    """Nothing is wrong with the arrays: no word of warning."""
    reading = look(arrays(folder, audio=noise()))
    assert "audio" not in "".join(str(one) for one in reading.report.problems if one.severity != "note"), reading.text
    return read_rightly(reading, make_shop())
