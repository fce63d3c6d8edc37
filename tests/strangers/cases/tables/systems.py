"""Whole exports of shop systems and public data sets, untouched."""

from __future__ import annotations

from pathlib import Path

from tests.strangers.exports import academic, magento, others, shopify, woocommerce
from tests.strangers.reading import Reading, look, read_or_told, read_rightly, refused, told, told_once
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import Product, Shop, draw, make_shop, save_pictures

PART = "systems"
ADDRESSES = [f"person{index:02d}@example.com" for index in range(30)]


def addressed() -> Shop:
    """A shop whose users are mail addresses."""
    return make_shop(names=ADDRESSES)


def by_the_day(shop: Shop) -> Shop:
    """The same shop; its times without hours."""
    for index, one in enumerate(shop.purchases):
        shop.purchases[index] = type(one)(one.user, one.product, one.time.replace(hour=0, minute=0), one.order)
    return shop


def columns_said(reading: Reading, theirs: str, ours: str) -> None:
    """It says which column was taken for which."""
    told(reading, theirs, ours)


@situation(PART)
def shopify_with_sizes(folder: Path) -> Outcome:
    """products_export_1.csv with two sizes a product and orders_export_1.csv: 24 products, one an address."""
    reading = look(shopify.export(folder, addressed()))
    told_once(reading, r"prepare", most=2)
    columns_said(reading, r"Body \(HTML\)", r"description")
    return read_rightly(reading, addressed())


@situation(PART)
def shopify_without_sizes(folder: Path) -> Outcome:
    """The same with one variant a product, and a further row for the second picture."""
    reading = look(shopify.export(folder, addressed(), sizes=False))
    columns_said(reading, r"Lineitem sku|Variant SKU", r"item_id")
    return read_rightly(reading, addressed())


@situation(PART)
def shopify_with_its_pictures(folder: Path) -> Outcome:
    """The pictures were downloaded beside it into images/."""
    shop = addressed()
    shopify.export(folder, shop, sizes=False)
    save_pictures(shop, folder / "images")
    return read_or_told(look(folder), shop, r"prepare|address|url", pictures=24)


@situation(PART)
def shopify_orders_alone(folder: Path) -> Outcome:
    """The products were forgotten: told which table is missing."""
    shopify.export(folder, addressed())
    (folder / "products_export_1.csv").unlink()
    return refused(look(folder), r"product")


@situation(PART)
def shopify_refunds(folder: Path) -> Outcome:
    """Financial Status refunded in the first row of an order counts for the whole order."""
    shop = addressed()
    rows, back = shopify.order_rows(shop, sizes=False), set()
    for row in rows:
        if row.get("Financial Status") and int(row["Name"][1:]) % 5 == 0:
            row["Financial Status"] = "refunded"
            back.add(row["Name"])
    shopify.export(folder, shop, sizes=False)
    shopify.write(folder / "orders_export_1.csv", shopify.ORDER_COLUMNS, rows)
    shop.purchases = [one for one in shop.purchases if f"#{one.order}" not in back]
    return read_or_told(look(folder), shop, r"refunded", r"Financial Status")


@situation(PART)
def woocommerce_with_variations(folder: Path) -> Outcome:
    """wc-product-export with variable products, and the lines of orders."""
    reading = look(woocommerce.export(folder, addressed()))
    told_once(reading, r"prepare", most=2)
    return read_rightly(reading, addressed())


@situation(PART)
def woocommerce_of_cancelled_orders(folder: Path) -> Outcome:
    """Order Status Cancelled in a sixth of the orders."""
    shop = addressed()
    woocommerce.export(folder, shop)
    rows = woocommerce.order_rows(shop)
    for row in rows:
        if int(row["Order Number"]) % 6 == 0:
            row["Order Status"] = "Cancelled"
    next(folder.glob("orders-*.csv")).unlink()
    shopify.write(folder / "orders-2026-11-28-07-20-11.csv", woocommerce.ORDER_COLUMNS, rows)
    shop.purchases = [one for one in shop.purchases if one.order % 6]
    return read_or_told(look(folder), shop, r"Cancelled", r"Order Status")


