"""A server that is told to stop does so at once and in order, whoever is still listening."""

import asyncio
import logging
import signal
import threading
import time

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import StreamingResponse

from app.server import Server


class Stopped(BaseException):
    """As SystemExit, which a signal for the end raises."""


@pytest.fixture
def faults(monkeypatch, caplog):
    """What goes wrong in threads, and what the server complains about."""
    found = []
    monkeypatch.setattr(threading, "excepthook", lambda fault: found.append(fault.exc_value))
    with caplog.at_level(logging.ERROR, logger="uvicorn.error"):
        yield found
    assert not caplog.records


@pytest.fixture
def server():
    serving = Server("127.0.0.1", 0)
    yield serving
    serving.close()


def forever():
    """A page that sends events until its visitor leaves."""
    page = FastAPI()

    @page.get("/gradio_api/heartbeat/{visitor}")
    def events(visitor: str) -> StreamingResponse:
        async def beat():
            while True:
                yield b"beat\n"
                await asyncio.sleep(0.05)

        return StreamingResponse(beat())

    return page


@pytest.fixture
def threads_before():
    """Those of pages that other tests are served by."""
    return set(threading.enumerate())


def is_running(before):
    return any(thread.name == "mamex-server" for thread in set(threading.enumerate()) - before)


def test_a_server_that_a_signal_stops_has_ended_when_it_is_closed(threads_before, server, faults):
    def stop(*_):
        raise Stopped

    before = signal.signal(signal.SIGALRM, stop)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.5)
        with pytest.raises(Stopped):
            server.wait()
    finally:
        signal.signal(signal.SIGALRM, before)
    server.close()
    until = time.monotonic() + 30
    while is_running(threads_before) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(threads_before)
    assert not faults


def test_a_stream_that_never_ends_ends_with_the_server(server, faults):
    server.open(forever())
    heard = []

    def listen():
        with httpx.stream("GET", f"{server.address}gradio_api/heartbeat/me", timeout=60) as stream:
            for piece in stream.iter_raw():
                heard.append(piece)

    listening = threading.Thread(target=listen, daemon=True)
    listening.start()
    until = time.monotonic() + 30
    while not heard and time.monotonic() < until:
        time.sleep(0.05)
    assert heard
    server.close()
    listening.join(30)
    assert not listening.is_alive()
    assert not faults
