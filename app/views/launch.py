"""The launch tab: picture and words in; reach, reasons and nearest products out."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

import gradio as gr

from app import figures, panels, tables, words
from app.examples import Example
from app.picture_input import picture_input
from app.shop import Shop
from app.thumbnails import SMALL
from mamex.audience import LIST_LENGTHS
from mamex.errors import MamexError
from mamex.launch_result import LaunchResult

OUR_FAULT = "Something went wrong on our side; the details are in the log of the server. Please try again."
#: Launches at the same time; more would only slow each other down on two cores.
AT_ONCE = 2
#: On a phone the result lies below the form.
SCROLL = "() => { if (innerWidth < 761) document.getElementById('stage').scrollIntoView({behavior: 'smooth'}) }"
#: What is drawn of one launch, in the order of the outputs of `_show`.
Drawn = list[Any]
#: Picture, title and description.
Form = tuple[str, str, str]

_SHARES = "For each side, every expert gets a weight; the best few are used, the dotted ones rest."
_log = logging.getLogger("mamex.app")


def build(shop: Shop) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    with gr.Row(elem_id="launch", equal_height=False):
        with gr.Column(scale=4, min_width=320, elem_id="inputs"):
            fields = _inputs()
            button = gr.Button("Find its shoppers", variant="primary", elem_id="go")
            examples = _examples(shop)
        with gr.Column(scale=8, min_width=320, elem_id="results"):
            stage = gr.HTML(panels.empty_state(), elem_id="stage")
            with gr.Column(visible=False, elem_id="result") as area:
                drawn = _result(shop)
    run = _runner(shop)
    event: dict[str, Any] = {
        "fn": run,
        "inputs": fields,
        "outputs": [stage, area, *drawn],
        "trigger_mode": "once",
        "concurrency_limit": AT_ONCE,
        "concurrency_id": "launch",
        "show_progress": "minimal",
        "show_progress_on": stage,
        "api_visibility": "private",
    }
    gr.on([button.click, fields[1].submit], **event).then(None, js=SCROLL)
    for example_button, fill in examples:
        filled = example_button.click(
            fill, outputs=fields[:3], api_visibility="private", trigger_mode="once", show_progress="hidden"
        )
        filled.then(**event).then(None, js=SCROLL)
    _endpoint(shop)


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
    hint = "Material, use, style: what a shopper should know"
    description = gr.Textbox(label="Description", placeholder=hint, lines=4, max_lines=9, elem_id="description")
    length = gr.Radio(
        list(LIST_LENGTHS), value=20, label="List length", info="A shopper sees this many products", elem_id="length"
    )
    return [picture, title, description, length]


def _examples(shop: Shop) -> list[tuple[gr.Button, Callable[[], Form]]]:
    """One button an example, and what each fills the form with."""
    if not shop.examples:
        return []
    styles = "".join(
        f"#example-{place}::before{{background-image:url({shop.thumbnails.uri(example.position, SMALL)})}}"
        for place, example in enumerate(shop.examples)
    )
    gr.HTML(
        f"<style>{styles}</style><h2>Or try one of these</h2>"
        '<p class="small">Kept out of training, so who really bought them is known.</p>',
        elem_id="examples-title",
    )
    buttons: list[tuple[gr.Button, Callable[[], Form]]] = []
    with gr.Row(elem_id="examples"):
        for place, example in enumerate(shop.examples):
            button = gr.Button(
                example.title, size="sm", elem_id=f"example-{place}", elem_classes="example", min_width=120
            )
            buttons.append((button, partial(_filled, example)))
    return buttons


def _filled(example: Example) -> Form:
    return str(example.picture), example.title, example.description


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
    audience = gr.HTML(elem_id="audience")
    gr.HTML("<h2>Nearest products on sale</h2>")
    near = []
    with gr.Tabs(elem_id="neighbours"):
        for space in _spaces(shop):
            with gr.Tab("Overall" if space == "fused" else f"By {words.modality(space)}"):
                near.append(gr.HTML())
    timings = gr.HTML(elem_id="timings")
    return [thought, thought_twin, *weights, gates_twin, audience, *near, timings]


def _gate_titles(shop: Shop) -> list[tuple[str, str]]:
    modalities = shop.launcher.checkpoint.data.features
    return [(f"gate-{modality}", f"Experts of the {words.modality(modality)}") for modality in modalities]


def _spaces(shop: Shop) -> list[str]:
    return ["fused", *shop.launcher.checkpoint.data.features]


def _show(shop: Shop, result: LaunchResult) -> Drawn:
    """Every part of a result, drawn."""
    near = [
        panels.neighbours(shop, result, space) + tables.neighbours_table(shop, result, space) for space in _spaces(shop)
    ]
    return [
        figures.thought_figure(result),
        tables.thought_table(result),
        figures.fusion_figure(result),
        *(figures.gate_figure(result, modality) for modality in result.routing),
        tables.gates_table(result),
        panels.audience(shop, result),
        *near,
        panels.timings(result),
    ]


def _runner(shop: Shop) -> Callable[..., Drawn]:
    """What the button does."""
    modalities = shop.launcher.checkpoint.data.features
    blank: Drawn = [None, "", None, *(None for _ in modalities), "", "", *("" for _ in _spaces(shop)), ""]

    def run(picture: str | None, title: str, description: str, list_length: int) -> Drawn:
        try:
            result = shop.launch(picture, title, description, list_length)
            position = shop.known.recognise(picture, title, description)
            reveal = None if position is None else shop.known.reveal(position, result)
            return [panels.headline(shop, result, reveal), gr.update(visible=True), *_show(shop, result)]
        except MamexError as error:
            return [panels.problem(words.warning(str(error))), gr.update(visible=False), *blank]
        except Exception:
            # A fault of ours: the visitor gets a sentence, the log gets the traceback.
            _log.exception("A launch failed")
            return [panels.problem(OUR_FAULT), gr.update(visible=False), *blank]

    return run


def _endpoint(shop: Shop) -> None:
    """The same launch for programs: /launch, the result as JSON."""

    def launch(
        picture: str | None = None, title: str = "", description: str = "", list_length: int = 20
    ) -> dict[str, Any]:
        """Score a planned product against the shop: how it is read, whom it reaches and why, what it is next to.

        Args:
            picture: its picture, a JPEG, PNG or WebP file; leave it out if there is none.
            title: what it is called; may be empty.
            description: what shoppers would read about it; may be empty.
            list_length: length of the lists it should enter: 10, 20 or 50.

        Returns:
            routing, fusion, reach, reach_standing, list_length, audience_size, audience, neighbours, warnings, timings.
        """
        try:
            return shop.launch(picture, title, description, list_length).to_json()
        except MamexError as error:
            raise gr.Error(str(error), print_exception=False) from None

    inputs = [
        picture_input(label="Picture", visible=False),
        gr.Textbox(label="Title", value="", visible=False),
        gr.Textbox(label="Description", value="", visible=False),
        gr.Radio(list(LIST_LENGTHS), value=20, label="List length", visible=False),
    ]
    gr.Button(visible=False).click(
        launch,
        inputs,
        gr.JSON(label="Result", visible=False),
        api_name="launch",
        concurrency_limit=AT_ONCE,
        concurrency_id="launch",
    )
