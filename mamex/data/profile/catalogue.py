"""What a catalogue is like: what its items show, which are alike, what they cost, what groups them."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mamex.data.contents.items import Items
from mamex.files.words import printable
from mamex.modalities import PICTURE_COLUMN

#: Names of columns, in small letters and without signs, that say what an item costs, the likelier first.
PRICE_NAMES = ("price", "saleprice", "regularprice", "variantprice", "listprice", "currentprice", "unitprice", "rrp")
#: Names of columns that say which items are one product in several sizes or colours.
GROUP_NAMES = (
    *("itemgroupid", "groupid", "group", "productgroup", "parentid", "parentsku", "parent", "parentasin"),
    *("parentproduct", "productcode", "productid", "modelid", "model", "styleid", "style", "stylecode", "handle"),
    *("variantof", "family"),
)
#: Groups that hold more of the items than this are categories, and no products.
LARGEST_GROUP = 0.1
#: Twins that are named.
SHOWN_TWINS = 5
_NUMBER = re.compile(r"\d[\d.,']{0,30}")


@dataclass(frozen=True)
class Price:
    """What the items cost, in the words of one column."""

    column: str
    priced: int
    lowest: float
    median: float
    highest: float


@dataclass(frozen=True)
class Groups:
    """A column whose equal values seem to be one product in several sizes or colours."""

    column: str
    groups: int
    items: int
    largest: int


@dataclass(frozen=True)
class Alike:
    """Items that nothing but their number tells apart: their title, how many they are, and the first one's position."""

    title: str
    items: int
    row: int


@dataclass(frozen=True)
class Catalogue:
    """The items, each counted once.

    Attributes:
        items: how many.
        both, picture_only, words_only, neither: what they show; they add up to ``items``.
        lost_pictures: items that name a picture that can't be used.
        twins: items that share title and picture with another; ``alike``: the largest sets of them.
        price: None if no column is one of prices.
        groups: a column to give as data.group_column; None if there is none.
    """

    items: int
    both: int
    picture_only: int
    words_only: int
    neither: int
    lost_pictures: int
    twins: int
    alike: tuple[Alike, ...]
    price: Price | None
    groups: Groups | None


def catalogue_of(items: Items, has_picture: np.ndarray) -> Catalogue:
    """The catalogue's profile.

    Args:
        items: items.csv.
        has_picture: (n,) bool: does record i have a picture that can be used?
    """
    real = items.is_first  # a row that repeats an item, or names none, is not an item
    pictured, worded = has_picture[real], items.has_words[real]
    frame = items.frame[real]
    return Catalogue(
        items=len(frame),
        both=int((pictured & worded).sum()),
        picture_only=int((pictured & ~worded).sum()),
        words_only=int((~pictured & worded).sum()),
        neither=int((~pictured & ~worded).sum()),
        lost_pictures=int(((frame[PICTURE_COLUMN] != "").to_numpy() & ~pictured).sum()),
        twins=items.twins.count,
        alike=_alike(items),
        price=_price(frame),
        groups=_groups(frame, items.twins.column),
    )


def _alike(items: Items) -> tuple[Alike, ...]:
    largest = sorted(items.twins.groups, key=len, reverse=True)[:SHOWN_TWINS]
    return tuple(Alike(printable(items.frame["title"].iloc[row := min(g)][:200]), len(g), row) for g in largest)


def _price(frame: pd.DataFrame) -> Price | None:
    for column in _columns_named(frame, PRICE_NAMES):
        codes, distinct = pd.factorize(frame[column])
        parsed = np.array([_amount(str(value)) for value in distinct], dtype=np.float64)
        prices = parsed[codes]
        prices = prices[~np.isnan(prices)]
        if len(prices) > len(frame) / 2:
            return Price(column, len(prices), float(prices.min()), float(np.median(prices)), float(prices.max()))
    return None


def _amount(text: str) -> float:
    """The number of "€ 1.299,00" or "12.5 USD"; not a number if there is none."""
    found = _NUMBER.search(text)
    if not found:
        return float("nan")
    whole, mark, part = _parts(found[0].rstrip(".,'"))
    digits = re.sub(r"\D", "", whole)
    return float(f"{digits}.{part}") if mark else float(digits)


def _parts(number: str) -> tuple[str, str, str]:
    """Before and after the decimal mark: the last of two kinds, or the only one unless it sets thousands apart."""
    last = max(number.rfind("."), number.rfind(","))
    if last < 0:
        return number, "", ""
    mark, part = number[last], number[last + 1 :]
    thousands = number.count(mark) > 1 or (mark == "," and len(part) == 3 and "." not in number)
    return (number, "", "") if thousands else (number[:last], mark, part)


def _groups(frame: pd.DataFrame, holds_twins: str) -> Groups | None:
    """The column that holds twins together, or the one with the likeliest name whose values group the items."""
    for column in [holds_twins] if holds_twins else _columns_named(frame, GROUP_NAMES):
        sizes = frame[column].str.strip().value_counts().drop("", errors="ignore")
        several = sizes[sizes > 1]
        if len(several) > 1 and several.iloc[0] <= max(2, LARGEST_GROUP * len(frame)):
            return Groups(column, len(several), int(several.sum()), int(several.iloc[0]))
    return None


def _columns_named(frame: pd.DataFrame, names: tuple[str, ...]) -> list[str]:
    plain = {re.sub(r"[^a-z]", "", str(column).lower()): str(column) for column in frame.columns}
    return [plain[name] for name in names if name in plain]
