"""What the page remembers of its visits: little for each, not too many, and nothing of one that is over.

Gradio would keep a copy of the settings of every field for each visit, for links into it, which this page doesn't have;
forget visits without telling them; and keep answers that nobody fetches.
"""

from __future__ import annotations

import contextlib
import datetime
import os
from copy import copy
from typing import Any

import gradio as gr
from gradio.components import State
from gradio.state_holder import SessionState, StateHolder

from app.state.expiry import VISIT_AGE
from app.wiring.calls import NO_ACTION, is_action

#: Answers of all visits together that may wait to be fetched; a visit's page fetches each at once.
MOST_UNREAD = 512


def keep_no_statistics() -> None:
    """Tell Gradio's queue to keep few records: it would make a table of 10,000 after each launch, for nobody."""
    os.environ.setdefault("GRADIO_ANALYTICS_MAX_EVENTS", "100")
    os.environ.setdefault("GRADIO_ANALYTICS_CACHE_FREQUENCY", "1000000")


class SlimSession(SessionState):
    """A visit's state, without ``config_values``."""

    def __init__(self, blocks: gr.Blocks) -> None:
        self.blocks_config = copy(blocks.default_config)
        self.config_values: dict[int, Any] = {}
        self.state_data: dict[int, Any] = {}
        self._state_ttl: dict[int, tuple[float, datetime.datetime]] = {}
        self.is_closed = False
        self.STATE_TTL_WHEN_CLOSED = VISIT_AGE

    def __setitem__(self, key: int, value: Any) -> None:
        block = self.blocks_config.blocks.get(key)
        if isinstance(block, State):
            self._state_ttl[key] = (block.time_to_live, datetime.datetime.now())
            self.state_data[key] = value
        else:
            self.blocks_config.blocks[key] = value

    def _update_config(self, key: int) -> None:
        pass

    def _update_value_in_config(self, key: int, value: Any) -> None:
        pass


class Visits(StateHolder):
    """The visits that are remembered; above their number the one that was idle for longest is forgotten."""

    def __getitem__(self, session_id: str) -> SessionState:
        with self.lock:
            session = self.session_data.get(session_id) or SlimSession(self.blocks)
            self.session_data[session_id] = session
            self.session_data.move_to_end(session_id)
            self.time_last_used[session_id] = datetime.datetime.now()
            idle = list(self.session_data)[: max(len(self.session_data) - self.capacity, 0)]
        for each in idle:
            self.forget(each)
        return session

    def update(self, session_id: str) -> None:
        """Note that a visit is not idle."""
        if session_id in self.session_data:
            self[session_id]

    def forget(self, session_id: str) -> None:
        """Forget a visit, and delete what it brought."""
        with contextlib.suppress(KeyError):  # its visitor ended it meanwhile
            self.delete_state(session_id)
        with self.lock:
            self.session_data.pop(session_id, None)
            self.time_last_used.pop(session_id, None)
        queue = self.blocks._queue
        if not queue.pending_event_ids_session.get(session_id):
            queue.pending_event_ids_session.pop(session_id, None)

    def forget_idle(self, seconds: float) -> None:
        """Forget every visit that was not heard of for some seconds, and the answers that it never fetched."""
        before = datetime.datetime.now() - datetime.timedelta(seconds=seconds)
        queue = self.blocks._queue
        for session_id, used in list(self.time_last_used.items()):
            if used < before:
                queue.pending_event_ids_session.pop(session_id, None)
                with contextlib.suppress(KeyError):
                    del queue.pending_messages_per_session[session_id]
                self.forget(session_id)


def limit_unread(page: Any, sessions: int) -> None:
    """Let nobody pile up answers that they don't fetch: above ``MOST_UNREAD`` whoever has most of them loses them.

    Args:
        page: whose queue has been made.
        sessions: visits whose answers are kept.
    """
    queue = page._queue
    queue.pending_messages_per_session.max_size = sessions
    push = queue.push

    async def limited(body: Any, request: Any, username: str | None) -> Any:
        if not is_action(page, body.fn_index, body.event_data) or body.session_hash == "":
            return False, NO_ACTION, "error"
        if _unread(queue) >= MOST_UNREAD:
            await _make_room(queue)
        return await push(body=body, request=request, username=username)

    queue.push = limited
    _tell_only_who_listens(queue)


def _unread(queue: Any) -> int:
    return sum(map(len, queue.pending_event_ids_session.values()))


async def _make_room(queue: Any) -> None:
    """Forget what nobody can fetch any more and, where that is not enough, what whoever has most of it doesn't fetch.

    Who listens has hardly a message waiting, so that they lose no answer to a crowd that asks and doesn't listen.
    """
    unread, waiting = queue.pending_event_ids_session, queue.pending_messages_per_session
    for gone in [session for session in unread if session not in waiting]:
        unread.pop(gone)
    if _unread(queue) >= MOST_UNREAD:
        worst = max(waiting, key=lambda session: waiting[session].qsize())
        if not waiting[worst].empty():
            await queue.clean_events(session_hash=worst)
            unread.pop(worst, None)
            waiting.pop(worst, None)


def _tell_only_who_listens(queue: Any) -> None:
    """Let an event of a visit that has just gone be told nothing: where a stream breaks off, Gradio forgets the visit's
    messages before its events, and telling one of them in between would end the queue for everybody."""
    send = queue.send_message

    def told(event: Any, event_message: Any) -> None:
        if event.session_hash in queue.pending_messages_per_session:
            send(event, event_message)

    queue.send_message = told
