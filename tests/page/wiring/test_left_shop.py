"""A visitor who left their own shop, or lost it to the hour, sees nothing of it any more."""

from dataclasses import replace
from types import SimpleNamespace
from typing import ClassVar

import gradio as gr
import numpy as np
import pytest

from app.state.visit import Launched, Visit
from app.tabs.audience import view as audience
from app.tabs.batch import view as batch
from app.tabs.batch.run import BatchRun
from app.wiring.workbench import Workbench, answered
from mamex.encoders.memory import FeatureMemory, forget_unused
from mamex.launch.batch import ranked
from mamex.launch.product import Words


@pytest.fixture
def own(shop):
    """Another shop than the page's."""
    return replace(shop)


@pytest.fixture
def bench(shop):
    """Only what tells which shop a visitor looks at."""
    return Workbench(shop, visit=None, tabs=None, masthead=None, switched=None, own_shop="upload")


@pytest.fixture
def parts():
    return batch.Parts(*map(str, range(11)))


def a_run(shop, tmp_path):
    run = BatchRun()
    planned = tmp_path / "planned.csv"
    planned.write_text("title\nCrimson jumper\nNavy jacket\n")
    assert len(list(run.run(shop, str(planned)))) == 3
    return run


def test_results_of_a_batch_stay_with_the_shop(bench, parts, shop, own, tmp_path):
    run, visit = a_run(own, tmp_path), Visit(shop=own)
    first, second = (row.row for row in ranked(run.rows, 20))
    assert parts.table in batch._shown(bench, parts, visit, run, 20)
    assert batch._compared(bench, parts, visit, run, first, second, 20)[parts.sides]
    assert "state" not in batch._refreshed(bench, parts, "state", visit, run)
    visit.forget_own_shop()
    assert batch._shown(bench, parts, visit, run, 20) == {parts.area: gr.update(visible=False)}
    assert batch._compared(bench, parts, visit, run, first, second, 20) == {parts.sides: ""}
    assert batch._refreshed(bench, parts, "state", visit, run)["state"] == BatchRun()


def test_the_list_of_an_audience_stays_with_the_shop(bench, own):
    launched = Launched(own, None, None)
    listed = audience.Listed(launched, None)
    visit = Visit(shop=own)
    assert audience._current(bench, visit, listed) is listed
    visit.forget_own_shop()
    assert audience._current(bench, visit, listed) is None
    assert audience._current(bench, visit, None) is None


def test_the_loss_of_a_shop_is_said_once_and_then_the_pages_is_shown(bench, shop, own):
    visit = Visit(shop=own, own=SimpleNamespace(deleted=True, delete=lambda: None))
    told = answered(lambda visit: bench.shop_of(visit).name, lambda sentence: f"Problem: {sentence}")
    assert told(visit).startswith("Problem: Your shop was deleted")
    assert told(visit) == shop.name


def test_what_an_idle_visit_remembers_is_forgotten(monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("mamex.encoders.memory.time.monotonic", lambda: now[0])
    idle, busy = FeatureMemory(), FeatureMemory()
    read: list[str] = []

    class Reads:
        identity: ClassVar[dict[str, str]] = {"weights": "w"}

        def encode(self, modality, inputs):
            read.extend(inputs)
            return np.ones((len(inputs), 2), dtype=np.float32)

    def ask(memory):
        """Whether the words had to be read."""
        before = len(read)
        memory.encode(Reads(), "text", [Words("Navy coat")])
        return len(read) > before

    assert ask(idle) and ask(busy)
    now[0] += 2000
    assert not ask(busy)
    now[0] += 1000
    forget_unused(2700)
    assert ask(idle)
    assert not ask(busy)
