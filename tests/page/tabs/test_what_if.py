"""The What if tab in Chromium and through the client: what it shows is what the launcher says of both versions."""

import re

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from PIL import Image
from playwright.sync_api import expect

from app.parts import comparison as comparison_panels
from app.state.visit import Form, Launched, Version
from app.tabs.what_if import worth_panels
from app.tabs.what_if.versions import launch_version
from mamex.encoders.memory import FeatureMemory
from mamex.insight.comparison import compare
from mamex.insight.occlusion import patch_worth, word_worth
from mamex.launch.change import Change
from mamex.retrieval.catalogue import Neighbour
from tests.support.browsing import PATIENCE, headline_number, launch, open_tab

TITLE, DESCRIPTION = "Navy coat", "A navy waterproof jacket for rain and wind."
TEXT, OTHER = f"{TITLE}. {DESCRIPTION}", "Crimson wool jumper"
TITLE_FIELD = "#what-if-title input, #what-if-title textarea"


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "coat.png"
    Image.new("RGB", (80, 60), (40, 70, 200)).save(path)
    return path


@pytest.fixture
def opened_on(page, picture):
    """The tab after a launch."""
    launch(page, picture, TITLE, DESCRIPTION)
    open_tab(page, "What if")
    page.wait_for_selector("#what-if-stage .comparison")
    return page


def write(page, title):
    """Type a title for B and leave the field."""
    page.fill(TITLE_FIELD, title)
    page.press(TITLE_FIELD, "Tab")


def sentence(compared):
    return f"{len(compared.won):,} won, {len(compared.lost):,} lost, {compared.kept:,} stay."


def shows(page, compared):
    """The headline, every reach and every fusion weight are those of the comparison."""
    expect(page.locator("#what-if-stage .headline")).to_contain_text(sentence(compared))
    after = compared.after
    table = page.inner_text("#what-if-stage .sides")
    for shown in [*after.reach.values(), *after.fusion.values()]:
        assert comparison_panels.words.percent(shown) in table
    names = page.locator("#what-if-stage .moved strong").all_inner_texts()
    assert names == [moved.member.user_id for moved in compared.won_members + compared.lost_members]


def test_before_a_launch_it_says_what_to_do(page):
    open_tab(page, "What if")
    expect(page.locator("#what-if-empty")).to_contain_text("Nothing to change yet")
    page.click("#what-if-first")
    expect(page.locator("#go")).to_be_visible()


def test_other_words_are_compared_with_the_launch(opened_on, shop, picture):
    page = opened_on
    expect(page.locator("#what-if-stage .callout").first).to_contain_text("B is still A")
    expect(page.locator(TITLE_FIELD)).to_have_value(TITLE)
    write(page, OTHER)
    before = shop.launcher.launch(picture, TEXT)
    compared = compare(shop.launcher, before, shop.launcher.launch(picture, f"{OTHER}. {DESCRIPTION}"))
    shows(page, compared)
    expect(page.locator("#what-if-stage .reread")).to_contain_text("Only what changed was read again: the words")


def test_the_slider_forces_the_fusion_and_the_model_takes_it_back(opened_on, shop, picture):
    page = opened_on
    before = shop.launcher.launch(picture, TEXT)
    number = page.locator("#what-if-share input[type=number]")
    number.fill("0.9")
    number.press("Tab")
    expect(page.locator("#what-if-decide input")).not_to_be_checked()
    after = shop.launcher.score(before.product, fusion={"image": 0.9, "text": 0.1})
    shows(page, compare(shop.launcher, before, after))
    page.check("#what-if-decide input")
    expect(page.locator("#what-if-stage .headline")).to_contain_text(f"0 won, 0 lost, {before.audience_size} stay")
    expect(number).to_have_value(re.compile(rf"^{round(before.fusion['image'], 2):g}0*$"))


