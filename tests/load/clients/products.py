"""Planned products that can be told apart: each has a word of its own, and a picture of its own or none."""

from __future__ import annotations

import csv
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

#: A word that occurs nowhere else; every product has its own.
CANARY = re.compile(r"canary-\d+-\d+")
_THINGS = ("mug", "coat", "lamp", "scarf", "chair", "kettle", "jumper", "basket", "blanket", "teapot", "rug")
_STUFF = ("stoneware", "wool", "oak", "linen", "steel", "cotton", "glass", "leather", "rattan", "brass", "felt", "cork")


@dataclass(frozen=True)
class Product:
    """What one program launches again and again.

    Attributes:
        canary: the word that only this product has.
        picture: its file, None if it has none.
        batch: a CSV of three products that bear the word too.
    """

    canary: str
    picture: Path | None
    title: str
    description: str
    batch: Path


def make_product(folder: Path, client: int, place: int, pictured: bool) -> Product:
    """The product of a client; the same each time."""
    chance = np.random.default_rng([client, place])
    thing, stuff = chance.choice(_THINGS), chance.choice(_STUFF)
    canary = f"canary-{client}-{place}"
    title = f"{stuff.capitalize()} {thing} {canary}"
    description = f"A {thing} of {stuff} and {chance.choice(_STUFF)}, {chance.integers(10, 990)} g, made by {canary}."
    picture = _picture(folder / f"{canary}.png", chance) if pictured else None
    return Product(canary, picture, title, description, _batch(folder / f"{canary}.csv", canary, chance))


def _picture(path: Path, chance: np.random.Generator) -> Path:
    """Smooth patches of colour, as no other product has them."""
    small = chance.integers(0, 256, (6, 6, 3), dtype=np.uint8)
    Image.fromarray(small).resize((96, 96), Image.Resampling.BICUBIC).save(path)
    return path


def _batch(path: Path, canary: str, chance: np.random.Generator) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["item_id", "title", "description"])
        for row in range(3):
            words = " ".join(chance.choice(_STUFF, 3))
            writer.writerow([f"{canary}-{row}", f"{chance.choice(_THINGS)} {canary}", words])
    return path


def make_archive(path: Path) -> Path:
    """A zip of a dataset folder, to be checked."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("items.csv", "item_id,title,description,image\na,Hat,Warm,\nb,Scarf,,\nc,,Long,\n")
        archive.writestr("interactions.csv", "user_id,item_id\nu,a\nu,b\nv,c\n")
    return path
