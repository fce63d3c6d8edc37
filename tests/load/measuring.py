"""A whole load, from the answers computed alone to the page's end; bounded in time and number, on this machine only."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.state.shop import Shop
from tests.load.clients.actions import Alone
from tests.load.clients.program import Door
from tests.load.figures import Load
from tests.load.loads.crowd import Expected, Tally, crowd
from tests.load.loads.endurance import endure
from tests.load.loads.rude import leave_unread, misbehave, rush
from tests.load.served import Served, served


@dataclass(frozen=True)
class Size:
    """How much.

    Attributes:
        clients: programs at once.
        seconds: for which they ask.
        launches: one after another, by one session and by new ones.
        rush: who come at the same moment; more than may wait.
        unread: answers that one session never reads.
        products: of each program.
    """

    clients: int = 25
    seconds: float = 300
    launches: int = 500
    rush: int = 100
    unread: int = 200
    products: int = 2


def measure(checkpoint: Path, folder: Path, size: Size, tell: Callable[[str], None] = print) -> Load:
    """Put a page under load.

    Args:
        checkpoint: what it shows.
        folder: for uploads, products and the page's log.
        size: how much.
        tell: is told how far it is.
    """
    shop = Shop.load(checkpoint)
    tell("computing every answer alone")
    user_id = str(shop.launcher.checkpoint.dataset.user_ids[0])
    expected = Expected(Alone(shop), folder / "products", user_id, size.clients, size.products)
    with served(checkpoint, folder / "page") as page:
        return asyncio.run(_measured(page, expected, size, checkpoint.name, tell))


async def _measured(page: Served, expected: Expected, size: Size, name: str, tell: Callable[[str], None]) -> Load:
    door = await Door.open(page.address)
    start, threads = page.megabytes(), page.threads()
    tell(f"{size.launches} launches by one session")
    same = await endure(page, door, expected, size.launches, new_sessions=False)
    tell(f"{size.launches} launches by new sessions")
    new = await endure(page, door, expected, size.launches, new_sessions=True)
    tell(f"{size.clients} programs for {size.seconds:.0f} seconds")
    tally = Tally()
    _, rudeness = await asyncio.gather(
        crowd(door, expected, size.seconds, tally), misbehave(door, expected, size.seconds)
    )
    busy = os.getloadavg()[0]
    tell(f"{size.rush} at once")
    rushed = await rush(door, expected, size.rush)
    tell(f"{size.unread} answers that nobody reads")
    before = page.megabytes()
    unread = await leave_unread(door, expected, size.unread)
    left = page.megabytes() - before
    await door.client.aclose()
    peak = max(megabytes for _, megabytes in page.memory)
    memory = {"start": start, "peak": peak, "end": page.megabytes(), "unread": left}
    return Load(
        checkpoint=name,
        clients=size.clients,
        seconds=size.seconds,
        crowd=tally,
        rudeness=dict(rudeness),
        same=same,
        new=new,
        rush=rushed,
        unread=dict(unread),
        memory=memory,
        threads=(threads, page.threads()),
        complaints=page.complaints(),
        busy=busy,
    )
