"""The Batch tab: many planned products from one file, ranked by reach; any two side by side."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import gradio as gr

from app.parts import panels
from app.parts.comparison import comparison
from app.state.expiry import VISIT_AGE
from app.state.visit import Visit
from app.tabs.batch import endpoints as batch_endpoints
from app.tabs.batch import panels as batch_panels
from app.tabs.batch.run import BatchRun, batch_file
from app.theme.templates import render
from app.wiring.events import Changes, compute
from app.wiring.shop_fields import length_settings
from app.wiring.workbench import Workbench, answered, answered_steps

TITLE, ID = "Batch", "batch"


@dataclass(frozen=True)
class Parts:
    """The components of the tab."""

    upload: gr.File
    go: gr.Button
    stop: gr.Button
    length: gr.Radio
    stage: gr.HTML
    area: gr.Column
    table: gr.HTML
    download: gr.DownloadButton
    first: gr.Dropdown
    second: gr.Dropdown
    sides: gr.HTML

    @property
    def results(self) -> list[Any]:
        """What shows a run's results."""
        return [self.stage, self.area, self.table, self.download, self.first, self.second, self.sides]


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    run = gr.State(BatchRun(), time_to_live=VISIT_AGE)
    with gr.Row(elem_id="batch-inputs", equal_height=False):
        with gr.Column(scale=5, min_width=300):
            upload = gr.File(
                label="CSV, or zip of a CSV and pictures", file_types=[".csv", ".zip"], height=130, elem_id="batch-file"
            )
        with gr.Column(scale=4, min_width=300):
            length = gr.Radio(**length_settings(bench.shop), label="List length", elem_id="batch-length")
            with gr.Row():
                go = gr.Button("Run all", variant="primary", elem_id="batch-go", min_width=140)
                stop = gr.Button("Stop", elem_id="batch-stop", min_width=100, interactive=False)
    stage = gr.HTML(batch_panels.empty_state(bench.shop), elem_id="batch-stage")
    with gr.Column(visible=False, elem_id="batch-area") as area:
        table = gr.HTML(elem_id="batch-table")
        download = gr.DownloadButton("Download as CSV", elem_id="batch-download", size="sm", min_width=200)
        gr.HTML(render("tabs/batch/pair.html"))
        with gr.Row(elem_id="batch-pair"):
            first = gr.Dropdown([], label="A", elem_id="batch-first", min_width=260)
            second = gr.Dropdown([], label="B", elem_id="batch-second", min_width=260)
        sides = gr.HTML(elem_id="batch-sides")
    parts = Parts(upload, go, stop, length, stage, area, table, download, first, second, sides)
    _connect_run(bench, parts, run)
    _connect_results(bench, parts, run)
    opened = partial(_refreshed, bench, parts, run)
    bench.when_opened(tab, opened, [run], [run, *parts.results], partial(_problem, parts))
    batch_endpoints.build(bench)


def _connect_run(bench: Workbench, parts: Parts, run: gr.State) -> None:
    parts.go.click(
        answered_steps(partial(_run, bench, parts, run), partial(_problem, parts)),
        [bench.visit, run, parts.upload, parts.length],
        [run, parts.go, parts.stop, *parts.results],
        api_visibility="private",
        trigger_mode="once",
        show_progress="hidden",
        # A line of its own: a minute of rows must not keep others from launching.
        concurrency_limit=1,
        concurrency_id="batch",
    )
    parts.stop.click(
        partial(_stop, parts),
        run,
        [parts.stop, parts.stage],
        api_visibility="private",
        show_progress="hidden",
        queue=False,
    )
    bench.switched.change(
        partial(_lengths, bench), bench.visit, parts.length, api_visibility="private", show_progress="hidden"
    )


