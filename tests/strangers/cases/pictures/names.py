"""The names that tables give to pictures."""

from __future__ import annotations

import base64
import io
import json
import unicodedata
from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests.strangers.reading import Reading, look, read_or_told, read_rightly, told, told_once
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import Product, draw, item_rows, make_shop, write_shop

PART = "pictures"


def named(folder: Path, name: Callable[[Product], str], **where: str) -> Reading:
    """The pictures lie in images/ by their own names; the table calls them otherwise."""
    shop = make_shop()
    items = [row | {"image": name(product)} for row, product in zip(item_rows(shop), shop.products, strict=True)]
    write_shop(folder, shop, items)
    if "move" in where:
        (folder / where["move"]).parent.mkdir(parents=True, exist_ok=True)
        (folder / "images").rename(folder / where["move"])
    return look(folder)


def found(reading: Reading) -> Outcome:
    """All 24 pictures are used."""
    return read_rightly(reading, make_shop(), 24)


@situation(PART)
def backslashes(folder: Path) -> Outcome:
    r"""images\teapot-crimson.png."""
    return found(named(folder, lambda product: product.image.replace("/", "\\")))


@situation(PART)
def a_path_of_another_machine(folder: Path) -> Outcome:
    r"""C:\Users\me\shop\images\teapot-crimson.png."""
    return found(named(folder, lambda product: "C:\\Users\\me\\shop\\" + product.image.replace("/", "\\")))


@situation(PART)
def an_address_of_a_file(folder: Path) -> Outcome:
    """file:///Users/me/shop/images/teapot-crimson.png."""
    return found(named(folder, lambda product: f"file:///Users/me/My%20shop/{product.image}"))


@situation(PART)
def spaces_as_plus_signs(folder: Path) -> Outcome:
    """Crimson+teapot.png for 'Crimson teapot.png'."""
    shop = make_shop()
    items = [row | {"image": f"images/{row['title'].replace(' ', '+')}.png"} for row in item_rows(shop)]
    write_shop(folder, shop, items)
    for product in shop.products:
        (folder / product.image).rename(folder / "images" / f"{product.title}.png")
    return read_or_told(look(folder), shop, r"\+|picture", file="items.csv", pictures=24)


@situation(PART)
def capitals_and_no_folder(folder: Path) -> Outcome:
    """TEAPOT-CRIMSON.PNG."""
    return found(named(folder, lambda product: f"{product.slug}.png".upper()))


@situation(PART)
def several_with_bars(folder: Path) -> Outcome:
    """a.png|a-back.png: the first, and said."""
    reading = named(folder, lambda product: f"{product.image}|images/{product.slug}-back.png")
    told_once(reading, r"first", most=8)
    return found(reading)


@situation(PART)
def several_as_a_list(folder: Path) -> Outcome:
    """["a.png","b.png"] as a script writes them."""
    return found(named(folder, lambda product: json.dumps([product.image, f"images/{product.slug}-2.png"])))


@situation(PART)
def several_with_semicolons(folder: Path) -> Outcome:
    """a.png; b.png."""
    return found(named(folder, lambda product: f"{product.image}; images/{product.slug}-back.png"))


@situation(PART)
def a_name_with_a_comma(folder: Path) -> Outcome:
    """'Crimson, teapot.png' is one name: the file with the comma wins."""
    shop = make_shop()
    items = [row | {"image": f"images/{product.colour}, {product.kind}.png"}
             for row, product in zip(item_rows(shop), shop.products, strict=True)]  # fmt: skip
    write_shop(folder, shop, items)
    for product in shop.products:
        (folder / product.image).rename(folder / "images" / f"{product.colour}, {product.kind}.png")
    return read_rightly(look(folder), shop, 24)


