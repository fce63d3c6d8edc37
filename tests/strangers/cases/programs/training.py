"""What training, launching and moving say: a few real runs of one epoch."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np

from mamex import Config, Launcher, override
from mamex.training.run import train_run
from tests.strangers.exports import shopify, woocommerce
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import draw, interaction_rows, item_rows, make_shop, save_pictures, write_shop
from tests.support.shops.shop import SilentDisplay

PART = "training"
SHORT = ("training.epochs=1", "model.dimension=16")


def mamex(*words: object) -> tuple[int, str]:
    """A command, its exit status and all that it printed."""
    done = subprocess.run([sys.executable, "-m", "mamex", *map(str, words)], text=True, capture_output=True,
                          timeout=400, check=False)  # fmt: skip
    text = done.stdout + done.stderr
    assert "Traceback" not in text, text
    return done.returncode, text


def train(data: Path, out: Path, *settings: str) -> tuple[int, str]:
    """One short epoch."""
    return mamex("train", "--data", data, "--out", out, "--set", *SHORT, *settings)


def saying(text: str, *patterns: str) -> None:
    """One line holds them all."""
    assert any(all(re.search(one, line, re.IGNORECASE) for one in patterns) for line in text.splitlines()), text


@situation(PART, slow=True)
def pictures_never_found(folder: Path) -> Outcome:
    """The pictures were not copied: training says so first, with the count; a photo alone is refused later."""
    write_shop(folder, make_shop(), pictures=False)
    status, text = train(folder, folder.parent / "run")
    assert status == 0, text
    saying(text, r"24", r"picture")
    photo = folder.parent / "photo.png"
    draw(make_shop().products[0]).save(photo)
    status, text = mamex("launch", "--checkpoint", folder.parent / "run", "--image", photo)
    assert status != 0, text
    saying(text, r"picture|photo")
    status, text = mamex("launch", "--checkpoint", folder.parent / "run", "--image", photo, "--text", "Navy teapot")
    assert status == 0, text
    saying(text, r"picture", r"left out|never")
    return "told"


@situation(PART, slow=True)
def a_small_shop(folder: Path) -> Outcome:
    """Fourteen products: launching says that its long lists are no test."""
    write_shop(folder, make_shop(14, users=16, each=4))
    status, text = train(folder, folder.parent / "run")
    assert status == 0, text
    saying(text, r"\b1[0-4]\b", r"list|item|product")
    status, text = mamex("launch", "--checkpoint", folder.parent / "run", "--text", "qwer asdf zxcv")
    assert status == 0, text
    saying(text, r"list|top|few")
    return "told"


@situation(PART, slow=True)
def few_ever_sold(folder: Path) -> Outcome:
    """48 products of which 8 were sold: it trains with every seed, or says how."""
    shop = make_shop(48, users=40, each=10)
    sold = {one.number for one in shop.products[:8]}
    rows = [row for row in interaction_rows(shop) if row["item_id"] in sold]
    write_shop(folder, shop, None, rows, pictures=False)
    for seed in (0, 1):
        status, text = train(folder, folder.parent / f"run{seed}", f"training.seed={seed}")
        if status:
            saying(text, r"data\.\w+")
    return "told"


@situation(PART, slow=True)
def words_in_thai(folder: Path) -> Outcome:
    """Training says that the encoder knows none of the words."""
    items = [row | {"title": f"กาน้ำชา {index}", "description": "ทำด้วยมือจากดินเผา อุ่นชาได้นาน"}
             for index, row in enumerate(item_rows(make_shop()))]  # fmt: skip
    write_shop(folder, make_shop(), items)
    status, text = train(folder, folder.parent / "run")
    assert status == 0, text
    saying(text, r"24", r"encoder|words")
    status, text = mamex("launch", "--checkpoint", folder.parent / "run", "--text", "กาน้ำชา")
    assert status == 0, text
    saying(text, r"encoder|words|knows")
    return "told"


@situation(PART, slow=True)
def features_of_noise_and_nothing(folder: Path) -> Outcome:
    """features/audio.npy is NaN everywhere: an error that names it, not a run without audio."""
    write_shop(folder, make_shop(), pictures=False)
    (folder / "features").mkdir()
    np.save(folder / "features" / "audio.npy", np.full((24, 6), np.nan, np.float32))
    np.save(folder / "features" / "text.npy", np.random.default_rng(0).normal(size=(24, 6)).astype(np.float32))
    status, text = train(folder, folder.parent / "run", "encoder=features", "model.modalities=audio,text")
    assert status != 0, text
    saying(text, r"audio", r"NaN|not a number|24")
    return "told"


@situation(PART)
def a_shop_systems_export_untouched(folder: Path) -> Outcome:
    """products_export_1.csv and orders_export_1.csv train as they are, and a launch finds its likes."""
    shop = make_shop(names=[f"person{index:02d}@example.com" for index in range(30)])
    save_pictures(shop, shopify.export(folder, shop) / "images")
    display = SilentDisplay()
    config = override(Config(), ["training.epochs=2", "model.dimension=16"])
    train_run(folder, folder.parent / "run", config, "cpu", False, display)
    said = "\n".join(display.messages)
    assert "30 users, 24 items" in said, said
    launched = Launcher.load(folder.parent / "run").launch(text="Rose teapot. Pours without dripping.", neighbours=3)
    assert launched.audience_size > 0 and len(launched.neighbours["fused"]) == 3, launched
    assert any("teapot" in one.title for one in launched.neighbours["fused"]), launched.neighbours
    return "read"


@situation(PART)
def a_plug_ins_export_untouched(folder: Path) -> Outcome:
    """wc-product-export and its orders train as they are, without pictures, which is said."""
    shop = make_shop(names=[f"person{index:02d}@example.com" for index in range(30)])
    display = SilentDisplay()
    config = override(Config(), ["training.epochs=2", "model.dimension=16"])
    train_run(woocommerce.export(folder, shop), folder.parent / "run", config, "cpu", False, display)
    said = "\n".join(display.messages)
    assert "30 users, 24 items" in said, said
    saying(said, r"24", r"picture")
    return "read"


@situation(PART, slow=True)
def a_shop_that_moved(folder: Path) -> Outcome:
    """The dataset's folder is gone and the checkpoint lies elsewhere: launches work as before."""
    write_shop(folder, make_shop())
    status, text = train(folder, folder.parent / "run")
    assert status == 0, text
    before = mamex("launch", "--checkpoint", folder.parent / "run", "--text", "Navy teapot", "--json")
    shutil.rmtree(folder)
    moved = folder.parent / "drive d" / "checkpoint (1)"
    moved.parent.mkdir()
    (folder.parent / "run").rename(moved)
    status, text = mamex("launch", "--checkpoint", moved, "--text", "Navy teapot", "--json")
    assert status == 0, text
    assert reach(text) == reach(before[1])
    return "read"


def reach(text: str) -> object:
    """The reach of a launch that was printed as JSON."""
    return json.JSONDecoder().raw_decode(text[text.index("{") :])[0]["reach"]
