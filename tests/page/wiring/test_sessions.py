"""Who has gone while waiting in line ends it for nobody else."""

from asyncio import Queue
from types import SimpleNamespace

import gradio as gr
import pytest
from gradio.server_messages import EstimationMessage

from app.wiring.sessions import limit_unread


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
