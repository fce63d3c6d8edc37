"""PrestaShop, Google Merchant, Etsy and Squarespace."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

from tests.strangers.shop import Shop, item_rows, save_pictures, write_table


def prestashop(folder: Path, shop: Shop) -> Path:
    """Semicolons; names with stars and brackets; picture addresses; decimal points."""
    items = [
        {
            "Product ID": str(100 + index), "Active (0/1)": "1", "Name *": product.title,
            "Categories (x,y,z...)": f"Home,{product.kind}", "Price tax excluded": f"{product.price:.6f}",
            "Tax rules ID": "1", "Wholesale price": "0", "On sale (0/1)": "0", "Discount amount": "",
            "Discount percent": "", "Discount from (yyyy-mm-dd)": "", "Discount to (yyyy-mm-dd)": "",
            "Reference #": product.number, "Supplier reference #": "", "Supplier": "", "Manufacturer": "Hearth",
            "EAN13": f"40063810{index:05d}", "UPC": "", "Ecotax": "0", "Width": "0", "Height": "0", "Depth": "0",
            "Weight": "0.5", "Quantity": "40", "Minimal quantity": "1", "Visibility": "both",
            "Additional shipping cost": "0", "Summary": "", "Description": f"<p>{product.description}</p>",
            "Tags (x,y,z...)": "gift,home", "Meta title": "", "Meta keywords": "", "Meta description": "",
            "URL rewritten": product.slug, "Text when in stock": "In stock",
            "Available for order (0 = No, 1 = Yes)": "1",
            "Product creation date": "2024-01-01", "Show price (0 = No, 1 = Yes)": "1",
            "Image URLs (x,y,z...)": f"http://hearth.example/img/p/{index}/{product.slug}.png",
            "Image alt texts (x,y,z...)": "", "Delete existing images (0 = No, 1 = Yes)": "0",
            "Feature(Name:Value:Position)": "", "Condition": "new",
        }
        for index, product in enumerate(shop.products)
    ]  # fmt: skip
    numbers = {product.number: str(100 + index) for index, product in enumerate(shop.products)}
    orders = [
        {
            "id_order_detail": str(index), "id_order": str(purchase.order), "id_customer": purchase.user,
            "product_id": numbers[purchase.product.number], "product_attribute_id": "0",
            "product_name": purchase.product.title, "product_quantity": "1", "product_quantity_refunded": "0",
            "product_quantity_return": "0", "product_price": f"{purchase.product.price:.6f}",
            "product_reference": purchase.product.number, "date_add": purchase.time.isoformat(sep=" "),
        }
        for index, purchase in enumerate(shop.purchases, start=1)
    ]  # fmt: skip
    write_table(folder / "products.csv", items, delimiter=";", quoting=1)
    write_table(folder / "orders.csv", orders, delimiter=";", quoting=1)
    return folder


def merchant(folder: Path, shop: Shop) -> Path:
    """A Google Merchant feed with tabs, and purchases from Analytics with microseconds."""
    items = [
        {
            "id": product.number, "title": product.title, "description": product.description,
            "link": f"https://hearth.example/p/{product.slug}",
            "image_link": f"https://hearth.example/i/{product.slug}.png",
            "additional_image_link": f"https://hearth.example/i/{product.slug}-2.png", "availability": "in_stock",
            "price": f"{product.price:.2f} EUR", "sale_price": "", "google_product_category": "Home & Garden > Decor",
            "product_type": f"Home > {product.kind}", "brand": "Hearth & Wool", "gtin": f"40063810{index:05d}",
            "mpn": product.number, "identifier_exists": "yes", "condition": "new", "adult": "no",
            "item_group_id": product.kind, "color": product.colour, "size": "", "gender": "unisex",
            "age_group": "adult",
            "shipping": "DE:::4.90 EUR", "custom_label_0": "autumn",
        }
        for index, product in enumerate(shop.products)
    ]  # fmt: skip
    events = [
        {
            "event_date": f"{purchase.time:%Y%m%d}",
            "event_timestamp": str(int(purchase.time.replace(tzinfo=UTC).timestamp() * 1_000_000)),
            "event_name": "purchase", "user_pseudo_id": purchase.user, "transaction_id": str(purchase.order),
            "item_id": purchase.product.number, "item_name": purchase.product.title, "quantity": "1",
        }
        for purchase in shop.purchases
    ]  # fmt: skip
    write_table(folder / "feed.txt", items, delimiter="\t")
    write_table(folder / "bq-results-20261128-072011.csv", events)
    return folder


def etsy(folder: Path, shop: Shop) -> Path:
    """EtsyListingsDownload.csv and EtsySoldOrderItems2024.csv; days as 12/31/24."""
    items = [
        {
            "TITLE": product.title, "DESCRIPTION": product.description, "PRICE": f"{product.price:.2f}",
            "CURRENCY_CODE": "EUR", "QUANTITY": "5", "TAGS": "gift,home,handmade", "MATERIALS": "clay,wool",
            **{f"IMAGE{number}": f"https://i.etsystatic.com/1/{product.slug}_{number}.jpg" if number < 3 else ""
               for number in range(1, 11)},
            "VARIATION 1 TYPE": "", "VARIATION 1 NAME": "", "VARIATION 1 VALUES": "", "VARIATION 2 TYPE": "",
            "VARIATION 2 NAME": "", "VARIATION 2 VALUES": "", "SKU": product.number,
        }
        for product in shop.products
    ]  # fmt: skip
    orders = [
        {
            "Sale Date": f"{purchase.time:%m/%d/%y}", "Item Name": purchase.product.title, "Buyer": purchase.user,
            "Quantity": "1", "Price": f"{purchase.product.price:.2f}", "Coupon Code": "", "Coupon Details": "",
            "Discount Amount": "0.00", "Shipping Discount": "0.00", "Order Shipping": "4.90", "Order Sales Tax": "0.00",
            "Item Total": f"{purchase.product.price:.2f}", "Currency": "EUR", "Transaction ID": str(3900000000 + index),
            "Listing ID": str(1200000000 + int(purchase.product.number[3:])), "Date Paid": f"{purchase.time:%m/%d/%Y}",
            "Date Shipped": "", "Ship Name": "Ada Example", "Ship Country": "Germany", "Order ID": str(purchase.order),
            "Variations": "", "Order Type": "online", "Listings Type": "listing", "Payment Type": "online_cc",
            "SKU": purchase.product.number,
        }
        for index, purchase in enumerate(shop.purchases)
    ]  # fmt: skip
    write_table(folder / "EtsyListingsDownload.csv", items)
    write_table(folder / "EtsySoldOrderItems2024.csv", orders)
    return folder


def squarespace(folder: Path, shop: Shop) -> Path:
    """Names in square brackets; picture addresses parted by spaces; orders with line items."""
    items = [
        {
            "Product ID [Non Editable]": f"5f{index:022d}", "Variant ID [Non Editable]": f"6a{index:022d}",
            "Product Type [Non Editable]": "PHYSICAL", "Product Page": "shop", "Product URL": product.slug,
            "Title": product.title,
            "Description": f'<p class="" style="white-space:pre-wrap;">{product.description}</p>',
            "SKU": product.number, "Option Name 1": "", "Option Value 1": "", "Option Name 2": "", "Option Value 2": "",
            "Price": f"{product.price:.2f}", "Sale Price": "0.00", "On Sale": "No", "Stock": "Unlimited",
            "Categories": f"/{product.kind}", "Tags": "", "Weight": "0.5", "Length": "0.0", "Width": "0.0",
            "Height": "0.0", "Visible": "Yes",
            "Hosted Image URLs": f"https://images.squarespace-cdn.com/c/v1/{product.slug}.png "
                                 f"https://images.squarespace-cdn.com/c/v1/{product.slug}-2.png",
        }
        for index, product in enumerate(shop.products)
    ]  # fmt: skip
    orders = [
        {
            "Order ID": f"{purchase.order:05d}", "Email": purchase.user, "Financial Status": "PAID",
            "Paid at": f"{purchase.time:%Y-%m-%d %H:%M:%S} +0000", "Fulfillment Status": "FULFILLED",
            "Currency": "EUR", "Subtotal": "30.00", "Shipping": "4.90", "Taxes": "0.00", "Amount Refunded": "0.00",
            "Total": "34.90", "Discount Code": "", "Created at": f"{purchase.time:%Y-%m-%d %H:%M:%S} +0000",
            "Lineitem quantity": "1", "Lineitem name": purchase.product.title,
            "Lineitem price": f"{purchase.product.price:.2f}", "Lineitem sku": purchase.product.number,
            "Lineitem variant": "", "Lineitem requires shipping": "true", "Billing Name": "Ada Example",
            "Channel Type": "Web",
        }
        for purchase in shop.purchases
    ]  # fmt: skip
    write_table(folder / "products_Nov-28_07-20-11AM.csv", items)
    write_table(folder / "orders.csv", orders)
    return folder


def wix(folder: Path, shop: Shop) -> Path:
    """handleId, fieldType, productImageUrl; names of files between semicolons."""
    items = [
        {
            "handleId": f"Product_{index}", "fieldType": "Product", "name": product.title,
            "description": f"<p>{product.description}</p>",
            "productImageUrl": f"{product.slug}.png;{product.slug}~mv2.png",
            "collection": product.kind, "sku": product.number, "ribbon": "", "price": f"{product.price:.2f}",
            "surcharge": "", "visible": "true", "discountMode": "PERCENT", "discountValue": "0.0",
            "inventory": "InStock", "weight": "", "cost": "", "productOptionName1": "", "productOptionType1": "",
            "productOptionDescription1": "", "additionalInfoTitle1": "", "additionalInfoDescription1": "",
            "customTextField1": "", "customTextCharLimit1": "", "customTextMandatory1": "", "brand": "Hearth",
        }
        for index, product in enumerate(shop.products)
    ]  # fmt: skip
    orders = [
        {
            "Order number": str(purchase.order), "Date created": f"{purchase.time:%Y-%m-%d}",
            "Time": f"{purchase.time:%H:%M:%S}", "Total order quantity": "2", "Contact email": purchase.user,
            "Note to customer": "", "Additional checkout info": "", "Item": purchase.product.title, "Variant": "",
            "SKU": purchase.product.number, "Qty": "1", "Quantity refunded": "0",
            "Price": f"{purchase.product.price:.2f}", "Weight": "", "Custom text": "", "Currency": "EUR",
        }
        for purchase in shop.purchases
    ]  # fmt: skip
    write_table(folder / "catalog_products.csv", items)
    write_table(folder / "Orders.csv", orders)
    return folder


def amazon_seller(folder: Path, shop: Shop) -> Path:
    """The listings report and the orders report, between tabs."""
    items = [
        {
            "item-name": product.title, "item-description": product.description, "listing-id": f"0101AB{index:04d}",
            "seller-sku": product.number, "price": f"{product.price:.2f}", "quantity": "5",
            "open-date": "2024-01-01 08:00:00 CET", "image-url": "", "item-is-marketplace": "y", "product-id-type": "1",
            "zshop-shipping-fee": "", "item-note": "", "item-condition": "11", "asin1": f"B0{index:08d}",
            "product-id": f"B0{index:08d}", "fulfillment-channel": "DEFAULT", "status": "Active",
        }
        for index, product in enumerate(shop.products)
    ]  # fmt: skip
    orders = [
        {
            "order-id": f"302-{purchase.order}", "order-item-id": str(5000 + index),
            "purchase-date": f"{purchase.time:%Y-%m-%dT%H:%M:%S}+00:00", "payments-date": "",
            "buyer-email": purchase.user, "buyer-name": "Ada", "sku": purchase.product.number,
            "product-name": purchase.product.title, "quantity-purchased": "1", "currency": "EUR",
            "item-price": f"{purchase.product.price:.2f}", "ship-country": "DE",
        }
        for index, purchase in enumerate(shop.purchases)
    ]  # fmt: skip
    write_table(folder / "All+Listings+Report.txt", items, delimiter="\t")
    write_table(folder / "orders.txt", orders, delimiter="\t")
    return folder


def clicks(folder: Path, shop: Shop) -> Path:
    """An event log in milliseconds: for each purchase a view of the same and a view of another product."""
    write_table(folder / "items.csv", [row | {"image": ""} for row in item_rows(shop)])
    rows = []
    for index, purchase in enumerate(shop.purchases):
        stamp = int(purchase.time.replace(tzinfo=UTC).timestamp() * 1000)
        other = shop.products[(index * 7) % len(shop.products)].number
        for event, item, order in (("view", other, ""), ("view", purchase.product.number, ""),
                                   ("transaction", purchase.product.number, str(purchase.order))):  # fmt: skip
            rows.append({"timestamp": str(stamp), "visitorid": purchase.user, "event": event, "itemid": item,
                         "transactionid": order})  # fmt: skip
    write_table(folder / "interactions.csv", rows)
    return folder


def european_excel(folder: Path, shop: Shop) -> Path:
    """Semicolons, cp1252, decimal commas, day first, and the columns in the words of this program."""
    items = [
        {
            "item_id": product.number, "title": product.title, "description": product.description,
            "image": product.image, "price": f"{product.price:.2f} €".replace(".", ","), "category": "Für Zuhause",
        }
        for product in shop.products
    ]  # fmt: skip
    orders = [
        {
            "user_id": purchase.user, "item_id": purchase.product.number,
            "timestamp": f"{purchase.time:%d.%m.%Y %H:%M:%S}", "rating": "4,5",
        }
        for purchase in shop.purchases
    ]  # fmt: skip
    save_pictures(shop, folder / "images")
    write_table(folder / "items.csv", items, "cp1252", delimiter=";")
    write_table(folder / "interactions.csv", orders, "cp1252", delimiter=";")
    return folder
