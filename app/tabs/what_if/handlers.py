"""What happens in the What if tab: version B is edited, pinned, swapped with A, and compared with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gradio as gr
from markupsafe import Markup

from app.parts import panels
from app.parts.comparison import comparison
from app.state.shop import Shop
from app.state.visit import Form, Version, Visit
from app.tabs.what_if import panels as version_panels
from app.tabs.what_if.fields import choices, picture_settings, share_settings
from app.tabs.what_if.versions import launch_version
from app.tabs.what_if.worth import WorthControls
from app.wiring.events import Changes
from app.wiring.workbench import Workbench, last_launch
from mamex.errors import LaunchError
from mamex.insight.comparison import compare
from mamex.launch.change import Change


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
        """What describes version B, in the order in which `read` takes it."""
        return [self.picture, self.title, self.description, self.removed, self.decide, self.modality, self.share]


def problem(parts: Parts, sentence: str) -> Changes:
    """What went wrong, where the comparison would be."""
    return {parts.stage: panels.problem(sentence)}


def read(
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
    shop, form, change = read(bench, visit, *values)
    return launch_version(shop, form, change, visit.memory, chosen)


def _compared(parts: Parts, first: Version, second: Version) -> Changes:
    """A and B side by side."""
    compared = compare(first.shop.launcher, first.result, second.result)
    hint = version_panels.change_hint(first, second, compared)
    return {parts.stage: comparison(first.shop, compared, hint=hint)}


def edited(bench: Workbench, parts: Parts, worth: WorthControls, forced: bool, visit: Visit, *values: Any) -> Changes:
    """B was changed: compare anew. Moving the slider takes the decision from the model (``forced``)."""
    *others, decide, modality, share = values
    decide = decide and not forced
    second = _second(bench, visit, *others, decide, modality, share)
    told: Changes = {parts.decide: False} if forced else {}
    if decide:
        told[parts.share] = round(second.result.fusion[modality], 2)
    return {**told, **worth.cleared(), **_compared(parts, _first(visit), second)}


def opened(bench: Workbench, parts: Parts, worth: WorthControls, visit: Visit, *values: Any) -> Changes:
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


def _card(bench: Workbench, visit: Visit) -> Markup:
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
        parts.picture: gr.update(value=picture, **picture_settings(shop)),
        parts.title: form.title,
        parts.description: form.description,
        parts.removed: gr.update(choices=choices(shop), value=list(change.removed)),
        parts.decide: gr.update(value=change.share is None, visible=len(shop.launcher.modalities) > 1),
        parts.modality: gr.update(choices=choices(shop), value=modality, visible=len(shop.launcher.modalities) > 2),
        parts.share: gr.update(value=share, **share_settings(shop)),
    }


def pin(bench: Workbench, parts: Parts, worth: WorthControls, visit: Visit, *values: Any) -> Changes:
    """The last launch becomes A, and stays so until another is pinned."""
    launched = last_launch(bench, visit)
    if launched is None:
        raise LaunchError("There is no launch to pin yet.")
    visit.pinned = Version.of(launched, chosen=True)
    return _from_a(bench, parts, worth, visit)


def keep(bench: Workbench, parts: Parts, worth: WorthControls, visit: Visit, *values: Any) -> Changes:
    """B becomes A; the fields stay."""
    visit.pinned = _second(bench, visit, *values, chosen=True)
    return {
        bench.visit: visit,
        parts.card: _card(bench, visit),
        **_compared(parts, visit.pinned, visit.pinned),
    }


def swap(bench: Workbench, parts: Parts, worth: WorthControls, visit: Visit, *values: Any) -> Changes:
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


def reset(bench: Workbench, parts: Parts, worth: WorthControls, visit: Visit, *values: Any) -> Changes:
    """B is A again."""
    return _from_a(bench, parts, worth, visit)
