"""The training half of the Your shop tab: a model is trained on the visitor's dataset, and then they look at it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import partial

import gradio as gr

from app.parts import panels
from app.parts import training_curves as training_figures
from app.state.downloads import download_path
from app.state.own_shop import OwnShop, OwnShopError
from app.state.shop import Shop
from app.state.training_job import TrainingJob
from app.state.visit import Visit
from app.tabs.your_shop import panels as own_shop_panels
from app.tabs.your_shop.parts import Parts
from app.wiring.events import Changes
from mamex.config import Config, override
from mamex.launch.launcher import Launcher

#: Seconds between two looks at a running training.
LOOK = 0.5
CHECKPOINT_FILE = "mamex-checkpoint.zip"
MOST_EPOCHS = 200


def started(visit: Visit, epochs: int) -> TrainingJob:
    """A training on the dataset that was checked.

    Raises:
        OwnShopError: there is none to train on, or another is being trained.
    """
    own = visit.own
    if own is None or own.deleted or not own.report.ok:
        raise OwnShopError("Check a dataset first; its upload is kept for an hour at most.")
    config = override(Config(), [f"training.epochs={int(epochs)}"])
    job = TrainingJob(own.dataset, own.checkpoint, own.workspace / "cache", config)
    own.before_deletion = partial(job.abandon, own.delete)  # once more when it has ended, for what it was just writing
    visit.training = job
    return job


def packed(own: OwnShop) -> str:
    """The checkpoint as a file to download."""
    return str(shutil.copy(own.packed(), download_path(CHECKPOINT_FILE)))


def trained(parts: Parts, visit: Visit, epochs: int) -> Iterator[Changes]:
    """Train, and show how it goes until it is done; whoever leaves the page ends it."""
    job = started(visit, epochs)
    drawn = 0
    try:
        while not job.finished:
            yield {**_busy(parts, job), **_curves(parts, job, drawn)}
            drawn = len(job.records)
            job.wait(LOOK)
    finally:
        job.abandon()  # no effect on a finished one
    if not job.error:
        visit.enter(_opened(visit))
    ended = {parts.stage: own_shop_panels.finished(job, visit.shop)}
    yield {**ended, **_idle(parts), **_afterwards(parts, visit, job), **_curves(parts, job, 0)}


def failed(parts: Parts, sentence: str) -> Changes:
    """What went wrong; what was drawn before stays."""
    return {parts.stage: panels.problem(sentence), **_idle(parts)}


def _busy(parts: Parts, job: TrainingJob) -> Changes:
    """How far it is; the buttons while it runs."""
    return {
        parts.stage: own_shop_panels.progress(job),
        parts.train: gr.update(interactive=False),
        parts.check: gr.update(interactive=False),
        parts.stop: gr.update(visible=True, interactive=not job.stopping),
    }


def _idle(parts: Parts) -> Changes:
    """The buttons to train, check and stop while nothing runs."""
    return {
        parts.train: gr.update(interactive=True),
        parts.check: gr.update(interactive=True),
        parts.stop: gr.update(visible=False),
    }


def _afterwards(parts: Parts, visit: Visit, job: TrainingJob) -> Changes:
    """The buttons to download the checkpoint and to leave the own shop, which may be that of an earlier training."""
    leave = gr.update(visible=visit.shop is not None)
    if job.error or visit.own is None:
        return {parts.download: gr.update(visible=False), parts.leave: leave}
    return {parts.download: gr.update(visible=True, value=packed(visit.own)), parts.leave: leave}


def _opened(visit: Visit) -> Shop:
    assert visit.own is not None
    return Shop.of(Launcher.load(visit.own.checkpoint), visit.own.workspace)


def _curves(parts: Parts, job: TrainingJob, drawn: int) -> Changes:
    """The curves, if there are epochs that they don't show yet."""
    if len(job.records) == drawn:
        return {}
    figures = {place: draw(job.records) for place, draw in zip(parts.curves, training_figures.CURVES, strict=True)}
    return {parts.area: gr.update(visible=True), **figures, parts.twin: training_figures.table(job.records)}
