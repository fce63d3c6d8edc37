"""Cells that are not done yet: computed in this process or in several, each saved as soon as it is done."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from multiprocessing.process import BaseProcess

import torch

from mamex.benchmark.identity.cells import Cell, CellResult, CellStore
from mamex.benchmark.identity.fingerprint import code_fingerprint, earlier_fingerprints
from mamex.benchmark.methods import Method, all_methods
from mamex.benchmark.missing import evaluate_missing, with_copies
from mamex.benchmark.problem import Problem
from mamex.data.cold_start import ColdStartData
from mamex.errors import BenchmarkError
from mamex.evaluation import Evaluation, evaluate
from mamex.progress import Progress, silent


@dataclass
class Workbench:
    """All that a cell needs besides itself.

    Attributes:
        problem: the dataset, and the settings of the run.
        store: where results are kept.
        quick: whether this is a smoke run.
    """

    problem: Problem
    store: CellStore
    quick: bool = False

    def __post_init__(self) -> None:
        self.methods: Mapping[str, Method] = all_methods(self.problem.config, self.quick)
        self._fingerprints: dict[int, str] = {}

    def key(self, cell: Cell) -> str:
        """The name of the cell's files."""
        if cell.seed not in self._fingerprints:
            self._fingerprints[cell.seed] = self.problem.split(cell.seed).fingerprint
        method = self.methods[cell.method]
        settings = {**method.settings(dict(cell.changes)), **self.problem.config.evaluation.model_dump(mode="json")}
        scoring = evaluate_missing if cell.kind == "missing" else evaluate
        data, code = self._fingerprints[cell.seed], method.code + code_fingerprint(scoring)
        key = cell.key(settings, data, code)
        for earlier in earlier_fingerprints(code):
            self.store.rename(cell.key(settings, data, earlier), key)
        return key

    def result(self, cell: Cell) -> CellResult:
        """The result of a finished cell."""
        result = self.store.load(self.key(cell))
        assert result is not None, cell
        return result

    def per_user(self, cell: Cell) -> Evaluation:
        """Metrics of each user of a finished cell of kind test."""
        return self.store.per_user(self.key(cell))

    def compute(self, cell: Cell) -> None:
        """Fit and score one cell, and save it."""
        started = time.perf_counter()
        method = self.methods[cell.method]
        data = self.problem.split(cell.seed)
        result, evaluation = self._measure(method, cell, data)
        seconds = round(time.perf_counter() - started, 3)
        settings = method.settings(dict(cell.changes))
        self.store.save(self.key(cell), cell, settings, replace(result, seconds=seconds), evaluation)

    def _measure(self, method: Method, cell: Cell, data: ColdStartData) -> tuple[CellResult, Evaluation | None]:
        candidates = self.problem.config.evaluation.candidates
        changes = dict(cell.changes)
        if cell.kind == "missing":
            fitted = method.fit(with_copies(data), changes, cell.seed)
            missing = evaluate_missing(fitted.scorer, data, candidates, cell.seed)
            users = len({int(user) for user in data.interactions.test[:, 0]})
            return CellResult(fitted.validation, {}, users, 0, missing), None
        fitted = method.fit(data, changes, cell.seed)
        if cell.kind == "tune":
            return CellResult(fitted.validation, {}, 0, 0), None
        evaluation = evaluate(fitted.scorer, data, "test", candidates)
        return CellResult(fitted.validation, evaluation.mean, len(evaluation.users), 0), evaluation


def unfinished(workbench: Workbench, cells: Sequence[Cell]) -> list[Cell]:
    """Those of ``cells`` whose result is not there yet, each once, seed by seed."""
    found: dict[str, Cell] = {}
    for cell in sorted(cells, key=lambda cell: cell.seed):  # so that a split is made once
        key = workbench.key(cell)
        if key not in found and workbench.store.load(key) is None:
            found[key] = cell
    return list(found.values())


class Runner:
    """Computes cells.

    Args:
        workbench: what cells need.
        pool: worker processes; None to compute in this one.
    """

    def __init__(self, workbench: Workbench, pool: ProcessPoolExecutor | None = None) -> None:
        self.workbench, self._pool = workbench, pool

    def run(self, cells: Sequence[Cell], stage: str, progress: Progress = silent) -> int:
        """Compute what is unfinished; returns how many cells that were."""
        waiting = unfinished(self.workbench, cells)
        if waiting:
            progress(stage, 0, len(waiting))
        for done, _ in enumerate(self._compute(waiting), start=1):
            progress(stage, done, len(waiting))
        return len(waiting)

    def _compute(self, cells: Sequence[Cell]) -> Iterator[None]:
        if self._pool is None:
            for cell in cells:
                self.workbench.compute(cell)
                yield
        else:
            try:
                for future in as_completed([self._pool.submit(_compute_in_worker, cell) for cell in cells]):
                    future.result()
                    yield
            except BrokenProcessPool as error:
                raise BenchmarkError(
                    "A process was ended from outside, probably for want of memory; use fewer --jobs. The same "
                    "command goes on where it was."
                ) from error


@contextmanager
def open_runner(workbench: Workbench, jobs: int) -> Iterator[Runner]:
    """A runner with ``jobs`` processes of one thread each; with one job, this process and its threads."""
    if jobs == 1:
        yield Runner(workbench)
        return
    context = multiprocessing.get_context("spawn")  # forking a process that has threads can hang
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_start_worker, initargs=(workbench,))
    try:
        yield Runner(workbench, pool)
    except KeyboardInterrupt:
        # Ctrl-C reaches them by itself, SIGTERM does not, and a cell may take hours.
        for worker in multiprocessing.active_children():
            worker.kill()  # not by a request, which may be unheard while it starts
        raise
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


_workbench: Workbench | None = None


def _start_worker(workbench: Workbench) -> None:
    global _workbench
    _workbench = workbench
    torch.set_num_threads(1)
    parent = multiprocessing.parent_process()
    assert parent is not None
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    """End this process when its parent has ended: it would wait for work for ever if the parent was killed."""
    parent.join()
    os._exit(1)


def _compute_in_worker(cell: Cell) -> None:
    assert _workbench is not None
    _workbench.compute(cell)
