"""Whole exports of shop systems and public data sets, untouched."""

from __future__ import annotations

from pathlib import Path

from tests.strangers.exports import magento, others, shopify, woocommerce
from tests.strangers.reading import Reading, look, read_or_told, read_rightly, refused, told, told_once
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import Shop, draw, make_shop, save_pictures

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
def shopify_lines_without_numbers(folder: Path) -> Outcome:
    """Tips and parcel insurance have no Lineitem sku: told with the row, and what to do."""
    shop = addressed()
    shopify.export(folder, shop, sizes=False)
    rows = shopify.order_rows(shop, sizes=False)
    rows += [row | {"Lineitem name": "Tip", "Lineitem sku": ""} for row in rows[::9]]
    shopify.write(folder / "orders_export_1.csv", shopify.ORDER_COLUMNS, rows)
    reading = look(folder)
    told(reading, r"Lineitem sku|item_id|Tip|item", r"\b20\b", file="orders_export_1.csv")
    return read_rightly(reading, shop) if reading.dataset is not None else "told"


@situation(PART)
def shopify_without_numbers(folder: Path) -> Outcome:
    """The owner never filled in SKUs: orders name products by Lineitem name alone; read, or told."""
    shop = addressed()
    for name, columns, rows in (
        ("products_export_1.csv", shopify.PRODUCT_COLUMNS, shopify.product_rows(shop, sizes=False)),
        ("orders_export_1.csv", shopify.ORDER_COLUMNS, shopify.order_rows(shop, sizes=False)),
    ):
        blank = [row | {key: "" for key in ("Variant SKU", "Lineitem sku") if key in row} for row in rows]
        shopify.write(folder / name, columns, blank)
    return read_or_told(look(folder), shop, r"sku|item_id")


@situation(PART)
def woocommerce_without_numbers(folder: Path) -> Outcome:
    """SKU is empty everywhere; the orders give a Product ID: read, or told."""
    shop = addressed()
    woocommerce.export(folder, shop)
    products = [row | {"SKU": ""} for row in woocommerce.product_rows(shop) if row["Type"] != "variation"]
    numbers = {row["Name"]: row["ID"] for row in products}
    orders = [row | {"SKU": "", "Product ID": numbers[row["Item Name"]]} for row in woocommerce.order_rows(shop)]
    for path in folder.iterdir():
        path.unlink()
    shopify.write(folder / "wc-product-export-1.csv", woocommerce.PRODUCT_COLUMNS, products)
    shopify.write(folder / "orders.csv", [*woocommerce.ORDER_COLUMNS, "Product ID"], orders)
    return read_or_told(look(folder), shop, r"sku|item_id")


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
def woocommerce_refunds(folder: Path) -> Outcome:
    """A line of -1 in 'Quantity (- Refund)' takes the purchase back."""
    shop = addressed()
    woocommerce.export(folder, shop)
    rows = woocommerce.order_rows(shop)
    back = [row | {"Quantity (- Refund)": "-1", "Order Date": "2025-11-01 10:00"} for row in rows[::6]]
    next(folder.glob("orders-*.csv")).unlink()
    shopify.write(folder / "orders-2026-11-28-07-20-11.csv", woocommerce.ORDER_COLUMNS, rows + back)
    shop.purchases = [one for index, one in enumerate(shop.purchases) if index % 6]
    return read_rightly(look(folder), shop)


@situation(PART)
def magento_refunds(folder: Path) -> Outcome:
    """qty_refunded says that the line went back: left out, or told."""
    shop = make_shop()
    magento.export(folder, shop)
    rows = magento.order_rows(shop)
    for row in rows[::6]:
        row["qty_refunded"] = "1.0000"
    shopify.write(folder / "sales_order_item.csv", magento.ORDER_COLUMNS, rows)
    shop.purchases = [one for index, one in enumerate(shop.purchases) if index % 6]
    return read_or_told(look(folder), shop, r"qty_refunded", r"\b30\b")


@situation(PART)
def shopify_without_addresses(folder: Path) -> Outcome:
    """A till's orders have no Email: left out, and told with their number."""
    shop = addressed()
    shopify.export(folder, shop, sizes=False)
    rows = shopify.order_rows(shop, sizes=False)
    till = {row["Name"] for row in rows if int(row["Name"][1:]) % 4 == 0}
    lost = [row for row in rows if row["Name"] in till]
    for row in lost:
        row["Email"] = ""
    shopify.write(folder / "orders_export_1.csv", shopify.ORDER_COLUMNS, rows)
    reading = look(folder)
    told(reading, rf"\b{len(lost)}\b", r"user|Email", file="orders_export_1.csv")
    shop.purchases = [one for one in shop.purchases if f"#{one.order}" not in till]
    return read_rightly(reading, shop) if reading.dataset is not None else "told"


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
    return read_rightly(look(others.merchant(folder, make_shop())), make_shop())


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
def wix(folder: Path) -> Outcome:
    """catalog_products.csv with several picture names between semicolons, and a sales report."""
    return read_or_told(look(others.wix(folder, addressed())), addressed(), r"user_id|Orders\.csv")


@situation(PART)
def amazon_seller(folder: Path) -> Outcome:
    """The seller's listings and orders, with tabs and hyphens in the names of columns."""
    return read_or_told(look(others.amazon_seller(folder, addressed())), addressed(), r"Listings|user_id|orders")


@situation(PART)
def clicks_of_a_competition(folder: Path) -> Outcome:
    """timestamp,visitorid,event,itemid,transactionid: views must not count as purchases in silence."""
    shop = make_shop()
    others.clicks(folder, shop)
    return read_or_told(look(folder), shop, r"event", r"view", file="interactions.csv")


@situation(PART)
def a_european_spreadsheet(folder: Path) -> Outcome:
    """Semicolons, cp1252, decimal commas, days first, and a rating of 4,5."""
    reading = look(others.european_excel(folder, make_shop()))
    assert reading.dataset is not None, reading.text
    assert set(reading.dataset.interactions["rating"]) == {4.5}
    return read_rightly(reading, make_shop(), 24)


@situation(PART)
def two_exports_in_one_folder(folder: Path) -> Outcome:
    """products_export_1.csv and products_export_2.csv: told, not one of them in silence."""
    shop = addressed()
    shopify.export(folder, shop, sizes=False)
    rows = shopify.product_rows(shop, sizes=False)
    shopify.write(folder / "products_export_1.csv", shopify.PRODUCT_COLUMNS, rows[:24])
    shopify.write(folder / "products_export_2.csv", shopify.PRODUCT_COLUMNS, rows[24:])
    return read_or_told(look(folder), shop, r"products_export_[12]\.csv", r"join|one file|together|append")


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
