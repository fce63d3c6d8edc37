"""A whole benchmark: tune, test, write. What is finished already is not done again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd

from mamex.benchmark.identity.cells import Cell, CellStore
from mamex.benchmark.methods import QUICK_MAMEX, best_trial, random_trials
from mamex.benchmark.options import TABLES, Options
from mamex.benchmark.plan import Table, plan
from mamex.benchmark.problem import Problem
from mamex.benchmark.report.figures import figure_of, write_figure
from mamex.benchmark.report.paper_values import paper_values
from mamex.benchmark.report.protocol import describe, write_protocol
from mamex.benchmark.report.results import RowResult, merge_csv, tidy
from mamex.benchmark.report.tables import COMPARED, format_grid, format_missing, format_paper, format_rows
from mamex.benchmark.runner import Runner, Workbench, open_runner
from mamex.config import override
from mamex.errors import BenchmarkError
from mamex.files.run_lock import only_run, sweep
from mamex.files.writing import write_text
from mamex.presets import read_preset
from mamex.progress import Progress, silent

CELLS = "cells"
RESULTS = "results.csv"
TUNING = "tuning.csv"
MISSING_NOTE = (
    "An item that has lost all it had scores as the method makes it. Models are trained once for all shares, beside "
    "copies of the items (mamex/benchmark/missing.py), so methods with a free vector for each item draw other initial "
    "values than in table 1."
)


def run_benchmark(
    options: Options, progress: Progress = silent, message: Callable[[str], None] = lambda text: None
) -> str:
    """Make the tables that are asked for.

    Args:
        options: what is asked for.
        progress: told of each cell.
        message: told what a person should know meanwhile.

    Returns:
        The tables as Markdown; the files are in ``options.out``.

    Raises:
        ConfigError, DatasetError, EncoderError, BenchmarkError: the input can't be used; each says why.
        KeyboardInterrupt: stopped by the user; the same command goes on.
    """
    config = override(override(read_preset(options.preset), QUICK_MAMEX if options.quick else ()), options.assignments)
    names = TABLES if options.table == "all" else (options.table,)
    tables = [plan(name, config, options.methods) for name in names]
    with only_run(options.out, "--out", BenchmarkError):
        sweep(options.out / CELLS)
        problem = Problem.read(options.data, config, progress)
        for warning in problem.features.warnings:
            message(f"Warning: {warning}")
        workbench = Workbench(problem, CellStore(options.out / CELLS), options.quick)
        with open_runner(workbench, options.jobs) as runner:
            return "\n".join(_Writer(options, runner, progress, message).make(table) for table in tables)


class _Writer:
    """Makes one table after the other in the same folder."""

    def __init__(self, options: Options, runner: Runner, progress: Progress, message: Callable[[str], None]) -> None:
        self._options, self._runner, self._progress, self._message = options, runner, progress, message
        self._workbench = runner.workbench
        first = self._workbench.problem.config.training.seed
        self._seeds = list(range(first, first + options.seeds))

    def make(self, table: Table) -> str:
        """Compute a table's cells, write its files, and return its Markdown."""
        methods = list(dict.fromkeys(row.method for row in table.rows))
        tuning = {method: self._tuning_cells(method) for method in methods}
        self._run([cell for cells in tuning.values() for cell in cells], table, "tuning")
        chosen = {method: self._choose(method, cells) for method, cells in tuning.items()}
        tests = {row.label: self._test_cells(row.method, chosen[row.method], row.changes, table) for row in table.rows}
        self._run([cell for cells in tests.values() for cell in cells], table, "testing")
        rows = [self._gather(label, cells, table) for label, cells in tests.items()]
        self._record(table, [cell for group in (tuning, tests) for cells in group.values() for cell in cells], chosen)
        return self._write(table, rows)

    def _run(self, cells: Sequence[Cell], table: Table, what: str) -> None:
        """Compute cells, and say how many a run before this one has finished."""
        done = self._runner.run(cells, f"{table.title}, {what}", self._progress)
        if len(cells) > done:
            self._message(f"{table.title}, {what}: {len(cells) - done} of {len(cells)} cells were finished already.")

    def _tuning_cells(self, method: str) -> list[Cell]:
        """One cell a trial; none if there is nothing to choose between."""
        trials = random_trials(method, self._workbench.methods[method].search_space, self._options.trials)
        cells = [Cell.of(method, changes, self._seeds[0], "tune") for changes in trials]
        return cells if len(cells) > 1 else []

    def _choose(self, method: str, cells: Sequence[Cell]) -> dict[str, Any]:
        """The settings of the best trial; all trials are written down."""
        if not cells:
            return {}
        results = [self._workbench.result(cell) for cell in cells]
        best = best_trial([result.validation for result in results])
        lines = [
            {
                "method": method,
                "trial": number,
                "settings": " ".join(f"{name}={value}" for name, value in cell.changes),
                **result.validation,
                "seconds": result.seconds,
                "chosen": number == best,
            }
            for number, (cell, result) in enumerate(zip(cells, results, strict=True))
        ]
        merge_csv(self._options.out / TUNING, pd.DataFrame(lines), "method", method)
        return dict(cells[best].changes)

    def _test_cells(
        self, method: str, chosen: Mapping[str, Any], changes: Mapping[str, Any], table: Table
    ) -> list[Cell]:
        return [Cell.of(method, {**chosen, **changes}, seed, table.kind) for seed in self._seeds]

    def _gather(self, label: str, cells: Sequence[Cell], table: Table) -> RowResult:
        results = [self._workbench.result(cell) for cell in cells]
        evaluations = [self._workbench.per_user(cell) for cell in cells] if table.kind == "test" else []
        return RowResult(label, dict(cells[0].changes), self._seeds, results, evaluations)

    def _record(self, table: Table, cells: Sequence[Cell], chosen: Mapping[str, Mapping[str, Any]]) -> None:
        seconds = {self._workbench.key(cell): self._workbench.result(cell).seconds for cell in cells}
        options = self._options
        entry = {
            "command": options.command,
            "cells": len(seconds),
            "hours": sum(seconds.values()) / 3600,
            "protocol": describe(self._workbench.problem, self._seeds, options.trials, options.jobs),
            "settings": chosen,
        }
        write_protocol(options.out, table.file, entry)

    def _write(self, table: Table, rows: Sequence[RowResult]) -> str:
        """Write CSV, Markdown and figure."""
        out = self._options.out
        merge_csv(out / RESULTS, tidy(table, rows), "table", table.name)
        text = self._markdown(table, rows)
        write_text(out / f"{table.file}.md", text)
        figure = figure_of(table, rows)
        if figure is not None:
            problem = write_figure(figure, out / table.file)
            if problem:
                self._message(problem)
        return text

    def _markdown(self, table: Table, rows: Sequence[RowResult]) -> str:
        dataset = self._workbench.problem.dataset.name
        if table.kind == "missing":
            parts = [*(format_missing(rows, metric) for metric in COMPARED), MISSING_NOTE]
        elif table.name == "grid":
            parts = [format_grid(rows, metric) for metric in COMPARED]
        else:
            parts = [format_rows(rows)]
        paper = paper_values(table.name, dataset)
        if paper is not None:
            parts.append(f"Beside the paper's values: same protocol, different split.\n\n{format_paper(rows, paper)}")
        warning = ["A smoke run (--quick): these numbers mean nothing."] if self._options.quick else []
        how = f"Seeds {self._seeds}, protocol, settings and hours: protocol.md; every number: {RESULTS}."
        return "\n\n".join([f"# {table.title}: {dataset}", *warning, *parts, how]) + "\n"
