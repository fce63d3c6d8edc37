"""Magento 2: export_catalog_product.csv and the lines of sales_order_item."""

from __future__ import annotations

from pathlib import Path

from tests.strangers.exports.shopify import write
from tests.strangers.shop import Product, Shop, draw, names

PRODUCT_COLUMNS = names(
    "sku|store_view_code|attribute_set_code|product_type|categories|product_websites|name|description",
    "short_description|weight|product_online|tax_class_name|visibility|price|special_price",
    "special_price_from_date|special_price_to_date|url_key|meta_title|meta_keywords|meta_description|base_image",
    "base_image_label|small_image|small_image_label|thumbnail_image|thumbnail_image_label|swatch_image",
    "swatch_image_label|created_at|updated_at|new_from_date|new_to_date|display_product_options_in|map_price",
    "msrp_price|map_enabled|gift_message_available|custom_design|custom_design_from|custom_design_to",
    "custom_layout_update|page_layout|product_options_container|msrp_display_actual_price_type",
    "country_of_manufacture|additional_attributes|qty|out_of_stock_qty|use_config_min_qty|is_qty_decimal",
    "allow_backorders|use_config_backorders|min_cart_qty|use_config_min_sale_qty|max_cart_qty",
    "use_config_max_sale_qty|is_in_stock|notify_on_stock_below|manage_stock|website_id|related_skus",
    "related_position|crosssell_skus|upsell_skus|additional_images|additional_image_labels|hide_from_product_page",
    "bundle_price_type|configurable_variations|associated_skus",
)
ORDER_COLUMNS = names(
    "item_id|order_id|parent_item_id|quote_item_id|store_id|created_at|updated_at|product_id|product_type",
    "product_options|weight|is_virtual|sku|name|description|applied_rule_ids|additional_data|is_qty_decimal",
    "no_discount|qty_backordered|qty_canceled|qty_invoiced|qty_ordered|qty_refunded|qty_shipped|base_cost|price",
    "base_price|original_price|tax_percent|row_total|customer_id|customer_email",
)


def image_path(product: Product) -> str:
    """Magento lays pictures into folders by their first two letters, and writes a leading slash."""
    return f"/{product.slug[0]}/{product.slug[1]}/{product.slug}.png"


def product_rows(shop: Shop) -> list[dict[str, str]]:
    """Simple products of one store view."""
    return [
        {
            "sku": product.number, "attribute_set_code": "Default", "product_type": "simple",
            "categories": f"Default Category/Home,Default Category/Home/{product.kind.title()}",
            "product_websites": "base", "name": product.title, "description": f"<p>{product.description}</p>",
            "weight": "0.500000", "product_online": "1", "tax_class_name": "Taxable Goods",
            "visibility": "Catalog, Search", "price": f"{product.price:.6f}", "url_key": product.slug,
            "base_image": image_path(product), "small_image": image_path(product),
            "thumbnail_image": image_path(product), "created_at": "1/2/24, 8:00 AM", "updated_at": "3/5/24, 9:12 AM",
            "display_product_options_in": "Block after Info Column", "qty": "100.0000", "is_in_stock": "1",
            "website_id": "0", "additional_images": f"{image_path(product)},/x/y/other.png",
        }
        for product in shop.products
    ]  # fmt: skip


def order_rows(shop: Shop) -> list[dict[str, str]]:
    """Lines of orders; item_id is the number of the line, not that of the product."""
    return [
        {
            "item_id": str(index), "order_id": str(purchase.order), "store_id": "1",
            "created_at": purchase.time.isoformat(sep=" "), "updated_at": purchase.time.isoformat(sep=" "),
            "product_id": str(int(purchase.product.number[3:]) + 2000), "product_type": "simple",
            "sku": purchase.product.number, "name": purchase.product.title, "is_virtual": "0",
            "qty_canceled": "0.0000", "qty_invoiced": "1.0000", "qty_ordered": "1.0000", "qty_refunded": "0.0000",
            "qty_shipped": "1.0000", "price": f"{purchase.product.price:.4f}", "customer_id": purchase.user,
            "customer_email": f"{purchase.user.lower()}@example.com",
        }
        for index, purchase in enumerate(shop.purchases, start=1)
    ]  # fmt: skip


def export(folder: Path, shop: Shop, media: str = "pub/media/catalog/product") -> Path:
    """Both files, and the folder of pictures as it lies on the server."""
    write(folder / "export_catalog_product_20261128_072011.csv", PRODUCT_COLUMNS, product_rows(shop))
    write(folder / "sales_order_item.csv", ORDER_COLUMNS, order_rows(shop))
    for product in shop.products:
        path = folder / media / image_path(product).lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        draw(product).save(path)
    return folder
