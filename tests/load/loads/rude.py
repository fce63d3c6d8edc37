"""Visitors who do not behave: they vanish, read slowly, leave uploads half done, or all come at once."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from tests.load.clients.actions import asked
from tests.load.clients.comparing import RIGHT
from tests.load.clients.program import Answer, Door, Program
from tests.load.loads.crowd import FAILED, REFUSED, Expected, Tally, ask

#: Seconds between two who misbehave in the same way.
EVERY = 1.0


async def misbehave(door: Door, expected: Expected, seconds: float) -> Counter[str]:
    """All kinds side by side until the time is over; how often each was done."""
    end = time.monotonic() + seconds
    done: Counter[str] = Counter()
    kinds = (vanish_at_once, vanish_in_the_middle, read_slowly, half_an_upload, half_a_question)

    async def again_and_again(kind: Callable[[Door, Expected], Awaitable[None]]) -> None:
        while time.monotonic() < end:
            with contextlib.suppress(httpx.HTTPError, OSError, TimeoutError):
                await asyncio.wait_for(kind(door, expected), timeout=30)
                done[kind.__name__.replace("_", " ")] += 1
            await asyncio.sleep(EVERY)

    await asyncio.gather(*map(again_and_again, kinds))
    return done


async def vanish_at_once(door: Door, expected: Expected) -> None:
    """Ask, and never come for the answer."""
    await _joined(door, expected)


async def vanish_in_the_middle(door: Door, expected: Expected) -> None:
    """Begin to read what comes, and hang up."""
    program = await _joined(door, expected)
    async for _ in program.messages():
        break


async def read_slowly(door: Door, expected: Expected) -> None:
    """Read the answer a few bytes at a time."""
    program = await _joined(door, expected)
    address, whose = f"{door.address}/gradio_api/queue/data", {"session_hash": program.session}
    async with door.client.stream("GET", address, params=whose) as stream:
        read = 0
        async for part in stream.aiter_bytes(64):
            read += len(part)
            await asyncio.sleep(0.05)
            if read > 4096:
                return


async def half_an_upload(door: Door, expected: Expected) -> None:
    """Promise a megabyte, send a part of it, wait, and hang up."""
    head = "POST /gradio_api/upload HTTP/1.1\r\nHost: {host}\r\nContent-Length: 1000000\r\n"
    head += "Content-Type: multipart/form-data; boundary=end\r\n\r\n"
    body = '--end\r\nContent-Disposition: form-data; name="files"; filename="a.png"\r\n\r\n' + "x" * 20_000
    await _half_sent(door, head + body)


async def half_a_question(door: Door, expected: Expected) -> None:
    """Promise a body of JSON, and send its beginning only."""
    head = "POST /gradio_api/queue/join HTTP/1.1\r\nHost: {host}\r\nContent-Length: 5000\r\n"
    await _half_sent(door, head + 'Content-Type: application/json\r\n\r\n{"data": [')


async def _half_sent(door: Door, text: str) -> None:
    host = urlsplit(door.address).netloc
    _, writer = await asyncio.open_connection(*host.split(":"))
    try:
        writer.write(text.replace("{host}", host).encode())
        await writer.drain()
        await asyncio.sleep(3)
    finally:
        writer.close()


async def _joined(door: Door, expected: Expected) -> Program:
    program = Program(door)
    await program.join("launch", asked(expected.actions[0], expected.products[0][0]))
    return program


@dataclass(frozen=True)
class Rush:
    """What came of all coming at once.

    Attributes:
        came: how many.
        tally: of what they were told.
        healthy: whether a calm question was answered rightly afterwards.
    """

    came: int
    tally: Tally
    healthy: bool


async def rush(door: Door, expected: Expected, size: int) -> Rush:
    """More questions at the same moment than may wait: each is answered rightly or refused in words."""
    action, tally = next(each for each in expected.actions if each.name == "word_worth"), Tally()

    # An upload comes before the question, so that those with a picture would not come at the same moment.
    unpictured = [product for own in expected.products for product in own if product.picture is None]

    async def one(place: int) -> None:
        await ask(Program(door), expected, action, unpictured[place % len(unpictured)], tally)

    await asyncio.gather(*map(one, range(size)))
    after = Tally()
    await ask(Program(door), expected, expected.actions[0], expected.products[0][0], after)
    return Rush(size, tally, after.outcomes[RIGHT] == 1)


async def leave_unread(door: Door, expected: Expected, times: int) -> Counter[str]:
    """One session asks again and again and never reads: it is refused in words at last, or all is let go."""
    program, said = Program(door), Counter[str]()
    for _ in range(times):
        answer: Answer = await program.join("launch", asked(expected.actions[1], expected.products[0][0]))
        said[REFUSED if answer.status != 200 and answer.sentence else FAILED if answer.status != 200 else "taken"] += 1
        await asyncio.sleep(0.02)
    return said
