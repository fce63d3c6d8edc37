"""Numbers of items and shoppers, as spreadsheets and databases leave them."""

from __future__ import annotations

import uuid
from pathlib import Path

from tests.strangers.reading import Reading, look, read_or_told, read_rightly, refused, told, told_once
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import Shop, interaction_rows, item_rows, make_shop, write_shop

PART = "ids"


def written(folder: Path, shop: Shop, item=str, user=str, in_items=str) -> Path:
    """The shop, with every number put through a function for interactions.csv, and another for items.csv."""
    items = [row | {"item_id": in_items(row["item_id"])} for row in item_rows(shop)]
    rows = [row | {"item_id": item(row["item_id"]), "user_id": user(row["user_id"])} for row in interaction_rows(shop)]
    return write_shop(folder, shop, items, rows, pictures=False)


def ean(number: str) -> str:
    """A bar code of 13 digits."""
    return f"40063810{int(number[3:]):05d}"


def digits(number: str) -> str:
    """Seven digits, the first four zeros."""
    return f"{int(number[3:]):07d}"


@situation(PART)
def customer_numbers_rounded_with_a_decimal_comma(folder: Path) -> Outcome:
    """A German spreadsheet wrote 4,00638E+12 for every customer number."""
    shop = make_shop()
    reading = look(written(folder, shop, user=lambda user: "4,00638E+12"))
    told_once(reading, "interactions.csv", r"4,00638E\+12")
    return told(reading, r"rounded|spreadsheet", r"text|export", file="interactions.csv", row=True)


@situation(PART)
def bar_codes_rounded_in_both_tables(folder: Path) -> Outcome:
    """items.csv and interactions.csv were both saved by a spreadsheet: all products are 4.00638E+12."""
    reading = look(written(folder, make_shop(), lambda _: "4.00638E+12", str, lambda _: "4.00638E+12"))
    return refused(reading, r"rounded|spreadsheet", r"text|export", file="items.csv", row=True)


@situation(PART)
def bar_codes_rounded_in_the_orders_only(folder: Path) -> Outcome:
    """The orders say 4.00638E+12 where items.csv has whole bar codes."""
    reading = look(written(folder, make_shop(), lambda _: "4.00638E+12", str, ean))
    told_once(reading, r"rounded|spreadsheet")
    return refused(reading, r"rounded|spreadsheet", r"text|export", file="interactions.csv", row=True)


@situation(PART)
def eighteen_digits_cut_to_fifteen(folder: Path) -> Outcome:
    """A spreadsheet keeps 15 digits: 734512345678901234 became 734512345678901000 in the orders."""
    whole = lambda number: f"7345123456789{int(number[3:]) * 37:05d}"  # noqa: E731
    reading = look(written(folder, make_shop(), lambda number: whole(number)[:15] + "000", str, whole))
    return refused(reading, r"rounded|spreadsheet|digits", file="interactions.csv", row=True)


@situation(PART)
def a_point_and_zero_behind_the_orders_numbers(folder: Path) -> Outcome:
    """A data frame made floats of the numbers: 17.0 in the orders, 17 in items.csv."""
    shop = make_shop()
    short = lambda number: str(int(number[3:]))  # noqa: E731
    reading = look(written(folder, shop, lambda number: f"{short(number)}.0", str, short))
    return read_or_told(reading, shop, r"\.0", file="interactions.csv")


@situation(PART)
def a_point_and_zero_behind_items(folder: Path) -> Outcome:
    """The other way round: items.csv has 17.0."""
    shop = make_shop()
    short = lambda number: str(int(number[3:]))  # noqa: E731
    reading = look(written(folder, shop, short, str, lambda number: f"{short(number)}.0"))
    return read_or_told(reading, shop, r"\.0", file="items.csv|interactions.csv")


@situation(PART)
def zeros_lost_in_the_orders(folder: Path) -> Outcome:
    """items.csv has 0000017, the orders were opened in a spreadsheet and have 17."""
    shop = make_shop()
    reading = look(written(folder, shop, lambda number: digits(number).lstrip("0"), str, digits))
    return read_or_told(reading, shop, r"zero", file="interactions.csv")


@situation(PART)
def zeros_lost_in_both_tables(folder: Path) -> Outcome:
    """Both tables lost their zeros alike: nothing is wrong."""
    shop = make_shop()
    lost = lambda number: digits(number).lstrip("0")  # noqa: E731
    reading = look(written(folder, shop, lost, str, lost))
    return read_rightly(reading, shop)


