"""How long a visitor waits on the shipped shop, through the client, as a share of its limit, and the encoder's part.


Run with ``make bench``. Nothing here asserts on time: the machine decides that; the printed ratios are for a person.
"""

from __future__ import annotations

import statistics
import time
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client, handle_file

from app.page import serve
from app.server import Server
from app.state.shop import Shop

pytestmark = pytest.mark.heavy

ROOT = Path(__file__).resolve().parents[2]
#: Limits that we set, in milliseconds.
NEW_LIMIT, WORDS_LIMIT, SLIDER_LIMIT = 800, 350, 150
RUNS = 15


@pytest.fixture(scope="module")
def client():
    page = serve(Shop.load(ROOT / "checkpoints" / "demo"), Server("127.0.0.1"), block=False)
    yield Client(page.local_url, verbose=False)
    page.close()


@pytest.fixture(scope="module")
def pictures():
    return sorted((ROOT / "assets" / "catalogue" / "images").iterdir())


def report(name: str, calls: list[tuple[float, dict[str, Any]]], limit: float) -> None:
    """Print the median wait (ms), its share of the limit, and the share of it that the encoder took."""
    waits = [wait for wait, _ in calls]
    encoding = [
        sum(spent for stage, spent in answer.get("timings", {}).items() if stage.startswith("encode_"))
        for _, answer in calls
    ]
    middle = statistics.median(waits)
    print(
        f"\n{name}: p50 {middle:.0f} ms = {middle / limit:.2f} of the limit of {limit} ms, "
        f"of which the encoder {statistics.median(encoding) / middle:.0%}"
    )


def timed(client: Client, *arguments: Any, api_name: str) -> tuple[float, dict[str, Any]]:
    started = time.perf_counter()
    answer = client.predict(*arguments, api_name=api_name)
    return (time.perf_counter() - started) * 1000, answer


def test_a_new_picture_and_new_words(client, pictures):
    calls = [
        timed(
            client, handle_file(pictures[place]), f"Lamp {place}", "A warm lamp for the hall.", 20, api_name="/launch"
        )
        for place in range(RUNS + 2)
    ]
    assert all(answer["audience_size"] >= 0 for _, answer in calls)
    report("New picture and words", calls[2:], NEW_LIMIT)


def test_new_words_only(client, pictures):
    calls = [
        timed(client, handle_file(pictures[0]), "Lamp", f"A warm lamp, number {place}.", 20, api_name="/launch")
        for place in range(RUNS + 2)
    ]
    assert all(answer["timings"]["encode_image"] < answer["timings"]["encode_text"] for _, answer in calls[1:])
    report("New words, the same picture", calls[2:], WORDS_LIMIT)


def test_the_fusion_slider(client, pictures):
    """Both versions are scored anew, which is more than the slider of the page does for the changed one alone."""
    picture = handle_file(pictures[0])
    words = ("Lamp", "A warm lamp for the hall.")
    calls = [
        timed(client, picture, *words, None, "", "", [], place / (RUNS + 2), 20, api_name="/what_if")
        for place in range(RUNS + 2)
    ]
    assert not any(answer["read_again"] for _, answer in calls[1:])
    report("Fusion slider", calls[2:], SLIDER_LIMIT)
