"""The Audience tab: who would be recommended the product, who they are together, and why each of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import gradio as gr

from app import words
from app.parts.first_launch import launch_button, nothing_launched
from app.parts.panels import problem
from app.state.downloads import unseen_download
from app.state.per_shop import user_groups
from app.state.shop import Shop
from app.state.visit import Launched, Visit
from app.tabs.audience import endpoints as audience_endpoints
from app.tabs.audience import panels
from app.tabs.audience.endpoints import all_segments, audience_file, ranked_audience
from app.tabs.audience.figures import segments_figure
from app.wiring.events import AT_ONCE
from app.wiring.workbench import VISIT_AGE, Workbench, answered, last_launch
from mamex.insight.listing import arranged, page_of
from mamex.insight.segments import largest_groups, segments
from mamex.launch.members import RankedAudience
from mamex.launch.result import LaunchResult

TITLE, ID = "Audience", "audience"
#: Ways to group users, each with a figure of its own, and how many groups a figure shows before it lumps the rest.
FIGURES, MOST_GROUPS = 3, 8
#: After turning a page, read on from its top.
TO_LIST = "() => document.getElementById('audience-list').scrollIntoView({block: 'start'})"
SAVE = "() => document.querySelector('#audience-file').click()"


@dataclass(frozen=True)
class Listed:
    """What the list shows: whose audience, ranked once, and the page that is open."""

    launched: Launched
    ranked: RankedAudience
    page: int = 1


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    stage = gr.HTML(elem_id="audience-stage")
    first = launch_button(bench, ID)
    listed = gr.State(None, time_to_live=VISIT_AGE)
    with gr.Column(visible=False, elem_id="audience-area") as area:
        lead = gr.HTML()
        slots = []
        with gr.Row(elem_id="segments"):
            for place in range(FIGURES):
                with gr.Column(min_width=260) as column:
                    title = gr.HTML()
                    figure = gr.Plot(show_label=False, container=False, elem_id=f"segments-{place}")
                    slots += [column, title, figure]
        twin = gr.HTML()
        search, order, download, file = _controls(bench.shop)
        status = gr.HTML(elem_id="audience-status")
        members = gr.HTML(elem_id="audience-list")
        with gr.Row(elem_id="audience-pages"):
            previous = gr.Button("Previous", size="sm", min_width=110, elem_id="audience-previous")
            number = gr.HTML(elem_id="audience-page")
            following = gr.Button("Next", size="sm", min_width=110, elem_id="audience-next")
    part = [listed, status, members, previous, number, following]
    head = [stage, first, area, lead, *slots, twin]

    def fault(sentence: str) -> list[Any]:
        hidden = [gr.update(visible=False), gr.update(visible=False)]
        return [problem(sentence), *hidden, *[gr.skip()] * (len(head) - 3 + len(part))]

    bench.when_opened(tab, _opened(bench, len(head), len(part)), [order, search], [*head, *part], fault)
    event: dict[str, Any] = {
        "inputs": [bench.visit, listed, order, search],
        "outputs": part,
        "api_visibility": "private",
        "show_progress": "minimal",
        "show_progress_on": members,
        "concurrency_limit": AT_ONCE,
        "concurrency_id": "compute",
    }

    def list_fault(sentence: str) -> list[Any]:
        return [gr.skip(), problem(sentence), "", *[gr.skip()] * 3]

    # What was typed last counts, so the last event of several is the one that must run. Not every way to type or paste
    # is an "input" to Gradio; all are a "change".
    gr.on([search.change, order.input], answered(_turned(bench, 0), list_fault), trigger_mode="always_last", **event)
    for button, step in ((previous, -1), (following, 1)):
        turned = button.click(answered(_turned(bench, step), list_fault), trigger_mode="once", **event)
        turned.then(None, js=TO_LIST)
    saved = download.click(
        answered(partial(_saved, bench), lambda sentence: [gr.skip(), problem(sentence)]),
        [bench.visit, listed],
        [file, status],
        api_visibility="private",
        show_progress="minimal",
        trigger_mode="once",
        concurrency_limit=AT_ONCE,
        concurrency_id="compute",
    )
    saved.success(None, js=SAVE)
    audience_endpoints.connect(bench)


def _controls(shop: Shop) -> tuple[gr.Textbox, gr.Dropdown, gr.Button, gr.DownloadButton]:
    """Search, sort and download; the file itself is behind a button that the visitor doesn't see."""
    choices = [
        ("Place in their list", "place"),
        ("Score over the one to beat", "margin"),
        (f"Number {shop.about.bought}", "bought"),
        ("Name", "name"),
    ]
    hint = f"A name, or something they {shop.about.bought}"
    gr.HTML("<h2>One by one</h2>")
    with gr.Row(elem_id="audience-controls", equal_height=True):
        search = gr.Textbox("", label="Search", placeholder=hint, max_lines=1, scale=3, min_width=220)
        order = gr.Dropdown(choices, value="place", label="Sort by", filterable=False, scale=2, min_width=180)
        download = gr.Button("Download all as CSV", scale=1, min_width=190, elem_id="audience-download")
        file = unseen_download("audience-file")
    return search, order, download, file


