"""What a visitor does with the page in Chromium, for the tests that look at it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, expect

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
#: Milliseconds; a busy machine is no fault of the page.
PATIENCE = 60_000
DESKTOP, PHONE = (1440, 900), (390, 844)


def start_chromium(playwright: Playwright) -> Browser:
    """The system's Chromium, or else Playwright's own; the test is skipped if there is neither."""
    own = playwright.chromium.executable_path
    path = CHROMIUM or (own if os.path.exists(own) else None)  # noqa: PTH110
    if path is None:
        pytest.skip("no Chromium found; `make browser` sees to one")
    return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])


def opened(browser: Browser, address: str, size: tuple[int, int] = DESKTOP, theme: str = "light") -> Iterator[Page]:
    """The page, ready for input; what its scripts complain about fails the test."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    page.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{address}?__theme={theme}")
    page.wait_for_selector("#go")
    try:
        yield page
    finally:
        page.close()
    assert not errors


@contextmanager
def held(page: Page, address: str) -> Iterator[None]:
    """Nothing that is asked for at this address comes before the block ends, as on a machine under load."""
    waiting: list[Route] = []
    over = False

    def hold(route: Route) -> None:
        if over:
            route.continue_()
        else:
            waiting.append(route)

    page.route(address, hold)
    try:
        yield
    finally:
        over = True
        for route in waiting:
            route.continue_()


def give(page: Page, picture: Path | None = None, title: str = "", description: str = "") -> None:
    """Fill in the Launch tab."""
    if picture:
        page.set_input_files("#picture input[type=file]", str(picture))
        page.wait_for_selector("#picture img")
    page.fill("#title input, #title textarea", title)
    page.fill("#description textarea", description)


def launch(page: Page, picture: Path | None = None, title: str = "", description: str = "") -> int:
    """Launch a product, and return how many users it reaches as the page says it."""
    give(page, picture, title, description)
    page.click("#go")
    return headline_number(page)


def headline_number(page: Page) -> int:
    """How many users the launched product reaches."""
    page.wait_for_selector("#stage .headline")
    return int(page.inner_text("#stage .headline .figure").replace(",", ""))


def open_tab(page: Page, name: str) -> None:
    """Open a tab by its name; on a phone it may be in the menu of those that found no room."""
    tab = page.get_by_role("tab", name=name, exact=True)
    if not tab.is_visible():
        page.locator("#views .overflow-menu button").first.click()
        page.locator("#views .overflow-dropdown button", has_text=name).click()
        return
    tab.click()
