"""Each tab, empty, waiting, half drawn and full, light and dark, on a desktop and on a phone: no serious fault that
axe-core knows, and no sideways scroll. A slow machine is one whose answers are held back, so no test hangs on a clock.
"""

import json
from pathlib import Path

import axe_playwright_python
import pytest

from app.tabs import VIEWS
from tests.support.browsing import DESKTOP, PHONE, give, headline_number, held, open_tab, opened

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
BUSY = ".gradio-container .generating, .gradio-container .pending"
TITLES = {view.ID: view.TITLE.format(Users="Shoppers") for view in VIEWS}
LOOKS = pytest.mark.parametrize(("theme", "size"), [("light", DESKTOP), ("dark", DESKTOP), ("light", PHONE)])
FIGURE = ".js-plotly-plot .main-svg"
#: What each tab shows once it is drawn, whether something was launched or not.
ALWAYS = {
    "catalogue-map": f"#map-figure {FIGURE}",
    "experts": "#experts-stage .expert",
    "shoppers": "#shopper-history h2",
    "batch": "#batch-stage h2",
    "model": f"#curve-3 {FIGURE}",
    "your-shop": "#own-archive",
}
NOTHING_LAUNCHED = {
    "launch": "#stage .empty",
    "audience": "#audience-first",
    "neighbours": "#neighbours-first",
    "what-if": "#what-if-first",
}
LAUNCHED = {
    "launch": f"#gate-text {FIGURE}",
    "audience": f"#segments-2 {FIGURE}",
    "neighbours": f"#neighbours-places {FIGURE}",
    "what-if": "#what-if-stage .comparison",
}
#: Where the place of a figure is empty while its script has not come.
FIGURES = {**LAUNCHED, **ALWAYS}
HALF_DRAWN = {tab: drawn.removesuffix(FIGURE) + '.empty[aria-label="Empty value"]'
              for tab, drawn in FIGURES.items() if drawn.endswith(FIGURE)}  # fmt: skip
#: What is being computed when a tab is opened; the others show nothing of it.
WAITING = {tab: f"#view-{tab} .pending" for tab in TITLES if tab not in ("what-if", "your-shop")}


def serious_faults(page, tab=None):
    """What axe-core calls serious or critical, in the page or in a tab of it, as readable lines."""
    found = page.evaluate(
        "async inside => JSON.stringify((await axe.run(inside, {resultTypes: ['violations']})).violations)",
        f"#view-{tab}" if tab else "body",
    )
    return [
        f"{fault['id']}: {node['target']} {node['html'][:160]}"
        for fault in json.loads(found)
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]


def look_through(page, shown, computing=False):
    """Open each tab, wait until it shows what ``shown`` says of it, if it says something; its faults, by title.

    Unless something is ``computing`` for good, that is waited for too, and the whole page is looked at.
    """
    faults = {}
    page.evaluate(AXE)
    for tab, title in TITLES.items():
        open_tab(page, title)
        if tab in shown:
            page.wait_for_selector(shown[tab], state="attached")
        if not computing:
            page.wait_for_function(f"!document.querySelector('{BUSY}')")
        faults[title] = serious_faults(page, tab if computing else None)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{title} scrolls sideways"
    return {title: found for title, found in faults.items() if found}


def fill_in_and_go(page):
    give(page, None, "Navy coat", "A navy waterproof jacket for rain and wind.")
    page.click("#go")


@LOOKS
def test_no_tab_has_a_serious_fault(browser, server, theme, size):
    for page in opened(browser, server, size, theme):
        page.evaluate(AXE)
        assert serious_faults(page) == []
        fill_in_and_go(page)
        headline_number(page)
        assert look_through(page, {**LAUNCHED, **ALWAYS}) == {}


@LOOKS
def test_no_tab_has_a_serious_fault_while_it_waits(browser, server, theme, size):
    for page in opened(browser, server, size, theme):
        with held(page, "**/queue/data*"):
            fill_in_and_go(page)
            assert look_through(page, WAITING, computing=True) == {}
        open_tab(page, TITLES["launch"])
        assert headline_number(page) > 0  # nothing was lost


@LOOKS
def test_no_tab_has_a_serious_fault_while_it_is_half_drawn(browser, server, theme, size):
    for page in opened(browser, server, size, theme):
        with held(page, "**/PlotlyPlot-*.js"):
            fill_in_and_go(page)
            headline_number(page)
            assert look_through(page, HALF_DRAWN) == {}
        open_tab(page, TITLES["launch"])
        page.wait_for_selector(LAUNCHED["launch"])


def test_no_empty_tab_has_a_serious_fault(browser, server):
    for page in opened(browser, server):
        assert look_through(page, {**NOTHING_LAUNCHED, **ALWAYS}) == {}
