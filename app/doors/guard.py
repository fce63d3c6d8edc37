"""All doors in a row, in front of the page."""

from __future__ import annotations

import logging
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.doors.bodies import Body, call_refusal
from app.doors.budget import Disk, Rate, body_limit, length_refusal
from app.doors.login import Login
from app.doors.paths import MCP, UPLOAD, path_refusal
from app.doors.refusal import FAILED, Refusal
from app.doors.request import Incoming
from app.doors.safe_headers import SafeHeaders
from app.doors.settings import DoorSettings
from app.doors.who import host_refusal, origin_refusal

_NO_UPLOAD = (
    "The upload can't be read: send files of at most 300 MB as multipart/form-data, in fields called 'files', with "
    "short plain names."
)
_NO_FILES = b"[]"
_log = logging.getLogger("mamex.app")


class Guard:
    """Lets through what the page should answer, and answers the rest in one sentence.

    Args:
        inside: the page.
        settings: of the doors.
        used_bytes: how much of the disk the page's uploads take.
    """

    def __init__(self, inside: ASGIApp, settings: DoorSettings, used_bytes: Callable[[], int]) -> None:
        self._inside = inside
        self._settings = settings
        self._headers = SafeHeaders(settings)
        self._login = Login(settings)
        self._rate = Rate(settings.rate)
        self._disk = Disk(settings.disk_megabytes, used_bytes)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, as the server gives it."""
        if scope["type"] == "lifespan":
            await self._inside(scope, receive, send)
            return
        if scope["type"] != "http":  # the page has no web sockets
            await send({"type": "websocket.close", "code": 1003})
            return
        request = Incoming.of(dict(scope), self._settings)
        send = self._headers.on(send)
        answer = await self._answer(request, receive)
        if answer is not None:
            await answer(scope, receive, send)
            return
        if request.path.startswith((UPLOAD, MCP)) and request.changes_something:
            await self._with_room(request, receive, send)
        else:
            await self._let_in(request, receive, send)

    async def _answer(self, request: Incoming, receive: Receive) -> Response | None:
        """What is said instead of the page's own answer; None where it may speak."""
        refusal = (
            host_refusal(request, self._settings)
            or origin_refusal(request, self._settings)
            or length_refusal(request)
            or (self._rate.refusal(request.address) if request.changes_something else None)
        )
        if refusal is not None:
            return refusal.response()
        answer = await self._login.response(request, receive)
        if answer is not None:
            return answer
        refusal = path_refusal(request)
        return refusal.response() if refusal else None

    async def _with_room(self, request: Incoming, receive: Receive, send: Send) -> None:
        """Let in what is written to the disk, if there is room for it."""
        length = request.length or 0
        refusal = await run_in_threadpool(self._disk.take, length)
        if refusal is not None:
            await refusal.response()(request.scope, receive, send)
            return
        try:
            await self._let_in(request, receive, send)
        finally:
            self._disk.give_back(length)

    async def _let_in(self, request: Incoming, receive: Receive, send: Send) -> None:
        body = Body(receive, body_limit(request.path))
        is_upload = request.path.rstrip("/") == UPLOAD
        if request.changes_something and not is_upload:
            await body.read_json(call_refusal if request.path.startswith(MCP) else lambda _: None)
            if body.refusal is not None:
                await body.refusal.response()(request.scope, receive, send)
                return
        answer = _Answer(send, body, replaceable=is_upload)
        try:
            await self._inside(request.scope, body.receive, answer.send)
        except Exception as error:
            if body.refusal is None and not (answer.replaceable and answer.refused):
                # It went wrong on our side; Gradio answered in a sentence, and this is for whoever runs the page.
                _log.error("A request failed: %s %s", request.method, request.path, exc_info=error)
        refusal = body.refusal or answer.refusal or (None if answer.begun else FAILED)
        if refusal is not None and not answer.begun:
            await refusal.response()(request.scope, receive, send)


class _Answer:
    """What the page answers, as it goes out. Gradio says no to an upload in words for programmers, so ours take their
    place.

    Args:
        send: to the visitor.
        body: of the request; a no to it goes before whatever the page makes of the piece that it got.
        replaceable: whether a no of the page is replaced.
    """

    def __init__(self, send: Send, body: Body, replaceable: bool) -> None:
        self._send = send
        self._body = body
        self.replaceable = replaceable
        self.begun, self.refused = False, False
        self._status = 0
        self._start: Message | None = None

    @property
    def refusal(self) -> Refusal | None:
        """What takes the place of the page's no; None if it didn't say no."""
        return Refusal(self._status, _NO_UPLOAD) if self.refused else None

    async def send(self, message: Message) -> None:
        """Pass a piece on."""
        if self.replaceable and not self.begun:
            if message["type"] == "http.response.start":
                self._start = message  # it waits for the first piece, which may say that no file came
                return
            status = self._start["status"] if self._start else 400
            if status >= 400 or message.get("body") == _NO_FILES:
                self.refused, self._status = True, status if 400 <= status < 500 else 400
        if self.begun or not (self.refused or self._body.refusal):
            if self._start is not None and not self.begun:
                await self._send(self._start)
            self.begun = True
            await self._send(message)
