"""The part of the What if tab that asks what each word and each part of the picture is worth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr
from markupsafe import Markup

from app.parts import panels
from app.state.expiry import VISIT_AGE
from app.state.pictures import picture_uri
from app.state.shop import Shop, words_of
from app.state.visit import Form, Visit
from app.tabs.what_if import panels as version_panels
from app.tabs.what_if import worth_panels
from app.tabs.what_if.versions import forced_fusion, read_product
from app.tabs.what_if.worth_panels import Measure
from app.wiring.events import Changes, compute
from app.wiring.workbench import PROGRESS, Workbench, answered
from mamex.insight.occlusion import Occlusion, patch_worth, word_worth
from mamex.launch.change import Change
from mamex.progress import Progress

#: Pixels; wide enough for the numbers of a grid of parts.
HEAT_SIZE = 560
#: Reads a version from the visitor's state and the fields of the view.
Reader = Callable[..., tuple[Shop, Form, Change]]


@dataclass(frozen=True)
class Worth:
    """An occlusion with the picture that it is drawn over, "" for words."""

    occlusion: Occlusion
    uri: str = ""


@dataclass(frozen=True)
class WorthControls:
    """The components; ``cleared`` says how to empty them when the version changes."""

    words: gr.HTML
    picture: gr.HTML
    words_state: gr.State
    picture_state: gr.State

    @property
    def outputs(self) -> list[Any]:
        """What ``cleared`` fills."""
        return [self.words, self.picture, self.words_state, self.picture_state]

    def cleared(self) -> Changes:
        """Nothing is shown, for what was shown is about another version."""
        return {self.words: "", self.picture: "", self.words_state: None, self.picture_state: None}


def build(bench: Workbench, read: Reader, fields: list[Any]) -> WorthControls:
    """Lay out the controls inside the tab that is open, and connect them.

    Args:
        bench: the visitor's state.
        read: (visit, *values of ``fields``) -> shop, form and change of version B.
        fields: the components that describe version B.
    """
    gr.HTML(version_panels.worth_lead())
    with gr.Row(elem_id="worth-ask"):
        ask_words = gr.Button("What is each word worth?", elem_id="ask-words", min_width=200)
        ask_picture = gr.Button("What is each picture part worth?", elem_id="ask-picture", min_width=200)
        measure = gr.Radio(
            [("Reach", "reach"), ("Mean score", "score")],
            value="reach",
            label="Show",
            elem_id="worth-measure",
            min_width=200,
        )
    with gr.Row(elem_id="worth", equal_height=False):
        with gr.Column(min_width=300):
            words_html = gr.HTML(elem_id="word-worth")
        with gr.Column(min_width=300):
            picture_html = gr.HTML(elem_id="patch-worth")
    # A state holds the picture itself, so it is forgotten like an upload.
    states = (gr.State(None, time_to_live=VISIT_AGE), gr.State(None, time_to_live=VISIT_AGE))
    controls = WorthControls(words_html, picture_html, *states)
    asked = (
        (ask_words, _word_worth, controls.words_state, words_html),
        (ask_picture, _patch_worth, controls.picture_state, picture_html),
    )
    for button, ask, state, shown in asked:
        button.click(
            answered(partial(_asked, bench, read, ask, state, shown), partial(_unanswered, state, shown)),
            [bench.visit, measure, *fields],
            [state, shown],
            **compute(shown, progress="full"),
        )
    measure.change(
        answered(partial(_drawn_anew, bench, controls), lambda sentence: {words_html: panels.problem(sentence)}),
        [bench.visit, measure, controls.words_state, controls.picture_state],
        [words_html, picture_html],
        api_visibility="private",
        show_progress="hidden",
    )
    return controls


def _asked(
    bench: Workbench,
    read: Reader,
    ask: Callable[..., Worth],
    state: gr.State,
    shown: gr.HTML,
    visit: Visit,
    measure: Measure,
    *values: Any,
) -> Changes:
    """What a button does."""

    def report(stage: str, done: int, total: int) -> None:
        PROGRESS((done, total), desc=stage)

    shop, form, change = read(visit, *values)
    worth = ask(shop, form, change, visit, report)
    return {state: worth, shown: _drawn(bench.shop_of(visit), worth, measure)}


def _unanswered(state: gr.State, shown: gr.HTML, sentence: str) -> Changes:
    return {state: None, shown: panels.problem(sentence)}


def _word_worth(shop: Shop, form: Form, change: Change, visit: Visit, progress: Progress) -> Worth:
    product = read_product(shop, form, change, visit.memory)
    text = words_of(form.title, form.description)
    fusion = forced_fusion(shop, product, change)
    return Worth(word_worth(shop.launcher, product, text, fusion, form.list_length, progress))


def _patch_worth(shop: Shop, form: Form, change: Change, visit: Visit, progress: Progress) -> Worth:
    product = read_product(shop, form, change, visit.memory)
    fusion = forced_fusion(shop, product, change)
    occlusion = patch_worth(shop.launcher, product, form.picture or "", fusion, form.list_length, progress)
    return Worth(occlusion, picture_uri(form.picture, HEAT_SIZE))


def _drawn(shop: Shop, worth: Worth, measure: Measure) -> Markup:
    if worth.uri:
        return worth_panels.patches_worth(shop, worth.occlusion, measure, worth.uri)
    return worth_panels.words_worth(shop, worth.occlusion, measure)


def _drawn_anew(
    bench: Workbench, controls: WorthControls, visit: Visit, measure: Measure, *found: Worth | None
) -> Changes:
    """Both drawings with the other number; nothing is computed again."""
    shop = bench.shop_of(visit)
    drawings = (controls.words, controls.picture)
    known = [(place, worth) for place, worth in zip(drawings, found, strict=True) if worth is not None]
    # No component at all is no dictionary to Gradio.
    return {place: _drawn(shop, worth, measure) for place, worth in known} or gr.skip()
