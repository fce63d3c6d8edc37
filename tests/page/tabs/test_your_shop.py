"""The Your shop tab in Chromium and through the client: upload, check, train, see it everywhere, take it home."""

import shutil
import zipfile

import pytest
from gradio_client import Client, handle_file
from gradio_client.exceptions import AppError
from playwright.sync_api import expect

from app.state.shop import Shop
from mamex.launch.launcher import Launcher
from tests.support.browsing import launch, open_tab, opened
from tests.support.shops.builders import write_tiny_dataset

MINUTES = 120_000


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("own")
    write_tiny_dataset(folder / "corner-shop", n_items=40, n_users=30)
    return shutil.make_archive(str(folder / "corner-shop"), "zip", folder, "corner-shop")


def test_a_visitor_trains_on_their_own_shop_and_nobody_else_sees_it(page, browser, server, shop, archive, tmp_path):
    open_tab(page, "Your shop")
    expect(page.locator("#own-train")).to_be_disabled()
    page.set_input_files("#own-archive input[type=file]", archive)
    page.click("#own-check")
    expect(page.locator("#own-stage")).to_contain_text("It can be used.")
    expect(page.locator(".facts-row")).to_contain_text("40")
    page.get_by_role("spinbutton").fill("3")
    page.click("#own-train")
    expect(page.locator("#own-stage")).to_contain_text("corner-shop is trained.", timeout=MINUTES)
    expect(page.locator("#masthead")).to_contain_text("corner-shop")
    page.wait_for_selector("#own-curves .js-plotly-plot")
    with page.expect_download() as download:
        page.click("#own-download")
    download.value.save_as(tmp_path / "checkpoint.zip")
    with zipfile.ZipFile(tmp_path / "checkpoint.zip") as packed:
        packed.extractall(tmp_path / "checkpoint")
    # The numbers on the page are those of the downloaded checkpoint.
    open_tab(page, "Launch")
    shown = launch(page, None, "Navy coat", "A navy waterproof jacket.")
    launcher = Launcher.load(tmp_path / "checkpoint")
    assert shown == launcher.launch(text="Navy coat. A navy waterproof jacket.", list_length=10).audience_size
    visitor = opened(browser, server)
    other = next(visitor)
    expect(other.locator("#masthead")).to_contain_text(shop.name)
    assert launch(other, None, "Navy coat", "A navy waterproof jacket.") == (
        shop.launch(None, "Navy coat", "A navy waterproof jacket.", 20).audience_size
    )
    visitor.close()
    # And back again.
    open_tab(page, "Your shop")
    page.click("#own-leave")
    expect(page.locator("#masthead")).to_contain_text(shop.name)
    open_tab(page, "Launch")
    page.click("#example-0")
    example = shop.examples[0]
    reached = shop.launch(str(example.picture), example.title, example.description, 20).audience_size
    # The number of the other shop's launch stands there until the new one is computed.
    expect(page.locator("#stage .headline .figure")).to_have_text(f"{reached:,}")


def test_a_broken_archive_is_one_sentence(page, tmp_path):
    (tmp_path / "a.zip").write_text("no zip")
    open_tab(page, "Your shop")
    page.click("#own-check")
    expect(page.locator("#own-stage .problem")).to_contain_text("Choose a zip file")
    page.set_input_files("#own-archive input[type=file]", str(tmp_path / "a.zip"))
    page.click("#own-check")
    expect(page.locator("#own-stage .problem")).to_contain_text("can't be unpacked")
    expect(page.locator("#own-train")).to_be_disabled()


def test_programs_can_do_the_same(server, archive, tmp_path):
    client = Client(server, verbose=False)
    assert client.predict(handle_file(archive), api_name="/check_dataset")["summary"]["items"] == 40
    packed = client.predict(handle_file(archive), 2, api_name="/train_shop")
    shutil.unpack_archive(packed, tmp_path / "checkpoint")
    assert Shop.load(tmp_path / "checkpoint").products == 40
    (tmp_path / "a.zip").write_text("no zip")
    with pytest.raises(AppError, match="can't be unpacked"):
        client.predict(handle_file(str(tmp_path / "a.zip")), api_name="/check_dataset")
