"""Twenty things that befell people who trained on their own shop, each made anew by code."""

import json

import httpx
import numpy as np
import pytest
from PIL import Image

from mamex import Config, Launcher, MamexError, override
from mamex.launch.batch_files import planned_rows
from mamex.training.run import train_run
from tests.strangers.exports.shopify import PRODUCT_COLUMNS, product_rows, write
from tests.strangers.reading import look, plain, read_or_told, read_rightly, told
from tests.strangers.shop import Shop, draw, interaction_rows, item_rows, make_shop, write_shop
from tests.support.shops.shop import SilentDisplay

SHORT = ["training.epochs=2", "model.dimension=16"]


def train(folder, out, *settings, resume=False, display=None):
    """A short run in this process; what it said."""
    display = display or SilentDisplay()
    train_run(folder, out, override(Config(), [*SHORT, *settings]), "cpu", resume, display)
    return display


def said(display, *words):
    """One sentence of the run holds all the words."""
    assert any(all(word in sentence for word in words) for sentence in display.messages), display.messages


def test_quotation_marks_escaped_by_backslashes(tmp_path):
    shop = make_shop()
    write_shop(tmp_path, shop)
    lines = [f'{one.number},"{one.title}, 12\\" tall","A \\"warm\\" {one.kind}.",{one.image}' for one in shop.products]
    (tmp_path / "items.csv").write_text("item_id,title,description,image\n" + "\n".join(lines) + "\n", "utf-8")
    reading = look(tmp_path)
    if reading.dataset is None:
        told(reading, "quotation", "doubled", file="items.csv", row=True)
    else:
        assert reading.dataset.items["title"][0] == 'Crimson teapot, 12" tall'
        assert reading.dataset.items["description"][0] == 'A "warm" teapot.'


def test_notes_of_cameras_that_are_damaged(tmp_path):
    write_shop(tmp_path, make_shop())
    for product in make_shop().products[:8]:
        draw(product).save(
            tmp_path / product.image, exif=b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12\xff\xff\xff\xff\xff"
        )
    reading = look(tmp_path)
    read_rightly(reading, make_shop(), 24)
    assert "save it again" not in reading.text


def test_customer_numbers_rounded_by_a_spreadsheet(tmp_path):
    rows = [row | {"user_id": "4.00638E+12"} for row in interaction_rows(make_shop())]
    reading = look(write_shop(tmp_path, make_shop(), None, rows))
    told(reading, "rounded", "user_id", r"\b180\b", "text", file="interactions.csv")


def test_discontinued_items(tmp_path):
    shop = make_shop()
    write_shop(tmp_path, shop, item_rows(shop)[:-3])
    sold = [one for one in shop.purchases if one.product in shop.products[:-3]]
    told(look(tmp_path), "data.unknown_items=drop", rf"\b{len(shop.purchases) - len(sold)}\b", file="interactions.csv")
    read_rightly(look(tmp_path, unknown_items="drop"), Shop(shop.products[:-3], sold), 21)


def test_guests_who_share_a_number(tmp_path):
    rows = [row | ({"user_id": "0"} if index % 10 else {}) for index, row in enumerate(interaction_rows(make_shop()))]
    reading = look(write_shop(tmp_path, make_shop(), None, rows))
    told(reading, "'0'", r"\b162 of 180\b", "24 of 24", "exclude_users=0", file="interactions.csv")
    told(reading, "merged|repeat", file="interactions.csv")


def test_a_page_behind_a_proxy_reads_no_folder_of_its_machine(server, tmp_path):
    config = httpx.get(f"{server}config").json()
    buttons = {one["id"] for one in config["components"] if one["props"].get("elem_id") == "own-check"}
    check = next(one["id"] for one in config["dependencies"] if one["targets"] and one["targets"][0][0] in buttons)
    answers = []
    for folder in (tmp_path, "/etc", "/srv/nothing-here"):
        body = {"data": [None, None, None, str(folder)], "fn_index": check, "session_hash": "proxied"}
        proxied = {"X-Forwarded-For": "192.0.2.7"}
        assert httpx.post(f"{server}gradio_api/queue/join", json=body, headers=proxied).status_code == 200
        url = f"{server}gradio_api/queue/data"
        with httpx.stream("GET", url, params={"session_hash": "proxied"}, timeout=60) as stream:
            done = next(line for line in stream.iter_lines() if "process_completed" in line)
        answers.append(json.dumps(json.loads(done.removeprefix("data: "))["output"]["data"]))
    assert "items.csv" not in answers[0] and "upload a zip file" in answers[0]
    assert answers[0] == answers[1] == answers[2], "whether a folder exists is nobody's business"


