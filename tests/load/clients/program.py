"""A program that speaks to the page as `gradio_client` does: it joins the queue, and reads its answer from a stream."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

#: Seconds for one answer; whatever takes longer is an error.
PATIENCE = 300


@dataclass(frozen=True)
class Answer:
    """What came back: ``data``, or the sentence of a refusal.

    Attributes:
        status: 200 if the queue took the question.
        data: the answer.
        sentence: of a refusal.
        event: what the queue calls the question.
    """

    status: int
    data: list[Any] | None = None
    sentence: str = ""
    event: str = ""


@dataclass(frozen=True)
class Door:
    """How the page is spoken to: shared by all programs.

    Attributes:
        address: of the page.
        client: keeps the connections.
        numbers: name of an endpoint -> its number in the queue.
    """

    address: str
    client: httpx.AsyncClient
    numbers: dict[str, int]

    @classmethod
    async def open(cls, address: str) -> Door:
        """Look up the page's endpoints."""
        # The page closes a connection that was idle for 5 seconds; one that it is just closing must not be used again.
        limits = httpx.Limits(max_connections=None, keepalive_expiry=2)
        client = httpx.AsyncClient(timeout=PATIENCE, limits=limits)
        config = (await client.get(f"{address}/config")).json()
        named = {each["api_name"]: each["id"] for each in config["dependencies"] if isinstance(each["api_name"], str)}
        return cls(address, client, named)


class Program:
    """One session with the page."""

    def __init__(self, door: Door, session: str | None = None) -> None:
        self.door = door
        self.session = session or uuid.uuid4().hex
        self._uploaded: dict[Path, str] = {}

    async def ask(self, name: str, values: list[Any]) -> Answer:
        """Ask an endpoint; pictures and files among the values are uploaded first, once.

        Raises:
            TimeoutError: there was no answer within ``PATIENCE``.
        """
        async with asyncio.timeout(PATIENCE):
            return await self._asked(name, values)

    async def _asked(self, name: str, values: list[Any]) -> Answer:
        joined = await self.join(name, values)
        if joined.status != 200:
            return joined
        async for message in self.messages():
            if message["msg"] == "process_completed" and message["event_id"] == joined.event:
                return await self._answer(message)
            if message["msg"] == "unexpected_error":
                return Answer(500, sentence=str(message.get("message")))
        return Answer(500, sentence="the stream ended without an answer")

    async def join(self, name: str, values: list[Any]) -> Answer:
        """Wait in line, without reading what comes."""
        data = [await self._payload(value) for value in values]
        body = {"data": data, "fn_index": self.door.numbers[name], "session_hash": self.session}
        reply = await self.door.client.post(f"{self.door.address}/gradio_api/queue/join", json=body)
        if reply.status_code == 200:
            return Answer(200, event=reply.json()["event_id"])
        return Answer(reply.status_code, sentence=refusal(reply.text))

    async def messages(self) -> AsyncIterator[dict[str, Any]]:
        """What the page tells this session, until it closes the stream."""
        address, asked = f"{self.door.address}/gradio_api/queue/data", {"session_hash": self.session}
        async with self.door.client.stream("GET", address, params=asked) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    yield json.loads(line[5:])

    async def _payload(self, value: Any) -> Any:
        if not isinstance(value, Path):
            return value
        if value not in self._uploaded:
            files = {"files": (value.name, value.read_bytes())}
            reply = await self.door.client.post(f"{self.door.address}/gradio_api/upload", files=files)
            reply.raise_for_status()
            self._uploaded[value] = reply.json()[0]
        return {"path": self._uploaded[value], "orig_name": value.name, "meta": {"_type": "gradio.FileData"}}

    async def _answer(self, message: dict[str, Any]) -> Answer:
        if not message["success"]:
            return Answer(200, sentence=str(message["output"].get("error")))
        return Answer(200, [await self._fetched(value) for value in message["output"]["data"]])

    async def _fetched(self, value: Any) -> Any:
        """The bytes of a file; anything else as it is."""
        if not (isinstance(value, dict) and value.get("meta", {}).get("_type") == "gradio.FileData"):
            return value
        reply = await self.door.client.get(f"{self.door.address}/gradio_api/file={value['path']}")
        reply.raise_for_status()
        return reply.content


def refusal(text: str) -> str:
    """The sentence of a refusal; "" if it is none."""
    try:
        said = json.loads(text)
    except ValueError:
        return ""
    sentence = said.get("error") or said.get("detail") if isinstance(said, dict) else None
    return sentence if isinstance(sentence, str) else ""
