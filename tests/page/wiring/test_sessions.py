"""Who has gone while waiting in line, or fetches no answers, ends it for nobody else."""

import asyncio
from asyncio import Queue
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import gradio as gr
import pytest
from gradio.server_messages import EstimationMessage

from app.wiring.sessions import MOST_UNREAD, limit_unread


@pytest.fixture
def queue():
    with gr.Blocks() as page:
        gr.Button().click(lambda: None, concurrency_id="compute", concurrency_limit=2)
    page.queue()
    limit_unread(page, sessions=10)
    page._queue.create_event_queue_for_fn(next(iter(page.fns.values())))
    return page._queue


def event(session: str) -> SimpleNamespace:
    return SimpleNamespace(alive=True, _id=session, session_hash=session, fn=None, streaming=False)


def test_the_line_is_told_of_its_places_although_one_in_it_has_gone(queue):
    queue.event_queue_per_concurrency_id["compute"].queue += [event("gone"), event("here")]
    queue.pending_messages_per_session["here"] = Queue()
    with pytest.raises(KeyError):  # what the rule is for: Gradio alone would end the line here
        type(queue).send_message(queue, event("gone"), EstimationMessage(rank=0, queue_size=2))
    queue.broadcast_estimations("compute")
    told = queue.pending_messages_per_session["here"].get_nowait()
    assert (told.rank, told.queue_size) == (1, 2)
    assert "gone" not in queue.pending_messages_per_session


async def pushed(*, body, **_):
    return True, body.session_hash, "success"


@pytest.fixture
def crowded(monkeypatch):
    """A queue in which as many answers wait as may: those of many who ask once, and those of one who listens."""
    monkeypatch.setattr(gr.queueing.Queue, "push", lambda self, **asked: pushed(**asked))
    with gr.Blocks() as page:
        gr.Button().click(lambda: None)
    queue = page.queue()._queue
    limit_unread(page, sessions=2 * MOST_UNREAD)
    queue.pending_messages_per_session["listens"] = Queue()  # empty, for each message is fetched at once
    queue.pending_event_ids_session["listens"] = {"first", "second"}
    for number in range(MOST_UNREAD - 2):
        asked(queue, f"asks-{number}", messages=3)
    return queue


def asked(queue, session, messages):
    queue.pending_event_ids_session[session] = {f"of {session}"}
    queue.pending_messages_per_session[session] = Queue()
    for rank in range(messages):
        queue.pending_messages_per_session[session].put_nowait(EstimationMessage(rank=rank, queue_size=1))


def push(queue):
    fn = next(iter(queue.blocks.fns))
    body = SimpleNamespace(fn_index=fn, event_data=None, session_hash="new")
    # In a thread of its own: in this one a browser of another test may have left its loop running.
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(asyncio.run, queue.push(body=body, request=None, username=None)).result()[0]


def test_who_listens_loses_no_answer_to_a_crowd_that_doesn_t(crowded):
    asked(crowded, "asks-7", messages=5)
    push(crowded)
    assert crowded.pending_event_ids_session["listens"] == {"first", "second"}
    assert "listens" in crowded.pending_messages_per_session
    for kept in (crowded.pending_event_ids_session, crowded.pending_messages_per_session):
        assert "asks-7" not in kept and "asks-6" in kept


def test_answers_that_nobody_can_fetch_any_more_are_forgotten_first(crowded):
    for number in range(9):
        del crowded.pending_messages_per_session[f"asks-{number}"]  # as Gradio does where a stream breaks off
    push(crowded)
    assert len(crowded.pending_event_ids_session) == MOST_UNREAD - 1 - 9
    assert crowded.pending_event_ids_session.keys() == crowded.pending_messages_per_session.keys()


def test_nobody_loses_an_answer_where_all_listen(crowded):
    for messages in crowded.pending_messages_per_session.values():
        while not messages.empty():
            messages.get_nowait()
    push(crowded)
    assert len(crowded.pending_event_ids_session) == MOST_UNREAD - 1
