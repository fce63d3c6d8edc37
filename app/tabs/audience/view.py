"""The Audience tab: who would be recommended the product, who they are together, and why each of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from itertools import zip_longest
from typing import Any

import gradio as gr

from app import words
from app.parts.first_launch import launch_button, nothing_yet, only_a_problem
from app.parts.panels import problem
from app.state.downloads import unseen_download
from app.state.expiry import VISIT_AGE
from app.state.per_shop import user_groups
from app.state.shop import Shop
from app.state.visit import Launched, Visit
from app.tabs.audience import endpoints as audience_endpoints
from app.tabs.audience import panels
from app.tabs.audience.endpoints import all_segments, audience_file, ranked_audience
from app.tabs.audience.figures import segments_figure
from app.tabs.audience.parts import Head, Part, Slot
from app.wiring.events import Changes, compute
from app.wiring.workbench import Workbench, answered, last_launch
from mamex.insight.listing import arranged, page_of
from mamex.insight.segments import largest_groups, segments
from mamex.launch.result import LaunchResult
from mamex.retrieval.thresholds import RankedAudience

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
        with gr.Row(elem_id="segments"):
            slots = [_slot(place) for place in range(FIGURES)]
        twin = gr.HTML()
        search, order, download, file = _controls(bench.shop)
        status = gr.HTML(elem_id="audience-status")
        members = gr.HTML(elem_id="audience-list")
        with gr.Row(elem_id="audience-pages"):
            previous = gr.Button("Previous", size="sm", min_width=110, elem_id="audience-previous")
            number = gr.HTML(elem_id="audience-page")
            following = gr.Button("Next", size="sm", min_width=110, elem_id="audience-next")
    head = Head(stage, first, area, lead, slots, twin)
    part = Part(listed, status, members, previous, number, following)
    bench.when_opened(
        tab,
        partial(_opened, bench, head, part),
        [order, search],
        [*head.components, *part.components],
        partial(only_a_problem, head),
    )
    _connect_list(bench, part, order, search)
    saved = download.click(
        answered(partial(_saved, bench, file), lambda sentence: {status: problem(sentence)}),
        [bench.visit, listed],
        [file, status],
        **compute(),
    )
    saved.success(None, js=SAVE)
    audience_endpoints.build(bench)


def _connect_list(bench: Workbench, part: Part, order: gr.Dropdown, search: gr.Textbox) -> None:
    """Search, sort and turn pages."""
    asked: dict[str, Any] = {"inputs": [bench.visit, part.listed, order, search], "outputs": part.components}
    fault = partial(_list_fault, part)
    # What was typed last counts, so the last event of several is the one that must run. Not every way to type or paste
    # is an "input" to Gradio; all are a "change".
    gr.on(
        [search.change, order.input],
        answered(partial(_turned, bench, part, 0), fault),
        **asked,
        **compute(part.members, trigger="always_last"),
    )
    for button, step in ((part.previous, -1), (part.following, 1)):
        turned = button.click(answered(partial(_turned, bench, part, step), fault), **asked, **compute(part.members))
        turned.then(None, js=TO_LIST)


def _slot(place: int) -> Slot:
    with gr.Column(min_width=260) as column:
        return Slot(column, gr.HTML(), gr.Plot(show_label=False, container=False, elem_id=f"segments-{place}"))


def _controls(shop: Shop) -> tuple[gr.Textbox, gr.Dropdown, gr.Button, gr.DownloadButton]:
    """Search, sort and download; the file itself is behind a button that the visitor doesn't see."""
    choices = [
        ("Place in their list", "place"),
        ("Score over the one to beat", "margin"),
        (f"Number {shop.about.bought}", "bought"),
        ("Name", "name"),
    ]
    hint = f"A name, or something they {shop.about.bought}"
    gr.HTML(panels.list_title())
    with gr.Row(elem_id="audience-controls", equal_height=True):
        search = gr.Textbox("", label="Search", placeholder=hint, max_lines=1, scale=3, min_width=220)
        order = gr.Dropdown(choices, value="place", label="Sort by", filterable=False, scale=2, min_width=180)
        download = gr.Button("Download all as CSV", scale=1, min_width=190, elem_id="audience-download")
        file = unseen_download("audience-file")
    return search, order, download, file