@situation(PART)
def zeros_lost_where_it_is_ambiguous(folder: Path) -> Outcome:
    """items.csv has both 017 and 17: a lost zero must not be guessed silently."""
    shop = make_shop()
    items = [
        row | {"item_id": f"{index // 2:0{3 if index % 2 else 1}d}"} for index, row in enumerate(item_rows(shop), 2)
    ]
    numbers = {product.number: row["item_id"] for product, row in zip(shop.products, items, strict=True)}
    rows = [row | {"item_id": numbers[row["item_id"]]} for row in interaction_rows(shop)]
    return read_rightly(look(write_shop(folder, shop, items, rows, pictures=False)), shop)


@situation(PART)
def capitals_in_one_table(folder: Path) -> Outcome:
    """UUIDs in capitals in items.csv, in small letters in the orders."""
    shop = make_shop()
    number = lambda number: str(uuid.uuid5(uuid.NAMESPACE_DNS, number))  # noqa: E731
    reading = look(written(folder, shop, number, str, lambda one: number(one).upper()))
    return read_or_told(reading, shop, r"case|capital", file="interactions.csv")


@situation(PART)
def an_equals_sign_and_quotes(folder: Path) -> Outcome:
    """Somebody protected the zeros: ="0000017" in both tables."""
    shop = make_shop()
    guarded = lambda number: f'="{digits(number)}"'  # noqa: E731
    reading = look(written(folder, shop, guarded, str, guarded))
    outcome = read_rightly(reading, shop)
    assert reading.dataset is not None
    assert reading.dataset.items["item_id"][0] == "0000001", reading.dataset.items["item_id"][0]
    return outcome


@situation(PART)
def an_equals_sign_in_one_table(folder: Path) -> Outcome:
    """="0000017" in items.csv only."""
    shop = make_shop()
    reading = look(written(folder, shop, digits, str, lambda number: f'="{digits(number)}"'))
    return read_rightly(reading, shop)


@situation(PART)
def an_apostrophe_in_front(folder: Path) -> Outcome:
    """The apostrophe that makes text of a number: '0000017 in the orders."""
    shop = make_shop()
    reading = look(written(folder, shop, lambda number: f"'{digits(number)}", str, digits))
    return read_or_told(reading, shop, r"'0|apostrophe", file="interactions.csv")


@situation(PART)
def spaces_around_and_hard_ones(folder: Path) -> Outcome:
    """A space behind, a no-break space in front."""
    shop = make_shop()
    reading = look(written(folder, shop, lambda number: f"{number} ", lambda user: f"\u00a0{user}"))
    return read_rightly(reading, shop)


@situation(PART)
def spaces_inside(folder: Path) -> Outcome:
    """'HW 001' with an ordinary space in items.csv, with a no-break space in the orders."""
    shop = make_shop()
    reading = look(
        written(
            folder, shop, lambda number: number.replace("-", "\u00a0"), str, lambda number: number.replace("-", " ")
        )
    )
    return read_or_told(reading, shop, r"space|not in items", file="interactions.csv")


@situation(PART)
def thousands_parted(folder: Path) -> Outcome:
    """1,000,017 in the orders, 1000017 in items.csv."""
    shop = make_shop()
    number = lambda number: 1_000_000 + int(number[3:])  # noqa: E731
    reading = look(written(folder, shop, lambda one: f"{number(one):,}", str, lambda one: str(number(one))))
    return read_or_told(reading, shop, r"thousand|comma|separat|not in items", file="interactions.csv")


@situation(PART)
def addresses_in_different_case(folder: Path) -> Outcome:
    """Ada@Example.com and ada@example.com are one person to every mail server."""
    shop = make_shop(names=[f"person{index:02d}@example.com" for index in range(30)])
    rows = [
        row | ({"user_id": row["user_id"].replace("person", "Person").title()} if index % 2 else {})
        for index, row in enumerate(interaction_rows(shop))
    ]
    reading = look(write_shop(folder, shop, None, rows, pictures=False))
    return read_or_told(reading, shop, r"case|capital", file="interactions.csv")


def nobody(folder: Path, name: str) -> Reading:
    """A third of the rows have ``name`` in place of a user."""
    rows = [
        row | ({"user_id": name} if index % 3 == 0 else {}) for index, row in enumerate(interaction_rows(make_shop()))
    ]
    return look(write_shop(folder, make_shop(), None, rows, pictures=False))


