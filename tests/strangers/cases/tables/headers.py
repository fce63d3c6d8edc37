"""Headers, feet and file names of tables."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path

from tests.strangers.cases.tables.dialects import TABLES, rewritten
from tests.strangers.reading import look, read_or_told, read_rightly, refused, told, told_once
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import make_shop, write_shop

PART = "tables"


@situation(PART)
def empty_lines_and_a_total(folder: Path) -> Outcome:
    """Lines of separators alone, and 'Total' at the foot of a report."""
    write_shop(folder, make_shop(), delimiter=";")
    with (folder / "interactions.csv").open("a", encoding="utf-8") as file:
        file.write(";;\r\n;;\r\nTotal;;180\r\n")
    reading = look(folder)
    return read_or_told(reading, make_shop(), r"row 18\d", r"empty|item_id", file="interactions.csv")


@situation(PART)
def empty_lines_at_the_end(folder: Path) -> Outcome:
    """A spreadsheet saved two hundred lines of separators below the last row."""
    reading = look(rewritten(folder, lambda data: data + (b",,,\r\n" if b"title" in data[:40] else b",,\r\n") * 200))
    return read_or_told(reading, make_shop(), r"empty", file="i(tems|nteractions).csv")


@situation(PART)
def a_title_above_the_header(folder: Path) -> Outcome:
    """'Product export 28.11.2026' and an empty line above the names of the columns."""
    reading = look(
        rewritten(folder, lambda data: b"Product export 28.11.2026,,,\r\n,,,\r\n" + data, tables=("items.csv",))
    )
    return read_or_told(reading, make_shop(), r"header|above|row 3", file="items.csv")


@situation(PART)
def capitals_and_spaces_in_the_header(folder: Path) -> Outcome:
    """'Item ID', 'Title ', 'DESCRIPTION'."""

    def change(data: bytes) -> bytes:
        head, _, rest = data.partition(b"\r\n")
        names = (
            head.replace(b"item_id", b"Item ID")
            .replace(b"user_id", b"User ID ")
            .replace(b"description", b"DESCRIPTION")
        )
        return names.replace(b"title", b"Title ") + b"\r\n" + rest

    return read_rightly(look(rewritten(folder, change)), make_shop(), 24)


@situation(PART)
def the_same_column_twice(folder: Path) -> Outcome:
    """Two columns called description."""
    reading = look(
        rewritten(
            folder,
            lambda data: b"\r\n".join(
                line and line + (b",description" if number == 0 else b",another") for number, line in
                enumerate(data.split(b"\r\n"))
            ),
            tables=("items.csv",),
        )
    )  # fmt: skip
    return told(reading, r"description", r"twice|two|same|again", file="items.csv")


@situation(PART)
def a_separator_behind_every_line(folder: Path) -> Outcome:
    """Each line ends in a comma, the header too."""
    return read_or_told(
        look(rewritten(folder, lambda data: data.replace(b"\r\n", b",\r\n"))), make_shop(), r"no name|column",
        file="items.csv",
    )  # fmt: skip


@situation(PART)
def a_workbook_renamed(folder: Path) -> Outcome:
    """items.csv is an .xlsx file: told to save it as CSV."""
    write_shop(folder, make_shop())
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
    (folder / "items.csv").write_bytes(package.getvalue())
    reading = look(folder)
    told_once(reading, "items.csv", most=2)
    return refused(reading, r"csv", r"save|export", file="items.csv")


@situation(PART)
def a_workbook_beside(folder: Path) -> Outcome:
    """There is items.xlsx and no items.csv: told what to do with it."""
    write_shop(folder, make_shop())
    (folder / "items.csv").rename(folder / "items.xlsx")
    return refused(look(folder), r"items\.xlsx", r"csv")


@situation(PART)
def a_page_in_place_of_a_table(folder: Path) -> Outcome:
    """The download was a login page: HTML in items.csv."""
    write_shop(folder, make_shop())
    (folder / "items.csv").write_text("<!DOCTYPE html>\n<html><head><title>Sign in</title></head></html>\n")
    return refused(look(folder), r"page", file="items.csv")


@situation(PART)
def names_of_files_in_capitals(folder: Path) -> Outcome:
    """Items.CSV and Interactions.CSV."""
    write_shop(folder, make_shop())
    for name in TABLES:
        (folder / name).rename(folder / f"{name.split('.')[0].title()}.CSV")
    return read_or_told(look(folder), make_shop(), r"Items\.CSV")


@situation(PART)
def a_second_download(folder: Path) -> Outcome:
    """items (1).csv: the browser's name for a second download."""
    write_shop(folder, make_shop())
    (folder / "items.csv").rename(folder / "items (1).csv")
    return read_or_told(look(folder), make_shop(), r"items \(1\)\.csv")