def test_the_picture_can_be_taken_away_but_not_everything(opened_on, shop, picture):
    page = opened_on
    before = shop.launcher.launch(picture, TEXT)
    page.get_by_role("checkbox", name="Picture").check()
    shows(page, compare(shop.launcher, before, shop.launcher.score(before.product.without("image"))))
    expect(page.locator("#what-if-stage .sides .none").first).to_have_text("not given")
    page.get_by_role("checkbox", name="Words").check()
    expect(page.locator("#what-if-stage .problem")).to_contain_text("Everything was taken away")


def test_versions_are_pinned_swapped_and_reset(opened_on, shop, picture):
    page = opened_on
    write(page, OTHER)
    expect(page.locator("#what-if-stage .reread")).to_be_visible()
    page.click("#what-if-swap")
    expect(page.locator("#version-a")).to_contain_text(OTHER)
    expect(page.locator(TITLE_FIELD)).to_have_value(TITLE)
    first = shop.launcher.launch(picture, f"{OTHER}. {DESCRIPTION}")
    shows(page, compare(shop.launcher, first, shop.launcher.launch(picture, TEXT)))
    page.click("#what-if-reset")
    expect(page.locator(TITLE_FIELD)).to_have_value(OTHER)
    write(page, "Yellow dress")
    expect(page.locator("#what-if-stage .reread")).to_be_visible()
    page.click("#what-if-keep")
    expect(page.locator("#version-a")).to_contain_text("Yellow dress")
    # Another launch doesn't take the place of a version that was pinned, until it is pinned itself.
    open_tab(page, "Launch")
    page.click("#example-0")
    headline_number(page)
    open_tab(page, "What if")
    expect(page.locator("#version-a")).to_contain_text("Launched since")
    page.click("#what-if-pin")
    expect(page.locator("#version-a h2")).to_contain_text(shop.examples[0].title)


def test_words_and_parts_are_worth_what_is_shown(opened_on, shop, picture):
    page = opened_on
    product = shop.launcher.read(picture, TEXT)
    page.click("#ask-words")
    page.wait_for_selector("#word-worth .pieces")
    found = word_worth(shop.launcher, product, TEXT)
    shown = page.locator("#word-worth .pieces .piece").all_inner_texts()
    assert [text.split("\n") for text in shown] == [
        [piece.name, comparison_panels.signed(piece.users)] for piece in found.pieces
    ]
    page.click("#ask-picture")
    page.wait_for_selector("#patch-worth .heat")
    assert page.locator("#patch-worth .cell").count() == 36
    rows = page.locator("#patch-worth .twin tbody tr")
    parts = patch_worth(shop.launcher, product, picture).pieces
    assert [
        row.split("\t")[1]
        for row in rows.evaluate_all("rows => rows.map(row => [...row.cells].map(c => c.textContent).join('\\t'))")
    ] == [comparison_panels.signed(piece.users) for piece in parts]
    page.get_by_role("radio", name="Mean score").check()
    expect(page.locator("#word-worth .key")).to_contain_text("the mean score")
    # They are about a version; when it changes they go.
    write(page, OTHER)
    expect(page.locator("#word-worth .pieces")).to_have_count(0)


def test_a_phone_never_scrolls_sideways(phone, picture):
    launch(phone, picture, "W" * 60, DESCRIPTION)
    open_tab(phone, "What if")
    phone.wait_for_selector("#what-if-stage .comparison")
    write(phone, "V" * 70)
    expect(phone.locator("#what-if-stage .reread")).to_be_visible(timeout=PATIENCE)
    phone.click("#ask-words")
    phone.wait_for_selector("#word-worth .pieces")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")


# Without a browser


def versions(shop, picture, change):
    form = Form(str(picture), TITLE, DESCRIPTION, 20)
    memory = FeatureMemory()
    return launch_version(shop, form, Change(), memory), launch_version(shop, form, change, memory)


