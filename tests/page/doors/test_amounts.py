"""How much the doors let in: by one request, by one address, and by all together."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.doors import bodies, budget
from app.doors.guard import Guard
from app.doors.settings import DoorSettings
from tests.support.knocking import ask, inside, is_refused


def test_a_body_is_as_long_as_it_may_be():
    over = b" " * (budget.MOST_OF_A_CALL - 1) + b"[]"
    assert is_refused(ask(DoorSettings(), "POST", "/gradio_api/queue/join", content=over), 413, "larger than 2 MB")

    async def pieces():
        for _ in range(3):
            yield b" " * budget.MEGABYTE

    assert is_refused(ask(DoorSettings(), "POST", "/gradio_api/queue/join", content=pieces()), 413, "larger than 2 MB")
    assert ask(DoorSettings(), "POST", "/gradio_api/queue/join", content=over[1:]).status_code == 200


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[" * 100_000, "no JSON"),
        (b'{"data": ["\\ud800"]}', "half a character"),
        (b'{"\\udfff": 1}', "half a character"),
    ],
)
@pytest.mark.parametrize("path", ["/gradio_api/queue/join", "/gradio_api/mcp/", "/gradio_api/call/launch"])
def test_what_can_not_be_read_is_refused_before_anything_reads_it(body, words, path):
    assert is_refused(ask(DoorSettings(), "POST", path, content=body), 400, words)


def test_a_visitor_cannot_say_what_the_pages_address_is():
    heard = []

    async def listening(scope, receive, send):
        heard.extend(name for name, _ in scope["headers"])
        await inside(scope, receive, send)

    ask(None, headers={"X-Gradio-Server": "http://evil.example"}, guarded=Guard(listening, DoorSettings(), lambda: 0))
    assert b"user-agent" in heard and b"x-gradio-server" not in heard


def test_an_upload_says_how_long_it_is():
    async def pieces():
        yield b"x"

    assert is_refused(ask(DoorSettings(), "POST", "/gradio_api/upload", content=pieces()), 411, "Content-Length")
    headers = {"Content-Length": str(10**12)}
    assert is_refused(ask(DoorSettings(), "POST", "/gradio_api/upload", headers=headers), 413, "310 MB")


@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/mcp/"])
def test_all_uploads_together_have_a_limit(path):
    settings = DoorSettings(disk_megabytes=10)
    full = 10 * budget.MEGABYTE - 10
    assert ask(settings, "POST", path, used=full, content=b"[" + b" " * 8 + b"]").status_code == 200
    assert is_refused(ask(settings, "POST", path, used=full, content=b"x" * 11), 507, "no room")


def test_uploads_on_their_way_count_and_end():
    disk = budget.Disk(1, lambda: 0)
    assert disk.take(budget.MEGABYTE) is None
    assert disk.take(1).status == 507
    disk.give_back(budget.MEGABYTE)
    assert disk.take(1) is None


def test_a_visitor_who_sends_nothing_more_is_let_go(monkeypatch):
    monkeypatch.setattr(bodies, "_PATIENCE", 0.05)

    async def half():
        yield b"x"
        await asyncio.sleep(30)

    assert is_refused(
        ask(DoorSettings(), "POST", "/gradio_api/queue/join", content=half()), 408, "send the request again"
    )


def test_one_address_may_ask_so_often_and_the_next_is_not_kept_waiting(monkeypatch):
    now = [0.0]
    monkeypatch.setattr(budget.time, "monotonic", lambda: now[0])
    rate = budget.Rate(6)
    assert [rate.refusal("a") is None for _ in range(7)] == [True] * 6 + [False]
    assert rate.refusal("b") is None
    assert rate.refusal("a").headers["Retry-After"] == "10"
    now[0] = 10
    assert rate.refusal("a") is None and rate.refusal("a") is not None


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 30)), max_size=60))
def test_no_sequence_of_requests_gets_more_than_its_share(steps):
    rate, passed, now = budget.Rate(5), {"a": 0, "b": 0}, 0.0
    original = budget.time.monotonic
    try:
        for address, pause in steps:
            now += pause
            budget.time.monotonic = lambda moment=now: moment
            passed[address] += rate.refusal(address) is None
    finally:
        budget.time.monotonic = original
    assert all(count <= 5 + now * 5 / 60 + 1e-6 for count in passed.values())


def test_only_what_changes_something_is_counted():
    guarded = Guard(inside, DoorSettings(rate=1), lambda: 0)
    answers = [ask(None, guarded=guarded).status_code for _ in range(3)]
    answers += [ask(None, "POST", "/gradio_api/cancel", guarded=guarded).status_code for _ in range(2)]
    assert answers == [200, 200, 200, 200, 429]
