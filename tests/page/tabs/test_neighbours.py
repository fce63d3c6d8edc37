"""The Neighbours tab in Chromium and its endpoints: the numbers shown are those of the launcher called directly."""

from dataclasses import replace
from pathlib import Path

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import expect

from app import words
from app.state.shop import Shop
from app.tabs.neighbours import figures as neighbours_figures
from app.tabs.neighbours import panels as neighbours_panels
from mamex.insight.cannibalisation import cannibalisation, losses
from mamex.insight.items import on_sale
from mamex.launch.launcher import Launcher
from mamex.retrieval.catalogue import Neighbour
from tests.support.browsing import launch, open_tab

TITLE, DESCRIPTION = "Navy coat", "A navy waterproof jacket for rain and wind."


@pytest.fixture(scope="module")
def result(shop):
    return shop.launcher.launch(text=f"{TITLE}. {DESCRIPTION}")


@pytest.fixture(scope="module")
def found(shop, result):
    return cannibalisation(shop.launcher, result.audience_users, 20)


@pytest.fixture(scope="module")
def client(server):
    return Client(server, verbose=False)


def with_facts(shop, near):
    return [(item, on_sale(shop.launcher, item.position, 20)) for item in near]


def test_neighbours_and_losers_are_the_launchers(page, shop, result, found):
    launch(page, None, TITLE, DESCRIPTION)
    open_tab(page, "Neighbours")
    cards = page.locator("#neighbours-near .card")
    titles = [shop.title(item) for item in result.neighbours["fused"]]
    expect(cards.locator(".name")).to_have_text(titles)
    nearest = result.neighbours["fused"][0]
    item = on_sale(shop.launcher, nearest.position, 20)
    facts = cards.first.locator("dd").all_inner_texts()
    weights = [words.percent(weight) for weight in item.fusion.values()]
    expected = [f"{nearest.similarity:.2f}", shop.price(nearest.position), words.percent(item.reach), *weights]
    assert [text.replace("\u00a0", " ") for text in facts] == [text.replace("\u00a0", " ") for text in expected]

    page.get_by_role("radio", name="Words", exact=True).check()
    expect(cards.locator(".name")).to_have_text([shop.title(item) for item in result.neighbours["text"]])
    page.get_by_role("radio", name="Picture", exact=True).check()
    expect(page.locator("#neighbours-near")).to_contain_text("The product has no picture")

    expect(page.locator("#neighbours-lost .taken")).to_have_text(f"{result.audience_size - found.room}")
    worst = losses(shop.launcher, found, 20, 8)
    expect(page.locator("#neighbours-losers .loss strong")).to_have_text([f"{one.lost}" for one in worst])
    page.wait_for_selector("#neighbours-places .js-plotly-plot")
    # The table's last row is the sum of all places, which is the audience.
    page.locator("#neighbours-losers .twin").evaluate("element => element.open = true")
    last = page.locator("#neighbours-losers tbody tr").last
    expect(last.locator("td").nth(3)).to_have_text(f"{result.audience_size}")


def test_before_a_launch_the_tab_leads_to_it(page):
    open_tab(page, "Neighbours")
    page.click("#neighbours-first")
    expect(page.get_by_role("tab", name="Launch", exact=True)).to_have_attribute("aria-selected", "true")


def test_the_endpoints_say_what_the_launcher_says(client, shop, result, found):
    answer = client.predict(title=TITLE, description=DESCRIPTION, space="text", api_name="/neighbours")
    assert [one["item_id"] for one in answer] == [item.item_id for item in result.neighbours["text"]]
    for one, (near, item) in zip(answer, with_facts(shop, result.neighbours["text"]), strict=True):
        assert one["similarity"] == pytest.approx(near.similarity, abs=1e-5)
        assert one["reach"] == pytest.approx(item.reach) and one["fusion"] == pytest.approx(item.fusion)
    answer = client.predict(title=TITLE, description=DESCRIPTION, api_name="/cannibalisation")
    assert answer["places_lost"] + answer["lists_with_room"] == answer["audience_size"] == result.audience_size
    assert sum(one["lost"] for one in answer["losses"]) == answer["places_lost"]
    assert answer["items_losing"] == int((found.lost > 0).sum())


def test_the_endpoints_say_what_is_wrong(client):
    with pytest.raises(AppError, match="The space must be one of fused, image, text"):
        client.predict(title=TITLE, space="smell", api_name="/neighbours")
    with pytest.raises(AppError, match="There is nothing to look at yet"):
        client.predict(api_name="/cannibalisation")


def test_the_tables_hold_every_number(shop, result, found):
    table = neighbours_panels.neighbours_table(shop, with_facts(shop, result.neighbours["fused"]), 20)
    assert all(f"{item.similarity:.4f}" in table for item in result.neighbours["fused"])
    lost = losses(shop.launcher, found, 20, 3)
    rest = int(found.lost.sum()) - sum(one.lost for one in lost)
    table = neighbours_panels.losers_table(shop, lost, found)
    assert f'<td>all other products</td><td class="number"></td><td class="number">{rest}</td>' in table


def test_the_figure_draws_the_losses(shop, found):
    lost = losses(shop.launcher, found, 20, 10)
    (bars,) = neighbours_figures.places_figure(lost).data
    assert list(bars.x) == [one.lost for one in lost]


def test_titles_are_escaped(shop, result):
    near = result.neighbours["fused"][0]
    evil = Neighbour(near.position, near.item_id, "<script>alert(1)</script>", 0.5)
    html = neighbours_panels.cards(shop, with_facts(shop, [evil]), "fused", 20)
    assert "<script>" not in html and "&lt;script&gt;" in html


def test_a_shop_without_pictures_or_prices_still_shows_them(shop, result):
    checkpoint = shop.launcher.checkpoint
    items = checkpoint.dataset.items.drop(columns=["price", "category"])
    bare = replace(checkpoint, dataset=replace(checkpoint.dataset, folder=Path("/nowhere"), items=items))
    other = Shop.of(Launcher(bare, shop.launcher.encoder))
    html = neighbours_panels.cards(other, with_facts(other, result.neighbours["fused"]), "fused", 20)
    assert "no picture" in html and "Price" not in html
