"""The Your shop tab: upload a dataset folder, have it checked, train on it, and see the whole workbench on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial
from typing import Any

import gradio as gr

from app.parts import panels
from app.parts import training_curves as training_figures
from app.state.downloads import download_path
from app.state.own_shop import OwnShop, OwnShopError
from app.state.shop import Shop
from app.state.training_job import TrainingJob
from app.state.visit import Visit
from app.tabs.your_shop import panels as own_shop_panels
from app.wiring.endpoints import endpoint
from app.wiring.events import AT_ONCE
from app.wiring.workbench import PROGRESS, Workbench, answered, answered_steps, as_toast
from mamex.config import Config, override
from mamex.launch.launcher import Launcher
from mamex.progress import Progress, silent

TITLE, ID = "Your shop", "your-shop"
#: Seconds between two looks at a running training.
LOOK = 0.5
CHECKPOINT_FILE = "mamex-checkpoint.zip"
MOST_EPOCHS = 200
Updates = list[Any]


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    gr.HTML(own_shop_panels.introduction(bench.own_shop))
    if bench.own_shop == "off":
        return
    with gr.Row(equal_height=False):
        with gr.Column(scale=4, min_width=320):
            archive = gr.File(label="Zip of a dataset folder", file_types=[".zip"], height=150, elem_id="own-archive")
            local = gr.Textbox(
                label="Or a folder on this machine",
                placeholder="/home/me/shop",
                visible=bench.own_shop == "local",
                elem_id="own-folder",
            )
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
    private: dict[str, Any] = {"api_visibility": "private", "trigger_mode": "once", "show_progress": "minimal"}
    heavy: dict[str, Any] = {"concurrency_limit": AT_ONCE, "concurrency_id": "own-shop"}
    switched = answered(partial(_switched, bench), as_toast)
    check.click(
        answered(partial(_checked, bench), _unusable),
        [bench.visit, bench.switched, archive, local],
        [bench.visit, stage, train, area, download, leave, bench.masthead, bench.switched],
        show_progress_on=stage,
        **private,
        **heavy,
    )
    train.click(
        answered_steps(_trained, _failed),
        [bench.visit, epochs],
        [stage, train, check, stop, download, leave, area, *curves, twin],
        show_progress="hidden",
        **{name: value for name, value in private.items() if name != "show_progress"},
        **heavy,
    ).then(switched, [bench.visit, bench.switched], [bench.masthead, bench.switched], **private)
    stop.click(_stopped, bench.visit, stop, **private)
    _endpoints(bench)
    leave.click(_left, bench.visit, [stage, download, leave, area, train], **private).then(
        switched, [bench.visit, bench.switched], [bench.masthead, bench.switched], **private
    )


def _checked(
    bench: Workbench, visit: Visit, times: int, archive: str | None, local: str | None, progress: gr.Progress = PROGRESS
) -> Updates:
    seen = visit.shop
    own = _taken(bench, visit, archive, local, _shown(progress))
    gone = gr.update(visible=False)
    report = [own_shop_panels.report(own.report), gr.update(interactive=own.report.ok), gone, gone, gone]
    # The shop that was trained before is deleted, so the other views show the page's again.
    return [visit, *report, *([gr.skip()] * 2 if seen is None else _switched(bench, visit, times))]


def _unusable(sentence: str) -> Updates:
    skipped = [gr.skip()] * 4
    return [gr.skip(), panels.problem(sentence), gr.update(interactive=False), gr.update(visible=False), *skipped]


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


def _trained(visit: Visit, epochs: int) -> Iterator[Updates]:
    """Train, and show how it goes until it is done; whoever leaves the page ends it."""
    job = _started(visit, epochs)
    drawn = 0
    try:
        while not job.finished:
            stop = gr.update(visible=True, interactive=not job.stopping)
            busy = [gr.update(interactive=False), gr.update(interactive=False), stop]
            yield [own_shop_panels.progress(job), *busy, gr.skip(), gr.skip(), *_curves(job, drawn)]
            drawn = len(job.records)
            job.wait(LOOK)
    finally:
        job.abandon()  # no effect on a finished one
    if not job.error:
        visit.enter(_opened(visit))
    yield [own_shop_panels.finished(job, visit.shop), *_idle(), *_afterwards(visit, job), *_curves(job, 0)]


def _failed(sentence: str) -> Updates:
    return [panels.problem(sentence), *_idle(), *([gr.skip()] * (4 + len(training_figures.CURVES)))]


def _idle() -> Updates:
    """The buttons to train, check and stop while nothing runs."""
    return [gr.update(interactive=True), gr.update(interactive=True), gr.update(visible=False)]


def _afterwards(visit: Visit, job: TrainingJob) -> Updates:
    """The buttons to download the checkpoint and to leave the own shop, which may be that of an earlier training."""
    leave = gr.update(visible=visit.shop is not None)
    if job.error or visit.own is None:
        return [gr.update(visible=False), leave]
    return [gr.update(visible=True, value=_packed(visit.own)), leave]


def _packed(own: OwnShop) -> str:
    """The checkpoint as a file to download."""
    return str(shutil.copy(own.packed(), download_path(CHECKPOINT_FILE)))


def _started(visit: Visit, epochs: int) -> TrainingJob:
    own = visit.own
    if own is None or own.deleted or not own.report.ok:
        raise OwnShopError("Check a dataset first; its upload is kept for an hour at most.")
    config = override(Config(), [f"training.epochs={int(epochs)}"])
    job = TrainingJob(own.dataset, own.checkpoint, own.workspace / "cache", config)
    own.before_deletion = partial(job.abandon, own.delete)  # once more when it has ended, for what it was just writing
    visit.training = job
    return job


def _opened(visit: Visit) -> Shop:
    assert visit.own is not None
    return Shop.of(Launcher.load(visit.own.checkpoint), visit.own.workspace)


def _curves(job: TrainingJob, drawn: int) -> Updates:
    """The curves, if there are epochs that they don't show yet."""
    if len(job.records) == drawn:
        return [gr.skip()] * (len(training_figures.CURVES) + 2)
    figures = [draw(job.records) for draw in training_figures.CURVES]
    return [gr.update(visible=True), *figures, training_figures.table(job.records)]


