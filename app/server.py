"""The web server: it takes its port first, says that the page is starting, and then serves it behind its doors."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
from functools import partial

import uvicorn
from fastapi import FastAPI
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.doors.guard import Guard
from app.doors.refusal import Refusal
from app.doors.settings import DoorSettings
from app.state.scratch import limit_disk, used_bytes
from app.theme.templates import render
from mamex.errors import MamexError

FIRST_PORT, PORTS = 7860, 100
#: Connections at once; above this the server itself says that it is busy.
_MOST_CONNECTIONS = 1000
_STARTING = Refusal(503, "The page is starting; try again in some seconds.", {"Retry-After": "2"})


class ServerError(MamexError):
    """There is nowhere to serve the page."""


class Server:
    """Answers at an address from the moment it is made.

    Args:
        host: to listen to; ``GRADIO_SERVER_NAME`` or this machine only if None.
        port: ``GRADIO_SERVER_PORT`` or a free one if None.

    Attributes:
        host, port: where it listens.
        settings: of its doors.

    Raises:
        ServerError: the port is taken, or there is no such host here.
        DoorError: a setting of the doors means nothing.
    """

    def __init__(self, host: str | None = None, port: int | None = None) -> None:
        self.host = (host or os.environ.get("GRADIO_SERVER_NAME") or "127.0.0.1").strip("[]")
        self.settings = DoorSettings.read(self.host)
        limit_disk(self.settings.disk_megabytes)
        self._socket = _bound(self.host, port if port is not None else _port_of_environment())
        self.port = int(self._socket.getsockname()[1])
        self._entrance = _Entrance()
        guard = Guard(self._entrance, self.settings, used_bytes)
        config = uvicorn.Config(
            guard,
            log_level="warning",
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_graceful_shutdown=3,
            server_header=False,
        )
        self._uvicorn = uvicorn.Server(config)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name="mamex-server")
        self._thread.start()

    @property
    def address(self) -> str:
        """Where this machine finds the page."""
        name = "localhost" if self.host in ("0.0.0.0", "::") else self.host
        return f"http://{f'[{name}]' if ':' in name else name}:{self.port}/"

    def open(self, page: FastAPI) -> None:
        """Let the page answer from now on."""
        self._entrance.open(page)

    def wait(self) -> None:
        """Return when it was stopped."""
        # Not by join: Python takes a thread whose join a signal has interrupted for one that is over. With a limit, so
        # that Ctrl-C is heard.
        while not self._ended.wait(1):
            pass

    def close(self) -> None:
        """Stop; nobody is answered any more."""
        self._entrance.end()
        self._uvicorn.should_exit = True
        self._ended.wait(timeout=10)
        self._socket.close()

    def _run(self) -> None:
        try:
            self._uvicorn.run(sockets=[self._socket])
        finally:
            self._ended.set()


class _Entrance:
    """Stands for the page until it is there."""

    def __init__(self) -> None:
        self._page: ASGIApp | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running = threading.Event()
        self._ending, self._over = asyncio.Event(), asyncio.Event()
        self._opened: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif self._page is not None:
            await self._answer(self._page, scope, receive, send)
        elif scope["path"] == "/" and scope["method"] == "GET":
            page = HTMLResponse(
                render("doors/templates/starting.html"), 503, {"Retry-After": "2", "Cache-Control": "no-store"}
            )
            await page(scope, receive, send)
        else:
            await _STARTING.response()(scope, receive, send)

    def open(self, page: FastAPI) -> None:
        """Start the page within the server, and let it answer."""
        self._running.wait()
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(self._start(page), self._loop).result()

    def end(self) -> None:
        """Let answers end that last until their visitor leaves: a stream of events would outlive the server."""
        if self._loop is not None:
            with contextlib.suppress(RuntimeError):  # the loop is over
                self._loop.call_soon_threadsafe(self._ending.set)

    async def _answer(self, page: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = message["type"] == "http.response.start" or message.get("more_body", False)
            await send(message)

        await page(scope, partial(self._until_the_end, receive), sending)
        if begun and self._ending.is_set():
            await send({"type": "http.response.body", "body": b""})

    async def _until_the_end(self, receive: Receive) -> Message:
        """What comes next from a visitor; that they left, as soon as the server ends."""
        coming, ending = asyncio.ensure_future(receive()), asyncio.ensure_future(self._ending.wait())
        try:
            await asyncio.wait({coming, ending}, return_when=asyncio.FIRST_COMPLETED)
            return coming.result() if coming.done() else {"type": "http.disconnect"}
        finally:
            coming.cancel()
            ending.cancel()

    async def _start(self, page: FastAPI) -> None:
        ready = asyncio.Event()

        async def lives() -> None:
            async with page.router.lifespan_context(page):
                ready.set()
                await self._over.wait()

        self._opened = asyncio.create_task(lives())
        waiting = asyncio.create_task(ready.wait())
        await asyncio.wait({self._opened, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if self._opened.done():
            waiting.cancel()
            self._opened.result()  # what went wrong
        self._page = page

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self._loop = asyncio.get_running_loop()
        self._running.set()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._over.set()
        if self._opened is not None:
            with contextlib.suppress(Exception):
                await self._opened
        await send({"type": "lifespan.shutdown.complete"})


def _port_of_environment() -> int | None:
    given = os.environ.get("GRADIO_SERVER_PORT", "").strip()
    if given and not (given.isascii() and given.isdigit() and int(given) < 65536):
        raise ServerError(f"GRADIO_SERVER_PORT is '{given}'; give a number from 0 to 65535.")
    return int(given) if given else None


def _bound(host: str, port: int | None) -> socket.socket:
    """A socket that listens; at the first free port if none is asked for."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise ServerError(f"There is no address '{host}' on this machine; choose another --host.") from error
    family, kind, protocol, _, address = found[0]
    fault: OSError | None = None
    for number in [port] if port is not None else range(FIRST_PORT, FIRST_PORT + PORTS):
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((address[0], number))
            listening.listen(2048)
            return listening
        except (OSError, OverflowError) as error:
            listening.close()
            fault = error if isinstance(error, OSError) else OSError(str(error))
    where = f"Port {port}" if port is not None else f"Each port from {FIRST_PORT} to {FIRST_PORT + PORTS - 1}"
    why = (fault.strerror or str(fault)) if fault else "taken"
    raise ServerError(f"{where} of {host} can't be served at ({why}); choose another --port or --host.")
