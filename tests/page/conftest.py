"""What tests of the page share: none waits for ever for an answer that doesn't come."""

import faulthandler
from concurrent.futures import TimeoutError as NoAnswer

import pytest
from gradio_client import Client

#: Seconds after which an answer doesn't come any more; the slowest, a training, takes some ten of them.
PATIENCE = 300


@pytest.fixture(scope="session", autouse=True)
def an_answer_that_does_not_come_is_a_failure():
    """Gradio's client waits without a limit, and the page's heartbeat keeps its connection alive."""

    def predict(client, *values, **named):
        job = client.submit(*values, **named)
        try:
            return job.result(timeout=PATIENCE)
        except NoAnswer:
            if not job.done():
                faulthandler.dump_traceback()
                pytest.fail(f"No answer came within {PATIENCE} seconds.")
            raise

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Client, "predict", predict)
        yield
