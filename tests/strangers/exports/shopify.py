"""Shopify: products_export_1.csv and orders_export_1.csv, as its admin page exports them."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.strangers.shop import Product, Shop, names

PRODUCT_COLUMNS = names(
    "Handle|Title|Body (HTML)|Vendor|Product Category|Type|Tags|Published|Option1 Name|Option1 Value",
    "Option1 Linked To|Option2 Name|Option2 Value|Option2 Linked To|Option3 Name|Option3 Value|Option3 Linked To",
    "Variant SKU|Variant Grams|Variant Inventory Tracker|Variant Inventory Qty|Variant Inventory Policy",
    "Variant Fulfillment Service|Variant Price|Variant Compare At Price|Variant Requires Shipping|Variant Taxable",
    "Variant Barcode|Image Src|Image Position|Image Alt Text|Gift Card|SEO Title|SEO Description",
    "Google Shopping / Google Product Category|Google Shopping / Gender|Google Shopping / Age Group",
    "Google Shopping / MPN|Google Shopping / Condition|Google Shopping / Custom Product",
    "Google Shopping / Custom Label 0|Google Shopping / Custom Label 1|Variant Image|Variant Weight Unit",
    "Variant Tax Code|Cost per item|Included / United States|Price / United States",
    "Compare At Price / United States|Included / International|Price / International",
    "Compare At Price / International|Status",
)
ORDER_COLUMNS = names(
    "Name|Email|Financial Status|Paid at|Fulfillment Status|Fulfilled at|Accepts Marketing|Currency|Subtotal",
    "Shipping|Taxes|Total|Discount Code|Discount Amount|Shipping Method|Created at|Lineitem quantity",
    "Lineitem name|Lineitem price|Lineitem compare at price|Lineitem sku|Lineitem requires shipping",
    "Lineitem taxable|Lineitem fulfillment status|Billing Name|Billing Street|Billing Address1|Billing Address2",
    "Billing Company|Billing City|Billing Zip|Billing Province|Billing Country|Billing Phone|Shipping Name",
    "Shipping Street|Shipping Address1|Shipping Address2|Shipping Company|Shipping City|Shipping Zip",
    "Shipping Province|Shipping Country|Shipping Phone|Notes|Note Attributes|Cancelled at|Payment Method",
    "Payment Reference|Refunded Amount|Vendor|Outstanding Balance|Employee|Location|Device ID|Id|Tags|Risk Level",
    "Source|Lineitem discount|Tax 1 Name|Tax 1 Value|Tax 2 Name|Tax 2 Value|Phone|Receipt Number|Duties",
    "Billing Province Name|Shipping Province Name|Payment ID|Payment Terms Name|Next Payment Due At",
    "Payment References",
)
SIZES = ("Small", "Large")


def image_address(product: Product, position: int = 1) -> str:
    """Where the picture lies in the shop's network."""
    end = "" if position == 1 else f"-{position}"
    return f"https://cdn.shopify.com/s/files/1/0533/2089/files/{product.slug}{end}.png?v=16901234{position:02d}"


def body(product: Product) -> str:
    """The description as its editor writes it."""
    first, _, rest = product.description.partition(". ")
    return (
        f'<div class="rte" data-mce-fragment="1"><p><span style="font-weight: 400;">{first}.</span></p>\n'
        f"<p>{rest.replace(' ', '&nbsp;', 1)}</p></div>"
    )


def product_rows(shop: Shop, sizes: bool = True) -> list[dict[str, str]]:
    """One row a variant; the first has the words; where there is one variant only, a row for the second picture."""
    rows = []
    for index, product in enumerate(shop.products):
        rows.append(
            {
                "Handle": product.slug, "Title": product.title, "Body (HTML)": body(product), "Vendor": "Hearth & Wool",
                "Product Category": "Home & Garden", "Type": product.kind, "Tags": f"{product.kind}, home, gift",
                "Published": "true", "Option1 Name": "Size" if sizes else "Title",
                "Option1 Value": SIZES[0] if sizes else "Default Title",
                "Variant SKU": f"{product.number}-S" if sizes else product.number,
                "Variant Grams": "500.0", "Variant Inventory Tracker": "shopify",
                "Variant Inventory Qty": str(3 + index),
                "Variant Inventory Policy": "deny", "Variant Fulfillment Service": "manual",
                "Variant Price": f"{product.price:.2f}", "Variant Requires Shipping": "true", "Variant Taxable": "true",
                "Variant Barcode": f"'40063810{index:05d}", "Image Src": image_address(product), "Image Position": "1",
                "Gift Card": "false", "Variant Weight Unit": "g", "Included / United States": "true",
                "Status": "active",
            }
        )  # fmt: skip
        more = {"Handle": product.slug, "Image Src": image_address(product, 2), "Image Position": "2"}
        if sizes:
            more |= {"Option1 Value": SIZES[1], "Variant SKU": f"{product.number}-L",
                     "Variant Price": f"{product.price + 5:.2f}", "Variant Requires Shipping": "true"}  # fmt: skip
        rows.append(more)
    return rows


def order_rows(shop: Shop, sizes: bool = True, zone: str = "+0000") -> list[dict[str, str]]:
    """One row a line item; what is true of the whole order stands in its first row only."""
    rows, seen = [], set()
    for index, purchase in enumerate(shop.purchases):
        size, product = SIZES[index % 2], purchase.product
        row = {
            "Name": f"#{purchase.order}", "Email": purchase.user,
            "Created at": f"{purchase.time:%Y-%m-%d %H:%M:%S} {zone}", "Lineitem quantity": "1",
            "Lineitem name": f"{product.title} - {size}" if sizes else product.title,
            "Lineitem price": f"{product.price:.2f}",
            "Lineitem sku": f"{product.number}-{size[0]}" if sizes else product.number,
            "Lineitem requires shipping": "true", "Lineitem taxable": "true",
            "Lineitem fulfillment status": "fulfilled", "Vendor": "Hearth & Wool", "Lineitem discount": "0.00",
        }  # fmt: skip
        if purchase.order not in seen:
            seen.add(purchase.order)
            row |= {
                "Financial Status": "paid", "Paid at": row["Created at"], "Fulfillment Status": "fulfilled",
                "Accepts Marketing": "no", "Currency": "EUR", "Subtotal": "53.91", "Shipping": "0.00", "Taxes": "8.61",
                "Total": "53.91", "Discount Amount": "0.00", "Shipping Method": "Standard",
                "Billing Name": "Ada Example",
                "Billing Zip": "'75008", "Billing Country": "FR", "Payment Method": "Shopify Payments",
                "Refunded Amount": "0.00", "Outstanding Balance": "0.00", "Id": str(7410991464714 + purchase.order),
                "Risk Level": "Low", "Source": "web",
            }  # fmt: skip
        rows.append(row)
    return rows


def write(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    """A table with all of its columns, empty where a row says nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def export(folder: Path, shop: Shop, sizes: bool = True) -> Path:
    """Both files, untouched, under the names they are mailed with; the shop's users should be addresses."""
    write(folder / "products_export_1.csv", PRODUCT_COLUMNS, product_rows(shop, sizes))
    write(folder / "orders_export_1.csv", ORDER_COLUMNS, order_rows(shop, sizes))
    return folder
