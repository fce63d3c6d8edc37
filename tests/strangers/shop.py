"""A made-up shop whose truth is known: products, their pictures, and who bought what and when."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageDraw

KINDS = {
    "teapot": "Pours without dripping; the lid stays on. Holds eight cups of tea.",
    "scarf": "Woven of lambswool in a small mill. Two metres long, fringed at both ends.",
    "candlestick": "Cast iron with a wide foot. Takes candles of 22 millimetres.",
    "backpack": "Waxed cotton, leather straps, a padded pocket for a laptop.",
    "clock": "Silent movement, large hands, runs for a year on one battery.",
    "cushion": "Linen cover with a hidden zip. Filled with feathers.",
}
COLOURS = {
    "Crimson": (178, 24, 48),
    "Navy": (20, 33, 92),
    "Mustard": (214, 164, 32),
    "Olive": (104, 112, 40),
    "Ivory": (238, 232, 210),
    "Charcoal": (52, 54, 58),
    "Teal": (16, 128, 128),
    "Plum": (112, 40, 100),
}
FIRST_DAY = datetime(2024, 1, 2, 8, 0)


@dataclass(frozen=True)
class Product:
    """One product, as its maker knows it."""

    number: str
    kind: str
    colour: str
    title: str
    description: str
    price: float

    @property
    def slug(self) -> str:
        """Its name in addresses and files."""
        return f"{self.kind}-{self.colour.lower()}"

    @property
    def image(self) -> str:
        """Its picture, relative to the folder."""
        return f"images/{self.slug}.png"


@dataclass(frozen=True)
class Purchase:
    """One line of an order."""

    user: str
    product: Product
    time: datetime
    order: int


@dataclass
class Shop:
    """Products and purchases; ``pairs`` is what a reader must find."""

    products: list[Product]
    purchases: list[Purchase] = field(default_factory=list)

    @property
    def users(self) -> list[str]:
        """Everybody who bought something."""
        return sorted({purchase.user for purchase in self.purchases})

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """Who bought what: user and title."""
        return {(purchase.user, purchase.product.title) for purchase in self.purchases}


def make_products(count: int = 24) -> list[Product]:
    """As many different products, at most 48."""
    every = [(kind, colour) for colour in COLOURS for kind in KINDS][:count]
    return [
        Product(f"HW-{number:03d}", kind, colour, f"{colour} {kind}", f"{KINDS[kind]} Colour: {colour.lower()}.",
                round(9.9 + 3.7 * number, 2))
        for number, (kind, colour) in enumerate(every, start=1)
    ]  # fmt: skip


def make_shop(count: int = 24, users: int = 30, each: int = 6, seed: int = 7, names: list[str] | None = None) -> Shop:
    """A shop whose shoppers prefer one kind or one colour; no shopper buys a product twice."""
    chance = random.Random(seed)
    shop = Shop(make_products(count))
    order = 1000
    for index in range(users):
        user = names[index] if names else f"C{index + 1:04d}"
        loved = chance.choice(list(KINDS))
        likely = sorted(shop.products, key=lambda product: chance.random() - 0.6 * (product.kind == loved))[:each]
        day = FIRST_DAY + timedelta(days=3 * index, minutes=17 * index)
        for position, product in enumerate(likely):
            if position % 2 == 0:
                order += 1
                day += timedelta(days=11, hours=3)
            shop.purchases.append(Purchase(user, product, day, order))
    return shop


def draw(product: Product, size: int = 48) -> Image.Image:
    """A simple drawing of a product: another shape for each kind, another colour for each colour."""
    picture = Image.new("RGB", (size, size), (246, 246, 244))
    pencil, ink, kind = ImageDraw.Draw(picture), COLOURS[product.colour], list(KINDS).index(product.kind)
    low, high = size // 5, size - size // 5
    if kind == 0:
        pencil.ellipse((low, low + 4, high, high), fill=ink)
        pencil.line((high, size // 2, size - 2, low), fill=ink, width=4)
    elif kind == 1:
        pencil.rectangle((size // 2 - 6, 2, size // 2 + 6, size - 2), fill=ink)
    elif kind == 2:
        pencil.polygon([(size // 2, 2), (low, high), (high, high)], fill=ink)
    elif kind == 3:
        pencil.rounded_rectangle((low, low, high, size - 3), 8, fill=ink)
    elif kind == 4:
        pencil.ellipse((low, low, high, high), outline=ink, width=5)
        pencil.line((size // 2, size // 2, size // 2, low + 6), fill=ink, width=3)
    else:
        pencil.rectangle((low, low + 6, high, high - 6), fill=ink)
    return picture


def save_pictures(shop: Shop, folder: Path, ending: str = ".png", **options: object) -> None:
    """Write every product's picture into ``folder`` by its slug."""
    folder.mkdir(parents=True, exist_ok=True)
    for product in shop.products:
        draw(product).save(folder / f"{product.slug}{ending}", **options)


def item_rows(shop: Shop) -> list[dict[str, str]]:
    """The rows of a well-formed items.csv, to be spoiled by a situation."""
    return [
        {"item_id": product.number, "title": product.title, "description": product.description, "image": product.image}
        for product in shop.products
    ]


def interaction_rows(shop: Shop) -> list[dict[str, str]]:
    """The rows of a well-formed interactions.csv, to be spoiled by a situation."""
    return [
        {
            "user_id": purchase.user,
            "item_id": purchase.product.number,
            "timestamp": purchase.time.isoformat(sep=" "),
        }
        for purchase in shop.purchases
    ]


def write_table(path: Path, rows: list[dict[str, str]], encoding: str = "utf-8", **dialect: object) -> None:
    """Write rows as a table; the columns are those of the first row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), **{"lineterminator": "\r\n", **dialect})
        writer.writeheader()
        writer.writerows(rows)


def write_shop(
    folder: Path,
    shop: Shop,
    items: list[dict[str, str]] | None = None,
    interactions: list[dict[str, str]] | None = None,
    pictures: bool = True,
    named: bool = False,
    **dialect: object,
) -> Path:
    """A whole folder: the shop as it is, but for the rows given in place of its own.

    Without pictures the table names none, unless a situation gave them other names or says that they are ``named``.
    """
    items = item_rows(shop) if items is None else items
    if pictures:
        save_pictures(shop, folder / "images")
    elif not named:
        own = {product.image for product in shop.products}
        items = [row | {"image": ""} if row.get("image") in own else row for row in items]
    write_table(folder / "items.csv", items, **dialect)
    write_table(
        folder / "interactions.csv", interaction_rows(shop) if interactions is None else interactions, **dialect
    )
    return folder


def names(*lines: str) -> list[str]:
    """The columns of a table, written with bars between them."""
    return "|".join(lines).split("|")
