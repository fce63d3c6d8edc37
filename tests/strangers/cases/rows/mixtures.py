"""Two exports put together: the same shopper or day written in two ways, and columns that take a row back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.strangers.reading import Reading, look, plain, read_or_told, read_rightly, told
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import Product, Shop, interaction_rows, item_rows, make_shop, write_shop, write_table

PART = "mixtures"


def half(folder: Path, shop: Shop, change: Callable[[dict[str, str]], dict[str, str]]) -> Reading:
    """Every second row is written in another way."""
    rows = [row | (change(row) if index % 2 else {}) for index, row in enumerate(interaction_rows(shop))]
    return look(write_shop(folder, shop, None, rows, pictures=False))


@situation(PART)
def shoppers_with_and_without_a_point(folder: Path) -> Outcome:
    """17 above, 17.0 below: one shopper."""
    shop = make_shop(names=[str(index) for index in range(10, 40)])
    reading = half(folder, shop, lambda row: {"user_id": f"{row['user_id']}.0"})
    return read_or_told(reading, shop, r"\.0", file="interactions.csv")


@situation(PART)
def shoppers_with_and_without_zeros(folder: Path) -> Outcome:
    """00017 above, 17 below: one shopper."""
    shop = make_shop(names=[f"{index:05d}" for index in range(10, 40)])
    reading = half(folder, shop, lambda row: {"user_id": row["user_id"].lstrip("0")})
    return read_or_told(reading, shop, r"zero", file="interactions.csv")


@situation(PART)
def shoppers_with_and_without_spaces(folder: Path) -> Outcome:
    """'C0001' and 'C0001  '."""
    shop = make_shop()
    return read_rightly(half(folder, shop, lambda row: {"user_id": f" {row['user_id']}  "}), shop)


@situation(PART)
def titles_in_place_of_numbers(folder: Path) -> Outcome:
    """The orders name the title of the product: found by it, or told."""
    shop = make_shop()
    titles = {product.number: product.title for product in shop.products}
    rows = [row | {"item_id": titles[row["item_id"]]} for row in interaction_rows(shop)]
    return read_or_told(look(write_shop(folder, shop, None, rows, pictures=False)), shop, r"not in the items")


@situation(PART)
def a_second_file_of_orders(folder: Path) -> Outcome:
    """interactions.csv of this year and 'interactions (1).csv' of the last: told that one is not read."""
    shop = make_shop()
    rows = interaction_rows(shop)
    write_shop(folder, shop, None, rows[:90], pictures=False)
    write_table(folder / "interactions (1).csv", rows[90:])
    return read_or_told(look(folder), shop, r"interactions \(1\)\.csv")


def taken_back(folder: Path, column: str, bad: str, good: str) -> Outcome:
    """One row in six was no purchase in the end: left out, or told by the column's name."""
    shop = make_shop()
    rows = [row | {column: good if index % 6 else bad} for index, row in enumerate(interaction_rows(shop))]
    right = Shop(shop.products, [one for index, one in enumerate(shop.purchases) if index % 6])
    return read_or_told(look(write_shop(folder, shop, None, rows, pictures=False)), right, column, bad)


@situation(PART)
def cancelled_in_german(folder: Path) -> Outcome:
    """storniert and abgeschlossen."""
    return taken_back(folder, "Status", "storniert", "abgeschlossen")


@situation(PART)
def a_column_returned(folder: Path) -> Outcome:
    """returned: yes and no."""
    return taken_back(folder, "returned", "yes", "no")


@situation(PART)
def sales_and_refunds(folder: Path) -> Outcome:
    """type: sale and refund."""
    return taken_back(folder, "type", "refund", "sale")


@situation(PART)
def wishes_among_purchases(folder: Path) -> Outcome:
    """event_type: add_to_wishlist and purchase."""
    return taken_back(folder, "event_type", "add_to_wishlist", "purchase")


@situation(PART)
def bought_returned_and_bought_again(folder: Path) -> Outcome:
    """+1, -1, +1: bought."""
    shop = make_shop()
    rows = [row | {"quantity": "1"} for row in interaction_rows(shop)]
    more = [row | {"quantity": amount, "timestamp": f"2025-1{month}-01 10:00:00"} for row in rows[::6]
            for month, amount in ((1, "-1"), (2, "1"))]  # fmt: skip
    return read_rightly(look(write_shop(folder, shop, None, rows + more, pictures=False)), shop)


@situation(PART)
def returned_and_never_bought(folder: Path) -> Outcome:
    """-1 of things bought before the export begins: no purchase, and no other is lost."""
    shop = make_shop()
    rows = [row | {"quantity": "1"} for row in interaction_rows(shop)]
    pairs = {(one.user, one.product.number) for one in shop.purchases}
    back = [
        {"user_id": user, "item_id": "HW-002", "timestamp": "2024-01-01", "quantity": "-1"}
        for user in shop.users if (user, "HW-002") not in pairs
    ]  # fmt: skip
    reading = look(write_shop(folder, shop, None, back + rows, pictures=False))
    told(reading, r"return|taken? back|negative|quantit|below", file="interactions.csv")
    return read_rightly(reading, shop)


@situation(PART)
def days_first_and_months_first(folder: Path) -> Outcome:
    """25/04/2024 and 04/25/2024 in one column: told."""
    shop = make_shop()
    rows = [
        row | {"timestamp": f"{one.time:%d/%m/%Y}" if index % 2 else f"{one.time:%m/%d/%Y}"}
        for index, (row, one) in enumerate(zip(interaction_rows(shop), shop.purchases, strict=True))
    ]
    reading = look(write_shop(folder, shop, None, rows, pictures=False))
    return told(reading, r"day_first|can't be read|could be", file="interactions.csv", row=True)


@situation(PART)
def entities_in_titles(folder: Path) -> Outcome:
    """Salt &amp; pepper &#8211; mill."""
    shop = make_shop()
    items = [row | {"title": f"Salt &amp; pepper &#8211; {row['title']}"} for row in item_rows(shop)]
    renamed = {one.number: Product(one.number, one.kind, one.colour, plain(f"Salt & pepper – {one.title}"),
                                   one.description, one.price) for one in shop.products}  # fmt: skip
    right = Shop(list(renamed.values()), [type(one)(one.user, renamed[one.product.number], one.time, one.order)
                                          for one in shop.purchases])  # fmt: skip
    return read_rightly(look(write_shop(folder, shop, items, pictures=False)), right)
