"""Hundreds of launches in a row, by one session and by new ones: what the page keeps of each."""

from __future__ import annotations

from dataclasses import dataclass

from tests.load.clients.program import Door, Program
from tests.load.loads.crowd import Expected, Tally, ask
from tests.load.served import Served

#: Megabytes are compared with those after so many launches, when everything that is loaded once has been.
WARM = 50


@dataclass(frozen=True)
class Endurance:
    """Memory in megabytes.

    Attributes:
        launches: how many.
        warm: after the first ``WARM``.
        end: after all of them.
        tally: of the answers.
    """

    launches: int
    warm: float
    end: float
    tally: Tally

    @property
    def growth(self) -> float:
        """Megabytes more than after the first launches."""
        return self.end - self.warm


async def endure(page: Served, door: Door, expected: Expected, launches: int, new_sessions: bool) -> Endurance:
    """Launch again and again, one after another."""
    tally, program = Tally(), Program(door)
    action = expected.actions[1]
    products = [own[-1] for own in expected.products]
    warm = page.megabytes()
    for place in range(launches):
        program = Program(door) if new_sessions else program
        await ask(program, expected, action, products[place % len(products)], tally)
        if place + 1 == min(WARM, launches // 2):
            warm = page.megabytes()
    return Endurance(launches, warm, page.megabytes(), tally)
