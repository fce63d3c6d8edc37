"""Small synthetic dataset folders for the tests: quick to write, always the same, and learnable."""

from __future__ import annotations

import csv
import signal
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from mamex.config import ModelConfig

#: Each taste is a colour that the picture shows and a word that the text says.
TASTES = (
    ((200, 40, 40), "crimson", "warm wool jumper for winter evenings"),
    ((40, 160, 60), "green", "light linen shirt for summer gardens"),
    ((40, 70, 200), "navy", "waterproof jacket for rain and wind"),
    ((220, 190, 40), "yellow", "soft cotton dress for parties"),
)
ITEM_HEADER = ["item_id", "title", "description", "image", "category", "style", "price"]


def raw_model(**settings: Any) -> ModelConfig:
    """Settings of a model that reads the features themselves: with no kernel, an equation can be checked by hand."""
    return ModelConfig(kernel_components=0, **settings)


def write_tiny_dataset(
    folder: str | Path,
    n_items: int = 60,
    n_users: int = 40,
    seed: int = 0,
    purchases: int = 10,
    missing: bool = True,
) -> Path:
    """Write a dataset folder and return it.

    Item i has taste i % 4: its picture's colour and its words tell which. User u has taste u % 4 and buys
    ``purchases`` things, nine of ten of that taste. Ids have leading zeros; every two neighbours of one taste
    share a ``style``. With ``missing``, items 4, 17, 30, … lack a picture and items 9, 22, 35, … lack words
    (never both).
    """
    folder = Path(folder)
    (folder / "images").mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(seed)
    rows = []
    for item in range(n_items):
        colour, word, sentence = TASTES[item % len(TASTES)]
        item_id, image = f"{item:05d}", f"images/{item:05d}.png"
        title, description = f"{word.capitalize()} piece {item}", f"A {word} {sentence}."
        if missing and item % 13 == 4:
            image = ""
        else:
            _write_picture(folder / image, colour, random)
        if missing and item % 13 == 9:
            title = description = ""
        style = f"style {item // 8}-{item % len(TASTES)}"
        price = f"{random.uniform(5, 90):.2f}"
        rows.append([item_id, title, description, image, sentence.split()[2], style, price])
    write_csv(folder / "items.csv", ITEM_HEADER, rows)
    bought = _purchases(n_items, n_users, min(purchases, n_items), random)
    write_csv(folder / "interactions.csv", ["user_id", "item_id", "timestamp", "rating"], bought)
    return folder


def write_csv(path: Path, header: list[str], rows: list[list[str]]) -> None:
    """Write one table as the dataset format wants it."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _write_picture(path: Path, colour: tuple[int, int, int], random: np.random.Generator) -> None:
    coarse = np.clip(np.array(colour) + random.normal(0, 25, (6, 6, 3)), 0, 255).astype(np.uint8)
    Image.fromarray(coarse).resize((48, 48), Image.Resampling.NEAREST).save(path, compress_level=1)


def _purchases(n_items: int, n_users: int, purchases: int, random: np.random.Generator) -> list[list[str]]:
    rows = []
    tastes = np.arange(n_items) % len(TASTES)
    for user in range(n_users):
        own = tastes == user % len(TASTES)
        weight = np.where(own, 0.9 / max(own.sum(), 1), 0.1 / max((~own).sum(), 1))
        basket = random.choice(n_items, size=purchases, replace=False, p=weight / weight.sum())
        start = 1_700_000_000 + int(random.integers(0, 10_000_000))
        for step, item in enumerate(basket):
            rating = str(4 + int(own[item]))
            rows.append([f"u{user:03d}", f"{item:05d}", str(start + 86_400 * step), rating])
    return rows


def hear_interrupts() -> None:
    """For ``preexec_fn``: a process that is started from a background job ignores Ctrl-C, as the job does."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
