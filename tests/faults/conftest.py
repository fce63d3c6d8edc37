"""The jobs, each done once undisturbed, and a note of what was found."""

from __future__ import annotations

import shutil
import signal
import time
from dataclasses import dataclass
from typing import Any

import pytest

from tests.faults.jobs import JOBS, Batch, Job
from tests.faults.report import write

#: Seconds after which a test has failed, however it hangs; the longest takes two minutes on a busy machine.
LONGEST = 600

_failed: list[str] = []


@dataclass(frozen=True)
class Undisturbed:
    """A job, what it leaves if nothing happens to it, and how long it takes."""

    job: Job
    outcome: dict[str, Any]
    seconds: float


class Jobs:
    """Makes each job ready when it is first asked for."""

    def __init__(self, tmp_path_factory: pytest.TempPathFactory, checkpoint: Any) -> None:
        self._factory, self._checkpoint = tmp_path_factory, checkpoint
        self._ready: dict[str, Undisturbed] = {}

    def __call__(self, name: str) -> Undisturbed:
        if name not in self._ready:
            self._ready[name] = self._prepare(next(kind for kind in JOBS if kind.name == name))
        return self._ready[name]

    def _prepare(self, kind: type[Job]) -> Undisturbed:
        source = self._factory.mktemp("source")
        if kind is Batch:
            shutil.copytree(self._checkpoint(), source / "checkpoint")
        job = kind(source)
        job.prepare()
        job.run(self._factory.mktemp("warm"))  # whatever is loaded once is loaded now
        out = self._factory.mktemp("undisturbed")
        started = time.monotonic()
        job.run(out)
        return Undisturbed(job, job.outcome(out), time.monotonic() - started)


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory, request):
    """Give a job's name, get it done once and ready to be disturbed."""
    return Jobs(tmp_path_factory, lambda: request.getfixturevalue("tiny_checkpoint"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: Any) -> Any:
    """Keep the names of tests that failed, for the report."""
    result = yield
    if result.get_result().failed:
        _failed.append(item.name)


@pytest.fixture(scope="session", autouse=True)
def _report():
    yield
    write(_failed)


@pytest.fixture(autouse=True)
def _bounded():
    """No test goes on for ever."""

    def give_up(*_: Any) -> None:
        raise TimeoutError(f"the test took more than {LONGEST} seconds")

    before = signal.signal(signal.SIGALRM, give_up)
    signal.alarm(LONGEST)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
