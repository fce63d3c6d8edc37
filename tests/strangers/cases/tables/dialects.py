"""Tables as programs save them: separators, encodings, quotation marks."""

from __future__ import annotations

from pathlib import Path

from tests.strangers.reading import look, read_or_told, read_rightly, refused, told
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import Product, Shop, interaction_rows, item_rows, make_shop, write_shop, write_table

PART = "tables"
TABLES = "items.csv", "interactions.csv"


def rewritten(folder: Path, change, shop: Shop | None = None, tables: tuple[str, ...] = TABLES, **dialect) -> Path:
    """A well-formed shop, of whose tables the bytes are changed."""
    write_shop(folder, shop or make_shop(), **dialect)
    for name in tables:
        (folder / name).write_bytes(change((folder / name).read_bytes()))
    return folder


def accented() -> Shop:
    """A shop with letters that every encoding writes otherwise."""
    shop = make_shop()
    renamed = {
        one.number: Product(
            one.number, one.kind, one.colour, one.title, f"{one.description} Für 20 €, schön.", one.price
        )
        for one in shop.products
    }
    shop.products = list(renamed.values())
    shop.purchases = [type(one)(one.user, renamed[one.product.number], one.time, one.order) for one in shop.purchases]
    return shop


@situation(PART)
def unicode_text_of_a_spreadsheet(folder: Path) -> Outcome:
    """'Unicode text': UTF-16 with a mark and tabs."""
    shop = accented()
    return read_rightly(look(write_shop(folder, shop, encoding="utf-16", delimiter="\t")), shop, 24)


@situation(PART)
def utf16_without_a_mark(folder: Path) -> Outcome:
    """UTF-16, little end first, no mark."""
    shop = accented()
    return read_or_told(look(write_shop(folder, shop, encoding="utf-16-le")), shop, r"utf-?16|utf-?8", file="items.csv")


@situation(PART)
def two_marks(folder: Path) -> Outcome:
    """A script put a byte-order mark in front of another."""
    mark = b"\xef\xbb\xbf"
    return read_rightly(look(rewritten(folder, lambda data: mark + mark + data)), make_shop(), 24)


@situation(PART)
def a_line_that_names_the_separator(folder: Path) -> Outcome:
    """sep=; in the first line."""
    return read_rightly(look(rewritten(folder, lambda data: b"sep=;\r\n" + data, delimiter=";")), make_shop(), 24)


@situation(PART)
def windows_letters(folder: Path) -> Outcome:
    """cp1252 with umlauts and the euro sign."""
    shop = accented()
    return read_rightly(look(write_shop(folder, shop, encoding="cp1252")), shop, 24)


@situation(PART)
def old_macintosh_letters(folder: Path) -> Outcome:
    """Mac Roman: read, or told that the letters are not understood; not f¸r in silence."""
    shop = accented()
    return read_or_told(
        look(write_shop(folder, shop, encoding="mac_roman")), shop, r"utf-?8|encod|letters", file="items.csv"
    )


@situation(PART)
def japanese_windows(folder: Path) -> Outcome:
    """Shift-JIS of a Japanese spreadsheet: told, not read as Latin letters in silence."""
    items = [row | {"title": f"青い急須 {index}"} for index, row in enumerate(item_rows(make_shop()))]
    reading = look(write_shop(folder, make_shop(), items, encoding="cp932"))
    if reading.dataset is not None and reading.dataset.items["title"][0] == "青い急須 0":
        return "read"
    return told(reading, r"utf-?8|encod", file="items.csv")


@situation(PART)
def semicolons_quotes_and_new_lines(folder: Path) -> Outcome:
    """Semicolons between, semicolons and new lines inside quotation marks, decimal commas."""
    shop = make_shop()
    renamed = {one.number: Product(one.number, one.kind, one.colour, one.title, f"Note; read\nthis: {one.description}",
                                   one.price) for one in shop.products}  # fmt: skip
    shop.products = list(renamed.values())
    shop.purchases = [type(one)(one.user, renamed[one.product.number], one.time, one.order) for one in shop.purchases]
    items = [row | {"price": f"{one.price:.2f}".replace(".", ",")}
             for row, one in zip(item_rows(shop), shop.products, strict=True)]  # fmt: skip
    return read_rightly(look(write_shop(folder, shop, items, delimiter=";")), shop, 24)


