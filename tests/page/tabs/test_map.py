"""The Map tab: points where the checkpoint has them, the new product where the library puts it, and one item beside."""

import numpy as np
import pytest
import torch
from gradio_client import Client, handle_file
from PIL import Image
from playwright.sync_api import expect

from app import words
from app.tabs.catalogue_map.figures import Point, drawn_rows, map_figure
from app.tabs.catalogue_map.groups import MOST_GROUPS, OTHER, by_name, by_weight, choices, grouping
from mamex.insight.items import on_sale
from mamex.retrieval.catalogue import Neighbours
from mamex.retrieval.item_map import ANCHORS, place
from tests.support.browsing import give, headline_number

TITLE, DESCRIPTION = "Navy coat", "A navy waterproof jacket for rain and wind."


def in_catalogue_order(shop, embedding):
    """Where a product belongs, worked out on the rows of the catalogue instead of the dataset's positions."""
    embeddings = shop.launcher.catalogue.embeddings
    index = Neighbours(embeddings, np.arange(len(embeddings)))
    return place(torch.from_numpy(embedding)[None], index, shop.launcher.checkpoint.coordinates)[0].tolist()


def test_the_largest_groups_have_colours_and_the_rest_share_one():
    names = [f"g{number}" for number in range(12) for _ in range(20 - number)] + [""]
    found = by_name(names)
    assert [group.name for group in found.groups] == [f"g{number}" for number in range(MOST_GROUPS)] + [OTHER]
    assert len({(group.colour, group.symbol) for group in found.groups}) == MOST_GROUPS + 1
    assert len({group.symbol for group in found.groups}) == MOST_GROUPS + 1  # not by colour alone
    counts = np.bincount(found.member)
    assert counts.tolist() == [20, 19, 18, 17, 16, 15, 14, 13, 12 + 11 + 10 + 9 + 1]


def test_few_groups_leave_no_rest():
    found = by_name(["b", "a", "a"])
    assert [group.name for group in found.groups] == ["a", "b"]
    assert found.member.tolist() == [1, 0, 0]


def test_items_without_a_name_are_no_small_group():
    names = [f"Expert {number}" for number in range(1, 11) for _ in range(30 - number)] + ["", ""]
    found = by_name(names, unnamed="no picture", by_size=False)
    shown = [found.groups[group].name for group in found.member]
    assert shown == [OTHER if name in ("Expert 9", "Expert 10") else name or "no picture" for name in names]
    assert len({group.symbol for group in found.groups}) == len(found.groups) == MOST_GROUPS + 2
    ten = by_name(["Expert 10", "Expert 9", "Expert 1"], by_size=False)
    assert [group.name for group in ten.groups] == ["Expert 1", "Expert 9", "Expert 10"]


def test_a_group_may_be_called_as_the_rest_is():
    found = by_name([OTHER, OTHER, "a", ""])
    assert [group.name for group in found.groups] == [OTHER, "a"]
    assert found.member.tolist() == [0, 0, 1, 0]


def test_weights_fall_into_fifths():
    found = by_weight(np.array([0.0, 0.19, 0.2, 0.5, 0.79, 0.8, 1.0]), "#000000", "#FFFFFF")
    assert found.member.tolist() == [0, 0, 1, 2, 3, 4, 4]
    assert found.groups[0].name == f"0 to 20{words.UNBROKEN}%"
    assert len({group.colour for group in found.groups}) == 5


def test_groups_are_the_gates_own(shop):
    forward = shop.launcher.catalogue.forward
    assert [key for _, key in choices(shop)] == ["category", "expert image", "expert text", "weight image"]
    found = grouping(shop, "expert text")
    for row, group in enumerate(found.member):
        name = found.groups[group].name
        if bool(forward.present[row, 1]):
            assert name == words.expert(int(forward.active_gates[row, 1].argmax()))
        else:
            assert name == "no words"


def test_a_search_marks_and_the_product_is_linked():
    coordinates = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 0.0]])
    groups = by_name(["a", "b", "a"])
    figure = map_figure(
        coordinates, np.array([5, 7, 9]), ["x", "<b>", "z"], groups, np.array([1, 2]), Point("new", (0.5, 0.5), [0, 1])
    )
    first, second, links, star = figure.data
    assert (list(first.customdata), list(first.selectedpoints)) == ([5, 9], [1])
    assert (list(second.customdata), list(second.selectedpoints)) == ([7], [0])
    assert "&lt;b&gt;" in second.text[0]
    assert list(links.x) == [0.5, 0.0, None, 0.5, 1.0, None]
    assert (list(star.x), star.marker.symbol) == ([0.5], "star")


