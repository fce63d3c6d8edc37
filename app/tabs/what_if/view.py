"""The What if tab: change a product, and see at once what that wins and loses."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import gradio as gr

from app.parts.first_launch import launch_button, nothing_launched
from app.tabs.what_if import endpoints as what_if_endpoints
from app.tabs.what_if import handlers
from app.tabs.what_if import worth as worth_controls
from app.tabs.what_if.fields import version_fields
from app.tabs.what_if.handlers import Parts
from app.tabs.what_if.worth import WorthControls
from app.wiring.events import Changes, compute
from app.wiring.workbench import Workbench, answered

TITLE, ID = "What if", "what-if"
_EMPTY = "Launch something; it becomes version A here. Then change its words, its picture or its weights, and compare."


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    with gr.Column(elem_id="what-if-empty") as empty:
        gr.HTML(nothing_launched("Nothing to change yet", _EMPTY))
        launch_button(bench, ID)
    with gr.Row(elem_id="what-if", visible=False, equal_height=False) as area:
        with gr.Column(scale=4, min_width=320, elem_id="what-if-inputs"):
            card = gr.HTML(elem_id="version-a")
            buttons = _buttons()
            fields = version_fields(bench.shop)
        with gr.Column(scale=8, min_width=320, elem_id="what-if-results"):
            stage = gr.HTML(elem_id="what-if-stage")
            parts = Parts(empty=empty, area=area, card=card, stage=stage, **fields)
            worth = worth_controls.build(bench, partial(handlers.read, bench), parts.fields)
    edits = _connect_edits(bench, parts, worth)
    _connect_buttons(bench, parts, worth, buttons, edits)
    outputs = [bench.visit, empty, area, card, *parts.fields, parts.stage, *worth.outputs]
    opened = partial(handlers.opened, bench, parts, worth)
    bench.when_opened(tab, opened, parts.fields, outputs, partial(handlers.problem, parts))
    what_if_endpoints.build(bench)


def _buttons() -> dict[str, gr.Button]:
    names = {
        "pin": "Pin last launch as A",
        "keep": "Make B the new A",
        "swap": "Swap A and B",
        "reset": "Reset B to A",
    }
    with gr.Row(elem_id="what-if-pins"):
        return {key: gr.Button(text, size="sm", min_width=130, elem_id=f"what-if-{key}") for key, text in names.items()}


def _connect_edits(bench: Workbench, parts: Parts, worth: WorthControls) -> list[dict[str, Any]]:
    """Every edit is answered at once; while one is being answered only the last of the next is kept."""
    event: dict[str, Any] = {
        "inputs": [bench.visit, *parts.fields],
        "outputs": [parts.decide, parts.share, parts.stage, *worth.outputs],
        **compute(trigger="always_last", progress="hidden"),
    }
    # Not `change`: it also tells of fields that we fill, one by one, so that a half-filled version would be compared.
    # `input` is silent about Backspace and pasting with the mouse; `blur` tells of those.
    edits = [event for field in (parts.title, parts.description) for event in (field.input, field.blur, field.submit)]
    edits += [parts.picture.input, parts.picture.upload, parts.picture.clear]
    edits += [parts.removed.input, parts.decide.input, parts.modality.input]
    problem = partial(handlers.problem, parts)
    edited = gr.on(edits, answered(partial(handlers.edited, bench, parts, worth, False), problem), **event)
    moved = answered(partial(handlers.edited, bench, parts, worth, True), problem)
    return [edited, gr.on([parts.share.input, parts.share.release], moved, **event)]


def _connect_buttons(
    bench: Workbench, parts: Parts, worth: WorthControls, buttons: dict[str, gr.Button], edits: list[dict[str, Any]]
) -> None:
    """A button takes the place of edits that wait: their fields are of the versions as they were before it."""
    done: dict[str, Callable[..., Changes]] = {
        "pin": handlers.pin,
        "keep": handlers.keep,
        "swap": handlers.swap,
        "reset": handlers.reset,
    }
    for key, handler in done.items():
        buttons[key].click(
            answered(partial(handler, bench, parts, worth), partial(handlers.problem, parts)),
            [bench.visit, *parts.fields],
            [bench.visit, parts.card, *parts.fields, parts.stage, *worth.outputs],
            cancels=edits,
            **compute(parts.stage),
        )
