"""Planned products, uploaded as the shop system exports them."""

from __future__ import annotations

import unicodedata
import zipfile
from pathlib import Path

from mamex.launch.batch_files import PlannedRow, planned_rows
from tests.strangers.exports import magento, others, shopify, woocommerce
from tests.strangers.reading import plain
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import Shop, draw, item_rows, make_shop, write_table

PART = "batches"


def rows_of(path: Path) -> list[PlannedRow]:
    """What the program makes of an upload."""
    with planned_rows(path) as rows:
        return list(rows)


def said(rows: list[PlannedRow]) -> str:
    """Everything that is said of the rows."""
    return "\n".join(" ".join([row.fault, *row.warnings]) for row in rows)


def all_words(rows: list[PlannedRow], shop: Shop) -> None:
    """Every product is there, with its words."""
    read = {row.title: row.description for row in rows if not row.fault and row.title}
    for product in shop.products:
        assert plain(read.get(product.title, "")) == plain(product.description), (read.get(product.title), said(rows))


@situation(PART)
def shopify_products(folder: Path) -> Outcome:
    """products_export_1.csv: Body (HTML) is the description, rows of further pictures are no products."""
    shop = make_shop(12)
    shopify.export(folder, shop, sizes=False)
    rows = rows_of(folder / "products_export_1.csv")
    all_words(rows, shop)
    assert sum(not row.fault for row in rows) == 12, said(rows)
    assert "no title, no description" not in said(rows), said(rows)
    return "read"


@situation(PART)
def shopify_variants(folder: Path) -> Outcome:
    """The rows of a second size are no product without words."""
    shop = make_shop(12)
    shopify.export(folder, shop)
    rows = rows_of(folder / "products_export_1.csv")
    all_words(rows, shop)
    assert "no title, no description" not in said(rows), said(rows)
    return "read"


@situation(PART)
def woocommerce_products(folder: Path) -> Outcome:
    """wc-product-export: Name, Description, Images."""
    shop = make_shop(12)
    woocommerce.export(folder, shop)
    rows = rows_of(next(folder.glob("wc-product-export*.csv")))
    all_words(rows, shop)
    return "read"


@situation(PART)
def prestashop_products(folder: Path) -> Outcome:
    """Name * and Description, between semicolons."""
    shop = make_shop(12)
    others.prestashop(folder, shop)
    all_words(rows_of(folder / "products.csv"), shop)
    return "read"


@situation(PART)
def magento_products(folder: Path) -> Outcome:
    """name, description, base_image."""
    shop = make_shop(12)
    magento.export(folder, shop)
    all_words(rows_of(next(folder.glob("export_catalog_product*.csv"))), shop)
    return "read"


@situation(PART)
def a_spreadsheet_of_europe(folder: Path) -> Outcome:
    """Semicolons and cp1252."""
    shop = make_shop(12)
    rows = [{"title": f"{row['title']} für 20 €", "description": row["description"]} for row in item_rows(shop)]
    write_table(folder / "plan.csv", rows, "cp1252", delimiter=";")
    read = rows_of(folder / "plan.csv")
    assert [row.title for row in read] == [row["title"] for row in rows], said(read)
    return "read"


@situation(PART)
def utf16_with_tabs(folder: Path) -> Outcome:
    """'Unicode text' of a spreadsheet."""
    shop = make_shop(12)
    write_table(folder / "plan.csv", item_rows(shop), "utf-16", delimiter="\t")
    all_words(rows_of(folder / "plan.csv"), shop)
    return "read"


@situation(PART)
def a_zip_from_a_mac(folder: Path) -> Outcome:
    """__MACOSX/._plan.csv, accents in two pieces, one folder deep: table and pictures are found."""
    shop = make_shop(6)
    items = [row | {"image": f"café-{one.slug}.png"} for row, one in zip(item_rows(shop), shop.products, strict=True)]
    write_table(folder / "plan.csv", items)
    with zipfile.ZipFile(folder / "plan.zip", "w") as archive:
        archive.write(folder / "plan.csv", "My plan/plan.csv")
        archive.writestr("__MACOSX/My plan/._plan.csv", b"\0\5\x16\7")
        archive.writestr("My plan/.DS_Store", b"\0\0\0\1Bud1")
        for product in shop.products:
            draw(product).save(folder / "one.png")
            name = unicodedata.normalize("NFD", f"café-{product.slug}.png")
            archive.write(folder / "one.png", f"My plan/pictures/{name}")
            archive.writestr(f"__MACOSX/My plan/pictures/._{name}", b"\0\5\x16\7")
    with planned_rows(folder / "plan.zip") as rows:
        assert [row.picture is not None for row in rows] == [True] * 6, said(list(rows))
    return "read"


@situation(PART)
def columns_left_out_are_named(folder: Path) -> Outcome:
    """Vendor and Tags are not read: said once, not in every row."""
    shop = make_shop(12)
    write_table(folder / "plan.csv", [row | {"Vendor": "Hearth", "Tags": "gift"} for row in item_rows(shop)])
    rows = rows_of(folder / "plan.csv")
    everything = said(rows) + str(getattr(rows, "notes", ""))
    all_words(rows, shop)
    assert everything.count("Vendor") <= 1, everything
    return "read"
