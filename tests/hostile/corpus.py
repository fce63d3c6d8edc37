"""The whole corpus, the sample of it that every test run performs, and how it is performed."""

from __future__ import annotations

import hashlib
import itertools
import json
import math
import queue
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.doors.forks import Forks
from tests.hostile.doors.page import Page
from tests.hostile.doors.visitor import HttpDoor
from tests.hostile.judging import truth
from tests.hostile.judging.cases import Case, Door, Observation, Outcome
from tests.hostile.judging.judge import judge
from tests.hostile.machine import (
    call_cases,
    checkpoint_cases,
    command_cases,
    file_cases,
    process_cases,
    shop_cases,
)
from tests.hostile.network import (
    argument_cases,
    locked_cases,
    neighbour_cases,
    payload_cases,
    road_cases,
    route_cases,
    tool_cases,
    upload_cases,
)

FAMILIES = (
    checkpoint_cases,
    command_cases,
    shop_cases,
    file_cases,
    call_cases,
    argument_cases,
    road_cases,
    payload_cases,
    upload_cases,
    route_cases,
    neighbour_cases,
    tool_cases,
    locked_cases,
    process_cases,
)
#: One in so many of each family is performed in every test run.
QUICK = 13
#: Door and family of every case, so that tests can be listed without making the cases.
FAMILY_NAMES: tuple[tuple[Door, str], ...] = (
    *(("command line", f"checkpoint {kind}") for kind in ("manifest", "manifest file", "tensors", "tables")),
    *(("library", f"checkpoint {kind}") for kind in ("manifest", "manifest file", "tensors", "tables")),
    *(("command line", kind) for kind in ("items table", "interactions table", "about.json", "folder", "place")),
    *(("library", f"{kind} read") for kind in ("items table", "interactions table", "about.json", "folder", "place")),
    *(
        ("library", kind)
        for kind in ("precomputed features", "feature cache", "picture", "picture bytes", "picture place")
    ),
    *(("library", kind) for kind in ("zip", "batch zip", "batch file", "settings", "configuration", "launch call")),
    *(("command line", kind) for kind in ("picture launch", "picture place", "arguments", "own process")),
    *(("command line", f"amazon {kind}") for kind in ("reviews", "reviews packed", "address")),
    *(("command line", kind) for kind in ("movielens plots", "movielens ratings", "hm", "mmrec")),
    *(
        ("HTTP", kind)
        for kind in ("argument", "number of arguments", "past the queue", "simple way", "private handler")
    ),
    *(("HTTP", kind) for kind in ("body", "session", "foreign file", "existence", "file road", "route", "method")),
    *(("HTTP", f"upload {kind}") for kind in ("name", "body")),
    *(("HTTP", f"uploaded {kind}") for kind in ("picture", "zip", "batch")),
    *(("HTTP", kind) for kind in ("spelling", "host", "forwarding", "origin", "headers", "raw", "locked page")),
    ("MCP", "tools"),
)
#: The settings of the pages that are visited.
PAGES: dict[str, dict[str, str]] = {"open": {}, "locked": locked_cases.SETTINGS}
GOOD: tuple[Outcome, ...] = ("right answer", "one sentence")


@dataclass(frozen=True)
class Verdict:
    """One row of the report."""

    case: Case
    outcome: Outcome
    why: str
    seconds: float
    megabytes: float


def all_cases() -> list[Case]:
    """Every case, each by a name of its own."""
    cases = [case for family in FAMILIES for case in family.cases()]
    names = [f"{case.door}: {case.id}" for case in cases]
    assert len(set(names)) == len(names), sorted(name for name in names if names.count(name) > 1)[:9]
    return cases


def quick_part(cases: Iterable[Case]) -> list[Case]:
    """One in ``QUICK`` of each family and door, the same in every run, and of each at least one."""
    groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
    for case in cases:
        groups[case.door, case.family].append(case)
    return list(itertools.chain.from_iterable(sorted(group, key=_lot)[::QUICK] for group in groups.values()))


def _lot(case: Case) -> bytes:
    """An order by chance, but always the same."""
    return hashlib.sha256(case.id.encode("utf-8", errors="surrogatepass")).digest()


class Doors:
    """Both machines that perform cases; each is started when a case needs it."""

    def __init__(self, folder: Path, checkpoint: Path) -> None:
        self._folder, self._checkpoint = folder, checkpoint
        self._forks: Forks | None = None
        self._http: dict[str, HttpDoor] = {}

    def perform(self, case: Case) -> Verdict:
        """Perform and judge one case."""
        seen = self._see(case)
        outcome, why = judge(case, seen)
        return Verdict(case, outcome, why, seen.seconds, seen.megabytes)

    def _see(self, case: Case) -> Observation:
        if case.door in ("HTTP", "MCP"):
            if case.page not in self._http:
                page = Page(self._folder / case.page, self._checkpoint, **PAGES[case.page])
                self._http[case.page] = HttpDoor(page)
            return self._http[case.page].perform(case)
        if self._forks is None:
            self._forks = Forks(self._folder / "forks", self._checkpoint)
            _learn_truth(self._forks)
        return self._forks.perform(case)

    def close(self) -> None:
        if self._forks is not None:
            self._forks.close()
        for door in self._http.values():
            door.page.close()


def _learn_truth(forks: Forks) -> None:
    for name, by_command in (("checkpoint by command", True), ("checkpoint by library", False)):
        seen = forks.perform(checkpoint_cases.sound(by_command))
        assert not seen.refused, seen
        truth.KNOWN[name] = json.loads(seen.answer) if by_command else seen.answer


def perform_all(
    cases: list[Case], folder: Path, checkpoint: Path, tell: Callable[[Verdict], None], seconds: float = math.inf
) -> list[Verdict]:
    """All cases; what each page is asked, and what is forked, beside each other, since each leaves a core idle.

    Args:
        cases: what is performed, each family spread over the whole run.
        folder: for the doors.
        checkpoint: what they are about.
        tell: is told of each verdict.
        seconds: after which no further case is begun.
    """
    end = time.monotonic() + seconds
    done: queue.Queue[Verdict | BaseException | None] = queue.Queue()
    forked = sorted((case for case in cases if case.door not in ("HTTP", "MCP")), key=_lot)
    asked = [case for case in cases if case.door in ("HTTP", "MCP")]
    open_page = sorted((case for case in asked if case.page == "open"), key=_lot)
    parts = [
        ("page", open_page[::2]),
        ("same-page", open_page[1::2]),
        ("locked", [case for case in asked if case.page == "locked"]),
        ("forks", forked[::2]),
        ("same-forks", forked[1::2]),
    ]

    def work(name: str, part: list[Case]) -> None:
        doors = Doors(folder / name, checkpoint)
        try:
            for case in part:
                if time.monotonic() > end:
                    break
                done.put(doors.perform(case))
        except BaseException as error:
            done.put(error)
        finally:
            doors.close()
            done.put(None)

    threads = [threading.Thread(target=work, args=part, daemon=True) for part in parts]
    for thread in threads:
        thread.start()
    return list(_told(done, len(threads), tell))


def _told(done: queue.Queue, threads: int, tell: Callable[[Verdict], None]) -> Iterator[Verdict]:
    while threads:
        verdict = done.get()
        if verdict is None:
            threads -= 1
        elif isinstance(verdict, BaseException):
            raise verdict
        else:
            tell(verdict)
            yield verdict
