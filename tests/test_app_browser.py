"""The page in Chromium: what a visitor does, and that the numbers shown are the launcher's."""

import os
import shutil

import pytest
from app_checkpoint import app_checkpoint, server, shop  # noqa: F401
from PIL import Image
from playwright.sync_api import expect, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
TITLE, DESCRIPTION = "Navy coat", "A navy waterproof jacket for rain and wind."
#: Milliseconds; a busy machine is no fault of the page.
PATIENCE = 60_000


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
        path = CHROMIUM or (own if os.path.exists(own) else None)  # noqa: PTH110
        if path is None:
            pytest.skip("no Chromium found; `make browser` sees to one")
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, server):  # noqa: F811
    yield from opened(browser, server, 1440, 900)


@pytest.fixture
def phone(browser, server):  # noqa: F811
    yield from opened(browser, server, 390, 844)


def opened(browser, address, width, height):
    """The page, ready for input; what its scripts complain about fails the test."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_selector("#go")
    yield page
    page.close()
    assert not errors


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "coat.png"
    Image.new("RGB", (80, 60), (40, 70, 200)).save(path)
    return path


def give(page, picture=None, title="", description=""):
    if picture:
        page.set_input_files("#picture input[type=file]", str(picture))
        page.wait_for_selector("#picture img")
    page.fill("#title input, #title textarea", title)
    page.fill("#description textarea", description)


def headline_number(page):
    page.wait_for_selector("#stage .headline")
    return int(page.inner_text("#stage .headline .figure").replace(",", ""))


def test_the_headline_is_the_launchers(page, shop, picture):  # noqa: F811
    expect(page.locator(".empty")).to_contain_text("Nothing launched yet")
    give(page, picture, TITLE, DESCRIPTION)
    page.click("#go")
    direct = shop.launcher.launch(image=picture, text=f"{TITLE}. {DESCRIPTION}")
    assert headline_number(page) == direct.audience_size
    expect(page.locator(".empty")).to_have_count(0)
    # The audience and the nearest products are the launcher's too.
    shown = page.locator("#audience .member").first
    expect(shown).to_contain_text(direct.audience[0].user_id)
    nearest = [item.title or item.item_id for item in direct.neighbours["fused"]]
    assert page.locator("#neighbours .card .name").all_inner_texts()[: len(nearest)] == nearest
    page.wait_for_selector("#thought .js-plotly-plot")


def test_the_list_length_counts(page, shop):  # noqa: F811
    give(page, None, TITLE, DESCRIPTION)
    page.get_by_role("radio", name="50").check()
    page.click("#go")
    direct = shop.launcher.launch(text=f"{TITLE}. {DESCRIPTION}", list_length=50)
    assert headline_number(page) == direct.audience_size
    expect(page.locator(".callout.warning").first).to_contain_text("no picture")


def test_an_example_fills_the_form_and_reveals_its_buyers(page, shop):  # noqa: F811
    example = shop.examples[0]
    page.click("#example-0")
    expect(page.locator("#title input, #title textarea")).to_have_value(example.title)
    expect(page.locator("#description textarea")).to_have_value(example.description)
    page.wait_for_selector("#picture img")
    direct = shop.launch(str(example.picture), example.title, example.description, 20)
    assert headline_number(page) == direct.audience_size
    reveal = shop.known.reveal(example.position, direct)
    assert page.inner_text(".callout.reveal .found") == str(reveal.found)


def test_a_broken_picture_is_one_sentence(page, tmp_path):
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"\x89PNG\r\n\x1a\n and then nothing")
    page.set_input_files("#picture input[type=file]", str(broken))
    page.wait_for_selector("#picture img", state="attached")
    page.click("#go")
    problem = page.locator(".callout.problem")
    expect(problem).to_contain_text("can't be read as a picture")
    assert "Traceback" not in page.content()


def test_nothing_given_is_one_sentence_and_then_it_works(page):
    page.click("#go")
    expect(page.locator(".callout.problem")).to_contain_text("There is nothing to look at yet")
    expect(page.locator("#result")).not_to_be_visible()
    give(page, None, TITLE, DESCRIPTION)
    page.click("#go")
    headline_number(page)
    expect(page.locator(".callout.problem")).to_have_count(0)


def test_a_grey_picture_with_transparency_works(page, shop, tmp_path):  # noqa: F811
    path = tmp_path / "grey.png"
    Image.new("LA", (70, 70), (90, 128)).save(path)
    give(page, path)
    page.click("#go")
    assert headline_number(page) == shop.launcher.launch(image=path).audience_size


def test_double_clicks_are_harmless(page):
    give(page, None, TITLE, DESCRIPTION)
    page.dblclick("#go")
    headline_number(page)
    expect(page.locator(".callout.problem")).to_have_count(0)


def test_a_phone_never_scrolls_sideways(phone):
    widths = "[document.documentElement.scrollWidth, innerWidth]"
    wide, inner = phone.evaluate(widths)
    assert wide <= inner
    phone.click("#example-0")
    headline_number(phone)
    phone.wait_for_selector("#thought .js-plotly-plot")
    for closed in phone.locator("#result details").all():
        closed.evaluate("element => element.open = true")
    wide, inner = phone.evaluate(widths)
    assert wide <= inner


def test_the_keyboard_is_enough(page):
    page.locator("#title input, #title textarea").focus()
    page.keyboard.type(TITLE)
    page.keyboard.press("Enter")
    headline_number(page)


def test_visitors_do_not_see_each_other(page, browser, server):  # noqa: F811
    give(page, None, TITLE, DESCRIPTION)
    page.click("#go")
    headline_number(page)
    other = browser.new_page()
    other.goto(server)
    other.wait_for_selector(".empty", timeout=PATIENCE)
    assert other.input_value("#title input, #title textarea") == ""
    other.close()
