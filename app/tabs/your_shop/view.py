"""The Your shop tab: upload a dataset folder, have it checked, train on it, and see the whole workbench on it."""

from __future__ import annotations

from functools import partial
from typing import Any

import gradio as gr

from app.parts import panels
from app.parts import training_curves as training_figures
from app.state.own_shop import OwnShop, OwnShopError
from app.state.visit import Visit
from app.tabs.your_shop import endpoints as own_shop_endpoints
from app.tabs.your_shop import panels as own_shop_panels
from app.tabs.your_shop.parts import Parts
from app.tabs.your_shop.training import MOST_EPOCHS, failed, trained
from app.wiring.events import Changes, compute
from app.wiring.workbench import PROGRESS, Workbench, answered, answered_steps, as_toast
from mamex.progress import Progress

TITLE, ID = "Your shop", "your-shop"


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    gr.HTML(own_shop_panels.introduction(bench.own_shop))
    if bench.own_shop == "off":
        return
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=320):
            archive, local = _dataset_fields(bench)
            check = gr.Button("Check it", variant="primary", elem_id="own-check")
            epochs = gr.Slider(
                1, MOST_EPOCHS, value=80, step=1, label="Epochs at most", info="It stops early by itself"
            )
            train = gr.Button("Train on it", variant="primary", interactive=False, elem_id="own-train")
            stop = gr.Button("Stop, and keep the best so far", visible=False, elem_id="own-stop")
            download = gr.DownloadButton("Download the checkpoint", visible=False, elem_id="own-download")
            leave = gr.Button("Back to the shop of this page", visible=False, elem_id="own-leave")
        with gr.Column(scale=8, min_width=320):
            stage = gr.HTML(elem_id="own-stage")
            with gr.Column(visible=False, elem_id="own-curves") as area:
                curves = [gr.Plot(show_label=False, container=False) for _ in training_figures.CURVES]
                twin = gr.HTML()
    parts = Parts(check, train, stop, download, leave, stage, area, curves, twin)
    _connect(bench, parts, [archive, local], epochs)
    own_shop_endpoints.build()


def _dataset_fields(bench: Workbench) -> tuple[gr.File, gr.Textbox]:
    archive = gr.File(label="Zip of a dataset folder", file_types=[".zip"], height=150, elem_id="own-archive")
    local = gr.Textbox(
        label="Or a folder on this machine",
        placeholder="/home/me/shop",
        visible=bench.own_shop == "local",
        elem_id="own-folder",
    )
    return archive, local


def _connect(bench: Workbench, parts: Parts, dataset: list[Any], epochs: gr.Slider) -> None:
    """What each button does."""
    private: dict[str, Any] = {"api_visibility": "private", "trigger_mode": "once", "show_progress": "minimal"}
    masthead = [bench.masthead, bench.switched]
    switched = answered(partial(_switched, bench), as_toast)
    parts.check.click(
        answered(partial(_checked, bench, parts), partial(_unusable, parts)),
        [bench.visit, bench.switched, *dataset],
        [bench.visit, parts.stage, parts.train, parts.area, parts.download, parts.leave, *masthead],
        **compute(parts.stage, line="own-shop"),
    )
    parts.train.click(
        answered_steps(partial(trained, parts), partial(failed, parts)),
        [bench.visit, epochs],
        parts.of_training,
        **compute(progress="hidden", line="own-shop"),
    ).then(switched, [bench.visit, bench.switched], masthead, **private)
    parts.stop.click(_stopped, bench.visit, parts.stop, **private)
    parts.leave.click(
        partial(_left, parts),
        bench.visit,
        [parts.stage, parts.download, parts.leave, parts.area, parts.train],
        **private,
    ).then(switched, [bench.visit, bench.switched], masthead, **private)


def _checked(
    bench: Workbench,
    parts: Parts,
    visit: Visit,
    times: int,
    archive: str | None,
    local: str | None,
    progress: gr.Progress = PROGRESS,
) -> Changes:
    seen = visit.shop
    own = _taken(bench, visit, archive, local, _shown(progress))
    told = {
        bench.visit: visit,
        parts.stage: own_shop_panels.report(own.report),
        parts.train: gr.update(interactive=own.report.ok),
        **_gone(parts),
    }
    # The shop that was trained before is deleted, so the other views show the page's again.
    return told if seen is None else {**told, **_switched(bench, visit, times)}


def _gone(parts: Parts) -> Changes:
    """Nothing is left of a training before."""
    return {part: gr.update(visible=False) for part in (parts.area, parts.download, parts.leave)}


def _unusable(parts: Parts, sentence: str) -> Changes:
    return {
        parts.stage: panels.problem(sentence),
        parts.train: gr.update(interactive=False),
        parts.area: gr.update(visible=False),
    }


def _taken(bench: Workbench, visit: Visit, archive: str | None, local: str | None, progress: Progress) -> OwnShop:
    """The visitor's dataset, checked; it takes the place of the one before."""
    if visit.training is not None and not visit.training.finished:
        raise OwnShopError("Your shop is being trained; stop that first.")
    named = (local or "").strip() if not archive else ""  # a field that is not shown has no value
    if named and not bench.may_name_folders:
        raise OwnShopError("Folders of this machine can be named only at this machine itself; upload a zip file.")
    own = OwnShop.take(archive, named, progress)
    visit.forget_own_shop()
    visit.own = own
    return own


def _shown(progress: gr.Progress) -> Progress:
    def show(stage: str, done: int, total: int) -> None:
        progress((done, total), desc=stage)

    return show


def _switched(bench: Workbench, visit: Visit, times: int) -> Changes:
    """The masthead of the shop that is looked at now, and a sign for the other views."""
    return {bench.masthead: panels.header(bench.shop_of(visit)), bench.switched: times + 1}


def _stopped(visit: Visit) -> Any:
    if visit.training is not None:
        visit.training.stop()
    return gr.update(interactive=False)


def _left(parts: Parts, visit: Visit) -> Changes:
    visit.forget_own_shop()
    return {parts.stage: own_shop_panels.left(), parts.train: gr.update(interactive=False), **_gone(parts)}