def test_names_of_pictures_written_in_six_ways(tmp_path):
    shop = make_shop()
    ways = (
        lambda name: name.upper(),
        lambda name: name.removesuffix(".png"),
        lambda name: name.replace("-", "%2D"),
        lambda name: f"{name}?v=1690",
        lambda name: f"{name}, images/other.png",
        lambda name: name.removeprefix("images/"),
    )
    items = [row | {"image": ways[index % 6](row["image"])} for index, row in enumerate(item_rows(shop))]
    write_shop(tmp_path, shop, [row | {"image": f"./{row['image']}"} if index % 7 == 6 else row
                                for index, row in enumerate(items)])  # fmt: skip
    save = look(tmp_path)
    read_rightly(save, shop, 24)
    told(save, "picture|name", r"\d", file="items.csv")


def test_pictures_lost_before_training(tmp_path):
    write_shop(tmp_path / "shop", make_shop())
    for path in (tmp_path / "shop" / "images").iterdir():
        path.unlink()
    said(train(tmp_path / "shop", tmp_path / "run"), "24 of 24", "picture")


def test_one_grey_file_for_many_products(tmp_path):
    items = [row | ({"image": "images/no-image.png"} if index < 14 else {}) for index, row in
             enumerate(item_rows(make_shop()))]  # fmt: skip
    write_shop(tmp_path, make_shop(), items)
    Image.new("RGB", (64, 64), (190, 190, 190)).save(tmp_path / "images" / "no-image.png")
    reading = look(tmp_path)
    told(reading, r"\b14\b", "no-image.png", "placeholder|empty", file="items.csv|images")
    assert reading.report.summary["with_picture"] == 10


class Stopped(SilentDisplay):
    """Stopped by its user after the first epoch."""

    def epoch(self, record):
        super().epoch(record)
        raise KeyboardInterrupt


def test_a_run_goes_on_where_features_are_rounded_otherwise(tmp_path, monkeypatch):
    write_shop(tmp_path / "shop", make_shop(), pictures=False)
    (tmp_path / "shop" / "features").mkdir()
    features = tmp_path / "shop" / "features" / "text.npy"
    np.save(features, np.random.default_rng(1).normal(size=(24, 9)).astype(np.float32))
    settings = ("encoder=features", "model.modalities=text", "training.epochs=3", "training.patience=9")
    monkeypatch.setenv("MAMEX_CACHE", str(tmp_path / "cache-a"))
    with pytest.raises(KeyboardInterrupt):
        train(tmp_path / "shop", tmp_path / "run", *settings, display=Stopped())
    monkeypatch.setenv("MAMEX_CACHE", str(tmp_path / "cache-b"))
    np.save(features, np.load(features) * np.float32(1 + 1e-6))
    display = train(tmp_path / "shop", tmp_path / "run", *settings, resume=True)
    assert [record.epoch for record in display.records] == [1, 2, 3]


def test_both_tables_with_semicolons(tmp_path):
    read_rightly(look(write_shop(tmp_path, make_shop(), delimiter=";")), make_shop(), 24)


def test_a_shop_systems_products_as_a_batch(tmp_path):
    shop = make_shop(6)
    write(tmp_path / "products_export.csv", PRODUCT_COLUMNS, product_rows(shop, sizes=False))
    with planned_rows(tmp_path / "products_export.csv") as rows:
        read = {row.title: plain(row.description) for row in rows if not row.fault and row.title}
        everything = " ".join([*(row.fault for row in rows), *(one for row in rows for one in row.warnings)])
    assert read == {one.title: plain(one.description) for one in shop.products}
    assert "no title, no description and no picture" not in everything


def test_days_as_a_spreadsheet_counts_them(tmp_path):
    shop = make_shop()
    rows = [row | {"timestamp": str(45292 + index)} for index, row in enumerate(interaction_rows(shop))]
    reading = look(write_shop(tmp_path, shop, None, rows))
    told(reading, r"\b180\b", "day|spreadsheet", file="interactions.csv")
    assert str(min(reading.times.values()))[:10] == "2024-01-01"
    assert "2024-01-01" in reading.text


