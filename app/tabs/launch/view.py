"""The Launch tab: picture and words in; reach, routing and fusion out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import gradio as gr

from app import words
from app.parts import figures, panels, tables
from app.report.button import report_button
from app.state.downloads import download_path
from app.state.shop import Shop
from app.state.thumbnails import SMALL
from app.state.visit import Form, Launched, Visit
from app.wiring import remembered
from app.wiring.endpoints import endpoint, product_fields
from app.wiring.events import AT_ONCE
from app.wiring.picture_field import picture_input
from app.wiring.workbench import Workbench, answered, as_toast
from mamex.insight.held_out import MOST_EXAMPLES
from mamex.launch.result import LaunchResult
from mamex.retrieval.thresholds import LIST_LENGTHS

TITLE, ID = "Launch", "launch"
#: On a phone the result lies below the form.
SCROLL = "() => { if (innerWidth < 761) document.getElementById('stage').scrollIntoView({behavior: 'smooth'}) }"
#: What is drawn of one launch, in the order of the outputs of `_show`.
Drawn = list[Any]

_SHARES = "For each side, every expert gets a weight; one with a dotted bar rests."


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    with gr.Row(elem_id="launch", equal_height=False):
        with gr.Column(scale=4, min_width=320, elem_id="inputs"):
            fields = _inputs()
            button = gr.Button("Find who wants it", variant="primary", elem_id="go")
            title, buttons = _examples(bench.shop)
        with gr.Column(scale=8, min_width=320, elem_id="results"):
            stage = gr.HTML(panels.empty_state(bench.shop), elem_id="stage")
            with gr.Column(visible=False, elem_id="result") as area:
                further = _further_buttons(bench)
                drawn = _result(bench.shop)
    event: dict[str, Any] = {
        "fn": _runner(bench, len(drawn)),
        "inputs": [bench.visit, *fields],
        "outputs": [bench.visit, bench.masthead, stage, area, *drawn],
        "trigger_mode": "once",
        "concurrency_limit": AT_ONCE,
        "concurrency_id": "compute",
        "show_progress": "minimal",
        "show_progress_on": stage,
        "api_visibility": "private",
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
        partial(_refreshed, bench),
        bench.visit,
        [title, *buttons, stage, area],
        api_visibility="private",
        show_progress="hidden",
    )
    remembered.connect(fields)
    _endpoint(bench)


def _inputs() -> list[Any]:
    picture = picture_input(
        label="Picture",
        sources=["upload", "clipboard", "webcam"],
        height=230,
        elem_id="picture",
        buttons=[],
        placeholder="Drop a picture here, or press to choose one",
    )
    title = gr.Textbox(label="Title", placeholder="What it is called", max_lines=1, elem_id="title")
    hint = "Material, use, style: what a reader should know"
    description = gr.Textbox(label="Description", placeholder=hint, lines=4, max_lines=9, elem_id="description")
    length = gr.Radio(
        list(LIST_LENGTHS), value=20, label="List length", info="Everybody sees this many", elem_id="length"
    )
    return [picture, title, description, length]


def _examples(shop: Shop) -> tuple[gr.HTML, list[gr.Button]]:
    """A heading, and one button an example; those that a shop has no example for are hidden."""
    title = gr.HTML(_examples_title(shop), elem_id="examples-title")
    with gr.Row(elem_id="examples"):
        buttons = [
            gr.Button(**_example_button(shop, place), elem_id=f"example-{place}", elem_classes="example", min_width=120)
            for place in range(MOST_EXAMPLES)
        ]
    return title, buttons


def _examples_title(shop: Shop) -> str:
    if not shop.examples:
        return ""
    styles = "".join(
        f"#example-{place}::before{{background-image:url({shop.thumbnails.uri(example.position, SMALL)})}}"
        for place, example in enumerate(shop.examples)
    )
    return (
        f"<style>{styles}</style><h2>Or try one of these</h2>"
        f'<p class="small">Kept out of training, so who really {words.text(shop.about.bought)} them is known.</p>'
    )


def _example_button(shop: Shop, place: int) -> dict[str, Any]:
    given = place < len(shop.examples)
    return {"value": shop.examples[place].title if given else "", "size": "sm", "visible": given}


def _filled(bench: Workbench, place: int, visit: Visit) -> tuple[str, str, str]:
    example = bench.shop_of(visit).examples[place]
    # A copy that is deleted like an upload: the shop may be the visitor's own.
    copied = shutil.copy(example.picture, download_path(example.picture.name))
    return str(copied), example.title, example.description


def _refreshed(bench: Workbench, visit: Visit) -> list[Any]:
    """Examples and an empty stage for another shop."""
    shop = bench.shop_of(visit)
    buttons = [gr.update(**_example_button(shop, place)) for place in range(MOST_EXAMPLES)]
    return [_examples_title(shop), *buttons, panels.empty_state(shop), gr.update(visible=False)]


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


def _result(shop: Shop) -> list[gr.components.Component]:
    """The parts of a result, in the order in which `_show` fills them."""
    gr.HTML('<h2>How it was read</h2><p class="lead">A band is as wide as its share of the fused product.</p>')
    thought = gr.Plot(show_label=False, container=False, elem_id="thought")
    thought_twin = gr.HTML()
    gr.HTML(f'<h2>Weights in full</h2><p class="lead">{_SHARES}</p>')
    weights = []
    with gr.Row(elem_id="weights"):
        for name, title in [("fusion", "What counts how much"), *_gate_titles(shop)]:
            with gr.Column(min_width=230):
                gr.HTML(f"<h3>{title}</h3>")
                weights.append(gr.Plot(show_label=False, container=False, elem_id=name, elem_classes="small-figure"))
    gates_twin = gr.HTML()
    timings = gr.HTML(elem_id="timings")
    return [thought, thought_twin, *weights, gates_twin, timings]


def _gate_titles(shop: Shop) -> list[tuple[str, str]]:
    return [(f"gate-{modality}", f"Experts of the {words.modality(modality)}") for modality in shop.launcher.modalities]


def _show(result: LaunchResult, modalities: Sequence[str]) -> Drawn:
    """Every part of a result, drawn; gates of the modalities that the page has room for."""
    return [
        figures.thought_figure(result),
        tables.thought_table(result),
        figures.fusion_figure(result),
        *(figures.gate_figure(result, modality) if modality in result.routing else None for modality in modalities),
        tables.gates_table(result),
        panels.timings(result),
    ]


def _runner(bench: Workbench, parts: int) -> Callable[..., Drawn]:
    """What the button does."""

    def run(visit: Visit, picture: str | None, title: str, description: str, list_length: int) -> Drawn:
        shop = bench.shop_of(visit)
        result = shop.launch(picture, title, description, list_length, visit.memory)
        position = shop.known.recognise(picture, title, description)
        reveal = None if position is None else shop.known.reveal(position, result)
        visit.launched = Launched(shop, Form(picture, title, description, list_length), result)
        drawn = _show(result, bench.shop.launcher.modalities)
        # A visitor's own shop is forgotten after an hour, maybe without their noticing; the result names its shop.
        return [visit, panels.header(shop), panels.headline(shop, result, reveal), gr.update(visible=True), *drawn]

    def problem(sentence: str) -> Drawn:
        return [gr.skip(), gr.skip(), panels.problem(sentence), gr.update(visible=False), *([gr.skip()] * parts)]

    return answered(run, problem)


def _endpoint(bench: Workbench) -> None:
    """The same launch for programs: /launch, the result as JSON."""

    def launch(
        visit: Visit, picture: str | None = None, title: str = "", description: str = "", list_length: int = 20
    ) -> dict[str, Any]:
        """Score a planned product against the shop: how it is read, whom it reaches and why, what it is next to.

        Args:
            picture: its picture, a JPEG, PNG or WebP file; leave it out if there is none.
            title: what it is called; may be empty.
            description: what people would read about it; may be empty.
            list_length: length of the lists it should enter: 10, 20 or 50.

        Returns:
            routing, fusion, reach, reach_standing, list_length, audience_size, audience, neighbours, warnings, timings.
        """
        return bench.shop_of(visit).launch(picture, title, description, list_length, visit.memory).to_json()

    endpoint(launch, "launch", [bench.visit, *product_fields()])
