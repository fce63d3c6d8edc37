"""The figures of a load: as values for JSON, as a page to read, and what about them is not as it must be."""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass
from typing import Any

import numpy as np

from tests.load.clients.comparing import CROSSED, RIGHT, WRONG
from tests.load.loads.crowd import FAILED, REFUSED, Tally
from tests.load.loads.endurance import WARM, Endurance
from tests.load.loads.rude import Rush

#: Megabytes that hundreds of launches may add.
MOST_GROWTH = 50.0


@dataclass(frozen=True)
class Load:
    """All that was measured.

    Attributes:
        checkpoint: name of the shop.
        clients, seconds: of the crowd.
        crowd: what it was told.
        rudeness: how often visitors misbehaved meanwhile, by kind.
        same, new: launches by one session and by new ones.
        rush: all at once.
        unread: what one session was told that never read its answers.
        memory: megabytes: start, peak, end, and after answers were left unread.
        threads: of the page, at the start and at the end.
        complaints: tracebacks in the page's log.
        busy: how many processes wanted a core on average in the last minute of it, these included.
    """

    checkpoint: str
    clients: int
    seconds: float
    crowd: Tally
    rudeness: dict[str, int]
    same: Endurance
    new: Endurance
    rush: Rush
    unread: dict[str, int]
    memory: dict[str, float]
    threads: tuple[int, int]
    complaints: list[str]
    busy: float

    def tallies(self) -> list[tuple[str, Tally]]:
        """Each phase with its answers."""
        return [
            ("crowd", self.crowd),
            ("launches by one session", self.same.tally),
            ("launches by new sessions", self.new.tally),
            ("all at once", self.rush.tally),
        ]

    def faults(self) -> list[str]:
        """Everything that is not as it must be, in words."""
        found = [f"{phase}: {fault}" for phase, tally in self.tallies() for fault in tally.faults]
        found += [f"log: {line}" for line in self.complaints]
        if not self.crowd.outcomes[RIGHT]:
            found.append("crowd: nothing was answered")
        if self.crowd.outcomes[REFUSED]:
            found.append(f"crowd: {self.crowd.outcomes[REFUSED]} refused, and the queue was never full")
        if not self.rush.tally.outcomes[REFUSED]:
            found.append("all at once: nobody was refused, so the queue was not full")
        if not self.rush.healthy:
            found.append("all at once: the page did not recover")
        for name, run in (("one session", self.same), ("new sessions", self.new)):
            if run.growth > MOST_GROWTH:
                found.append(f"launches by {name}: memory grew by {run.growth:.0f} MB")
        return found


def as_json(load: Load) -> dict[str, Any]:
    """The figures as plain values."""
    crowd = load.crowd
    answered = sum(map(len, crowd.seconds.values()))
    every = [took for taken in crowd.seconds.values() for took in taken]
    return {
        "checkpoint": load.checkpoint,
        "machine": {
            "cores": os.cpu_count(),
            "busy": round(load.busy, 1),
            "system": platform.system(),
            "python": platform.python_version(),
        },
        "clients": load.clients,
        "seconds": load.seconds,
        "answers": answered,
        "answers_a_second": round(answered / load.seconds, 2),
        "waits": {"all": _waits(every), **{name: _waits(taken) for name, taken in sorted(crowd.seconds.items())}},
        "outcomes": {phase: _outcomes(tally) for phase, tally in load.tallies()},
        "refusals": dict(load.rush.tally.refusals + crowd.refusals),
        "misbehaved": load.rudeness,
        "all_at_once": {"came": load.rush.came, "healthy_afterwards": load.rush.healthy},
        "unread": load.unread,
        "memory_megabytes": {
            **load.memory,
            "one_session": _growth(load.same),
            "new_sessions": _growth(load.new),
        },
        "threads": {"start": load.threads[0], "end": load.threads[1]},
        "faults": load.faults(),
    }


def _waits(seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {"answers": 0}
    p50, p95 = np.percentile(seconds, [50, 95])
    return {"answers": len(seconds), "p50": round(float(p50), 3), "p95": round(float(p95), 3)}


def _outcomes(tally: Tally) -> dict[str, int]:
    return {kind: tally.outcomes[kind] for kind in (RIGHT, WRONG, CROSSED, FAILED, REFUSED)}


def _growth(run: Endurance) -> dict[str, float]:
    return {"launches": run.launches, f"after_{WARM}": run.warm, "end": run.end, "growth": run.growth}


def as_page(figures: dict[str, Any]) -> str:
    """The figures as Markdown."""
    waits, memory = figures["waits"], figures["memory_megabytes"]
    outcomes = "\n".join(
        f"| {phase} | {' | '.join(str(count) for count in counts.values())} |"
        for phase, counts in figures["outcomes"].items()
    )
    actions = "\n".join(
        f"| {name} | {wait['answers']} | {wait.get('p50', '')} | {wait.get('p95', '')} |"
        for name, wait in waits.items()
    )
    misbehaved = ", ".join(f"{kind} {times}" for kind, times in figures["misbehaved"].items())
    refusals = "\n".join(f"- {sentence} ({times} times)" for sentence, times in figures["refusals"].items())
    faults = "\n".join(f"- {fault}" for fault in figures["faults"]) or "None."
    return f"""# The page under load

`make load` makes this page: {figures["clients"]} programs ask for everything for {figures["seconds"]:.0f} seconds, each
about products of its own, and every answer, file and number is compared with the one that the same functions gave
alone, in another process, beforehand (numbers to 1e-4; files byte for byte but for the time that a report is written).
Shop: `{figures["checkpoint"]}`; {figures["machine"]["cores"]} cores, for which
{figures["machine"]["busy"]} processes competed.

{figures["answers"]} right answers, {figures["answers_a_second"]} a second. Meanwhile others misbehaved, so many times:
{misbehaved}.

| answers | right | wrong | somebody else's | errors | refused |
|---|---|---|---|---|---|
{outcomes}

## All at once

{figures["all_at_once"]["came"]} came at the same moment; the page takes 64 who wait. Refused in these words:

{refusals}

Afterwards it answered a calm question rightly: {"yes" if figures["all_at_once"]["healthy_afterwards"] else "no"}.

## Memory of the page, in megabytes

Start {memory["start"]:.0f}, peak {memory["peak"]:.0f}, end {memory["end"]:.0f}; threads:
{figures["threads"]["start"]} at the start, {figures["threads"]["end"]} at the end. One session that asked
{sum(figures["unread"].values())} times and never read an answer left {memory["unread"]:+.0f}.

| launches one after another | after the first {WARM} | at the end | growth |
|---|---|---|---|
{_row("one session", memory["one_session"])}
{_row("new sessions", memory["new_sessions"])}

## Waiting times in the crowd, in seconds

| question | answers | p50 | p95 |
|---|---|---|---|
{actions}

## Faults

{faults}
"""


def _row(name: str, run: dict[str, float]) -> str:
    return f"| {run['launches']} by {name} | {run[f'after_{WARM}']:.0f} | {run['end']:.0f} | {run['growth']:+.1f} |"
