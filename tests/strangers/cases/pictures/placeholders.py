"""Pictures that show nothing of the product."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from tests.strangers.reading import look, read_rightly, told
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import draw, item_rows, make_shop, write_shop

PART = "pictures"


@situation(PART)
def one_grey_square_under_many_names(folder: Path) -> Outcome:
    """Fourteen products 'show' the same grey square, saved under fourteen names: missing pictures, and said."""
    shop = make_shop()
    write_shop(folder, shop)
    for product in shop.products[:14]:
        Image.new("RGB", (48, 48), (200, 200, 200)).save(folder / product.image)
    reading = look(folder)
    read_rightly(reading, shop)
    assert reading.report.summary["with_picture"] == 10, reading.text
    return told(reading, r"\b14\b", r"same picture|placeholder", file="items.csv|images")


@situation(PART)
def coming_soon(folder: Path) -> Outcome:
    """A file coming-soon.jpg for nine products."""
    shop = make_shop()
    items = item_rows(shop)
    for row in items[:9]:
        row["image"] = "images/coming-soon.jpg"
    write_shop(folder, shop, items)
    Image.radial_gradient("L").save(folder / "images" / "coming-soon.jpg")
    reading = look(folder)
    assert reading.report.summary["with_picture"] == 15, reading.text
    return told(reading, r"\b9\b", r"coming-soon\.jpg", file="items.csv|images")


@situation(PART)
def all_the_same_picture(folder: Path) -> Outcome:
    """The logo in place of every picture."""
    shop = make_shop()
    write_shop(folder, shop, [row | {"image": "images/logo.png"} for row in item_rows(shop)])
    draw(shop.products[0]).save(folder / "images" / "logo.png")
    reading = look(folder)
    read_rightly(reading, shop)
    return told(reading, r"\b24\b", r"same picture|logo\.png", file="items.csv|images")


@situation(PART)
def sizes_that_share_a_picture_are_no_placeholder(folder: Path) -> Outcome:
    """Two sizes of one product share title and picture: no missing picture."""
    shop = make_shop()
    items = item_rows(shop)
    twins = [row | {"item_id": f"{row['item_id']}-XL"} for row in items]
    reading = look(write_shop(folder, shop, items + twins))
    assert reading.report.summary["with_picture"] == 48, reading.text
    return told(reading, r"twin|same title|group_column", file="items.csv")
