"""Titles and descriptions as shops write them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.strangers.reading import Reading, look, plain, read_or_told, read_rightly, told
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import Product, Shop, item_rows, make_shop, write_shop

PART = "words"


def described(folder: Path, written: Callable[[str], str], right: Callable[[str], str] = str) -> Outcome:
    """Descriptions written in another way must be read as ``right`` says."""
    shop = make_shop()
    items = [row | {"description": written(row["description"])} for row in item_rows(shop)]
    reading = look(write_shop(folder, shop, items, pictures=False))
    truth = Shop([_with(product, right(product.description)) for product in shop.products])
    truth.purchases = [type(one)(one.user, truth.products[shop.products.index(one.product)], one.time, one.order)
                       for one in shop.purchases]  # fmt: skip
    return read_rightly(reading, truth)


def _with(product: Product, description: str) -> Product:
    return Product(product.number, product.kind, product.colour, product.title, description, product.price)


@situation(PART)
def nested_lists_and_entities(folder: Path) -> Outcome:
    """<ul><li> with entities and style attributes."""
    return described(
        folder,
        lambda text: (
            '<div style="color:#333;font-size:14px" class="rte"><ul><li><span data-x="1">'
            + text.replace(". ", "&#46;</span></li><li><b>", 1).replace(" ", "&nbsp;", 2)
            + "</b></li></ul><!-- end --></div>"
        ),
        lambda text: text,
    )


@situation(PART)
def scripts_and_styles_are_no_words(folder: Path) -> Outcome:
    """<style> and <script> blocks of a page builder."""
    return described(
        folder,
        lambda text: f"<style>.a{{color:red}}</style><script>track('x')</script><p>{text}</p>",
    )


@situation(PART)
def markup_escaped_twice(folder: Path) -> Outcome:
    """&lt;p&gt;...&lt;/p&gt;: the markup was escaped by the export."""
    return described(folder, lambda text: f"&lt;p&gt;{text}&lt;/p&gt;")


@situation(PART)
def less_than_is_no_tag(folder: Path) -> Outcome:
    """'for rooms < 20 m2 and > 5 m2' keeps its signs."""
    return described(
        folder,
        lambda text: f"{text} For rooms < 20 m2 and > 5 m2.",
        lambda text: f"{text} For rooms < 20 m2 and > 5 m2.",
    )


@situation(PART)
def new_lines_in_quotation_marks(folder: Path) -> Outcome:
    """Descriptions over several lines, with commas and quotation marks."""
    odd = 'Size: 12", blue, "warm"\r\n'
    return described(folder, lambda text: odd + text, lambda text: plain(odd + text))


@situation(PART)
def hard_spaces_emoji_and_hebrew(folder: Path) -> Outcome:
    """No-break spaces, emoji with joiners, and writing from right to left are kept."""
    odd = "👩\u200d🍳 תה חם\u00a0ומתוק — café."
    return described(folder, lambda text: f"{odd} {text}", lambda text: f"{odd} {text}")


@situation(PART)
def shortcodes_of_a_page_builder(folder: Path) -> Outcome:
    """[vc_row][vc_column]...: no words, taken out or told."""
    shop = make_shop()
    items = [
        row | {"description": f'[vc_row][vc_column width="1/2"]{row["description"]}[/vc_column][/vc_row]'}
        for row in item_rows(shop)
    ]
    return read_or_told(
        look(write_shop(folder, shop, items, pictures=False)), shop, r"vc_row|shortcode|bracket", file="items.csv"
    )


@situation(PART)
def utf8_read_as_latin(folder: Path) -> Outcome:
    """fÃ¼r in place of für: saved twice by a program that guessed wrong; mended or told."""
    shop = make_shop()
    shop.products = [_with(one, f"{one.description} Schön für müde Füße.") for one in shop.products]
    items = [
        row | {"description": one.description.encode().decode("cp1252")}
        for row, one in zip(item_rows(shop), shop.products, strict=True)
    ]
    shop.purchases = [
        type(one)(one.user, shop.products[int(one.product.number[3:]) - 1], one.time, one.order)
        for one in shop.purchases
    ]
    return read_or_told(look(write_shop(folder, shop, items, pictures=False)), shop, r"Ã|encod", file="items.csv")


@situation(PART)
def the_same_notes_in_every_product(folder: Path) -> Outcome:
    """All products have one and the same description: told, as nothing can be learned of it."""
    items = [
        row | {"title": "Home goods", "description": "Ships within two days. Returns within a month."}
        for row in item_rows(make_shop())
    ]
    return told(
        look(write_shop(folder, make_shop(), items, pictures=False)), r"same|alike|identical|twin", file="items.csv"
    )


def untitled(folder: Path, name: str) -> Reading:
    """A third of the products have a word of the machine for a title."""
    items = [row | ({"title": name, "description": name} if index % 3 == 0 else {})
             for index, row in enumerate(item_rows(make_shop()))]  # fmt: skip
    return look(write_shop(folder, make_shop(), items, pictures=False))


@situation(PART)
def titles_called_nan(folder: Path) -> Outcome:
    """nan, as a data frame writes what is missing: not eight products called nan."""
    reading = untitled(folder, "nan")
    assert reading.report.summary["with_words"] == 16 or not reading.clean, reading.text
    if reading.report.summary["with_words"] == 16:
        return "read"
    return told(reading, "nan", r"\b8\b", file="items.csv")


@situation(PART)
def japanese_words(folder: Path) -> Outcome:
    """A script that the usual encoder does not know: told with the number of items and the remedy."""
    items = [
        row | {"title": f"青い急須{index}番", "description": "職人が手作りした陶器の急須です。二人分のお茶が入ります。"}
        for index, row in enumerate(item_rows(make_shop()))
    ]
    reading = look(write_shop(folder, make_shop(), items, pictures=False))
    return told(reading, r"encoder", r"\b24\b")


@situation(PART)
def half_in_arabic(folder: Path) -> Outcome:
    """Half of the products are described in Arabic: told, 12 of 24."""
    items = [
        row | ({"title": f"إبريق شاي أزرق {index}", "description": "مصنوع يدويا من الطين"} if index % 2 else {})
        for index, row in enumerate(item_rows(make_shop()))
    ]
    return told(look(write_shop(folder, make_shop(), items, pictures=False)), r"encoder", r"\b12\b")


@situation(PART)
def german_is_known_well_enough(folder: Path) -> Outcome:
    """German words are no foreign script: no warning that all is lost."""
    items = [
        row | {"title": f"Teekanne Nummer {index}", "description": "Handgetöpfert, hält den Tee lange warm."}
        for index, row in enumerate(item_rows(make_shop()))
    ]
    reading = look(write_shop(folder, make_shop(), items, pictures=False))
    assert "knows none" not in reading.text, reading.text
    assert reading.report.summary["with_words"] == 24
    return "read"
