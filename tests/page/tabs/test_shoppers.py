"""The Shoppers tab in Chromium and its endpoint: the numbers shown are those of the reader called directly."""

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import expect

from app.state.per_shop import shopper_reader
from app.tabs.shoppers import panels as shopper_panels
from mamex.insight.users import Purchase
from tests.support.browsing import launch, open_tab

TITLE, DESCRIPTION = "Navy coat", "A navy waterproof jacket for rain and wind."


@pytest.fixture(scope="module")
def reader(shop):
    return shopper_reader(shop)


def test_a_shopper_is_found_and_read(page, shop, reader):
    launch(page, None, TITLE, DESCRIPTION)
    open_tab(page, "Shoppers")
    heading = page.locator("#shopper-portrait h2")
    expect(heading).to_have_text("u000")
    page.locator("#shoppers-search input").press_sequentially("u017")
    expect(heading).to_have_text("u017")

    user = reader.position("u017")
    reading = reader.read(user)
    expect(page.locator("#shopper-portrait .bought")).to_have_text(f"{reading.bought}")
    expect(page.locator("#shopper-portrait .found")).to_have_text(f"{reading.found}")
    rows = page.locator("#shopper-suggestions .suggestion")
    titles = [one.title or one.item_id for one in reading.suggestions]
    assert [
        text.split("\n")[0].removesuffix("really bought") for text in rows.locator(".name").all_inner_texts()
    ] == titles
    assert rows.locator(".really").count() == sum(one.bought for one in reading.suggestions)
    for place in range(3):
        parts = [float(text) for text in rows.nth(place).locator(".why tbody .number").all_inner_texts()]
        total = float(rows.nth(place).locator(".why tfoot .number").inner_text())
        assert sum(parts) == pytest.approx(total, abs=1e-6)
        assert total == pytest.approx(reading.suggestions[place].score, rel=0.01, abs=1e-4)
    shown = page.locator("#shopper-history .bought-list li").count()
    assert shown == len(reading.history)
    expect(page.locator("#shopper-history time").first).to_have_text(reading.history[0].date)

    result = shop.launcher.launch(text=f"{TITLE}. {DESCRIPTION}")
    place = reader.stand(user, result.reading).place
    expect(page.locator("#shopper-standing .place-of")).to_have_text(f"{place}")
    verdict = "would be in" if user in result.audience_users else "would not be in"
    expect(page.locator("#shopper-standing")).to_contain_text(verdict)


def test_the_names_offered_are_the_matches(page):
    open_tab(page, "Shoppers")
    expect(page.locator("#shopper-portrait h2")).to_have_text("u000")
    expect(page.locator("#shopper-standing .place-of")).to_have_count(0)  # nothing is launched
    page.locator("#shoppers-search input").press_sequentially("u03")
    expect(page.locator("#shopper-portrait h2")).to_have_text("u030")
    page.get_by_label("Shopper", exact=True).click()
    options = page.get_by_role("option")
    expect(options).to_contain_text([f"u03{last}" for last in range(10)])
    options.nth(4).click()
    expect(page.locator("#shopper-portrait h2")).to_have_text("u034")
    page.locator("#shoppers-search input").fill("zzz<b>")
    expect(page.locator("#shopper-portrait")).to_contain_text("No shopper is called anything like “zzz<b>”")
    page.click("#shoppers-random")
    expect(page.locator("#shopper-portrait h2")).to_contain_text("u0")


def test_the_endpoint_says_what_the_reader_says(server, reader):
    client = Client(server, verbose=False)
    answer = client.predict(user_id="u005", api_name="/shopper")
    direct = reader.read(reader.position("u005"))
    assert (answer["found"], answer["bought"], answer["recall"]) == (direct.found, direct.bought, direct.recall)
    assert [one["item_id"] for one in answer["suggestions"]] == [one.item_id for one in direct.suggestions]
    assert [one["item_id"] for one in answer["history"]] == [one.item_id for one in direct.history]
    for one in answer["suggestions"]:
        assert sum(map(sum, one["contributions"].values())) == pytest.approx(one["score"], abs=1e-4)
    with pytest.raises(AppError, match="Nobody here has the user_id 'u999'"):
        client.predict(user_id="u999", api_name="/shopper")


def test_a_long_history_is_cut_and_says_so(shop):
    many = [Purchase(0, str(number), f"<i>{number}</i>", "") for number in range(130)]
    html = shopper_panels.history(shop, many)
    assert html.count("<li>") == shopper_panels.MOST_PURCHASES == 112
    assert "And 18 products before that" in html and "<i>" not in html
    assert "Nothing that is on sale" in shopper_panels.history(shop, [])
