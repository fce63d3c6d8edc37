"""Work in a forked child: torch is imported already, so that a child begins at once and can be killed at any moment."""

from __future__ import annotations

import os
import select
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from mamex.errors import MamexError

#: Seconds that no child needs, even on a busy machine.
LONGEST = 120.0


@dataclass(frozen=True)
class Outcome:
    """How a child ended.

    Attributes:
        kind: "done", "sentence" (an error meant for people), "traceback" (a fault of ours) or "killed".
        text: the sentence or the traceback.
        seconds: how long it took.
        trace: where a sentence came from, for whoever wonders at it.
    """

    kind: str
    text: str
    seconds: float
    trace: str = ""


def in_child(
    job: Callable[[], object], kill_after: float | None = None, first: Callable[[], object] | None = None
) -> Outcome:
    """Run ``job`` in a child of this process.

    Args:
        job: what to do.
        kill_after: seconds after which it is killed with SIGKILL, if it is not done by then.
        first: called in the child before: limits, another user, another clock.
    """
    reader, writer = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        _work(job, first, writer)
    os.close(writer)
    try:
        done = bool(select.select([reader], [], [], LONGEST if kill_after is None else kill_after)[0])
    finally:  # also if the test that waits here ran out of time: no child outlives its test
        if not select.select([reader], [], [], 0)[0]:
            os.kill(child, signal.SIGKILL)
    with os.fdopen(reader, encoding="utf-8", errors="replace") as stream:
        said = stream.read()
    os.waitpid(child, 0)
    seconds = time.monotonic() - started
    if not said:
        assert done or kill_after is not None, "a child hung"
        return Outcome("killed", "", seconds)
    kind, _, text = said.partition("\n")
    text, _, trace = text.partition("\0")
    return Outcome(kind, text, seconds, trace)


def _work(job: Callable[[], object], first: Callable[[], object] | None, writer: int) -> None:
    """In the child: do it, say how it ended, and leave without what pytest would do at its end."""
    said = "traceback\nit could not even say why"
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        if first is not None:
            first()
        job()
        said = "done\n"
    except MamexError as error:
        said = f"sentence\n{error}\0{traceback.format_exc()}"
    except BaseException:
        said = f"traceback\n{traceback.format_exc()}"
    finally:
        os.write(writer, said.encode("utf-8", errors="replace")[:60_000])
        os._exit(0)
