"""``prepare hm``: Kaggle's layout, colours merged, customers drawn, read in chunks."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from mamex.data.dataset import read_dataset
from mamex.data.sources.hm import prepare_hm, read_transactions
from mamex.errors import SourceError
from tests.support.source_files import as_typed, customer, failure, picture, prepared_and_checked, write_hm


@pytest.fixture()
def source(tmp_path: Path) -> Path:
    return write_hm(tmp_path / "kaggle")


def arguments(source: Path, *more: object) -> tuple[object, ...]:
    return ("hm", "--from", source, "--out", source.parent / "out", *more)


def quiet(*_: object) -> None:
    """Report nothing."""


def test_colours_of_a_product_are_one_item(source: Path) -> None:
    said, checked = as_typed(*arguments(source, "--price-scale", 590))
    assert "2 items (1 with a picture), 4 users, 6 interactions" in said
    assert "2 items, 1 with a picture" in checked
    dataset = read_dataset(source.parent / "out")
    assert dataset.items.to_dict("records") == [
        {
            "item_id": "0108775",
            # Black (015) and striped (051) have a picture and sold once each: the lower number stands for the product.
            "title": "Strap top",
            "description": "Jersey top with narrow shoulder straps. Vest top, Black, Solid. "
            "Womens Everyday Basics, Jersey Basic.",
            "image": "images/0108775.jpg",
            "category": "Garment Upper body",
            "type": "Vest top",
            "colour": "Black",
            "department": "Ladieswear",
            "price": "10",  # the median of .0169491525 (three times), .01 and .02, times 590
        },
        {
            "item_id": "0110065",
            "title": "OP T-shirt",
            "description": "Bra, Black, Solid. Womens Lingerie, Under-, Nightwear.",
            "image": "",
            "category": "Underwear",
            "type": "Bra",
            "colour": "Black",
            "department": "Lingeries/Tights",
            "price": "23.6",  # the median of .05 and .03, times 590
        },
    ]
    assert (source.parent / "out/images/0108775.jpg").read_bytes() == picture("black")
    assert dataset.user_ids.tolist() == [customer(n) for n in range(4)]
    rows = dataset.interactions[["user", "item"]].to_numpy().tolist()
    assert rows == [[0, 0], [0, 1], [1, 0], [1, 1], [2, 0], [3, 0]]
    times = dataset.interactions["timestamp"].astype(str).tolist()
    assert times[4] == "2018-09-22", "customer 2 bought two colours; the first day counts"


def test_the_core_counts_products_and_not_colours(source: Path) -> None:
    said, _ = prepared_and_checked(*arguments(source, "--k-core", 2))
    assert "2 items (1 with a picture), 2 users, 4 interactions" in said


def test_drawing_customers_repeats_with_its_seed(source: Path) -> None:
    draws = set()
    for seed in (0, 0, 1, 2, 3, 4):
        prepared_and_checked(*arguments(source, "--users", 2, "--seed", seed))
        users = read_dataset(source.parent / "out").user_ids.tolist()
        assert len(users) == 2 and customer(4) not in users
        draws.add((seed, tuple(users)))
    assert len({seed for seed, _ in draws}) == len(draws), "the same seed draws the same"
    assert len({users for _, users in draws}) > 1, "another seed may draw others"


def test_only_customers_with_enough_purchases_are_drawn(source: Path) -> None:
    for seed in range(4):
        prepare_hm(source.parent / "out", source, quiet, users=2, seed=seed, core=1)
    prepare_hm(source.parent / "two", source, quiet, users=3, seed=0, core=2)
    assert customer(3) not in read_dataset(source.parent / "two").user_ids.tolist()
    assert "Only 3 customers have enough purchases" in failure(*arguments(source, "--users", 4, "--k-core", 2))


@pytest.mark.parametrize("chunk", [1, 2, 3, 7, 100])
def test_reading_in_chunks_changes_nothing(source: Path, chunk: int) -> None:
    customers = pd.Index([customer(n) for n in range(5)])
    articles = pd.Index(["0108775015", "0108775044", "0108775051", "0110065001"])
    reported: list[tuple[int, int]] = []
    bought = read_transactions(
        source, customers, articles, lambda _, done, total: reported.append((done, total)), chunk
    )
    assert bought["customer"].tolist() == [0, 0, 1, 1, 2, 2, 3]
    assert bought["article"].tolist() == [0, 3, 1, 3, 1, 2, 1]
    assert bought["day"].iloc[0] == 17794 and bought["day"].iloc[-1] == 18527  # days since 1970
    np.testing.assert_allclose(bought["price"].iloc[:2], [0.0169491525, 0.05], rtol=1e-6)
    assert bought.memory_usage(index=False).sum() == 7 * 16
    size = (source / "transactions_train.csv").stat().st_size
    assert len(reported) == -(-7 // chunk) and reported[-1] == (size, size)


def _replaced(file: str, old: str, new: str) -> Callable[[Path], object]:
    return lambda root: (root / file).write_text((root / file).read_text().replace(old, new))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda root: (root / "articles.csv").unlink(), "There is no articles.csv in"),
        (lambda root: (root / "customers.csv").unlink(), "There is no customers.csv in"),
        (lambda root: (root / "transactions_train.csv").unlink(), "There is no transactions_train.csv in"),
        (_replaced("articles.csv", "detail_desc", "text"), "lacks columns of Kaggle's articles.csv"),
        (_replaced("customers.csv", "customer_id", "id"), "has no column customer_id"),
        (_replaced("transactions_train.csv", "t_dat", "day"), "is not t_dat,customer_id,article_id,price"),
        (_replaced("transactions_train.csv", "2019-01-02", "soon"), "is not t_dat,customer_id,article_id,price"),
        (_replaced("transactions_train.csv", ",0.05,", ",free,"), "is not t_dat,customer_id,article_id,price"),
        (_replaced("transactions_train.csv", customer(1), "ff"), "row 4: customers.csv lacks its customer_id"),
        (_replaced("transactions_train.csv", "0110065001", "110065001"), "row 3: articles.csv lacks its article_id"),
        (lambda root: (root / "transactions_train.csv").write_text(""), "is not t_dat"),
        (
            lambda root: (root / "transactions_train.csv").write_text("t_dat,customer_id,article_id,price\n"),
            "has no purchases",
        ),
    ],
)
def test_wrong_files_are_one_sentence(source: Path, spoil: Callable[[Path], object], says: str) -> None:
    spoil(source)
    assert says in failure(*arguments(source))
    assert not (source.parent / "out/items.csv").exists()


def test_no_source_leaves_half_a_folder(source: Path) -> None:
    out = source.parent / "out"
    with pytest.raises(SourceError, match="set --k-core lower"):
        prepare_hm(out, source, quiet, core=9)
    assert not out.exists()
