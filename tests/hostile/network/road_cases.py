"""Other roads to the endpoints: directly, the simple way, by numbers of handlers, with foreign sessions and events."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from tests.hostile.doors.visitor import API, JSON, Reply, Visitor, configuration, dumps, with_visit
from tests.hostile.judging.cases import Case, Right
from tests.hostile.network.argument_cases import DEEP, ENDPOINTS, FAR_TOO_DEEP, arguments


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _direct()
    yield from _simple()
    yield from _private()
    yield from _bodies()
    yield from _sessions()


def _direct() -> Iterator[Case]:
    """Past the queue, which bounds how many compute at a time: refused in a sentence."""
    for name in ENDPOINTS:
        for road in ("run", "api"):

            def send(visitor: Visitor, name: str = name, road: str = road) -> Reply:
                body = {"data": with_visit(visitor, name, arguments(name, visitor)), "session_hash": visitor.session}
                return visitor.request("POST", f"{API}/{road}/{name}", content=dumps(body), headers=JSON)

            yield Case(f"past the queue/{road}/{name}", "HTTP", send)
    for path in (
        "/api/launch",
        "/run/launch",
        "/gradio_api/run/launch/",
        "/gradio_api/run//launch",
        "/gradio_api/run/%6Caunch",
    ):

        def spelled(visitor: Visitor, path: str = path) -> Reply:
            body = {"data": [None, None, "Hat", "", 20], "session_hash": visitor.session}
            return visitor.request("POST", path, content=dumps(body), headers=JSON)

        yield Case(
            f"past the queue/{path}", "HTTP", spelled, "refusal" if "gradio_api/run/launch" in path else "harmless"
        )


def _simple() -> Iterator[Case]:
    """The simple way goes through the queue: it answers, and refuses what is wrong."""
    for name, kinds in ENDPOINTS.items():
        if name not in ("train_shop",):
            yield Case(
                f"simple way/{name}",
                "HTTP",
                lambda v, name=name: v.simple(name, {"data": arguments(name, v)}),
                _fine(name),
            )
        yield Case(f"simple way/{name}: null", "HTTP", lambda v, name=name: v.simple(name, {"data": None}))
        if kinds:

            def unknown(v, name=name):
                return v.simple(name, {"no such argument": 1}, "call/v2")

            yield Case(f"simple way/{name}: an unknown argument", "HTTP", unknown)
    for body in (b"", b"[]", b"{", b"null", FAR_TOO_DEEP, b"\xff\xfe", b'{"data": [NaN]}'):
        yield Case(f"simple way/launch: {body[:12]!r}", "HTTP", lambda v, body=body: v.simple("launch", body))
    for name in (
        "no_such",
        "..",
        "%2e%2e",
        "safe",
        "_trained",
        "run_7",
        "_restored",
        "__class__",
        "x" * 3000,
        "lambda",
    ):
        for version in ("call", "call/v2"):

            def wrong(v, name=name, version=version):
                return v.simple(name, {"data": []}, version)

            yield Case(f"simple way/{version}/{name[:20]}", "HTTP", wrong, "harmless")


def _fine(name: str) -> Right:
    # A list of planned products is no dataset.
    return "refusal" if name == "check_dataset" else "answer"


#: What a forger puts into every field of a private handler.
FORGED: dict[str, Any] = {
    "nulls": None,
    "words": "../../etc/passwd",
    "objects": {"path": "/etc/passwd", "meta": {"_type": "gradio.FileData"}},
    "numbers": 10**30,
    "lists": [[], {}],
}
#: Handlers of the page, private ones too; a page has about a hundred.
HANDLERS = 99


def _private() -> Iterator[Case]:
    """Private handlers by their numbers, with everything forged: nothing breaks, nothing is told."""
    for number in range(HANDLERS + 6):
        for turn, (what, value) in enumerate(FORGED.items()):
            if (number + turn) % 2:
                continue

            def send(visitor: Visitor, number: int = number, value: Any = value) -> Reply:
                known = {one["id"]: one for one in configuration(visitor.page)["dependencies"]}
                count = len(known.get(number, {"inputs": [1]})["inputs"])
                body = {"data": [value] * count, "fn_index": number, "session_hash": visitor.session}
                return visitor.join(body | {"event_data": value, "trigger_id": number})

            yield Case(f"private handler/{number}: {what}", "HTTP", send, "harmless")


def _bodies() -> Iterator[Case]:
    """What is no call at all."""
    launch: dict[str, Any] = {"data": [None, None, "Hat", "", 20], "session_hash": "abc"}
    bodies: dict[str, Any] = {
        "nothing": b"",
        "null": None,
        "a list": [],
        "a number": 5,
        "words": "launch",
        "an open brace": b"{",
        "far too deep": b'{"data": ' + FAR_TOO_DEEP + b"}",
        "not UTF-8": b'{"data": ["\xff"]}',
        "a number of 100,000 digits": b'{"data": [' + b"9" * 100_000 + b"]}",
        "a form": b"data=x&session_hash=y",
        "XML": b"<data/>",
        "UTF-16": '{"data": []}'.encode("utf-16"),
        "no handler": launch,
        "a handler by name": {**launch, "fn_index": "launch"},
        "handler -1": {**launch, "fn_index": -1},
        "handler 10^6": {**launch, "fn_index": 10**6},
        "handler 10^400": {**launch, "fn_index": 10**400},
        "handler 1.5": {**launch, "fn_index": 1.5},
        "handler null": {**launch, "fn_index": None},
        "handler true": {**launch, "fn_index": True},
        "a list as handler": {**launch, "fn_index": [32]},
        "no number as handler": {**launch, "fn_index": math.nan},
        "no session": {"data": [], "fn_index": 32},
        "a session that is a number": {**launch, "fn_index": 32, "session_hash": 5},
        "a session that is a list": {**launch, "fn_index": 32, "session_hash": ["a"]},
        "a session of a megabyte": {**launch, "fn_index": 32, "session_hash": "x" * 1_000_000},
        "a session that is a path": {**launch, "fn_index": 32, "session_hash": "../../../etc/passwd"},
        "an empty session": {**launch, "fn_index": 32, "session_hash": ""},
        "a batch": {**launch, "fn_index": 32, "batched": True},
        "a deep event": {**launch, "fn_index": 32, "event_data": DEEP},
        "a trigger that is none": {**launch, "fn_index": 32, "trigger_id": 10**9},
        "a token": {**launch, "oauth_token": "x"},
        "a request of its own": {**launch, "fn_index": 32, "request": {"username": "admin"}},
        "keys of a prototype": {**launch, "__proto__": {"admin": True}, "constructor": {}},
    }
    may = (
        "a session of a megabyte",
        "a session that is a path",
        "an empty session",
        "a batch",
        "a deep event",
        "a token",
        "a trigger that is none",
        "a request of its own",
        "keys of a prototype",
        "handler true",
        "no handler",
    )
    for what, body in bodies.items():
        yield Case(f"body/{what}", "HTTP", lambda v, body=body: v.join(body), "either" if what in may else "refusal")
    megabytes = b'{"data": ["' + b"x" * 12_000_000 + b'"], "fn_index": 32, "session_hash": "a"}'
    yield Case("body/12 MB", "HTTP", lambda v: v.join(megabytes))
    for kind in (
        "text/plain",
        "multipart/form-data",
        "application/x-www-form-urlencoded",
        "",
        "application/json; charset=utf-7",
    ):

        def send(visitor: Visitor, kind: str = kind) -> Reply:
            body = dumps({**launch, "fn_index": visitor.function("launch")})
            return visitor.request("POST", f"{API}/queue/join", content=body, headers={"Content-Type": kind})

        yield Case(f"body/said to be {kind or 'nothing'}", "HTTP", send, "harmless")


def _sessions() -> Iterator[Case]:
    """Sessions and events of others, guessed or made up."""
    for what in ("", "a", "%00", "../..", "x" * 5000, "{}", "*", "null"):
        for path in (
            "queue/data?session_hash=",
            "heartbeat/",
            "upload_progress?upload_id=",
            "call/launch/",
            "stream/a/b/",
        ):
            if path == "heartbeat/" and what:
                continue  # which is a stream that stays open by design

            def send(visitor: Visitor, path: str = path, what: str = what) -> Reply:
                return visitor.request("GET", f"{API}/{path}{what}")

            yield Case(f"session/{path}{what[:9]!r}", "HTTP", send, "harmless")
    for path in ("reset", "cancel"):
        for body in (
            None,
            [],
            {},
            {"event_id": 5},
            {"event_id": "x"},
            {"event_id": "x" * 100_000},
            {"session_hash": "a", "fn_index": 0, "event_id": "b"},
        ):
            yield Case(
                f"session/{path} {str(body)[:30]}",
                "HTTP",
                lambda v, p=path, b=body: v.request("POST", f"{API}/{p}", json=b),
                "harmless",
            )
    yield Case("session/what another session computed", "HTTP", _other_answer, check=None, taken_is="leak")
    yield Case("session/the launch of another session", "HTTP", _other_launch, "harmless")


def _other_answer(visitor: Visitor) -> Reply:
    """The event of one visitor asked for by another who guessed it right."""
    other = Visitor(visitor.page)
    joined = other.send("POST", f"{API}/call/launch", json={"data": [None, "Their secret plan", "", 20]})
    event = joined.json()["event_id"]
    other.send("GET", f"{API}/call/launch/{event}")
    return visitor.heard(f"{API}/queue/data", {"session_hash": other.session})


def _other_launch(visitor: Visitor) -> Reply:
    """A report of a session that launched, asked for by another session: it must hold nothing of it."""
    other = Visitor(visitor.page)
    other.call("launch", None, f"Their {visitor.page.token}", "", 20)
    return visitor.call("audience", None, "Mine", "", 20, 1, "place", "")