def test_stars_count(tmp_path):
    shop = make_shop()
    rows = [row | {"rating": "1" if index % 3 == 0 else "5"} for index, row in enumerate(interaction_rows(shop))]
    write_shop(tmp_path / "shop", shop, None, rows, pictures=False)
    reading = look(tmp_path / "shop")
    told(reading, "rating", r"\b60\b", file="interactions.csv")
    read_rightly(reading, Shop(shop.products, [one for index, one in enumerate(shop.purchases) if index % 3]))
    said(train(tmp_path / "shop", tmp_path / "run", "training.epochs=1"), "rating", "60")


def test_a_shop_of_twelve_products(tmp_path):
    write_shop(tmp_path / "shop", make_shop(12, users=12, each=4))
    display = train(tmp_path / "shop", tmp_path / "run")
    assert any("list" in sentence or "Recall@" in sentence for sentence in display.messages), display.messages
    launched = Launcher.load(tmp_path / "run").launch(text="asdf qwer zxcv")
    assert not launched.reach or min(launched.reach) <= 6 or launched.warnings, launched
    assert any("list" in warning or "top" in warning for warning in launched.warnings), launched.warnings


def test_words_inside_markup(tmp_path):
    shop = make_shop()
    wrap = (
        '<div style="margin:0;color:#222"><h3>&nbsp;</h3><ul><li><span style="font-size:1px">{}</span></li></ul></div>'
    )
    items = [row | {"description": wrap.format(row["description"])} for row in item_rows(shop)]
    reading = look(write_shop(tmp_path, shop, items))
    read_or_told(reading, shop, r"\b24\b", "markup|HTML|tags", file="items.csv", pictures=24)
    told(reading, "HTML|markup|tags", file="items.csv")


def test_a_shop_of_words_alone(tmp_path):
    write_shop(tmp_path / "shop", make_shop(), pictures=False)
    said(train(tmp_path / "shop", tmp_path / "run"), "picture")
    launcher = Launcher.load(tmp_path / "run")
    with pytest.raises(MamexError, match="picture"):
        launcher.launch(image=draw(make_shop().products[0]))
    launched = launcher.launch(image=draw(make_shop().products[0]), text="Navy teapot")
    assert launched.fusion.get("image", 0) == 0
    assert any("picture" in warning for warning in launched.warnings), launched.warnings


def test_a_dead_column_of_features(tmp_path):
    write_shop(tmp_path / "shop", make_shop(), pictures=False)
    (tmp_path / "shop" / "features").mkdir()
    audio = np.random.default_rng(1).normal(size=(24, 9)).astype(np.float32)
    np.save(tmp_path / "shop" / "features" / "text.npy", audio * 2)
    audio[:, 4] = np.nan
    np.save(tmp_path / "shop" / "features" / "audio.npy", audio)
    told(look(tmp_path / "shop"), "NaN", r"\b24\b", file="features/audio.npy")
    with pytest.raises(MamexError, match=r"audio.*NaN|NaN.*audio"):
        train(tmp_path / "shop", tmp_path / "run", "encoder=features", "model.modalities=audio,text")


def test_most_products_were_never_bought(tmp_path):
    shop = make_shop(48, users=40, each=12)
    sold = {product.number for product in shop.products[:5]}
    rows = [row for row in interaction_rows(shop) if row["item_id"] in sold]
    write_shop(tmp_path / "shop", shop, None, rows, pictures=False)
    told(look(tmp_path / "shop"), r"\b43\b|5 of 48", file=r"\.csv")
    for seed in (0, 1):
        try:
            train(tmp_path / "shop", tmp_path / f"run{seed}", f"training.seed={seed}", "training.epochs=1")
        except MamexError as error:
            assert "data." in str(error), error  # the message names the way out


def test_a_script_that_the_encoder_does_not_know(tmp_path):
    items = [row | {"title": f"เทียน {index}", "description": "หอมนานหลายชั่วโมง"} for index, row in
             enumerate(item_rows(make_shop()))]  # fmt: skip
    write_shop(tmp_path / "shop", make_shop(), items)
    told(look(tmp_path / "shop"), "encoder", r"\b24\b")
    said(train(tmp_path / "shop", tmp_path / "run"), "encoder", "24")
    launched = Launcher.load(tmp_path / "run").launch(text="เทียนหอม")
    assert any("word" in warning for warning in launched.warnings), launched.warnings
