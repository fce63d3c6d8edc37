"""The page in Chromium: what a visitor does, and that the numbers shown are the launcher's."""

import pytest
from PIL import Image
from playwright.sync_api import expect

from app import words
from app.parts.flow import flow_figure
from tests.support.browsing import give, headline_number, open_tab

TITLE, DESCRIPTION = "Navy coat", "A navy waterproof jacket for rain and wind."


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "coat.png"
    Image.new("RGB", (80, 60), (40, 70, 200)).save(path)
    return path


def test_the_headline_is_the_launchers(page, shop, picture):
    expect(page.locator(".empty")).to_contain_text("Nothing launched yet")
    give(page, picture, TITLE, DESCRIPTION)
    page.click("#go")
    direct = shop.launcher.launch(image=picture, text=f"{TITLE}. {DESCRIPTION}")
    assert headline_number(page) == direct.audience_size
    expect(page.locator(".empty")).to_have_count(0)
    page.wait_for_selector("#thought .flow")
    page.wait_for_selector("#fusion .bartext")
    for modality in direct.routing:
        page.wait_for_selector(f"#gate-{modality} .bartext")
    # Both gates and the fusion weights are the launcher's too.
    for modality, routing in direct.routing.items():
        bars = page.locator(f"#gate-{modality} .bartext")
        assert bars.all_text_contents() == [
            f"{words.percent(dense)} · {'used' if active > 0 else 'rests'}"
            for dense, active in zip(routing.dense, routing.active, strict=True)
        ]
    shares = page.locator("#fusion .bartext").all_text_contents()
    assert shares == [words.percent(weight) for weight in direct.fusion.values()]


def test_the_list_length_counts(page, shop):
    give(page, None, TITLE, DESCRIPTION)
    page.get_by_role("radio", name="10").check()
    page.click("#go")
    direct = shop.launcher.launch(text=f"{TITLE}. {DESCRIPTION}", list_length=10)
    assert headline_number(page) == direct.audience_size
    expect(page.locator(".callout.warning").first).to_contain_text("no picture")


def test_an_example_fills_the_form_and_reveals_its_buyers(page, shop):
    example = shop.examples[0]
    page.click("#example-0")
    expect(page.locator("#title input, #title textarea")).to_have_value(example.title)
    expect(page.locator("#description textarea")).to_have_value(example.description)
    page.wait_for_selector("#picture img")
    direct = shop.launch(str(example.picture), example.title, example.description, 20)
    assert headline_number(page) == direct.audience_size
    reveal = shop.known.reveal(example.position, direct)
    assert page.inner_text(".callout.reveal .found") == str(reveal.found)


def test_buttons_that_only_hold_a_file_are_never_seen(page):
    give(page, None, TITLE, DESCRIPTION)
    for _ in range(2):  # what is hidden by `visible` appeared when its column was shown again
        page.click("#go")
        headline_number(page)
        page.wait_for_selector("#thought .flow")
        page.wait_for_timeout(500)
        expect(page.locator("#report-file")).to_be_hidden()
        open_tab(page, "Audience")
        page.wait_for_selector("#audience-list .reason, #audience-list li")
        page.wait_for_timeout(500)
        expect(page.locator("#audience-file")).to_be_hidden()
        open_tab(page, "Launch")


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


def test_a_grey_picture_with_transparency_works(page, shop, tmp_path):
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
    phone.wait_for_selector("#thought .flow")
    for closed in phone.locator("#result details").all():
        closed.evaluate("element => element.open = true")
    wide, inner = phone.evaluate(widths)
    assert wide <= inner


def test_the_keyboard_is_enough(page):
    page.locator("#title input, #title textarea").focus()
    page.keyboard.type(TITLE)
    page.keyboard.press("Enter")
    headline_number(page)


def test_visitors_do_not_see_each_other(page, browser, server):
    give(page, None, TITLE, DESCRIPTION)
    page.click("#go")
    headline_number(page)
    other = browser.new_page()
    other.goto(server)
    other.wait_for_selector(".empty")
    assert other.input_value("#title input, #title textarea") == ""
    other.close()


def test_a_reload_keeps_the_last_inputs(page, picture):
    give(page, picture, TITLE, DESCRIPTION)
    page.get_by_role("radio", name="10").check()
    page.wait_for_function("localStorage.getItem('mamex-form') !== null")
    page.wait_for_timeout(1000)
    page.reload()
    page.wait_for_selector("#go")
    expect(page.locator("#title input, #title textarea")).to_have_value(TITLE)
    expect(page.locator("#description textarea")).to_have_value(DESCRIPTION)
    expect(page.get_by_role("radio", name="10")).to_be_checked()
    page.wait_for_selector("#picture img")


def test_switching_tabs_during_a_run_is_harmless(page, shop, picture):
    give(page, picture, TITLE, DESCRIPTION)
    page.click("#go")
    for title in ("Experts", "Map", "Audience", "Launch"):
        open_tab(page, title)
    assert headline_number(page) == shop.launcher.launch(image=picture, text=f"{TITLE}. {DESCRIPTION}").audience_size
    open_tab(page, "Audience")
    expect(page.locator("#view-audience .size").first).to_have_text(str(headline_number_hidden(page)))


def headline_number_hidden(page):
    """The launched product's reach, read while another tab is open."""
    return int(page.locator("#stage .headline .figure").text_content().replace(",", ""))


def test_a_stream_that_is_pointed_at_says_what_it_is(page, shop):
    give(page, None, TITLE, DESCRIPTION)
    page.click("#go")
    page.wait_for_selector("#thought .flow")
    computed = flow_figure(shop.launch(None, TITLE, DESCRIPTION, 20)).streams
    told, streams = [stream.text for stream in computed], page.locator("#thought .stream")
    assert [stream.get_attribute("aria-label") for stream in streams.all()] == told
    for said in page.locator("#thought .said").all():
        expect(said).to_have_css("opacity", "0")
    streams.first.focus()
    for number in range(len(told)):  # each is reached by the keyboard
        expect(page.locator("#thought .stream:focus title")).to_have_text(told[number])
        expect(streams.nth(number).locator(".said")).to_have_css("opacity", "1")
        page.keyboard.press("Tab")
    widest = max(range(len(told)), key=lambda number: computed[number].weight)
    band = streams.nth(widest).locator(".band").first
    box, ends = band.bounding_box(), computed[widest].bands[0].left
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] * sum(ends) / 2)
    expect(streams.nth(widest).locator(".said")).to_have_css("opacity", "1")
    expect(streams.nth(widest).locator(".said")).to_have_text(told[widest])
