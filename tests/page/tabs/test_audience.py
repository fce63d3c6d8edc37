"""The Audience tab in Chromium and its endpoints: the numbers shown are those of the launcher called directly."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from playwright.sync_api import expect

from app.state.per_shop import user_groups
from app.state.visit import Form, Launched
from app.tabs.audience import figures as segment_figures
from app.tabs.audience import panels as audience_panels
from mamex.insight.listing import PAGE, arranged, page_of
from mamex.insight.segments import segments
from tests.support.browsing import launch, open_tab

TITLE, DESCRIPTION = "Navy coat", "A navy waterproof jacket for rain and wind."
TEXT = f"{TITLE}. {DESCRIPTION}"


@pytest.fixture(scope="module")
def result(shop):
    # 20 places in a shop of 64 items on sale: most of the users, so there are several pages.
    return shop.launcher.launch(text=TEXT, list_length=20)


@pytest.fixture(scope="module")
def ranked(shop, result):
    return shop.launcher.members.rank(result.reading.forward.embeddings[0], 20)


@pytest.fixture(scope="module")
def client(server):
    return Client(server, verbose=False)


def names(shop, ranked, rows):
    return [shop.launcher.checkpoint.dataset.user_ids[ranked.users[row]] for row in rows]


def test_the_audience_is_paged_sorted_searched_and_downloaded(page, shop, result, ranked, tmp_path):
    page.get_by_role("radio", name="20").check()
    launch(page, None, TITLE, DESCRIPTION)
    open_tab(page, "Audience")
    expect(page.locator("#audience-stage .size")).to_have_text(f"{result.audience_size}")
    checkpoint, shown = shop.launcher.checkpoint, page.locator("#audience-list .who strong")
    assert result.audience_size > PAGE

    by_place = arranged(checkpoint, ranked)
    expect(shown).to_have_text(names(shop, ranked, by_place[:PAGE]))
    first = shop.launcher.members.describe(result.reading, ranked, by_place[:1])[0]
    row = page.locator("#audience-list .member").first
    expect(row.locator(".place")).to_contain_text(f"{first.rank}")
    parts = [float(text) for text in row.locator(".why tbody .number").all_inner_texts()]
    total = float(row.locator(".why tfoot .number").inner_text())
    assert sum(parts) == pytest.approx(total, abs=1e-6) and total == pytest.approx(first.score, abs=0.006)
    expect(page.locator("#audience-previous")).to_be_disabled()

    page.click("#audience-next")
    expect(shown).to_have_text(names(shop, ranked, by_place[PAGE : 2 * PAGE]))
    pages = page_of(by_place, 1).pages
    expect(page.locator("#audience-page")).to_have_text(f"Page 2 of {pages}")

    page.get_by_label("Sort by").click()
    page.get_by_role("option", name="Number bought").click()
    expect(shown).to_have_text(names(shop, ranked, arranged(checkpoint, ranked, "bought")[:PAGE]))

    found = arranged(checkpoint, ranked, "bought", "u01")
    page.get_by_label("Search").press_sequentially("u01")
    expect(page.locator("#audience-status")).to_contain_text(f"of {len(found)} found")
    expect(shown).to_have_text(names(shop, ranked, found[:PAGE]))

    with page.expect_download() as download:
        page.click("#audience-download")
    download.value.save_as(tmp_path / "audience.csv")
    with (tmp_path / "audience.csv").open(encoding="utf-8-sig", newline="") as stream:
        assert [line["user_id"] for line in csv.DictReader(stream)] == names(shop, ranked, range(len(ranked.users)))

    page.get_by_label("Search").fill("nobody at all")
    expect(page.locator("#audience-status")).to_contain_text("Nobody in this audience")
    expect(shown).to_have_count(0)


def test_the_segments_shown_are_computed_from_the_audience(page, shop, result):
    page.get_by_role("radio", name="20").check()
    launch(page, None, TITLE, DESCRIPTION)
    open_tab(page, "Audience")
    page.wait_for_selector("#segments-0 .js-plotly-plot")
    table = page.locator("#audience-area .twin").first
    table.evaluate("element => element.open = true")
    rows = [row.split("\t") for row in table.locator("tbody").inner_text().splitlines()]
    expected = [
        [one.name, f"{one.members}", f"{one.users}", f"{one.share:.4f}", f"{one.share_of_all:.4f}"]
        for by in user_groups(shop).groupings
        for one in segments(by.names, by.groups, result.audience_users)
    ]
    assert [row[1:6] for row in rows] == expected


def test_before_a_launch_the_tab_leads_to_it(page):
    open_tab(page, "Audience")
    page.click("#audience-first")
    expect(page.get_by_role("tab", name="Launch", exact=True)).to_have_attribute("aria-selected", "true")


def test_double_clicks_turn_one_page_at_a_time(page):
    page.get_by_role("radio", name="20").check()
    launch(page, None, TITLE, DESCRIPTION)
    open_tab(page, "Audience")
    page.dblclick("#audience-next")
    expect(page.locator("#audience-page")).to_contain_text("Page 2 of")


def test_the_endpoints_say_what_the_launcher_says(client, shop, result, ranked):
    answer = client.predict(
        title=TITLE, description=DESCRIPTION, list_length=20, page=2, sort="margin", api_name="/audience"
    )
    rows = page_of(arranged(shop.launcher.checkpoint, ranked, "margin"), 2).rows
    assert [member["user_id"] for member in answer["members"]] == names(shop, ranked, rows)
    assert (answer["audience_size"], answer["page"]) == (result.audience_size, 2)
    for member in answer["members"]:
        assert sum(map(sum, member["contributions"].values())) == pytest.approx(member["score"], abs=1e-4)

    path = client.predict(title=TITLE, description=DESCRIPTION, list_length=20, api_name="/audience_csv")
    with open(path, encoding="utf-8-sig", newline="") as stream:  # noqa: PTH123
        assert [line["user_id"] for line in csv.DictReader(stream)] == names(shop, ranked, range(len(ranked.users)))

    answer = client.predict(title=TITLE, description=DESCRIPTION, list_length=20, api_name="/segments")
    for by in user_groups(shop).groupings:
        expected = segments(by.names, by.groups, result.audience_users)
        assert [one["members"] for one in answer[by.key]] == [one.members for one in expected]


def test_the_endpoints_say_what_is_wrong(client):
    with pytest.raises(AppError, match="There is nothing to look at yet"):
        client.predict(api_name="/audience")
    with pytest.raises(AppError, match="There is nothing to look at yet"):
        client.predict(api_name="/audience_csv")


def test_the_figure_draws_the_segments(shop, result):
    by = user_groups(shop).groupings[0]
    found = segments(by.names, by.groups, result.audience_users)
    bars, marks = segment_figures.segments_figure(found).data
    assert list(bars.x) == [one.share for one in found]
    assert list(marks.x) == [one.share_of_all for one in found]
    assert len(segment_figures.segments_figure([]).data) == 2


def test_no_audience_is_said_in_words(shop, result):
    lonely = replace(result, audience=[], audience_size=0, audience_users=np.array([], dtype=int))
    launched = Launched(shop, Form(title="<b>Coat</b>"), lonely)
    html = audience_panels.headline(launched, 0)
    assert "Nobody would find &lt;b&gt;Coat&lt;/b&gt; in their top 20" in html