@situation(PART)
def letters_in_two_pieces(folder: Path) -> Outcome:
    """A Mac wrote é as e and an accent in the names of files."""
    shop = make_shop()
    items = [row | {"image": f"images/café-{product.slug}.png"}
             for row, product in zip(item_rows(shop), shop.products, strict=True)]  # fmt: skip
    write_shop(folder, shop, items)
    for product in shop.products:
        name = unicodedata.normalize("NFD", f"café-{product.slug}.png")
        (folder / product.image).rename(folder / "images" / name)
    return read_rightly(look(folder), shop, 24)


@situation(PART)
def a_folder_of_another_name(folder: Path) -> Outcome:
    """The pictures lie in photos/web/, the table gives bare names."""
    return found(named(folder, lambda product: f"{product.slug}.png", move="photos/web"))


@situation(PART)
def a_path_of_the_server(folder: Path) -> Outcome:
    """/wp-content/uploads/2024/03/teapot-crimson.png, downloaded into images/."""
    return found(named(folder, lambda product: f"/wp-content/uploads/2024/03/{product.slug}.png"))


@situation(PART)
def addresses_beside_downloaded_files(folder: Path) -> Outcome:
    """https://…/teapot-crimson.png?v=169, and the files are in images/: found, or told."""
    reading = named(folder, lambda product: f"https://cdn.example/s/files/1/{product.slug}.png?v=1690123401")
    return read_or_told(reading, make_shop(), r"address|url|download|https?", file="items.csv", pictures=24)


@situation(PART)
def addresses_and_no_files(folder: Path) -> Outcome:
    """Only addresses: said once with the command that fetches them."""
    shop = make_shop()
    items = [row | {"image": f"https://cdn.example/{product.slug}.jpg"}
             for row, product in zip(item_rows(shop), shop.products, strict=True)]  # fmt: skip
    reading = look(write_shop(folder, shop, items, pictures=False))
    told_once(reading, r"prepare", most=2)
    assert reading.report.summary["with_picture"] == 0
    read_rightly(reading, shop)
    return told(reading, r"24", r"prepare", file="items.csv")


@situation(PART)
def links_to_a_drive(folder: Path) -> Outcome:
    """https://drive.google.com/file/d/…/view: a page, no picture; told."""
    shop = make_shop()
    items = [row | {"image": f"https://drive.google.com/file/d/1AbC{index:03d}/view?usp=sharing"}
             for index, row in enumerate(item_rows(shop))]  # fmt: skip
    reading = look(write_shop(folder, shop, items, pictures=False))
    return told(reading, r"24", r"address|url|download|fetch|prepare", file="items.csv")


@situation(PART)
def pictures_inside_the_table(folder: Path) -> Outcome:
    """data:image/png;base64,… in the cell: told, and not printed at length."""
    shop = make_shop()

    def inside(product: Product) -> str:
        data = io.BytesIO()
        draw(product).save(data, "PNG")
        return f"data:image/png;base64,{base64.b64encode(data.getvalue()).decode()}"

    items = [row | {"image": inside(one)} for row, one in zip(item_rows(shop), shop.products, strict=True)]
    reading = look(write_shop(folder, shop, items, pictures=False))
    assert len(reading.text) < 6000, len(reading.text)
    return read_or_told(reading, shop, r"inside the table|in the table|data:", r"file", file="items.csv", pictures=24)


@situation(PART)
def no_column_but_named_by_number(folder: Path) -> Outcome:
    """No column image, but images/HW-001.png: told or found."""
    shop = make_shop()
    write_shop(
        folder, shop, [{key: row[key] for key in ("item_id", "title", "description")} for row in item_rows(shop)]
    )
    for product in shop.products:
        (folder / product.image).rename(folder / "images" / f"{product.number}.png")
    return read_or_told(look(folder), shop, r"picture|image", file="items.csv", pictures=24)


