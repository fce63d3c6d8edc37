"""Many programs at once, each with products of its own, asking for everything in turn; every answer is compared."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.load.clients.actions import Action, Alone, actions, asked
from tests.load.clients.comparing import RIGHT, verdict
from tests.load.clients.products import Product, make_archive, make_product
from tests.load.clients.program import Answer, Door, Program

REFUSED, FAILED = "refused", "error"
#: A program that is turned away comes again after this many seconds.
PAUSE = 1.0
#: So many programs ask what takes seconds.
HEAVY_CLIENTS = 2


@dataclass
class Tally:
    """What came of the questions.

    Attributes:
        seconds: action -> how long each right answer took.
        outcomes: right, wrong, cross-talk, refused, error -> how many.
        faults: the first of what was not right, in words.
        refusals: sentence -> how many.
    """

    seconds: dict[str, list[float]] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    refusals: Counter[str] = field(default_factory=Counter)

    def note(self, action: str, outcome: str, why: str, took: float) -> None:
        """One answer."""
        self.outcomes[outcome] += 1
        if outcome == RIGHT:
            self.seconds.setdefault(action, []).append(took)
        elif outcome == REFUSED:
            self.refusals[why] += 1
        elif len(self.faults) < 50:
            self.faults.append(f"{action}: {outcome}: {why}")


class Expected:
    """The right answers, computed alone before anybody asks.

    Args:
        alone: the page's functions.
        folder: where products are made.
        clients: how many programs there will be.
        products: of each; every second one has a picture.
    """

    def __init__(self, alone: Alone, folder: Path, user_id: str, clients: int, products: int = 2) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._alone = alone
        self.actions = actions(user_id, make_archive(folder / "shop.zip"))
        self.products = [
            [make_product(folder, client, place, (client + place) % 2 == 0) for place in range(products)]
            for client in range(clients)
        ]
        self._known: dict[str, dict[str, Any]] = {each.name: {} for each in self.actions}
        for client, own in enumerate(self.products):
            for product in own:
                for action in self.asked_by(client, product):
                    self.of(action, product)

    def asked_by(self, client: int, product: Product) -> list[Action]:
        """What a client asks about a product: few may ask what is heavy."""
        few = client < HEAVY_CLIENTS or product.picture is None
        return [action for action in self.actions if few or not action.heavy]

    def of(self, action: Action, product: Product) -> Any:
        """The right answer."""
        known = self._known[action.name]
        if product.canary not in known:
            known[product.canary] = self._alone.answer(action, product)
        return known[product.canary]

    def compare(self, action: Action, product: Product, answer: Answer) -> tuple[str, str]:
        """What is to be said of an answer, and why."""
        if answer.status == 503 and answer.sentence:
            return REFUSED, answer.sentence
        if answer.status != 200:
            return FAILED, f"{answer.status} {answer.sentence}"
        # An endpoint that refuses, such as one that needs a picture, must refuse in the same words.
        got = answer.sentence if answer.data is None else answer.data[0]
        others = (right for canary, right in self._known[action.name].items() if canary != product.canary)
        return verdict(got, self.of(action, product), product.canary, others)


async def ask(program: Program, expected: Expected, action: Action, product: Product, tally: Tally) -> str:
    """Ask once, and note what came of it."""
    began = time.perf_counter()
    try:
        answer = await program.ask(action.endpoint, asked(action, product))
        outcome, why = expected.compare(action, product, answer)
    except (httpx.HTTPError, TimeoutError, ValueError, KeyError) as error:
        outcome, why = FAILED, f"{type(error).__name__}: {error}"
    tally.note(action.name, outcome, why, time.perf_counter() - began)
    return outcome


async def crowd(door: Door, expected: Expected, seconds: float, tally: Tally) -> None:
    """Let every program ask until the time is over."""
    end = time.monotonic() + seconds

    async def one(client: int) -> None:
        chance, program = random.Random(client), Program(door)
        while time.monotonic() < end:
            product = chance.choice(expected.products[client])
            due = expected.asked_by(client, product)
            for action in chance.sample(due, len(due)):
                if time.monotonic() >= end:
                    return
                if await ask(program, expected, action, product, tally) == REFUSED:
                    await asyncio.sleep(PAUSE)

    await asyncio.gather(*(one(client) for client in range(len(expected.products))))