@situation(PART)
def an_ending_behind_the_ending(folder: Path) -> Outcome:
    """items.csv.txt: Windows hides the last ending."""
    write_shop(folder, make_shop())
    (folder / "items.csv").rename(folder / "items.csv.txt")
    return read_or_told(look(folder), make_shop(), r"items\.csv\.txt")


@situation(PART)
def both_zipped_by_gzip(folder: Path) -> Outcome:
    """items.csv.gz and interactions.csv.gz."""
    write_shop(folder, make_shop())
    for name in TABLES:
        (folder / f"{name}.gz").write_bytes(gzip.compress((folder / name).read_bytes()))
        (folder / name).unlink()
    return read_rightly(look(folder), make_shop(), 24)


@situation(PART)
def one_folder_too_deep(folder: Path) -> Outcome:
    """The zip had a folder in it: DIR/shop/items.csv."""
    write_shop(folder / "shop", make_shop())
    return read_or_told(look(folder), make_shop(), r"shop\b.*items\.csv|items\.csv.*\bshop\b|in shop")


@situation(PART)
def german_names_of_columns(folder: Path) -> Outcome:
    """Artikelnummer; Bezeichnung; Beschreibung; Bild: told which columns are missing and which are there."""

    def change(data: bytes) -> bytes:
        head, _, rest = data.partition(b"\r\n")
        for ours, theirs in (
            (b"item_id", b"Artikelnummer"), (b"title", b"Bezeichnung"), (b"description", b"Beschreibung"),
            (b"image", b"Bild"), (b"user_id", b"Kundennummer"), (b"timestamp", b"Bestelldatum"),
        ):  # fmt: skip
            head = head.replace(ours, theirs)
        return head + b"\r\n" + rest

    reading = look(rewritten(folder, change, delimiter=";"))
    return read_or_told(reading, make_shop(), r"item_id", r"Artikelnummer", file="items.csv")


@situation(PART)
def names_of_columns_in_the_next_language(folder: Path) -> Outcome:
    """product_id, product_name, customer_id, order_date."""

    def change(data: bytes) -> bytes:
        head, _, rest = data.partition(b"\r\n")
        for ours, theirs in ((b"item_id", b"product_id"), (b"title", b"product_name"), (b"image", b"image_url"),
                             (b"user_id", b"customer_id"), (b"timestamp", b"order_date")):  # fmt: skip
            head = head.replace(ours, theirs)
        return head + b"\r\n" + rest

    reading = look(rewritten(folder, change))
    told(reading, r"product_id", r"item_id", file="items.csv")
    return read_rightly(reading, make_shop(), 24)


@situation(PART)
def no_header_at_all(folder: Path) -> Outcome:
    """The first line is the first product: told, with what the first line must hold."""
    reading = look(rewritten(folder, lambda data: data.partition(b"\r\n")[2]))
    assert len([line for line in reading.text.splitlines() if "items.csv" in line]) <= 6, reading.text
    return refused(reading, r"header|first line|first row", file="items.csv")


@situation(PART)
def only_a_header(folder: Path) -> Outcome:
    """The filter of the export was too strict: no rows."""
    reading = look(rewritten(folder, lambda data: data.partition(b"\r\n")[0] + b"\r\n", tables=("interactions.csv",)))
    return refused(reading, r"no rows|empty|no interactions", file="interactions.csv")


@situation(PART)
def the_tables_were_swapped(folder: Path) -> Outcome:
    """items.csv holds the orders, interactions.csv the products."""
    write_shop(folder, make_shop())
    (folder / "items.csv").rename(folder / "x")
    (folder / "interactions.csv").rename(folder / "items.csv")
    (folder / "x").rename(folder / "interactions.csv")
    return refused(look(folder), r"user_id|column", file="interactions.csv")
