"""kill -9 at any moment: what is left is whole, and going on ends where an undisturbed run does, bit for bit."""

from __future__ import annotations

import os
import random
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mamex.encoders.cache import FeatureCache
from tests.faults.children import in_child
from tests.faults.jobs import JOBS, Job
from tests.faults.report import found

pytestmark = pytest.mark.faults
NAMES = [kind.name for kind in JOBS]


def kill_often(ready: Any, out: Path, moments: int, seed: int = 0) -> int:
    """Kill a job at random moments, again and again in one folder; returns how often it was killed before its end."""
    job: Job = ready.job
    moment = random.Random(f"{job.name} {seed}")
    kills = 0
    while kills < moments:
        outcome = in_child(lambda: job.run(out), kill_after=moment.uniform(0.02, 1.0) * ready.seconds)
        assert outcome.kind in ("killed", "done"), outcome.text
        kills += outcome.kind == "killed"
        job.check(out)
        if outcome.kind == "done":
            assert job.outcome(out) == ready.outcome
            shutil.rmtree(out)
            out.mkdir()
    return kills


def go_on(ready: Any, out: Path) -> None:
    """Run a job to its end, and compare."""
    outcome = in_child(lambda: ready.job.run(out))
    assert outcome.kind == "done", outcome.text + outcome.trace
    assert ready.job.outcome(out) == ready.outcome


@pytest.mark.heavy
@pytest.mark.parametrize("name", NAMES)
def test_killed_at_twenty_random_moments(undisturbed, tmp_path, name):
    kills = kill_often(undisturbed(name), tmp_path, moments=20)
    go_on(undisturbed(name), tmp_path)
    found(f"kill -9, {name}", f"{kills} random moments (seeded), one after the other in one folder",
          "nothing corrupt after any; the run that went on equals an undisturbed one bit for bit")  # fmt: skip


def die_at(number: int, before: bool) -> Callable[[], None]:
    """For a child: end as by kill -9 just before or after the ``number``-th time that something is written for good."""
    seen = 0

    def deadly(work: Callable[..., Any]) -> Callable[..., Any]:
        def worked(*arguments: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen == number and before:
                os.kill(os.getpid(), signal.SIGKILL)
            result = work(*arguments)
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)
            return result

        return worked

    def arm() -> None:
        Path.replace = deadly(Path.replace)  # type: ignore[method-assign]
        FeatureCache.put = deadly(FeatureCache.put)  # type: ignore[method-assign]

    return arm


@pytest.mark.heavy
@pytest.mark.parametrize("name", NAMES)
def test_killed_around_every_write(undisturbed, tmp_path, name):
    ready, number = undisturbed(name), 0
    while True:
        number += 1
        kinds = set()
        for before in (True, False):
            out = tmp_path / f"{number} {before}"
            out.mkdir()
            outcome = in_child(lambda out=out: ready.job.run(out), first=die_at(number, before))
            kinds.add(outcome.kind)
            ready.job.check(out)
            if number < 4 or number % 7 == 0:  # to the end of each would take minutes
                go_on(ready, out)
            shutil.rmtree(out)
        if kinds == {"done"}:
            break
        assert kinds == {"killed"}
    found(f"kill -9, {name}", f"just before and just after each of its {number - 1} writes",
          "nothing corrupt after any; every run that went on equals an undisturbed one")  # fmt: skip
    assert number > 1


def test_a_few_kills(undisturbed, tmp_path):
    """The quick handful: a training and a cache."""
    for name in ("train", "feature caching"):
        out = tmp_path / name
        out.mkdir()
        kill_often(undisturbed(name), out, moments=3, seed=1)
        go_on(undisturbed(name), out)
