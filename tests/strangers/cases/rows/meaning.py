"""What a row means: ratings, returns, quantities, statuses, kinds of events."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.strangers.reading import Reading, look, read_or_told, read_rightly, told, told_once
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import Shop, interaction_rows, item_rows, make_shop, write_shop

PART = "meaning"


def with_column(folder: Path, shop: Shop, column: str, value: Callable[[int], str], **settings: object) -> Reading:
    """A shop with one more column in interactions.csv, whose value depends on the row's position."""
    rows = [row | {column: value(index)} for index, row in enumerate(interaction_rows(shop))]
    return look(write_shop(folder, shop, None, rows, pictures=False), **settings)


def kept(shop: Shop, keep: Callable[[int], bool]) -> Shop:
    """The shop as it is if only some rows count."""
    return Shop(shop.products, [one for index, one in enumerate(shop.purchases) if keep(index)])


def one_in_three_disliked(folder: Path, liked: str, disliked: str, *patterns: str) -> Outcome:
    """Every third row is a bad rating: left out, and said with how many."""
    shop = make_shop()
    reading = with_column(folder, shop, "rating", lambda index: disliked if index % 3 == 0 else liked)
    told(reading, r"rating|like", r"\b60\b|\b120\b", *patterns, file="interactions.csv")
    return read_rightly(reading, kept(shop, lambda index: index % 3 != 0))


@situation(PART)
def ratings_with_a_comma(folder: Path) -> Outcome:
    """4,5 and 1,5 of five."""
    return one_in_three_disliked(folder, "4,5", "1,5")


@situation(PART)
def ratings_as_fractions(folder: Path) -> Outcome:
    """5/5 and 1/5."""
    return one_in_three_disliked(folder, "5/5", "1/5")


@situation(PART)
def ratings_as_stars(folder: Path) -> Outcome:
    """★★★★☆ and ★☆☆☆☆."""
    shop = make_shop()
    reading = with_column(folder, shop, "rating", lambda index: "★☆☆☆☆" if index % 3 == 0 else "★★★★☆")
    return read_or_told(reading, kept(shop, lambda index: index % 3 != 0), r"★|rating", file="interactions.csv")


@situation(PART)
def likes_and_dislikes(folder: Path) -> Outcome:
    """like and dislike."""
    return one_in_three_disliked(folder, "like", "dislike")


@situation(PART)
def thumbs_as_signs(folder: Path) -> Outcome:
    """1 and -1."""
    return one_in_three_disliked(folder, "1", "-1")


@situation(PART)
def ratings_up_to_ten(folder: Path) -> Outcome:
    """9 and 3 of ten: 3 is below the middle."""
    shop = make_shop()
    marks = "3", "9", "10"
    reading = with_column(folder, shop, "rating", lambda index: marks[index % 3])
    told(reading, r"rating", r"\b60\b|\b120\b", file="interactions.csv")
    return read_rightly(reading, kept(shop, lambda index: index % 3 != 0))


@situation(PART)
def ratings_up_to_a_hundred(folder: Path) -> Outcome:
    """20 and 85 of a hundred."""
    shop = make_shop()
    marks = "20", "85", "100"
    reading = with_column(folder, shop, "rating", lambda index: marks[index % 3])
    told(reading, r"rating", r"\b60\b|\b120\b", file="interactions.csv")
    return read_rightly(reading, kept(shop, lambda index: index % 3 != 0))


@situation(PART)
def a_bar_of_its_own(folder: Path) -> Outcome:
    """data.min_rating=5 on marks of 3, 4 and 5."""
    shop = make_shop()
    reading = with_column(folder, shop, "rating", lambda index: str(3 + index % 3), min_rating=5)
    return read_rightly(reading, kept(shop, lambda index: index % 3 == 2))


@situation(PART)
def every_rating_counts_on_request(folder: Path) -> Outcome:
    """data.min_rating=0: all rows are kept."""
    shop = make_shop()
    reading = with_column(folder, shop, "rating", lambda index: str(1 + index % 5), min_rating=0)
    return read_rightly(reading, shop)


@situation(PART)
def all_the_same_rating(folder: Path) -> Outcome:
    """Every row is rated 1, as systems without ratings write: all of them are purchases."""
    shop = make_shop()
    return read_rightly(with_column(folder, shop, "rating", lambda _: "1"), shop)


@situation(PART)
def returns_by_a_negative_quantity(folder: Path) -> Outcome:
    """A row with -1 takes the purchase back."""
    shop = make_shop()
    rows = [row | {"quantity": "1"} for row in interaction_rows(shop)]
    back = [row | {"quantity": "-1", "timestamp": "2025-12-01 10:00:00"} for row in rows[::6]]
    reading = look(write_shop(folder, shop, None, rows + back, pictures=False))
    told(reading, r"return|taken? back|negative|quantit", r"\b30\b", file="interactions.csv")
    return read_rightly(reading, kept(shop, lambda index: index % 6 != 0))


@situation(PART)
def a_return_of_one_of_two(folder: Path) -> Outcome:
    """Two were bought and one went back: still bought."""
    shop = make_shop()
    rows = [row | {"quantity": "2"} for row in interaction_rows(shop)]
    back = [row | {"quantity": "-1", "timestamp": "2025-12-01 10:00:00"} for row in rows[::6]]
    reading = look(write_shop(folder, shop, None, rows + back, pictures=False))
    return read_rightly(reading, shop)


