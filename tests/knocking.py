"""Asking for something through the doors of the page, without a server."""

from __future__ import annotations

import asyncio

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

    return asyncio.run(asked())


def is_refused(answer, status, words):
    said = answer.json()
    return answer.status_code == status and words in said["error"] and said["error"] == said["detail"]


def read(monkeypatch, host="127.0.0.1", **variables):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return DoorSettings.read(host)