def _opened(bench: Workbench, head: int, part: int) -> Callable[..., list[Any]]:
    def draw(visit: Visit, order: str, search: str) -> list[Any]:
        launched = last_launch(bench, visit)
        if launched is None:
            about = bench.shop_of(visit).about
            sentence = (
                f"Launch {words.with_article(about.item)}, and the {about.users} who would be shown it are here, each "
                "with reasons."
            )
            empty = nothing_launched(f"The {about.users} who would get it", sentence)
            hidden = [gr.update(visible=True), gr.update(visible=False), *[gr.skip()] * (head - 3)]
            return [empty, *hidden, None, *[gr.skip()] * (part - 1)]
        shop, result = launched.shop, launched.result
        ranked = ranked_audience(shop, result)
        stage = [panels.headline(launched, len(ranked.users)), gr.update(visible=False)]
        shown = gr.update(visible=bool(result.audience_size))
        return [*stage, shown, *_segments(shop, result), *_page(Listed(launched, ranked), order, search)]

    return draw


def _segments(shop: Shop, result: LaunchResult) -> list[Any]:
    """Lead, one column, title and figure a grouping, and the table of all groups."""
    drawn: list[Any] = [panels.segments_lead(shop)]
    groupings = user_groups(shop).groupings
    for grouping in groupings[:FIGURES]:
        names, groups = grouping.names, grouping.groups
        if grouping.key == "category":  # the others have an order of their own
            names, groups = largest_groups(names, groups, result.audience_users, MOST_GROUPS)
        figure = segments_figure(segments(names, groups, result.audience_users))
        drawn += [gr.update(visible=True), panels.segment_title(shop, grouping.key), figure]
    drawn += [gr.update(visible=False), "", None] * (FIGURES - len(groupings))
    return [*drawn, panels.segments_table(all_segments(shop, result), shop)]


def _turned(bench: Workbench, step: int) -> Callable[..., list[Any]]:
    """Another page; a step of 0 begins anew, because the list is another."""

    def turn(visit: Visit, listed: Listed | None, order: str, search: str) -> list[Any]:
        listed = _current(bench, visit, listed)
        if listed is None:
            return [gr.skip()] * 6
        return _page(replace(listed, page=listed.page + step if step else 1), order, search)

    return turn


def _page(listed: Listed, order: str, search: str) -> list[Any]:
    shop, result = listed.launched.shop, listed.launched.result
    rows = arranged(shop.launcher.checkpoint, listed.ranked, order, search)
    page = page_of(rows, listed.page)
    described = shop.launcher.members.describe(result.reading, listed.ranked, page.rows)
    return [
        replace(listed, page=page.number),
        panels.found_line(shop, page, bool(search.strip())),
        panels.members(shop, page, described, result.list_length),
        gr.update(interactive=page.number > 1),
        f'<p role="status">Page {page.number:,} of {page.pages:,}</p>',
        gr.update(interactive=page.number < page.pages),
    ]


def _current(bench: Workbench, visit: Visit, listed: Listed | None) -> Listed | None:
    """The list, if it is of the shop that the visitor looks at now."""
    return listed if listed is not None and listed.launched.shop is bench.shop_of(visit) else None


def _saved(bench: Workbench, visit: Visit, listed: Listed | None) -> list[Any]:
    listed = _current(bench, visit, listed)
    if listed is None:
        return [gr.skip(), gr.skip()]
    launched = listed.launched
    return [audience_file(launched.shop, launched.result, listed.ranked), gr.skip()]
