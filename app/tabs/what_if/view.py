"""The What if tab: change a product, and see at once what that wins and loses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import gradio as gr

from app.parts import panels
from app.parts.comparison import comparison
from app.parts.first_launch import launch_button, nothing_launched
from app.state.shop import Shop
from app.state.visit import Form, Version, Visit
from app.tabs.what_if import endpoints as what_if_endpoints
from app.tabs.what_if import panels as version_panels
from app.tabs.what_if import worth as worth_controls
from app.tabs.what_if.fields import choices, share_settings, version_fields
from app.tabs.what_if.versions import launch_version
from app.tabs.what_if.worth import WorthControls
from app.wiring.events import AT_ONCE
from app.wiring.workbench import Workbench, answered, last_launch
from mamex.errors import LaunchError
from mamex.insight.comparison import compare
from mamex.launch.change import Change

TITLE, ID = "What if", "what-if"
_EMPTY = "Launch something; it becomes version A here. Then change its words, its picture or its weights, and compare."
#: What a handler changes: component -> value.
Changes = dict[Any, Any]


@dataclass(frozen=True)
class Parts:
    """The components of the tab."""

    empty: gr.Column
    area: gr.Row
    card: gr.HTML
    picture: gr.Image
    title: gr.Textbox
    description: gr.Textbox
    removed: gr.CheckboxGroup
    decide: gr.Checkbox
    modality: gr.Dropdown
    share: gr.Slider
    stage: gr.HTML

    @property
    def fields(self) -> list[Any]:
        """What describes version B, in the order in which `_read` takes it."""
        return [self.picture, self.title, self.description, self.removed, self.decide, self.modality, self.share]


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
            worth = worth_controls.build(bench, partial(_read, bench), parts.fields)
    edits = _connect_edits(bench, parts, worth)
    _connect_buttons(bench, parts, worth, buttons, edits)
    outputs = [bench.visit, empty, area, card, *parts.fields, parts.stage, *worth.outputs]
    opened = partial(_opened, bench, parts, worth)
    bench.when_opened(tab, opened, parts.fields, outputs, partial(_problem, parts))
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
        "trigger_mode": "always_last",
        "concurrency_limit": AT_ONCE,
        "concurrency_id": "compute",
        "show_progress": "hidden",
        "api_visibility": "private",
    }
    # Not `change`: it also tells of fields that we fill, one by one, so that a half-filled version would be compared.
    # `input` is silent about Backspace and pasting with the mouse; `blur` tells of those.
    edits = [event for field in (parts.title, parts.description) for event in (field.input, field.blur, field.submit)]
    edits += [parts.picture.input, parts.picture.upload, parts.picture.clear]
    edits += [parts.removed.input, parts.decide.input, parts.modality.input]
    problem = partial(_problem, parts)
    edited = gr.on(edits, answered(partial(_edited, bench, parts, worth, False), problem), **event)
    moved = answered(partial(_edited, bench, parts, worth, True), problem)
    return [edited, gr.on([parts.share.input, parts.share.release], moved, **event)]


def _connect_buttons(
    bench: Workbench, parts: Parts, worth: WorthControls, buttons: dict[str, gr.Button], edits: list[dict[str, Any]]
) -> None:
    """A button takes the place of edits that wait: their fields are of the versions as they were before it."""
    handlers: dict[str, Callable[..., Changes]] = {"pin": _pin, "keep": _keep, "swap": _swap, "reset": _reset}
    for key, handler in handlers.items():
        buttons[key].click(
            answered(partial(handler, bench, parts, worth), partial(_problem, parts)),
            [bench.visit, *parts.fields],
            [bench.visit, parts.card, *parts.fields, parts.stage, *worth.outputs],
            trigger_mode="once",
            concurrency_limit=AT_ONCE,
            concurrency_id="compute",
            show_progress="minimal",
            show_progress_on=parts.stage,
            cancels=edits,
            api_visibility="private",
        )


def _problem(parts: Parts, sentence: str) -> Changes:
    return {parts.stage: panels.problem(sentence)}


def _read(
    bench: Workbench,
    visit: Visit,
    picture: str | None,
    title: str,
    description: str,
    removed: list[str],
    decide: bool,
    modality: str,
    share: float,
) -> tuple[Shop, Form, Change]:
    """Version B as the fields describe it; its list is as long as A's."""
    form = Form(picture, title, description, _first(visit).form.list_length)
    return bench.shop_of(visit), form, Change(tuple(removed), modality, None if decide else share)


def _first(visit: Visit) -> Version:
    if visit.pinned is None:
        raise LaunchError("There is no version A yet; launch something first.")
    return visit.pinned


def _second(bench: Workbench, visit: Visit, *values: Any, chosen: bool = False) -> Version:
    shop, form, change = _read(bench, visit, *values)
    return launch_version(shop, form, change, visit.memory, chosen)


