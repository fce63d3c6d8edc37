"""Another checkpoint in Chromium: a film club, whose items have neither category nor price, and users are viewers."""

import json
import shutil

import pandas as pd
import pytest
from playwright.sync_api import expect

from app.page import serve
from app.server import Server
from app.state.shop import Shop
from app.tabs import VIEWS
from tests.support.browsing import launch, open_tab, opened
from tests.support.shops.builders import write_tiny_dataset
from tests.support.shops.shop import train_on

ABOUT = {
    "name": "Film club",
    "item": "film",
    "items": "films",
    "user": "viewer",
    "users": "viewers",
    "bought": "watched",
}


@pytest.fixture(scope="module")
def club(tmp_path_factory):
    """The film club's shop, with a page of its own."""
    folder = tmp_path_factory.mktemp("club")
    write_tiny_dataset(folder / "shop", n_items=40, n_users=30)
    items = pd.read_csv(folder / "shop" / "items.csv", dtype=str, keep_default_na=False)
    items[["item_id", "title", "description", "image"]].to_csv(folder / "shop" / "items.csv", index=False)
    (folder / "shop" / "about.json").write_text(json.dumps(ABOUT), encoding="utf-8")
    return Shop.load(train_on(folder))


@pytest.fixture(scope="module")
def address(club):
    page = serve(club, Server("127.0.0.1"), block=False)
    yield page.local_url
    page.close()


@pytest.fixture
def page(browser, address):
    yield from opened(browser, address)


def test_every_tab_works_and_speaks_of_films_and_viewers(page, club):
    expect(page.locator("#masthead")).to_contain_text("Film club")
    expect(page.locator("#masthead")).to_contain_text("40 films")
    expect(page.locator("#masthead")).to_contain_text("30 viewers")
    shown = launch(page, None, "Crimson piece", "A crimson warm wool jumper.")
    direct = club.launcher.launch(text="Crimson piece. A crimson warm wool jumper.", list_length=10)
    assert shown == direct.audience_size > 0
    expect(page.locator("#stage .headline")).to_contain_text("of 30 viewers")
    for view in VIEWS:
        open_tab(page, view.TITLE.format(Users="Viewers"))
        panel = page.locator(f"#view-{view.ID}")
        expect(panel).to_be_visible()
        if view.ID in ("audience", "neighbours", "shoppers", "catalogue-map", "experts"):
            expect(panel).to_contain_text(direct.neighbours["fused"][0].title if view.ID == "neighbours" else "film")
        assert "shopper" not in panel.inner_text().lower(), view.TITLE
        expect(page.locator(".callout.problem:visible")).to_have_count(0)


def test_a_checkpoint_whose_pictures_are_gone_still_works(club, browser, tmp_path):
    shutil.copytree(club.launcher.checkpoint.folder, tmp_path / "alone")
    alone = Shop.load(tmp_path / "alone")
    served = serve(alone, Server("127.0.0.1"), block=False)
    try:
        for page in opened(browser, served.local_url):
            assert (
                launch(page, None, "Crimson piece")
                == club.launcher.launch(text="Crimson piece", list_length=10).audience_size
            )
            open_tab(page, "Neighbours")
            expect(page.locator("#view-neighbours")).to_contain_text("no picture")
    finally:
        served.close()