@situation(PART)
def magento_with_its_media(folder: Path) -> Outcome:
    """catalog_product with /t/e/teapot.png and pub/media/catalog/product; item_id of an order line is no product."""
    return read_rightly(look(magento.export(folder, make_shop())), make_shop(), 24)


@situation(PART)
def prestashop(folder: Path) -> Outcome:
    """Product ID;Name *;Image URLs (x,y,z...) and the lines of orders."""
    return read_rightly(look(others.prestashop(folder, make_shop())), make_shop())


@situation(PART)
def google_merchant(folder: Path) -> Outcome:
    """A feed with tabs in feed.txt, and purchases out of Analytics in microseconds."""
    return read_or_told(look(others.merchant(folder, make_shop())), make_shop(), r"feed\.txt")


@situation(PART)
def google_merchant_renamed(folder: Path) -> Outcome:
    """The same under the names that the README asks for."""
    others.merchant(folder, make_shop())
    (folder / "feed.txt").rename(folder / "items.csv")
    (folder / "bq-results-20261128-072011.csv").rename(folder / "interactions.csv")
    reading = look(folder)
    told_once(reading, r"prepare", most=2)
    columns_said(reading, "image_link", "image")
    return read_rightly(reading, make_shop())


@situation(PART)
def etsy(folder: Path) -> Outcome:
    """EtsyListingsDownload.csv and EtsySoldOrderItems2024.csv with days as 12/31/24."""
    shop = by_the_day(make_shop())
    return read_rightly(look(others.etsy(folder, shop)), shop)


@situation(PART)
def squarespace(folder: Path) -> Outcome:
    """Names in square brackets, picture addresses parted by spaces."""
    return read_rightly(look(others.squarespace(folder, addressed())), addressed())


@situation(PART)
def a_european_spreadsheet(folder: Path) -> Outcome:
    """Semicolons, cp1252, decimal commas, days first, and a rating of 4,5."""
    reading = look(others.european_excel(folder, make_shop()))
    assert reading.dataset is not None, reading.text
    assert set(reading.dataset.interactions["rating"]) == {4.5}
    return read_rightly(reading, make_shop(), 24)


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
    shop.products = [Product(one.number, one.kind, one.colour, one.title, "", one.price) for one in shop.products]
    shop.purchases = [type(one)(one.user, shop.products[int(one.product.number[3:]) - 1], one.time, one.order)
                      for one in shop.purchases]  # fmt: skip
    return read_or_told(look(academic.movielens_small(folder, shop)), shop, r"movies\.csv|prepare")


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
    return refused(look(academic.mmrec(folder, make_shop())), r"prepare mmrec|baby\.inter")


@situation(PART)
def two_exports_in_one_folder(folder: Path) -> Outcome:
    """products_export_1.csv and products_export_2.csv: told, not one of them in silence."""
    shop = addressed()
    shopify.export(folder, shop, sizes=False)
    rows = shopify.product_rows(shop, sizes=False)
    shopify.write(folder / "products_export_1.csv", shopify.PRODUCT_COLUMNS, rows[:24])
    shopify.write(folder / "products_export_2.csv", shopify.PRODUCT_COLUMNS, rows[24:])
    return read_or_told(look(folder), shop, r"products_export_[12]\.csv", r"products_export_[12]\.csv|two|several")


@situation(PART)
def an_empty_folder(folder: Path) -> Outcome:
    """Nothing at all."""
    folder.mkdir(exist_ok=True)
    return refused(look(folder), r"items\.csv")


@situation(PART)
def pictures_alone(folder: Path) -> Outcome:
    """A folder of pictures and no table."""
    folder.mkdir(exist_ok=True)
    draw(make_shop().products[0]).save(folder / "mug.png")
    return refused(look(folder), r"items\.csv")
