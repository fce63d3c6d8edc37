"""Public data sets as they are downloaded."""

from __future__ import annotations

from pathlib import Path

from tests.strangers.cases.tables.systems import by_the_day
from tests.strangers.exports import academic
from tests.strangers.reading import look, read_or_told, read_rightly, refused
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import Product, Shop, make_shop

PART = "public"


@situation(PART)
def fashion_of_kaggle(folder: Path) -> Outcome:
    """articles.csv, transactions_train.csv, images/010/0108775015.jpg: read, or told the command."""
    shop = by_the_day(make_shop())
    academic.hm(folder, shop)
    named = Shop(shop.products, [type(one)(academic.customer_number(one.user), one.product, one.time, one.order)
                                 for one in shop.purchases])  # fmt: skip
    return read_or_told(look(folder), named, r"prepare hm", pictures=24)


@situation(PART)
def fashion_of_kaggle_renamed(folder: Path) -> Outcome:
    """The same, renamed to items.csv and interactions.csv: its columns are known."""
    shop = by_the_day(make_shop())
    academic.hm(folder, shop)
    (folder / "articles.csv").rename(folder / "items.csv")
    (folder / "transactions_train.csv").rename(folder / "interactions.csv")
    named = Shop(shop.products, [type(one)(academic.customer_number(one.user), one.product, one.time, one.order)
                                 for one in shop.purchases])  # fmt: skip
    return read_rightly(look(folder), named)


@situation(PART)
def recbole(folder: Path) -> Outcome:
    """hearth.inter and hearth.item with user_id:token: read, or told what to do."""
    return read_or_told(look(academic.recbole(folder, make_shop())), make_shop(), r"hearth\.(inter|item)")


@situation(PART)
def recbole_renamed(folder: Path) -> Outcome:
    """The same, renamed: user_id:token is user_id."""
    academic.recbole(folder, make_shop())
    (folder / "hearth.item").rename(folder / "items.csv")
    (folder / "hearth.inter").rename(folder / "interactions.csv")
    return read_rightly(look(folder), make_shop())


@situation(PART)
def movielens_small(folder: Path) -> Outcome:
    """movies.csv and ratings.csv, with links.csv and tags.csv beside them."""
    shop = make_shop()
    shop.products = [
        Product(one.number, one.kind, one.colour, one.title, "Comedy|Drama", one.price) for one in shop.products
    ]
    shop.purchases = [type(one)(one.user, shop.products[int(one.product.number[3:]) - 1], one.time, one.order)
                      for one in shop.purchases]  # fmt: skip
    return read_or_told(look(academic.movielens_small(folder, shop)), shop, r"prepare")


@situation(PART)
def movielens_one_million(folder: Path) -> Outcome:
    """movies.dat and ratings.dat: told the command that reads them."""
    return refused(look(academic.movielens_1m(folder, make_shop())), r"prepare movielens|movies\.dat")


@situation(PART)
def amazon_reviews(folder: Path) -> Outcome:
    """Home.jsonl and meta_Home.jsonl: told what to do."""
    return refused(look(academic.amazon(folder, make_shop())), r"prepare amazon|jsonl")


@situation(PART)
def mmrec(folder: Path) -> Outcome:
    """baby.inter and image_feat.npy: told the command that reads them."""
    return refused(look(academic.mmrec(folder, make_shop())), r"prepare mmrec")
