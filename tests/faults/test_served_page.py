"""The page is stopped while a visitor trains: it ends within seconds, and nothing of the visitor stays behind."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from gradio_client import Client, handle_file

from tests.faults.children import in_child
from tests.faults.report import found
from tests.faults.test_machine import YEAR, clock
from tests.support.shops.builders import write_tiny_dataset

pytestmark = pytest.mark.faults
ROOT = Path(__file__).parent.parent.parent
#: Seconds in which a stopped server must be gone; what stops containers waits for ten.
SOON = 10


@pytest.fixture
def page(tmp_path, tiny_checkpoint):
    """A page of its own process that lets visitors train, its address, and the folder for what they send."""
    scratch = tmp_path / "scratch"
    variables = {"GRADIO_TEMP_DIR": str(scratch), "MAMEX_OWN_SHOP": "upload", "HOME": "/nowhere"}
    command = [sys.executable, "app/main.py", "--checkpoint", tiny_checkpoint, "--host", "127.0.0.1", "--port", "0"]
    log = (tmp_path / "log").open("w")
    process = subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **variables}, stdout=subprocess.PIPE, stderr=log, text=True
    )
    address = ""
    while "http://" not in address:
        address = process.stdout.readline()
        assert address or process.poll() is None, (tmp_path / "log").read_text()
    yield process, "http://" + address.split("http://")[1].split()[0], scratch
    process.kill()
    process.wait()
    log.close()


def left(scratch: Path) -> list[str]:
    return sorted(str(path.relative_to(scratch)) for path in scratch.rglob("*"))


@pytest.mark.heavy
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_stopped_while_a_visitor_trains(page, tmp_path, how):
    process, address, scratch = page
    write_tiny_dataset(tmp_path / "corner", n_items=80, n_users=60)
    archive = shutil.make_archive(str(tmp_path / "corner"), "zip", tmp_path, "corner")
    client = Client(address, verbose=False, httpx_kwargs={"timeout": 120})
    job = client.submit(handle_file(archive), 200, api_name="/train_shop")
    deadline = time.monotonic() + 240
    while not list(scratch.rglob("training-state.safetensors")):
        assert time.monotonic() < deadline, (left(scratch), (tmp_path / "log").read_text()[-3000:])
        assert not job.done(), job.exception()
        time.sleep(0.2)
    process.send_signal(how)
    started = time.monotonic()
    process.wait(timeout=60)
    took = time.monotonic() - started
    assert took < SOON
    assert left(scratch) == []
    assert "Traceback" not in (tmp_path / "log").read_text()
    found(f"{how.name} while a visitor trains", "a page in a process of its own, stopped in the midst of the epochs",
          f"ended after {took:.1f} s; nothing of the visitor was left")  # fmt: skip


@pytest.mark.heavy
def test_killed_while_a_visitor_trains_and_swept_by_the_next(page, tmp_path):
    process, address, scratch = page
    (tmp_path / "words.csv").write_text("title\nNavy jacket\n")
    client = Client(address, verbose=False, httpx_kwargs={"timeout": 120})
    client.submit(handle_file(str(tmp_path / "words.csv")), 20, api_name="/batch")
    deadline = time.monotonic() + 240
    while not list(scratch.rglob("words.csv")):
        assert time.monotonic() < deadline
        time.sleep(0.2)
    process.kill()
    process.wait()
    assert left(scratch)

    def sweep() -> None:
        from app.state import scratch as folders

        folders.VARIABLE, os.environ["GRADIO_TEMP_DIR"] = "GRADIO_TEMP_DIR", str(scratch)
        folders._made, folders._NEWBORN = None, -1  # as in a process that has just started, a minute later
        folders.sweep_left_behind()
        shutil.rmtree(folders.prepare())

    outcome = in_child(sweep)
    assert outcome.kind == "done", outcome.text + outcome.trace
    assert left(scratch) == []
    found("kill -9 of the page", "a visitor's file was there; another page started", "swept by the next page")


def test_a_clock_that_was_set_back_keeps_no_upload(tmp_path):
    """An upload is deleted at its age, whatever the clock says meanwhile."""
    upload = tmp_path / "photo.jpg"
    upload.write_bytes(b"x")

    def sweep() -> None:
        from app.state.scratch import Sweeper

        sweeper = Sweeper()
        sweeper.delete_old(tmp_path, age=1.0)
        assert upload.exists()
        time.sleep(1.1)
        sweeper.delete_old(tmp_path, age=1.0)
        assert not upload.exists()

    outcome = in_child(sweep, first=clock(-10 * YEAR))
    assert outcome.kind == "done", outcome.text + outcome.trace
    found("clock set back, uploads", "ten years earlier while an upload lay there", "deleted at its age all the same")