@situation(PART)
def nothing_was_bought(folder: Path) -> Outcome:
    """A quantity of 0: no purchase, and told."""
    shop = make_shop()
    reading = with_column(folder, shop, "quantity", lambda index: "0" if index % 6 == 0 else "1")
    told(reading, r"quantit", r"\b30\b", file="interactions.csv")
    return read_rightly(reading, kept(shop, lambda index: index % 6 != 0))


@situation(PART)
def quantities_of_several(folder: Path) -> Outcome:
    """2.0000, 3,00 and 12: nothing is lost."""
    shop = make_shop()
    amounts = "2.0000", "3,00", "12"
    return read_rightly(with_column(folder, shop, "quantity", lambda index: amounts[index % 3]), shop)


def by_status(folder: Path, column: str, bad: str, good: str) -> Outcome:
    """One row in six did not become a purchase: left out with a count, or told."""
    shop = make_shop()
    reading = with_column(folder, shop, column, lambda index: bad if index % 6 == 0 else good)
    return read_or_told(reading, kept(shop, lambda index: index % 6 != 0), column, bad, file="interactions.csv")


@situation(PART)
def orders_refunded(folder: Path) -> Outcome:
    """A column status says refunded."""
    return by_status(folder, "status", "refunded", "completed")


@situation(PART)
def orders_cancelled(folder: Path) -> Outcome:
    """WooCommerce's wc-cancelled and wc-completed."""
    return by_status(folder, "order_status", "wc-cancelled", "wc-completed")


@situation(PART)
def orders_never_paid(folder: Path) -> Outcome:
    """Shopify's voided."""
    return by_status(folder, "Financial Status", "voided", "paid")


@situation(PART)
def views_among_purchases(folder: Path) -> Outcome:
    """An event log: view, cart and purchase in a column event."""
    return by_status(folder, "event", "view", "purchase")


@situation(PART)
def columns_nobody_reads(folder: Path) -> Outcome:
    """Coupon, channel and store: named once, all together."""
    shop = make_shop()
    rows = [row | {"coupon": "AUTUMN", "channel": "web", "store": "3"} for row in interaction_rows(shop)]
    reading = look(write_shop(folder, shop, None, rows, pictures=False))
    told_once(reading, "coupon", "channel", "store")
    return read_rightly(reading, shop)


@situation(PART)
def ratings_that_are_words(folder: Path) -> Outcome:
    """great, good, poor: told what is understood."""
    words = "great", "good", "poor"
    reading = with_column(folder, make_shop(), "rating", lambda index: words[index % 3])
    told_once(reading, "rating", "great|good|poor", most=8)
    return told(reading, r"rating", r"number", file="interactions.csv", row=True)


@situation(PART)
def mostly_repeated_rows(folder: Path) -> Outcome:
    """A log of every click: each row stands there ten times."""
    shop = make_shop()
    reading = look(write_shop(folder, shop, None, interaction_rows(shop) * 10, pictures=False))
    told(reading, r"1,?620|90 ?%", file="interactions.csv")
    return read_rightly(reading, shop)


@situation(PART)
def discontinued_products(folder: Path) -> Outcome:
    """Four products went off the catalogue; the message names the setting and the count."""
    shop = make_shop()
    gone = {product.number for product in shop.products[-4:]}
    lost = sum(one.product.number in gone for one in shop.purchases)
    reading = look(write_shop(folder, shop, item_rows(shop)[:-4], pictures=False))
    assert reading.dataset is None
    return told(reading, r"unknown_items=drop", rf"\b{lost}\b", file="interactions.csv")


@situation(PART)
def discontinued_products_dropped(folder: Path) -> Outcome:
    """The same with data.unknown_items=drop: the others are read, the count is told."""
    shop = make_shop()
    gone = {product.number for product in shop.products[-4:]}
    lost = sum(one.product.number in gone for one in shop.purchases)
    reading = look(write_shop(folder, shop, item_rows(shop)[:-4], pictures=False), unknown_items="drop")
    told(reading, rf"\b{lost}\b", file="interactions.csv")
    left = [one for one in shop.purchases if one.product.number not in gone]
    return read_rightly(reading, Shop(shop.products[:-4], left))


@situation(PART)
def dropping_hides_no_mistake(folder: Path) -> Outcome:
    """All numbers unknown: an error even with data.unknown_items=drop."""
    rows = [row | {"item_id": f"X{row['item_id']}"} for row in interaction_rows(make_shop())]
    reading = look(write_shop(folder, make_shop(), None, rows, pictures=False), unknown_items="drop")
    assert reading.dataset is None, reading.text
    return told(reading, r"item", file="interactions.csv")


@situation(PART)
def quantities_with_a_unit(folder: Path) -> Outcome:
    """'2 Stk.': all are purchases; read, or told."""
    shop = make_shop()
    return read_or_told(with_column(folder, shop, "quantity", lambda _: "2 Stk."), shop, r"quantit", "Stk")


@situation(PART)
def zero_for_not_rated(folder: Path) -> Outcome:
    """Ratings of 1 to 10, and 0 for half of the rows, which were bought without a mark: told with the count."""
    shop = make_shop()
    reading = with_column(folder, shop, "rating", lambda index: "0" if index % 2 else str(7 + index % 4))
    return read_or_told(reading, shop, r"rating", r"\b90\b", file="interactions.csv")