def _compared(parts: Parts, first: Version, second: Version) -> Changes:
    """A and B side by side."""
    compared = compare(first.shop.launcher, first.result, second.result)
    hint = version_panels.change_hint(first, second, compared)
    return {parts.stage: comparison(first.shop, compared, hint=hint)}


def _edited(bench: Workbench, parts: Parts, worth: WorthControls, forced: bool, visit: Visit, *values: Any) -> Changes:
    """B was changed: compare anew. Moving the slider takes the decision from the model (``forced``)."""
    *others, decide, modality, share = values
    decide = decide and not forced
    second = _second(bench, visit, *others, decide, modality, share)
    told: Changes = {parts.decide: False} if forced else {}
    if decide:
        told[parts.share] = round(second.result.fusion[modality], 2)
    return {**told, **worth.cleared(), **_compared(parts, _first(visit), second)}


def _opened(bench: Workbench, parts: Parts, worth: WorthControls, visit: Visit, *values: Any) -> Changes:
    """A is what the visitor pinned, or else their last launch; B is as they left it if A is the same as before."""
    shop, launched, pinned = bench.shop_of(visit), last_launch(bench, visit), visit.pinned
    if pinned is not None and pinned.shop is not shop:
        pinned = None
    if pinned is not None and (pinned.chosen or launched is None or pinned.result is launched.result):
        shown = _compared(parts, pinned, _second(bench, visit, *values))
        return {parts.card: _card(bench, visit), **shown}
    if launched is None:
        visit.pinned = None
        return {bench.visit: visit, parts.empty: gr.update(visible=True), parts.area: gr.update(visible=False)}
    visit.pinned = Version.of(launched, chosen=False)
    shown = {parts.empty: gr.update(visible=False), parts.area: gr.update(visible=True)}
    return {**shown, **_from_a(bench, parts, worth, visit)}


def _card(bench: Workbench, visit: Visit) -> str:
    """Version A, and whether something was launched since it was pinned."""
    first, launched = _first(visit), last_launch(bench, visit)
    since = launched is not None and launched.result is not first.result and first.chosen
    return version_panels.version_card(first, "A", launched.name if launched and since else "")


def _from_a(bench: Workbench, parts: Parts, worth: WorthControls, visit: Visit) -> Changes:
    """Show A, and B as a copy of it."""
    first = _first(visit)
    return {
        bench.visit: visit,
        parts.card: _card(bench, visit),
        **_filled(parts, first),
        **worth.cleared(),
        **_compared(parts, first, first),
    }


def _filled(parts: Parts, version: Version) -> Changes:
    """The fields as a version has them; its picture only while the upload is kept, which is less than an hour."""
    shop, form, change = version.shop, version.form, version.change
    modality = change.modality or shop.launcher.modalities[0]
    picture = form.picture if form.picture and Path(form.picture).is_file() else None
    share = round(version.result.fusion[modality], 2) if change.share is None else change.share
    return {
        parts.picture: picture,
        parts.title: form.title,
        parts.description: form.description,
        parts.removed: gr.update(choices=choices(shop), value=list(change.removed)),
        parts.decide: gr.update(value=change.share is None, visible=len(shop.launcher.modalities) > 1),
        parts.modality: gr.update(choices=choices(shop), value=modality, visible=len(shop.launcher.modalities) > 2),
        parts.share: gr.update(value=share, **share_settings(shop)),
    }


def _pin(bench: Workbench, parts: Parts, worth: WorthControls, visit: Visit, *values: Any) -> Changes:
    """The last launch becomes A, and stays so until another is pinned."""
    launched = last_launch(bench, visit)
    if launched is None:
        raise LaunchError("There is no launch to pin yet.")
    visit.pinned = Version.of(launched, chosen=True)
    return _from_a(bench, parts, worth, visit)


def _keep(bench: Workbench, parts: Parts, worth: WorthControls, visit: Visit, *values: Any) -> Changes:
    """B becomes A; the fields stay."""
    visit.pinned = _second(bench, visit, *values, chosen=True)
    return {
        bench.visit: visit,
        parts.card: _card(bench, visit),
        **_compared(parts, visit.pinned, visit.pinned),
    }


def _swap(bench: Workbench, parts: Parts, worth: WorthControls, visit: Visit, *values: Any) -> Changes:
    """A becomes B, and B becomes A."""
    first, second = _first(visit), _second(bench, visit, *values, chosen=True)
    visit.pinned = second
    return {
        bench.visit: visit,
        parts.card: _card(bench, visit),
        **_filled(parts, first),
        **worth.cleared(),
        **_compared(parts, second, first),
    }


def _reset(bench: Workbench, parts: Parts, worth: WorthControls, visit: Visit, *values: Any) -> Changes:
    """B is A again."""
    return _from_a(bench, parts, worth, visit)
