"""What all tests share: no network, one thread, their own feature cache, trained shops, a served page, a browser."""

import faulthandler
import os
from concurrent.futures import TimeoutError as NoAnswer
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"  # before anything imports the hub's client, which reads it once

import pytest
import torch
from hypothesis import settings

import app  # noqa: F401  (Gradio reads where uploads go when it is imported, so it must be the page that imports it)
from tests.support.shops.shop import train_tiny_shop

# On a busy machine two threads that wait for each other took three times as long as one.
torch.set_num_threads(1)

# No deadline, because a busy machine is no fault of the code; derandomised, so that a run fails for everybody
# or nobody.
settings.register_profile("mamex", deadline=None, derandomize=True, max_examples=30, database=None)
settings.load_profile("mamex")

TESTS = Path(__file__).parent
#: Seconds after which an answer doesn't come any more; the slowest, a training, takes some ten of them.
PATIENCE = 300


def pytest_configure(config):
    """What ``-m`` may name, beside the marks that tests carry themselves."""
    for mark in (
        "unit: of the library and the documents, not heavy",
        "endtoend: of the page, the command line and both under attack, load and failure, not heavy",
        "browser: needs Chromium",
    ):
        config.addinivalue_line("markers", mark)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark each test by where it lies and what it needs, so that no file has to say so."""
    for item in items:
        if item.get_closest_marker("heavy") is None:
            folder = item.path.relative_to(TESTS).parts[0]
            item.add_marker("unit" if folder in ("library", "documents") else "endtoend")
        if "browser" in item.fixturenames:
            item.add_marker("browser")


@pytest.fixture(autouse=True)
def own_feature_cache(tmp_path_factory, monkeypatch):
    """No test reads or fills the user's own cache, nor another test's."""
    monkeypatch.setenv("MAMEX_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory):
    """The checkpoint folder of a shop of 60 products; its dataset folder is ``../shop``. Don't change it: copy it."""
    return train_tiny_shop(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="session")
def app_checkpoint(tmp_path_factory):
    """The checkpoint folder of the shop that the page under test is about."""
    return train_tiny_shop(tmp_path_factory.mktemp("app"), n_items=80, n_users=40, purchases=12)


@pytest.fixture(scope="session")
def shop(app_checkpoint):
    """That shop, loaded."""
    from app.state.shop import Shop

    return Shop.load(app_checkpoint)


@pytest.fixture(scope="session")
def answers_come():
    """An answer that doesn't come is a failure: Gradio's client waits without a limit, and the page's heartbeat keeps
    its connection alive."""
    from gradio_client import Client

    def predict(client, *values, **named):
        job = client.submit(*values, **named)
        try:
            return job.result(timeout=PATIENCE)
        except NoAnswer:
            if not job.done():
                faulthandler.dump_traceback()
                pytest.fail(f"No answer came within {PATIENCE} seconds.")
            raise

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "predict", predict)
        yield


@pytest.fixture(scope="session")
def server(shop, answers_come):
    """The address of a running page."""
    from app.page import serve
    from app.server import Server

    page = serve(shop, Server("127.0.0.1"), block=False)
    yield page.local_url
    page.close()


@pytest.fixture(scope="session")
def browser():
    """Chromium, for all tests that look at the page."""
    from playwright.sync_api import sync_playwright

    from tests.support.browsing import start_chromium

    with sync_playwright() as playwright:
        chromium = start_chromium(playwright)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser, server):
    """The page on a desktop."""
    from tests.support.browsing import opened

    yield from opened(browser, server)


@pytest.fixture
def phone(browser, server):
    """The page on a phone."""
    from tests.support.browsing import PHONE, opened

    yield from opened(browser, server, PHONE)
