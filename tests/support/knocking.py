"""Asking for something through the doors of the page, with a server and without one."""

from __future__ import annotations

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import httpx
from starlette.responses import PlainTextResponse

from app.doors.guard import Guard
from app.doors.settings import DoorSettings

HERE = "http://127.0.0.1:7860"
#: What the settings of the doors are read from.
VARIABLES = (
    "MAMEX_HOSTS", "MAMEX_PASSWORD", "MAMEX_RATE", "MAMEX_DISK_MB", "MAMEX_SESSIONS", "MAMEX_FRAME_ANCESTORS",
    "GRADIO_ROOT_PATH", "SPACE_ID", "SPACE_HOST",
)  # fmt: skip


def apart(function, *arguments):
    """What a function returns, called in a thread of its own: a browser's events may already run in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(function, *arguments).result()


async def inside(scope, receive, send):
    """A page that reads its request and says by which path it was asked."""
    body = b""
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    await PlainTextResponse(f"{scope['path']} {len(body)}")(scope, receive, send)


def ask(settings, method="GET", path="/", used=0, client=("127.0.0.1", 1), guarded=None, **request):
    """The answer to one request that comes through the doors."""
    guarded = guarded or Guard(inside, settings, lambda: used)

    async def asked():
        transport = httpx.ASGITransport(guarded, client=client)
        async with httpx.AsyncClient(transport=transport, base_url=HERE) as visitor:
            return await visitor.request(method, path, **request)

    return apart(asyncio.run, asked())


def is_refused(answer, status, words):
    said = answer.json()
    return answer.status_code == status and words in said["error"] and said["error"] == said["detail"]


def read(monkeypatch, host="127.0.0.1", **variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return DoorSettings.read(host)


def called(server, name, data, session=None):
    """What /call answers: whether it went well, and the last event's data."""
    body = {"data": data} | ({"session_hash": session} if session else {})
    joined = httpx.post(f"{server}gradio_api/call/{name}", json=body, timeout=60)
    if joined.status_code != 200:
        return False, joined.json()
    stream = httpx.get(f"{server}gradio_api/call/{name}/{joined.json()['event_id']}", timeout=120).text
    event, data = stream.strip().split("\n\n")[-1].split("\ndata: ", 1)
    return event == "event: complete", json.loads(data)


def tool(server, name, arguments):
    """The result of a tool called as an agent does."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    headers = {"Accept": "application/json, text/event-stream"}
    answer = httpx.post(f"{server}gradio_api/mcp/", json=body, headers=headers, timeout=120)
    assert answer.status_code == 200, answer.text
    line = next(line for line in answer.text.splitlines() if line.startswith("data: "))
    return json.loads(line.removeprefix("data: "))["result"]
