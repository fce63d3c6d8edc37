"""Each tab, empty and full, light and dark, on a desktop and on a phone: no serious fault that axe-core knows, and no
sideways scroll."""

import json
from pathlib import Path

import axe_playwright_python
import pytest
from browsing import DESKTOP, PHONE, launch, open_tab, opened

from app.views import VIEWS

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TITLES = [view.TITLE.format(Users="Shoppers") for view in VIEWS]


def serious_faults(page):
    """What axe-core calls serious or critical, as readable lines."""
    page.evaluate(AXE)
    found = page.evaluate(
        "async () => JSON.stringify((await axe.run(document, {resultTypes: ['violations']})).violations)"
    )
    return [
        f"{fault['id']}: {node['target']} {node['html'][:160]}"
        for fault in json.loads(found)
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def settle(page):
    """Wait until nothing is being computed."""
    page.wait_for_timeout(400)
    page.wait_for_function("!document.querySelector('.gradio-container .generating, .gradio-container .pending')")
    page.wait_for_timeout(400)


@pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE)])
def test_no_tab_has_a_serious_fault(browser, server, theme, size):
    for page in opened(browser, server, size, theme):
        faults = {"empty": serious_faults(page)}
        launch(page, None, "Navy coat", "A navy waterproof jacket for rain and wind.")
        for title in TITLES:
            open_tab(page, title)
            settle(page)
            faults[title] = serious_faults(page)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{title} scrolls sideways"
        assert {title: found for title, found in faults.items() if found} == {}


def test_no_empty_tab_has_a_serious_fault(browser, server):
    for page in opened(browser, server):
        faults = {}
        for title in TITLES:
            open_tab(page, title)
            settle(page)
            faults[title] = serious_faults(page)
        assert {title: found for title, found in faults.items() if found} == {}
