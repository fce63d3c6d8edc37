"""A request's body on its way in: not too long, not too slow, and JSON that can be read."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

from starlette.types import Message, Receive

from app.doors.budget import too_long
from app.doors.refusal import Refusal

#: Seconds between two pieces of a body; whoever takes longer is gone, or wants to keep others out.
_PATIENCE = 60.0
_NO_JSON = Refusal(400, "The body is no JSON that can be read; send a JSON object, as 'Use via API' shows it.")
_NO_CALL = Refusal(
    400, "A tool is called by its name, which is a text, with its arguments as an object; tools/list shows both."
)
_HALF_CHARACTER = Refusal(400, "A text holds half a character (a lone surrogate); send whole ones.")


class Body:
    """A request's body, as far as it is short and quick enough; the page hears that the visitor left when it isn't.

    Args:
        receive: the next piece, from the server.
        most: bytes in all.

    Attributes:
        refusal: why no more of it is taken; None as long as it is.
    """

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive = receive
        self._most, self._left = most, most
        self._more = True
        self._waiting: list[Message] = []
        self.refusal: Refusal | None = None

    async def receive(self) -> Message:
        """The next piece, for the page."""
        return self._waiting.pop(0) if self._waiting else await self._next()

    async def read_json(self, refusal_of: Callable[[object], Refusal | None]) -> None:
        """Look at all of it, and refuse what is no JSON; the page gets it afterwards.

        Args:
            refusal_of: what else is said of the value that it holds; None where nothing is.
        """
        pieces: list[bytes] = []
        while self._more and self.refusal is None:
            message = await self._next()
            if message["type"] != "http.request":
                self._waiting.append(message)
                return
            pieces.append(message.get("body", b""))
        whole = b"".join(pieces)
        if self.refusal is None and whole:
            self.refusal = _json_refusal(whole, refusal_of)
        self._waiting.append({"type": "http.request", "body": whole, "more_body": False})

    async def _next(self) -> Message:
        if self.refusal is not None:
            return {"type": "http.disconnect"}
        if not self._more:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), _PATIENCE)
        except TimeoutError:
            self.refusal = Refusal(408, f"Nothing came for {_PATIENCE:.0f} seconds; send the request again.")
            return {"type": "http.disconnect"}
        self._more = message["type"] == "http.request" and message.get("more_body", False)
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            self.refusal = too_long(self._most)
            return {"type": "http.disconnect"}
        return message


def _json_refusal(body: bytes, refusal_of: Callable[[object], Refusal | None]) -> Refusal | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):  # a UnicodeDecodeError is a ValueError
        return _NO_JSON
    return refusal_of(value) if is_text_throughout(value) else _HALF_CHARACTER


def is_text_throughout(value: object) -> bool:
    """Whether each text in a JSON value, however deep, can be written down."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            try:
                part.encode()
            except UnicodeEncodeError:
                return False
        elif isinstance(part, dict):
            waiting += [*part.keys(), *part.values()]
        elif isinstance(part, list):
            waiting += part
    return True


def call_refusal(message: object) -> Refusal | None:
    """Of a message that should call a tool, and names none or brings no arguments by name; the protocol's own answer
    to it says nothing but that it is invalid."""
    messages = message if isinstance(message, list) else [message]
    return None if all(map(_is_sound, messages)) else _NO_CALL


def _is_sound(message: object) -> bool:
    if not isinstance(message, dict) or message.get("method") != "tools/call":
        return True
    called = message.get("params")
    if not isinstance(called, dict):
        return False
    return isinstance(called.get("name"), str) and isinstance(called.get("arguments", {}), dict | None)
