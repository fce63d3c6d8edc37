"""What agents send over MCP: wrong arguments, tools that are none, files that are not theirs, broken messages."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator
from typing import Any

from tests.hostile.doors.visitor import API, Reply, Visitor
from tests.hostile.files.picture_files import raw_png, red, saved
from tests.hostile.judging.cases import Case, Right
from tests.hostile.network.argument_cases import DEEP, ENDPOINTS, FAR_TOO_DEEP


def cases() -> Iterator[Case]:
    """All of them."""

    def call(name: Any, arguments: Any, id: Any = 1) -> dict[str, Any]:
        return {"jsonrpc": "2.0", "id": id, "method": "tools/call", "params": {"name": name, "arguments": arguments}}

    yield _tool("a sound call", call("launch", {"title": "Navy coat"}), "answer")
    yield _tool("a list of tools", {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, "answer")
    wrong: dict[str, Any] = {
        "null": None,
        "a list": [],
        "words": "x",
        "a list as title": {"title": ["x"]},
        "an object as title": {"title": {"a": 1}},
        "a length of 7": {"title": "x", "list_length": 7},
        "a length of null": {"title": "x", "list_length": None},
        "no number": {"title": "x", "list_length": math.nan},
        "deep": {"title": DEEP},
        "a megabyte": {"title": "x" * 1_000_000},
        "half a surrogate pair": {"title": "\ud800"},
    }
    for what, given in wrong.items():
        right: Right = "either" if what == "half a surrogate pair" else "refusal"
        yield _tool(f"launch: {what}", call("launch", given), right)
    for name in ENDPOINTS:
        yield _tool(
            f"{name}: unknown",
            call(name, {"no_such_argument": 1}),
            "refusal" if name not in ("map", "experts", "model") else "either",
        )
        if ENDPOINTS[name]:
            first = {
                "batch": "file",
                "batch_csv": "file",
                "check_dataset": "archive",
                "train_shop": "archive",
                "shopper": "user_id",
            }.get(name, "picture")
            for what, path in {
                "a private file": "{private}/secret.png",
                "a private table": "{private}/secret.csv",
                "the password file": "/etc/passwd",
            }.items():
                yield _tool_of_file(f"{name}: {what}", name, first, path)
    pictures = {
        "a picture": ("image/png", saved(red(), "PNG"), "answer"),
        "a bomb": ("image/png", raw_png(30_000, 30_000, 1, 0, rows=9), "refusal"),
        "nonsense": ("image/png", b"nonsense", "refusal"),
        "a page": ("text/html", b"<script>", "refusal"),
    }
    for what, (kind, content, right) in pictures.items():
        address = f"data:{kind};base64,{base64.b64encode(content).decode()}"
        yield _tool(f"launch: a data address of {what}", call("launch", {"picture": address, "title": "x"}), right)
    for what, address in {
        "another machine": "{elsewhere}/tool.png",
        "a file address": "file://{private}/secret.png",
        "our own files": "{page}/gradio_api/file={private}/secret.png",
    }.items():
        yield _tool_of_file(f"launch: {what}", "launch", "picture", address)
    for name in ("no_such", "", "..", "__class__", "x" * 5000, None, 5, ["launch"], "_trained", "safe"):
        yield _tool(f"tool {str(name)[:12]!r}", call(name, {}))
    messages: dict[str, Any] = {
        "nothing": b"",
        "null": None,
        "a number": 5,
        "an empty batch": [],
        "a batch": [call("launch", {"title": "x"}, n) for n in range(50)],
        "an unknown method": {"jsonrpc": "2.0", "id": 1, "method": "destroy"},
        "no method": {"jsonrpc": "2.0", "id": 1},
        "version 1": {"jsonrpc": "1.0", "id": 1, "method": "tools/list"},
        "an id of 400 digits": call("launch", {"title": "x"}, 10**400),
        "an id that is a list": call("launch", {"title": "x"}, [1]),
        "an id of a megabyte": call("launch", {"title": "x"}, "x" * 900_000),
        "far too deep": FAR_TOO_DEEP,
        "an open brace": b"{",
        "not UTF-8": b'{"jsonrpc": "\xff"}',
        "9 MB": b'{"a": "' + b"x" * 9_000_000 + b'"}',
        "a resource": {"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": "file:///etc/passwd"}},
        "a prompt": {"jsonrpc": "2.0", "id": 1, "method": "prompts/get", "params": {"name": "x"}},
        "a level": {"jsonrpc": "2.0", "id": 1, "method": "logging/setLevel", "params": {"level": "x"}},
    }
    for what, message in messages.items():
        yield _tool(f"message: {what}", message, "harmless")
    for path in (
        "schema",
        "messages/",
        "messages/?session_id=x",
        "../config",
        "schema?tools=x",
        "schema?tools=" + "x," * 3000,
    ):
        yield Case(f"tools/road {path[:30]}", "MCP", lambda v, p=path: v.request("GET", f"{API}/mcp/{p}"), "harmless")
        yield Case(
            f"tools/post to {path[:30]}",
            "MCP",
            lambda v, p=path: v.request("POST", f"{API}/mcp/{p}", json={}),
            "harmless",
        )


def _tool(what: str, message: Any, right: Right = "refusal") -> Case:
    return Case(f"tools/{what}", "MCP", lambda visitor: visitor.tool(message), right)


def _tool_of_file(what: str, name: str, argument: str, path: str) -> Case:
    """A tool given a file that is not the caller's."""

    def send(visitor: Visitor) -> Reply:
        page = visitor.page
        given = path.format(private=page.private, elsewhere=page.elsewhere.url, page=page.url)
        params = {"name": name, "arguments": {argument: given}}
        return visitor.tool({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})

    return Case(f"tools/{what}", "MCP", send, taken_is="leak")
