"""How long things take to start, beside the time of importing what they can't do without, in the same run.

Run with ``make bench``. Nothing here asserts on time: the machine decides that; the printed ratios are for a person.
"""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.heavy

ROOT = Path(__file__).resolve().parents[2]
DEMO = ROOT / "checkpoints" / "demo"
#: Of each, turn and turn about; the fastest counts, for what else the machine does only ever adds to it.
RUNS = 5
#: Limits that we set: seconds of --help, and the ratios to the imports' time.
HELP_LIMIT, LAUNCH_LIMIT, PAGE_LIMIT = 1.0, 1.15, 1.2


def seconds(*words: str | Path) -> float:
    """How long a command of Python takes, from its start to its end."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True)
    return time.perf_counter() - started


def page_seconds() -> tuple[float, float]:
    """From the page's start to its first answer, which may be that it is starting, and to its first page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.perf_counter()
    command = [sys.executable, "app/main.py", "--checkpoint", str(DEMO), "--port", str(port)]
    page = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    try:
        answered: float | None = None
        while True:
            assert page.poll() is None
            status = answer(port)
            now = time.perf_counter() - started
            answered = now if answered is None and status else answered
            if status == 200:
                assert answered is not None
                return answered, now
            time.sleep(0.05)
    finally:
        page.send_signal(signal.SIGTERM)
        page.wait(timeout=30)


def answer(port: int) -> int | None:
    """The status of the page at a port; None if there is none yet."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def test_help():
    spent = min(seconds("-m", "mamex", "--help") for _ in range(RUNS))
    print(f"\nmamex --help: {spent:.2f} s, {spent / HELP_LIMIT:.2f} of the limit")


def test_a_launch_beside_the_import_of_open_clip():
    launch = ("-m", "mamex", "launch", "--checkpoint", DEMO, "--text", "red coat")
    times = [(seconds(*launch), seconds("-c", "import open_clip")) for _ in range(RUNS)]
    ours, imports = (min(column) for column in zip(*times, strict=True))
    print(
        f"\nmamex launch: {ours:.2f} s, {ours / imports:.2f} times import open_clip ({imports:.2f} s; limit "
        f"{LAUNCH_LIMIT}); load {os.getloadavg()[0]:.1f}"
    )


def test_the_first_page_beside_the_import_of_gradio_and_open_clip():
    times = [(*page_seconds(), seconds("-c", "import gradio, open_clip")) for _ in range(RUNS)]
    answered, ours, imports = (min(column) for column in zip(*times, strict=True))
    print(
        f"\nfirst page: {ours:.2f} s, {ours / imports:.2f} times import gradio, open_clip ({imports:.2f} s; limit "
        f"{PAGE_LIMIT}); says that it is starting after {answered:.2f} s; load {os.getloadavg()[0]:.1f}"
    )
