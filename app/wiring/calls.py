"""Which calls the page knows: endpoints by their names, handlers by their numbers, and answers that somebody waits for.

At others Gradio would fail, in the middle of its answer.
"""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.datastructures import QueryParams
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.doors.refusal import Refusal

NO_ACTION = "The page has no such action; look up what it has, and how to call it, under 'Use via API'."
_NO_ENDPOINT = Refusal(
    404, "There is no such endpoint; look up the page's under 'Use via API', or at /gradio_api/info."
)
_NOTHING_WAITS = Refusal(404, "There is nothing to fetch here: join the queue first, or call the endpoint again.")
_CALL = re.compile(r"/gradio_api/(?:run|api|call|call/v2)/([^/]+)/?")
_STREAM = re.compile(r"/gradio_api/call/(?:v2/)?[^/]+/([^/]+)")
#: By this path the page itself calls handlers that need not wait in line; their number is in the body.
_AT_ONCE = re.compile(r"/gradio_api/(?:run|api)/predict/?")


def is_action(page: Any, number: Any, event: Any) -> bool:
    """Whether a handler has this number, and can read what came with the event; most look at nothing of it."""
    action = page.fns.get(number) if isinstance(number, int) else None
    if action is None or action.fn is None:
        return False
    return not action.collects_event_data or event is None or isinstance(event, dict)


class KnownCalls:
    """Lets in the calls that the page knows.

    Args:
        inside: Gradio's application.
        page: what it serves.
    """

    def __init__(self, inside: ASGIApp, page: Any) -> None:
        self._inside = inside
        self._page = page
        self._queue = page._queue
        public = (action for action in page.fns.values() if action.api_visibility == "public")
        self._names = {action.api_name for action in public if isinstance(action.api_name, str)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] == "http" and scope["method"] == "POST" and _AT_ONCE.fullmatch(scope["path"]):
            refusal, receive = await self._at_once(receive)
        else:
            refusal = self._refusal(scope) if scope["type"] == "http" else None
        await (refusal.response() if refusal else self._inside)(scope, receive, send)

    async def _at_once(self, receive: Receive) -> tuple[Refusal | None, Receive]:
        """A no to a handler that isn't there, and the request again; its body was read before and is one piece."""
        message = await receive()
        body = json.loads(message.get("body") or b"{}")
        known = isinstance(body, dict) and is_action(self._page, body.get("fn_index"), body.get("event_data"))
        pieces = [message]

        async def again() -> Message:
            return pieces.pop() if pieces else await receive()

        return None if known else Refusal(400, NO_ACTION), again

    def _refusal(self, scope: Scope) -> Refusal | None:
        if scope["method"] == "POST":
            called = _CALL.fullmatch(scope["path"])
            return None if called is None or called[1] in self._names else _NO_ENDPOINT
        return None if scope["method"] != "GET" or self._is_known(scope) else _NOTHING_WAITS

    def _is_known(self, scope: Scope) -> bool:
        if scope["path"] == "/gradio_api/queue/data":
            asked = QueryParams(scope.get("query_string", b"")).get("session_hash", "")
            return asked in self._queue.pending_messages_per_session
        event = _STREAM.fullmatch(scope["path"])
        if event is None:
            return True
        waiting = self._queue.pending_event_ids_session.values()
        return event[1] in self._queue.event_ids_to_events or any(event[1] in ids for ids in waiting)