def count_told(reading: Reading, name: str) -> Outcome:
    """The sentence has the number of rows, 60."""
    assert reading.dataset is None or name not in set(reading.dataset.user_ids), reading.text
    return told(reading, r"\b60\b", file="interactions.csv")


@situation(PART)
def users_called_null(folder: Path) -> Outcome:
    """A database wrote NULL for guests."""
    return count_told(nobody(folder, "NULL"), "NULL")


@situation(PART)
def users_called_nan(folder: Path) -> Outcome:
    """A data frame wrote nan for guests."""
    return count_told(nobody(folder, "nan"), "nan")


@situation(PART)
def users_called_backslash_n(folder: Path) -> Outcome:
    r"""MySQL wrote \N for guests."""
    return count_told(nobody(folder, r"\N"), r"\N")


@situation(PART)
def users_that_are_an_error_of_the_spreadsheet(folder: Path) -> Outcome:
    """A lookup failed: #N/A."""
    return count_told(nobody(folder, "#N/A"), "#N/A")


@situation(PART)
def users_called_undefined(folder: Path) -> Outcome:
    """A script wrote undefined."""
    return count_told(nobody(folder, "undefined"), "undefined")


@situation(PART)
def guests_share_an_address(folder: Path) -> Outcome:
    """Two thirds of the orders were typed in by the shop: guest@hearth.example."""
    rows = [
        row | ({"user_id": "guest@hearth.example"} if index % 3 else {})
        for index, row in enumerate(interaction_rows(make_shop()))
    ]
    reading = look(write_shop(folder, make_shop(), None, rows, pictures=False))
    return told(reading, r"guest@hearth\.example", r"120|67 ?%", file="interactions.csv")


@situation(PART)
def guests_can_be_left_out(folder: Path) -> Outcome:
    """The same, with the setting that leaves them out: the others are read."""
    shop = make_shop()
    rows = [row | ({"user_id": "0"} if index % 3 else {}) for index, row in enumerate(interaction_rows(shop))]
    shop.purchases = [one for index, one in enumerate(shop.purchases) if index % 3 == 0]
    reading = look(write_shop(folder, shop, None, rows, pictures=False), exclude_users=("0",))
    told(reading, r"\b120\b", file="interactions.csv")
    return read_rightly(reading, shop)


@situation(PART)
def a_single_user(folder: Path) -> Outcome:
    """The column of the shop's own number was exported in place of the customer's."""
    rows = [row | {"user_id": "1"} for row in interaction_rows(make_shop())]
    reading = look(write_shop(folder, make_shop(), None, rows, pictures=False))
    return told(reading, r"one user|single user|only 1 user|user '1'|1 user", file="interactions.csv")


@situation(PART)
def orders_in_place_of_customers(folder: Path) -> Outcome:
    """user_id is the order's number: nobody comes twice, and every user has one or two rows."""
    shop = make_shop(each=1, users=90)
    rows = [row | {"user_id": str(1000 + index)} for index, row in enumerate(interaction_rows(shop))]
    reading = look(write_shop(folder, shop, None, rows, pictures=False))
    return told(reading, r"one|once|single", r"user", file="interactions.csv")


@situation(PART)
def variants_in_the_orders(folder: Path) -> Outcome:
    """The orders name HW-001-XL, items.csv HW-001."""
    reading = look(written(folder, make_shop(), lambda number: f"{number}-XL"))
    told_once(reading, r"not in items\.csv|items\.csv lacks|items file|HW-\d+-XL", most=8)
    return refused(reading, r"items", file="interactions.csv", row=True)


@situation(PART)
def numbers_that_became_dates(folder: Path) -> Outcome:
    """A spreadsheet took MAR-01 for the first of March and saved 01-Mar."""
    reading = look(
        written(folder, make_shop(), lambda number: f"{int(number[3:]):02d}-Mar", str, lambda one: f"MAR-{one[4:]}")
    )
    return refused(reading, r"items", file="interactions.csv", row=True)


@situation(PART)
def one_number_for_two_products(folder: Path) -> Outcome:
    """Two different products have the same number."""
    items = item_rows(make_shop())
    items[5]["item_id"] = items[2]["item_id"]
    reading = look(write_shop(folder, make_shop(), items, pictures=False))
    return told(reading, r"HW-003", file="items.csv", row=True)