@situation(PART)
def two_files_for_one_name(folder: Path) -> Outcome:
    """'teapot-crimson' without ending, and there are a .png and a .jpg that show different things."""
    shop = make_shop()
    items = [row | {"image": f"images/{one.slug}"} for row, one in zip(item_rows(shop), shop.products, strict=True)]
    write_shop(folder, shop, items)
    for product in shop.products:
        draw(product).transpose(Image.Transpose.ROTATE_90).save(folder / "images" / f"{product.slug}.jpg")
    return told(look(folder), r"picture|image|\.png", file="items.csv", row=False)


@situation(PART)
def half_of_the_pictures_gone(folder: Path) -> Outcome:
    """Thirteen files are missing: one sentence has the count."""
    shop = make_shop()
    write_shop(folder, shop)
    for product in shop.products[:13]:
        (folder / product.image).unlink()
    reading = look(folder)
    assert reading.report.summary["with_picture"] == 11
    read_rightly(reading, shop)
    return told(reading, r"\b13 of 24\b", r"picture", file="items.csv")


@situation(PART)
def what_a_mac_leaves_behind(folder: Path) -> Outcome:
    """._teapot-crimson.png and .DS_Store beside the pictures; bare names in the table."""
    shop = make_shop()
    items = [
        row | {"image": f"{one.slug.upper()}.png"} for row, one in zip(item_rows(shop), shop.products, strict=True)
    ]
    write_shop(folder, shop, items)
    (folder / "__MACOSX" / "images").mkdir(parents=True)
    (folder / "images" / ".DS_Store").write_bytes(b"\0\0\0\1Bud1")
    for product in shop.products:
        (folder / "images" / f"._{product.slug}.png").write_bytes(b"\0\5\x16\7")
        (folder / "__MACOSX" / "images" / f"._{product.slug}.png").write_bytes(b"\0\5\x16\7")
    return read_rightly(look(folder), shop, 24)


@situation(PART)
def a_tag_in_the_cell(folder: Path) -> Outcome:
    """<img src="images/teapot-crimson.png" alt="">: found, or told."""
    reading = named(folder, lambda product: f'<img src="{product.image}" alt="">')
    return read_or_told(reading, make_shop(), r"picture", r"img", file="items.csv", pictures=24)


@situation(PART)
def words_for_no_picture(folder: Path) -> Outcome:
    """NULL, nan, n/a and - by turns where there is no picture: eight items without, and no file is looked for."""
    shop = make_shop()
    words = iter(["NULL", "nan", "n/a", "-", "None", "NaN", "null", "N/A"])
    items = [row | ({"image": next(words)} if index % 3 == 0 else {}) for index, row in enumerate(item_rows(shop))]
    reading = look(write_shop(folder, shop, items))
    assert "no picture 'nan'" not in reading.text, reading.text
    return read_rightly(reading, shop, 16)


@situation(PART)
def another_ending(folder: Path) -> Outcome:
    """The table says .jpg, the files were converted to .png: found, or told."""
    reading = named(folder, lambda product: f"images/{product.slug}.jpg")
    return read_or_told(reading, make_shop(), r"\.jpg", r"\.png", file="items.csv", pictures=24)


@situation(PART)
def small_copies_of_a_shop_system(folder: Path) -> Outcome:
    """teapot-crimson-300x300.png is named, only the large one is there: found, or told."""
    reading = named(folder, lambda product: f"images/{product.slug}-300x300.png")
    return read_or_told(reading, make_shop(), r"300x300", file="items.csv", pictures=24)


@situation(PART)
def the_same_name_in_two_folders(folder: Path) -> Outcome:
    """front.png lies in a folder of every product, the table says front.png: told, no picture is guessed."""
    shop = make_shop()
    write_shop(folder, shop, [row | {"image": "front.png"} for row in item_rows(shop)])
    for product in shop.products:
        (folder / "images" / product.number).mkdir()
        (folder / product.image).rename(folder / "images" / product.number / "front.png")
    reading = look(folder)
    assert reading.report.summary["with_picture"] in (0, 24), reading.text
    return told(reading, r"front\.png", file="items.csv")