def _list_fault(part: Part, sentence: str) -> Changes:
    return {part.status: problem(sentence), part.members: ""}


def _opened(bench: Workbench, head: Head, part: Part, visit: Visit, order: str, search: str) -> Changes:
    launched = last_launch(bench, visit)
    if launched is None:
        return {**_nothing(bench, head, visit), part.listed: None}
    shop, result = launched.shop, launched.result
    ranked = ranked_audience(shop, result)
    return {
        head.stage: panels.headline(launched, len(ranked.users)),
        head.first: gr.update(visible=False),
        head.area: gr.update(visible=bool(result.audience_size)),
        **_segments(head, shop, result),
        **_page(part, Listed(launched, ranked), order, search),
    }


def _nothing(bench: Workbench, head: Head, visit: Visit) -> Changes:
    """What is here before a launch."""
    about = bench.shop_of(visit).about
    who = f"the {about.users} who would be shown it are here, each with reasons."
    return nothing_yet(
        head, f"The {about.users} who would get it", f"Launch {words.with_article(about.item)}, and {who}"
    )


def _segments(head: Head, shop: Shop, result: LaunchResult) -> Changes:
    """Lead, one column, title and figure a grouping, and the table of all groups."""
    drawn: Changes = {
        head.lead: panels.segments_lead(shop),
        head.twin: panels.segments_table(all_segments(shop, result), shop),
    }
    groupings = user_groups(shop).groupings
    for slot, grouping in zip_longest(head.slots, groupings[:FIGURES]):
        if grouping is None:
            drawn |= {slot.column: gr.update(visible=False), slot.title: "", slot.figure: None}
            continue
        names, groups = grouping.names, grouping.groups
        if grouping.key == "category":  # the others have an order of their own
            names, groups = largest_groups(names, groups, result.audience_users, MOST_GROUPS)
        drawn |= {
            slot.column: gr.update(visible=True),
            slot.title: panels.segment_title(shop, grouping.key),
            slot.figure: segments_figure(segments(names, groups, result.audience_users)),
        }
    return drawn


def _turned(
    bench: Workbench, part: Part, step: int, visit: Visit, listed: Listed | None, order: str, search: str
) -> Changes:
    """Another page; a step of 0 begins anew, because the list is another."""
    listed = _current(bench, visit, listed)
    if listed is None:
        return gr.skip()
    return _page(part, replace(listed, page=listed.page + step if step else 1), order, search)


def _page(part: Part, listed: Listed, order: str, search: str) -> Changes:
    shop, result = listed.launched.shop, listed.launched.result
    rows = arranged(shop.launcher.checkpoint, listed.ranked, order, search)
    page = page_of(rows, listed.page)
    described = shop.launcher.members.describe(result.reading, listed.ranked, page.rows)
    return {
        part.listed: replace(listed, page=page.number),
        part.status: panels.found_line(shop, page, bool(search.strip())),
        part.members: panels.members(shop, page, described, result.list_length),
        part.previous: gr.update(interactive=page.number > 1),
        part.number: panels.page_number(page),
        part.following: gr.update(interactive=page.number < page.pages),
    }


def _current(bench: Workbench, visit: Visit, listed: Listed | None) -> Listed | None:
    """The list, if it is of the shop that the visitor looks at now."""
    return listed if listed is not None and listed.launched.shop is bench.shop_of(visit) else None


def _saved(bench: Workbench, file: gr.DownloadButton, visit: Visit, listed: Listed | None) -> Changes:
    listed = _current(bench, visit, listed)
    if listed is None:
        return gr.skip()
    launched = listed.launched
    return {file: audience_file(launched.shop, launched.result, listed.ranked)}