@situation(PART)
def bars_between(folder: Path) -> Outcome:
    """| as separator."""
    return read_or_told(look(write_shop(folder, make_shop(), delimiter="|")), make_shop(), r"separat", file="items.csv")


@situation(PART)
def one_table_with_commas_one_with_semicolons(folder: Path) -> Outcome:
    """The tables come from two programs."""
    write_shop(folder, make_shop())
    write_table(folder / "interactions.csv", interaction_rows(make_shop()), delimiter=";")
    return read_rightly(look(folder), make_shop(), 24)


@situation(PART)
def tabs_in_a_csv(folder: Path) -> Outcome:
    """Tabs, whatever the name says."""
    return read_rightly(look(write_shop(folder, make_shop(), delimiter="\t")), make_shop(), 24)


@situation(PART)
def lines_ended_by_carriage_returns(folder: Path) -> Outcome:
    """Macintosh text: a carriage return alone."""
    return read_or_told(
        look(rewritten(folder, lambda data: data.replace(b"\r\n", b"\r"))), make_shop(), r"line", file="items.csv"
    )


@situation(PART)
def backslashes_before_quotation_marks(folder: Path) -> Outcome:
    r"""A database escapes 12\" with a backslash."""
    shop = make_shop()
    lines = ["item_id,title,description,image"]
    for one in shop.products:
        lines.append(f'{one.number},"{one.title}","Say \\"{one.kind}\\", 12\\" wide. {one.description}",{one.image}')
    write_shop(folder, shop)
    (folder / "items.csv").write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    reading = look(folder)
    if reading.dataset is None:
        return told(reading, r"quotation", r"doubl|escape", file="items.csv", row=True)
    read = reading.dataset.items["description"][0]
    assert read == f'Say "{shop.products[0].kind}", 12" wide. {shop.products[0].description}', read
    return "read"


@situation(PART)
def quotation_marks_inside_without_escape(folder: Path) -> Outcome:
    """Clock, 12" wide without any quotation marks around: the inch is an inch."""
    shop = make_shop()
    lines = ["item_id,title,description,image"]
    for one in shop.products:
        lines.append(f'{one.number},{one.title},A thing 12" wide,{one.image}')
    write_shop(folder, shop)
    (folder / "items.csv").write_text("\r\n".join(lines) + "\r\n", encoding="utf-8")
    reading = look(folder)
    if reading.dataset is None:
        return told(reading, r"quotation", file="items.csv", row=True)
    assert set(reading.dataset.items["description"]) == {'A thing 12" wide'}
    return "read"


@situation(PART)
def commas_without_quotation_marks(folder: Path) -> Outcome:
    """One description has a comma and no quotation marks: told with the row."""
    write_shop(folder, make_shop())
    lines = (folder / "items.csv").read_text(encoding="utf-8").splitlines()
    lines[7] = "HW-007,Navy teapot,Pours well, holds eight cups,images/teapot-navy.png"
    (folder / "items.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return refused(look(folder), r"5 fields", r"quotation", file="items.csv row 8")


@situation(PART)
def semicolons_in_every_description(folder: Path) -> Outcome:
    """Commas between; 'S; M; L; XL; XXL' in every description: more semicolons than commas."""
    shop = make_shop()
    renamed = {one.number: Product(one.number, one.kind, one.colour, one.title, "Sizes; S; M; L; XL; XXL; 3XL; 4XL",
                                   one.price) for one in shop.products}  # fmt: skip
    shop.products = list(renamed.values())
    shop.purchases = [type(one)(one.user, renamed[one.product.number], one.time, one.order) for one in shop.purchases]
    return read_rightly(look(write_shop(folder, shop)), shop, 24)


@situation(PART)
def commas_in_every_title_between_semicolons(folder: Path) -> Outcome:
    """Semicolons between; 'Crimson, teapot, large, new' without quotation marks."""
    shop = make_shop()
    renamed = {one.number: Product(one.number, one.kind, one.colour, f"{one.title}, large, new, boxed, blue",
                                   one.description, one.price) for one in shop.products}  # fmt: skip
    shop.products = list(renamed.values())
    shop.purchases = [type(one)(one.user, renamed[one.product.number], one.time, one.order) for one in shop.purchases]
    return read_rightly(look(write_shop(folder, shop, delimiter=";")), shop, 24)