def _connect_results(bench: Workbench, parts: Parts, run: gr.State) -> None:
    event = compute(trigger="always_last", progress="hidden")
    problem = partial(_problem, parts)
    compared = answered(partial(_compared, bench, parts), partial(_no_sides, parts))
    parts.length.input(
        answered(partial(_shown, bench, parts), problem), [bench.visit, run, parts.length], parts.results, **event
    ).then(compared, _pair(bench, parts, run), parts.sides, **event)
    gr.on(
        [parts.first.change, parts.second.change],
        compared,
        _pair(bench, parts, run),
        parts.sides,
        **event,
    )


def _pair(bench: Workbench, parts: Parts, run: gr.State) -> list[Any]:
    return [bench.visit, run, parts.first, parts.second, parts.length]


def _run(
    bench: Workbench,
    parts: Parts,
    state: gr.State,
    visit: Visit,
    run: BatchRun,
    upload: str | None,
    length: int,
) -> Iterator[Changes]:
    """Run the file, telling how far it is; then show what came of it, all of it or what was done before "Stop"."""
    shop = bench.shop_of(visit)
    hidden = {parts.area: gr.update(visible=False), parts.sides: ""}
    for _ in run.run(shop, upload):
        told = batch_panels.progress(len(run.rows), run.total, run.seconds, run.stopped)
        yield {
            parts.go: gr.update(interactive=False),
            parts.stop: gr.update(interactive=True),
            parts.stage: told,
            **hidden,
        }
    yield {state: run, **_idle(parts), **_shown(bench, parts, visit, run, length)}


def _lengths(bench: Workbench, visit: Visit) -> dict[str, Any]:
    """The list lengths of another shop."""
    return gr.update(**length_settings(bench.shop_of(visit)))


def _idle(parts: Parts) -> Changes:
    return {parts.go: gr.update(interactive=True), parts.stop: gr.update(interactive=False)}


def _stop(parts: Parts, run: BatchRun) -> Changes:
    """The run looks at this after the row in hand."""
    run.stopped = True
    told = batch_panels.progress(len(run.rows), max(run.total, 1), run.seconds, stopping=True)
    return {parts.stop: gr.update(interactive=False), parts.stage: told}


def _problem(parts: Parts, sentence: str) -> Changes:
    return {**_idle(parts), parts.stage: panels.problem(sentence), parts.area: gr.update(visible=False)}


def _shown(bench: Workbench, parts: Parts, visit: Visit, run: BatchRun, length: int) -> Changes:
    """The results, ranked for a list length; those of a shop that the visitor left are not shown again."""
    if not run.rows or run.shop is None or run.shop is not bench.shop_of(visit):
        return {parts.area: gr.update(visible=False)}
    rows, shop = run.ranked(length), run.shop
    options = batch_panels.choices(rows)
    return {
        parts.stage: batch_panels.summary(shop, rows, run.total, length, run.seconds),
        parts.area: gr.update(visible=True),
        parts.table: batch_panels.table(shop, rows, length),
        parts.download: batch_file(shop, rows),
        parts.first: gr.update(choices=options),
        parts.second: gr.update(choices=options),
    }


def _compared(
    bench: Workbench, parts: Parts, visit: Visit, run: BatchRun, first: int | None, second: int | None, length: int
) -> Changes:
    """Two rows side by side, once both are chosen."""
    if first is None or second is None or run.shop is None or run.shop is not bench.shop_of(visit):
        return {parts.sides: ""}
    compared, names = run.compared(first, second, length)
    return {parts.sides: comparison(run.shop, compared, names)}


def _no_sides(parts: Parts, sentence: str) -> Changes:
    return {parts.sides: panels.problem(sentence)}


def _refreshed(bench: Workbench, parts: Parts, state: gr.State, visit: Visit, run: BatchRun) -> Changes:
    """Results of another shop are forgotten when the visitor's shop was changed."""
    shop = bench.shop_of(visit)
    if run.shop is shop:
        return {parts.area: gr.skip()}
    empty = {parts.stage: batch_panels.empty_state(shop), parts.area: gr.update(visible=False), parts.sides: ""}
    return {state: BatchRun(), **empty}
