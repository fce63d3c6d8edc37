"""No network, and a clock that was set back: nothing here needs the one or believes the other."""

from __future__ import annotations

import ctypes
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from mamex.files.run_lock import only_run
from tests.faults.children import in_child
from tests.faults.jobs import JOBS
from tests.faults.report import found

pytestmark = pytest.mark.faults
NAMES = [kind.name for kind in JOBS]
NEW_NETWORK = 0x40000000
YEAR = 365 * 86_400


def lose_network() -> None:
    """For a child: a network of its own without any device, or, where that is not allowed, no connections."""
    if ctypes.CDLL(None).unshare(NEW_NETWORK) != 0:

        def refuse(*_: object) -> None:
            raise OSError(101, "Network is unreachable")

        socket.socket.connect = refuse  # type: ignore[method-assign, assignment]
    os.environ.pop("HF_HUB_OFFLINE", None)


@pytest.mark.heavy
@pytest.mark.parametrize("name", NAMES)
def test_no_network(undisturbed, tmp_path, name):
    ready = undisturbed(name)
    outcome = in_child(lambda: ready.job.run(tmp_path), first=lose_network)
    assert outcome.kind == "done", outcome.text + outcome.trace
    assert ready.job.outcome(tmp_path) == ready.outcome
    found(f"no network, {name}", "a network namespace without devices, or connections refused",
          "done, equal to an undisturbed run")  # fmt: skip


def clock(offset: float) -> Callable[[], None]:
    """For a child: the wall clock is off by so many seconds."""
    right, right_ns = time.time, time.time_ns

    def turn() -> None:
        time.time = lambda: right() + offset
        time.time_ns = lambda: right_ns() + int(offset * 1e9)

    return turn


def half_then_whole(job, out: Path, seconds: float) -> None:
    """Kill a job halfway, and finish it with the clock set back."""
    in_child(lambda: job.run(out), kill_after=seconds / 2)
    outcome = in_child(lambda: job.run(out), first=clock(-10 * YEAR))
    assert outcome.kind == "done", outcome.text + outcome.trace


@pytest.mark.heavy
@pytest.mark.parametrize("name", NAMES)
def test_the_clock_set_back_between_a_kill_and_going_on(undisturbed, tmp_path, name):
    ready = undisturbed(name)
    half_then_whole(ready.job, tmp_path, ready.seconds)
    assert ready.job.outcome(tmp_path) == ready.outcome
    found(f"clock set back, {name}", "killed halfway, gone on with ten years earlier",
          "equal to an undisturbed run")  # fmt: skip


def test_a_training_goes_on_with_the_clock_set_back(undisturbed, tmp_path):
    ready = undisturbed("train")
    half_then_whole(ready.job, tmp_path, ready.seconds)
    assert ready.job.outcome(tmp_path) == ready.outcome


@pytest.mark.parametrize("offset", [-10 * YEAR, 10 * YEAR])
def test_a_lock_holds_whatever_the_clock_says(tmp_path, offset):
    def try_it() -> None:
        with only_run(tmp_path, "--out"):
            pass

    with only_run(tmp_path, "--out"):
        outcome = in_child(try_it, first=clock(offset))
    assert outcome.kind == "sentence" and "Another run" in outcome.text, outcome.text
    assert in_child(try_it, first=clock(offset)).kind == "done"
    sentence = outcome.text.split(";")[0].replace(str(tmp_path), "…")
    found("clock set back, lock", f"a second run {offset // YEAR:+d} years away", f"“{sentence}”")
