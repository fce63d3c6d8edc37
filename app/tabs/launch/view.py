"""The Launch tab: picture and words in; reach, routing and fusion out."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from app import words
from app.parts import figures, panels, tables
from app.parts.flow import flow
from app.report.button import report_button
from app.state.downloads import download_path
from app.state.shop import Shop
from app.state.visit import Form, Launched, Visit
from app.tabs.launch import endpoints as launch_endpoints
from app.tabs.launch import panels as launch_panels
from app.wiring import remembered
from app.wiring.events import Changes, compute
from app.wiring.picture_field import picture_from_anywhere
from app.wiring.shop_fields import hint, length_settings
from app.wiring.workbench import Workbench, answered, as_toast
from mamex.insight.held_out import MOST_EXAMPLES
from mamex.launch.result import LaunchResult
from mamex.modalities import IMAGE, TEXT

TITLE, ID = "Launch", "launch"
#: On a phone the result lies below the form.
SCROLL = "() => { if (innerWidth < 761) document.getElementById('stage').scrollIntoView({behavior: 'smooth'}) }"


@dataclass(frozen=True)
class Parts:
    """What a launch fills: the headline, and below it the figures with their twins.

    Attributes:
        gates: modality -> its figure, for the modalities of the page's own shop.
    """

    stage: gr.HTML
    area: gr.Column
    thought: gr.HTML
    thought_twin: gr.HTML
    fusion: gr.Plot
    gates: dict[str, gr.Plot]
    gates_twin: gr.HTML
    timings: gr.HTML

    @property
    def components(self) -> list[Any]:
        """All of them."""
        gates = self.gates.values()
        drawn = [self.thought, self.thought_twin, self.fusion, *gates, self.gates_twin, self.timings]
        return [self.stage, self.area, *drawn]


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    with gr.Row(elem_id="launch", equal_height=False):
        with gr.Column(scale=4, min_width=320, elem_id="inputs"):
            fields = _inputs(bench.shop)
            button = gr.Button("Find who wants it", variant="primary", elem_id="go")
            title, buttons = _examples(bench.shop)
        with gr.Column(scale=8, min_width=320, elem_id="results"):
            stage = gr.HTML(panels.empty_state(bench.shop), elem_id="stage")
            with gr.Column(visible=False, elem_id="result") as area:
                further = _further_buttons(bench)
                parts = Parts(stage, area, **_result(bench.shop))
    event: dict[str, Any] = {
        "fn": answered(partial(_launched, bench, parts), partial(_problem, parts)),
        "inputs": [bench.visit, *fields],
        "outputs": [bench.visit, bench.masthead, *parts.components],
        **compute(stage),
    }
    gr.on([button.click, fields[1].submit], **event).then(None, js=SCROLL)
    for place, example in enumerate(buttons):
        filled = example.click(
            answered(partial(_filled, bench, place), as_toast),
            bench.visit,
            fields[:3],
            api_visibility="private",
            trigger_mode="once",
            show_progress="hidden",
        )
        filled.then(**event).then(None, js=SCROLL)
    for further_button, view in further:
        further_button.click(
            partial(gr.Tabs, selected=view), outputs=bench.tabs, api_visibility="private", show_progress="hidden"
        )
    # The visitor's own shop has other examples, and nothing was launched in it.
    bench.switched.change(
        partial(_refreshed, bench, parts, fields, title, buttons),
        bench.visit,
        [*fields, title, *buttons, stage, area],
        api_visibility="private",
        show_progress="hidden",
    )
    remembered.connect(fields, length_settings(bench.shop)["choices"])
    launch_endpoints.build(bench)


def _inputs(shop: Shop) -> list[Any]:
    drop, called, told = _hints(shop)
    picture = picture_from_anywhere("Picture", drop, height=230, elem_id="picture")
    title = gr.Textbox(label="Title", placeholder=called, max_lines=1, elem_id="title")
    description = gr.Textbox(label="Description", placeholder=told, lines=4, max_lines=9, elem_id="description")
    length = gr.Radio(**length_settings(shop), label="List length", info="Everybody sees this many", elem_id="length")
    return [picture, title, description, length]


def _hints(shop: Shop) -> tuple[str, str, str]:
    """What picture, title and description say while they are empty."""
    return (
        hint(shop, IMAGE, "Drop a picture here, or press to choose one"),
        hint(shop, TEXT, "What it is called"),
        hint(shop, TEXT, "Material, use, style: what a reader should know"),
    )


def _examples(shop: Shop) -> tuple[gr.HTML, list[gr.Button]]:
    """A heading, and one button an example; those that a shop has no example for are hidden."""
    title = gr.HTML(launch_panels.examples_title(shop), elem_id="examples-title")
    with gr.Row(elem_id="examples"):
        buttons = [
            gr.Button(**_example_button(shop, place), elem_id=f"example-{place}", elem_classes="example", min_width=120)
            for place in range(MOST_EXAMPLES)
        ]
    return title, buttons


def _example_button(shop: Shop, place: int) -> dict[str, Any]:
    given = place < len(shop.examples)
    return {"value": shop.examples[place].title if given else "", "size": "sm", "visible": given}


def _filled(bench: Workbench, place: int, visit: Visit) -> tuple[str, str, str]:
    example = bench.shop_of(visit).examples[place]
    # A copy that is deleted like an upload: the shop may be the visitor's own.
    copied = shutil.copy(example.picture, download_path(example.picture.name))
    return str(copied), example.title, example.description


def _refreshed(
    bench: Workbench, parts: Parts, fields: list[Any], title: gr.HTML, buttons: list[gr.Button], visit: Visit
) -> Changes:
    """What its fields say and offer, examples and an empty stage for another shop; what was filled in stays."""
    shop = bench.shop_of(visit)
    *described, length = fields
    return {
        **{field: gr.update(placeholder=said) for field, said in zip(described, _hints(shop), strict=True)},
        length: gr.update(**length_settings(shop)),
        title: launch_panels.examples_title(shop),
        **{button: gr.update(**_example_button(shop, place)) for place, button in enumerate(buttons)},
        parts.stage: panels.empty_state(shop),
        parts.area: gr.update(visible=False),
    }


def _further_buttons(bench: Workbench) -> list[tuple[gr.Button, str]]:
    """Where to read on, and the view that each button opens."""
    users = bench.shop.about.users
    views = (
        (f"See the {users}", "audience"),
        ("See its neighbours", "neighbours"),
        ("Change it and compare", "what-if"),
    )
    with gr.Row(elem_id="further"):
        buttons = [(gr.Button(text, size="sm", min_width=140), view) for text, view in views]
        report_button(bench)
    return buttons


def _result(shop: Shop) -> dict[str, Any]:
    """The figures of a result and their twins, by their names in ``Parts``."""
    gr.HTML(launch_panels.thought_title())
    thought = gr.HTML(elem_id="thought")
    thought_twin = gr.HTML()
    gr.HTML(launch_panels.weights_title())
    with gr.Row(elem_id="weights"):
        fusion = _weights("fusion", "What counts how much")
        gates = {
            modality: _weights(f"gate-{modality}", f"Experts of the {words.modality(modality)}")
            for modality in shop.launcher.modalities
        }
    return {
        "thought": thought,
        "thought_twin": thought_twin,
        "fusion": fusion,
        "gates": gates,
        "gates_twin": gr.HTML(),
        "timings": gr.HTML(elem_id="timings"),
    }


def _weights(name: str, title: str) -> gr.Plot:
    """One of the figures of weights beside each other."""
    with gr.Column(min_width=230):
        gr.HTML(launch_panels.figure_title(title))
        return gr.Plot(show_label=False, container=False, elem_id=name, elem_classes="small-figure")


def _launched(
    bench: Workbench,
    parts: Parts,
    visit: Visit,
    picture: str | None,
    title: str,
    description: str,
    list_length: int,
) -> Changes:
    """What the button does."""
    shop = bench.shop_of(visit)
    result = shop.launch(picture, title, description, list_length, visit.memory)
    position = shop.known.recognise(picture, title, description)
    reveal = None if position is None else shop.known.reveal(position, result)
    visit.launched = Launched(shop, Form(picture, title, description, list_length), result)
    return {
        bench.visit: visit,
        # A visitor's own shop is forgotten after an hour, maybe without their noticing; the result names its shop.
        bench.masthead: panels.header(shop),
        parts.stage: panels.headline(shop, result, reveal),
        parts.area: gr.update(visible=True),
        **_drawn(parts, result),
    }


def _problem(parts: Parts, sentence: str) -> Changes:
    return {parts.stage: panels.problem(sentence), parts.area: gr.update(visible=False)}


def _drawn(parts: Parts, result: LaunchResult) -> Changes:
    """Every part of a result; a modality of the page's own shop may be none of the visitor's."""
    gates = {
        place: figures.gate_figure(result, modality) if modality in result.routing else None
        for modality, place in parts.gates.items()
    }
    return {
        parts.thought: flow(result),
        parts.thought_twin: tables.thought_table(result),
        parts.fusion: figures.fusion_figure(result),
        **gates,
        parts.gates_twin: tables.gates_table(result),
        parts.timings: panels.timings(result),
    }