def test_a_share_keeps_to_one_where_there_is_nothing_to_choose(shop, picture):
    first, second = versions(shop, picture, Change(("image",), "image", 0.3))
    assert second.result.fusion == {"image": 0.0, "text": 1.0}
    assert first.result.fusion["image"] > 0


def test_a_launch_is_a_version_with_nothing_done(shop, picture):
    result = shop.launch(str(picture), TITLE, DESCRIPTION, 20)
    version = Version.of(Launched(shop, Form(str(picture), TITLE, DESCRIPTION), result), chosen=True)
    assert version.result is result and version.change == Change() and version.chosen
    assert not Version.of(version, chosen=False).chosen


def test_strange_titles_are_escaped(shop, picture):
    first, second = versions(shop, picture, Change((), "image", 0.9))
    compared = compare(shop.launcher, first.result, second.result)
    compared.gained_neighbours["fused"].insert(0, Neighbour(0, "1", "<script>alert(1)</script>", 0.5))
    html = comparison_panels.comparison(shop, compared, ("<b>", "B"))
    assert "<script>" not in html and "<b></th>" not in html and "&lt;script&gt;" in html
    text = "Crimson <img src=x onerror=alert(1)> jumper"
    worth = word_worth(shop.launcher, shop.launcher.read(None, text), text)
    assert "<img" not in worth_panels.words_worth(shop, worth, "reach")


def test_the_shown_parts_of_a_change_add_up(shop, picture):
    first, second = versions(shop, picture, Change((), "image", 0.95))
    compared = compare(shop.launcher, first.result, second.result)
    html = comparison_panels.comparison(shop, compared)
    blocks = re.findall(r'<ul class="causes".*?</ul>', html, flags=re.DOTALL)
    assert len(blocks) == len(compared.won_members) + len(compared.lost_members) > 0
    for block in blocks:
        *parts, total = [float(number.replace("\u2212", "-")) for number in re.findall(r"<b>(.*?)</b>", block)]
        assert sum(parts) == pytest.approx(total, abs=1e-9)


# For programs


@pytest.fixture(scope="module")
def client(server):
    return Client(server, verbose=False)


def test_programs_compare_versions(client, shop, picture):
    before = shop.launcher.launch(picture, TEXT)
    answer = client.predict(
        handle_file(str(picture)), TITLE, DESCRIPTION, other_title=OTHER, picture_share=0.8, api_name="/what_if"
    )
    product = shop.launcher.read(picture, f"{OTHER}. {DESCRIPTION}")
    compared = compare(shop.launcher, before, shop.launcher.score(product, fusion={"image": 0.8, "text": 0.2}))
    assert (answer["won"], answer["lost"], answer["kept"]) == (len(compared.won), len(compared.lost), compared.kept)
    assert answer["after"]["fusion"] == pytest.approx({"image": 0.8, "text": 0.2})
    assert answer["read_again"] == ["text"]
    bare = client.predict(handle_file(str(picture)), TITLE, DESCRIPTION, remove=["image"], api_name="/what_if")
    assert bare["after"]["routing"]["image"] is None
    with pytest.raises(AppError, match="must be a number from 0 to 1"):
        client.predict(handle_file(str(picture)), TITLE, DESCRIPTION, picture_share=3, api_name="/what_if")


def test_programs_ask_for_worth(client, shop, picture):
    words = client.predict(handle_file(str(picture)), TITLE, DESCRIPTION, api_name="/word_worth")
    product = shop.launcher.read(picture, TEXT)
    expected = word_worth(shop.launcher, product, TEXT).pieces
    assert [(piece["name"], piece["users"]) for piece in words["pieces"]] == [(p.name, p.users) for p in expected]
    parts = client.predict(handle_file(str(picture)), TITLE, DESCRIPTION, api_name="/patch_worth")
    assert len(parts["pieces"]) == 36 and parts["columns"] == 6
    with pytest.raises(AppError, match="no picture"):
        client.predict(title=TITLE, description=DESCRIPTION, api_name="/patch_worth")
