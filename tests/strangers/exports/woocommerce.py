"""WooCommerce: its own product export, and the line items of an order-export plug-in."""

from __future__ import annotations

from pathlib import Path

from tests.strangers.exports.shopify import write
from tests.strangers.shop import Product, Shop, names

PRODUCT_COLUMNS = names(
    "ID|Type|SKU|GTIN, UPC, EAN, or ISBN|Name|Published|Is featured?|Visibility in catalog|Short description",
    "Description|Date sale price starts|Date sale price ends|Tax status|Tax class|In stock?|Stock",
    "Low stock amount|Backorders allowed?|Sold individually?|Weight (kg)|Length (cm)|Width (cm)|Height (cm)",
    "Allow customer reviews?|Purchase note|Sale price|Regular price|Categories|Tags|Shipping class|Images",
    "Download limit|Download expiry days|Parent|Grouped products|Upsells|Cross-sells|External URL|Button text",
    "Position|Brands|Attribute 1 name|Attribute 1 value(s)|Attribute 1 visible|Attribute 1 global",
    "Attribute 2 name|Attribute 2 value(s)|Attribute 2 visible|Attribute 2 global|Meta: _wpcom_is_markdown",
    "Meta: _yoast_wpseo_title",
)
ORDER_COLUMNS = names(
    "Order Number|Order Status|Order Date|Customer Note|First Name (Billing)|Last Name (Billing)",
    "Company (Billing)|Address 1&2 (Billing)|City (Billing)|State Code (Billing)|Postcode (Billing)",
    "Country Code (Billing)|Email (Billing)|Phone (Billing)|Payment Method Title|Cart Discount Amount",
    "Order Subtotal Amount|Shipping Method Title|Order Shipping Amount|Order Refund Amount|Order Total Amount",
    "Order Total Tax Amount|SKU|Item #|Item Name|Quantity (- Refund)|Item Cost|Coupon Code|Discount Amount",
)


def images(product: Product) -> str:
    """Several addresses in one cell."""
    base = f"https://hearth.example/wp-content/uploads/2024/03/{product.slug}"
    return f"{base}.png, {base}-back.png"


def product_rows(shop: Shop) -> list[dict[str, str]]:
    """Every third product is a variable one with two variations below it; the others are simple."""
    rows = []
    for index, product in enumerate(shop.products):
        number, variable = 40 + 3 * index, index % 3 == 0
        row = {
            "ID": str(number), "Type": "variable" if variable else "simple", "SKU": product.number,
            "Name": product.title,
            "Published": "1", "Is featured?": "0", "Visibility in catalog": "visible",
            "Description": f"<p>{product.description.replace('. ', '.<br />', 1)}</p>\\n<ul>\\n<li></li>\\n</ul>",
            "Tax status": "taxable", "In stock?": "1", "Stock": str(index), "Backorders allowed?": "0",
            "Sold individually?": "0", "Weight (kg)": "0.5", "Allow customer reviews?": "1",
            "Regular price": "" if variable else f"{product.price:.2f}",
            "Categories": f"Home > {product.kind.title()}s",
            "Tags": "gift, home", "Images": images(product), "Position": "0", "Attribute 1 name": "Size",
            "Attribute 1 value(s)": "Small, Large" if variable else "One size", "Attribute 1 visible": "1",
            "Attribute 1 global": "1",
        }  # fmt: skip
        rows.append(row)
        for position, size in enumerate(("Small", "Large"), start=1) if variable else ():
            rows.append(
                {
                    "ID": str(number + position), "Type": "variation", "SKU": f"{product.number}-{size[0]}",
                    "Name": f"{product.title} - {size}", "Published": "1", "Is featured?": "0",
                    "Visibility in catalog": "visible", "Tax status": "taxable", "Tax class": "parent",
                    "In stock?": "1", "Regular price": f"{product.price:.2f}", "Parent": product.number,
                    "Position": str(position), "Attribute 1 name": "Size", "Attribute 1 value(s)": size,
                    "Attribute 1 global": "1",
                }
            )  # fmt: skip
    return rows


def order_rows(shop: Shop, status: str = "Completed") -> list[dict[str, str]]:
    """One row a line item; variable products are sold by the number of a variation."""
    variable = {product.number for product in shop.products[::3]}
    rows = []
    for index, purchase in enumerate(shop.purchases):
        product = purchase.product
        end = f"-{'SL'[index % 2]}" if product.number in variable else ""
        rows.append(
            {
                "Order Number": str(purchase.order), "Order Status": status,
                "Order Date": f"{purchase.time:%Y-%m-%d %H:%M}", "First Name (Billing)": "Ada",
                "Last Name (Billing)": "Example", "Country Code (Billing)": "DE", "Email (Billing)": purchase.user,
                "Payment Method Title": "PayPal", "Order Total Amount": "41.20", "SKU": product.number + end,
                "Item #": str(index % 2 + 1), "Item Name": product.title, "Quantity (- Refund)": "1",
                "Item Cost": f"{product.price:.2f}",
            }
        )  # fmt: skip
    return rows


def export(folder: Path, shop: Shop) -> Path:
    """Both files, untouched."""
    write(folder / "wc-product-export-28-11-2026-1795850123456.csv", PRODUCT_COLUMNS, product_rows(shop))
    write(folder / "orders-2026-11-28-07-20-11.csv", ORDER_COLUMNS, order_rows(shop))
    return folder