def _switched(bench: Workbench, visit: Visit, times: int) -> Updates:
    """The masthead of the shop that is looked at now, and a sign for the other views."""
    return [panels.header(bench.shop_of(visit)), times + 1]


def _stopped(visit: Visit) -> Any:
    if visit.training is not None:
        visit.training.stop()
    return gr.update(interactive=False)


def _left(visit: Visit) -> Updates:
    visit.forget_own_shop()
    gone = gr.update(visible=False)
    note = '<p class="lead">Your shop was deleted; the tabs show the shop of this page again.</p>'
    return [note, gone, gone, gone, gr.update(interactive=False)]


def _endpoints(bench: Workbench) -> None:
    """The same for programs. They keep nothing: MCP clients share one session, and must not see each other's shops."""

    def check_dataset(archive: str) -> dict[str, Any]:
        """Check a dataset of your own, as the first step of training on it.

        Args:
            archive: a zip file of a dataset folder (items.csv, interactions.csv, images/).

        Returns:
            ok (whether it can be trained on), summary (counts) and problems (what is wrong, in words).
        """
        own = OwnShop.take(archive, "", silent)
        own.delete()
        problems = [str(entry) for entry in own.report.problems]
        return {"ok": own.report.ok, "summary": own.report.summary, "problems": problems}

    def train_shop(archive: str, epochs: int = 80) -> str:
        """Train on a dataset of your own; takes minutes.

        Args:
            archive: a zip file of a dataset folder (items.csv, interactions.csv, images/).
            epochs: at most; training stops early by itself.

        Returns:
            the checkpoint as a zip file; python app/main.py --checkpoint FOLDER opens it.
        """
        visit = Visit(own=OwnShop.take(archive, "", silent))
        try:
            job = _started(visit, epochs)
            while not job.finished:
                job.wait(LOOK)
            if job.error or visit.own is None:
                raise OwnShopError(job.error)
            return _packed(visit.own)
        finally:
            visit.forget_own_shop()

    def archive() -> gr.File:
        return gr.File(label="Archive", visible=False)

    endpoint(check_dataset, "check_dataset", [archive()], line="own-shop")
    most = gr.Slider(1, MOST_EPOCHS, value=80, step=1, label="Epochs", visible=False)
    endpoint(train_shop, "train_shop", [archive(), most], gr.File(label="Checkpoint", visible=False), line="own-shop")