def test_of_a_large_shop_a_part_is_drawn_and_all_that_was_found():
    assert drawn_rows(10, None, most=10).tolist() == list(range(10))
    part = drawn_rows(1000, None, most=50)
    assert len(part) == len(set(part)) == 50
    assert set(drawn_rows(1000, np.array([3, 999]), most=50)) == {*part, 3, 999}


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "coat.png"
    Image.new("RGB", (80, 60), (40, 70, 200)).save(path)
    return path


def test_the_endpoint_gives_the_map_and_the_products_place(server, shop, picture):
    client = Client(server, verbose=False)
    bare = client.predict(api_name="/map")
    checkpoint, positions = shop.launcher.checkpoint, shop.launcher.catalogue.positions
    assert bare["product"] is None
    assert [entry["item_id"] for entry in bare["items"]] == list(checkpoint.dataset.items["item_id"].iloc[positions])
    np.testing.assert_allclose([[e["x"], e["y"]] for e in bare["items"]], checkpoint.coordinates, atol=1e-4)
    fusion = [[entry["fusion"][m] for m in shop.launcher.modalities] for entry in bare["items"]]
    np.testing.assert_allclose(fusion, shop.launcher.catalogue.forward.fusion, atol=1e-6)
    given = client.predict(handle_file(picture), TITLE, DESCRIPTION, api_name="/map")["product"]
    direct = shop.launch(str(picture), TITLE, DESCRIPTION, 20)
    np.testing.assert_allclose([given["x"], given["y"]], in_catalogue_order(shop, direct.embedding), atol=1e-3)
    assert given["nearest"] == [item.item_id for item in direct.neighbours["fused"][:ANCHORS]]


def open_map(page):
    page.get_by_role("tab", name="Map", exact=True).click()
    page.wait_for_selector("#map-figure .js-plotly-plot .point")


#: Where points lie that can be seen.
POINTS = """[...document.querySelectorAll('#map-figure .point')].map(point => point.getBoundingClientRect())
    .map(box => [box.x + box.width / 2, box.y + box.height / 2]).filter(([, y]) => y > 0 && y < innerHeight - 20)"""
TRACES = "document.querySelector('#map-figure .js-plotly-plot').data"


def test_the_map_shows_every_item_and_the_new_product(page, shop, picture):
    open_map(page)
    expect(page.locator("#map-lead")).to_contain_text("appears here as a star")
    shown = page.evaluate(f"{TRACES}.flatMap(trace => trace.customdata)")
    assert sorted(shown) == shop.launcher.catalogue.positions.tolist()
    page.get_by_role("tab", name="Launch", exact=True).click()
    give(page, picture, TITLE, DESCRIPTION)
    page.click("#go")
    headline_number(page)
    open_map(page)
    expect(page.locator("#map-lead")).to_contain_text(TITLE)
    page.wait_for_function(f"{TRACES}.some(trace => trace.marker?.symbol === 'star')")
    x, y = page.evaluate(f"(() => {{ const star = {TRACES}.at(-1); return [star.x[0], star.y[0]] }})()")
    direct = shop.launch(str(picture), TITLE, DESCRIPTION, 20)
    assert [x, y] == pytest.approx(in_catalogue_order(shop, direct.embedding), abs=1e-3)


def test_an_item_is_shown_by_pointing_and_by_name(page, shop):
    open_map(page)
    page.fill("#map-search input, #map-search textarea", "navy piece")
    page.keyboard.press("Enter")
    expect(page.locator("#map-found")).to_contain_text("found")
    page.click("#map-named input")
    page.get_by_role("option").first.click()
    card = page.locator("#map-item .map-card[data-position]")
    position = int(card.get_attribute("data-position"))
    assert "Navy" in shop.launcher.checkpoint.dataset.items["title"][position]
    expect(card).to_contain_text(words.percent(on_sale(shop.launcher, position, 20).reach))
    # And by pointing at another one.
    page.fill("#map-search input, #map-search textarea", "")
    page.keyboard.press("Enter")
    expect(page.locator("#map-found")).to_be_empty()
    page.locator("#map-figure").scroll_into_view_if_needed()
    other = page.locator(f"#map-item .map-card[data-position]:not([data-position='{position}'])")
    for x, y in page.evaluate(POINTS)[:20]:  # until the page listens to the new figure
        page.mouse.move(x, y)
        page.wait_for_timeout(700)
        if other.count():
            break
    label = page.locator("#map-figure .hovertext").first.text_content()
    assert other.locator("h3").inner_text() in label


def test_a_phone_does_not_scroll_sideways(phone):
    phone.locator(".overflow-menu > button").first.click()
    phone.locator(".overflow-dropdown button", has_text="Map").first.click()
    phone.wait_for_selector("#map-figure .js-plotly-plot .point")
    wide, inner = phone.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide <= inner
