"""What a visitor's program says to the page, and what it hears: queue, direct calls, uploads, agents' tools."""

from __future__ import annotations

import json
import secrets
import time
from dataclasses import dataclass
from typing import Any

import httpx

from tests.hostile.doors.page import Page
from tests.hostile.judging.cases import Case, Observation

API = "/gradio_api"
#: Refusals that a server may give although they are of its own kind: the line is full, the disk is full.
POLITE = (501, 503, 507)
#: More of an answer is not read.
MOST_BYTES = 3_000_000
PATIENCE = 34.0
LONGEST_QUERY = 30_000
#: Seconds in which a broken server writes to its log why.
LOG_FOLLOWS = 0.05


@dataclass(frozen=True)
class Reply:
    """What was heard.

    Attributes:
        refused: told no.
        said: how.
        answer: what was answered otherwise.
        text: all of it.
        broke: the server says that it broke.
        headers: of the answer.
    """

    refused: bool
    said: str = ""
    answer: Any = None
    text: str = ""
    broke: bool = False
    headers: Any = None


class Visitor:
    """One visitor of a page.

    Attributes:
        page: what they visit.
        session: their session.
        sent: all that they sent, as text.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.session = secrets.token_hex(6)
        self.sent = ""
        self.http = httpx.Client(base_url=page.url, timeout=PATIENCE, follow_redirects=False)

    def send(self, method: str, path: str, **more: Any) -> httpx.Response:
        """One request; no more of the answer is read than is looked at."""
        self.sent += f"{method} {path} " + " ".join(str(value)[:20_000] for value in more.values()) + "\n"
        request = self.http.build_request(method, path, **more)
        response = self.http.send(request, stream=True)
        body = b""
        deadline = time.monotonic() + PATIENCE
        # A stream of events does not end by itself.
        endless = response.headers.get("content-type", "").startswith("text/event-stream")
        try:
            for part in response.iter_bytes():
                body += part
                if len(body) > MOST_BYTES or time.monotonic() > deadline or (endless and _is_over(body)):
                    break
        finally:
            response.close()
        response._content = body
        return response

    def request(self, method: str, path: str, **more: Any) -> Reply:
        """One request, as a reply."""
        return reply_of(self.send(method, path, **more))

    def call(self, name: str, *data: Any, session: Any = None, **more: Any) -> Reply:
        """An endpoint through the queue, as gradio_client does it; the visit is put in its place."""
        body = {"data": with_visit(self, name, list(data)), "fn_index": self.function(name)}
        return self.join({**body, "session_hash": session or self.session, **more})

    def join(self, body: Any) -> Reply:
        """Any body to the queue, and what came of it."""
        joined = self.send("POST", f"{API}/queue/join", content=dumps(body), headers=JSON)
        if joined.status_code != 200:
            return reply_of(joined)
        session = body.get("session_hash") if isinstance(body, dict) else None
        if len(str(session)) > LONGEST_QUERY:  # nobody can ask for what came of it
            return Reply(False, "", joined.text, joined.text)
        return self.heard(f"{API}/queue/data", {"session_hash": str(session)})

    def simple(self, name: str, body: Any, version: str = "call") -> Reply:
        """The simple way for programs: POST /call/NAME, then GET /call/NAME/EVENT."""
        posted = self.send("POST", f"{API}/{version}/{name}", content=dumps(body), headers=JSON)
        if posted.status_code != 200:
            return reply_of(posted)
        heard = self.send("GET", f"{API}/call/{name}/{posted.json().get('event_id')}")
        refused = "event: error" in heard.text
        data = heard.text.rpartition("data: ")[2].strip()
        return Reply(refused, _sentence(_loaded(data)) if refused else "", _loaded(data), heard.text)

    def heard(self, path: str, query: dict[str, str]) -> Reply:
        """The last of a stream of events."""
        response = self.send("GET", path, params=query)
        if response.status_code != 200:
            return reply_of(response)
        events = [_loaded(line[5:]) for line in response.text.split("\n") if line.startswith("data:")]
        ended = [event for event in events if isinstance(event, dict) and event.get("msg") == "process_completed"]
        if not ended:
            said = _sentence(events[-1]) if events else ""
            return Reply(True, said, None, response.text)
        output = ended[-1].get("output") or {}
        if ended[-1].get("success"):
            data = output.get("data") or [None]
            return Reply(False, "", data[0] if len(data) == 1 else data, response.text)
        return Reply(True, _sentence(output), None, response.text)

    def tool(self, body: Any, **headers: str) -> Reply:
        """One message to the tools for agents; a fault of the call, or of the tool, is a refusal."""
        both = {**JSON, "Accept": "application/json, text/event-stream", **headers}
        response = self.send("POST", f"{API}/mcp/", content=dumps(body), headers=both)
        if response.status_code >= 400:
            return reply_of(response)
        lines = [line[5:] for line in response.text.split("\n") if line.startswith("data:")]
        message = _loaded(lines[-1] if lines else response.text)
        if isinstance(message, dict) and "error" in message:
            return Reply(True, _sentence(message["error"]), None, response.text)
        result = message.get("result") if isinstance(message, dict) else None
        if isinstance(result, dict) and result.get("isError"):
            return Reply(True, " ".join(str(part.get("text", "")) for part in result["content"]), None, response.text)
        return Reply(False, "", result, response.text)

    def upload(self, content: bytes, name: str = "picture.png") -> str:
        """The path that a file got."""
        response = self.send("POST", f"{API}/upload", files={"files": (name, content)})
        response.raise_for_status()
        return str(response.json()[0])

    def file(self, content: bytes, name: str = "picture.png") -> dict[str, Any]:
        """A file that was uploaded, as an argument."""
        return named(self.upload(content, name))

    def function(self, name: str) -> int:
        """The number of an endpoint."""
        return int(self._endpoint(name)["id"])

    def _endpoint(self, name: str) -> dict[str, Any]:
        for one in configuration(self.page)["dependencies"]:
            if one["api_name"] == name:
                return dict(one)
        raise KeyError(name)


JSON = {"Content-Type": "application/json"}
_CONFIGURATIONS: dict[str, dict[str, Any]] = {}


def configuration(page: Page) -> dict[str, Any]:
    """What the page tells browsers about itself."""
    if page.url not in _CONFIGURATIONS:
        _CONFIGURATIONS[page.url] = httpx.get(f"{page.url}/config", timeout=PATIENCE, headers=page.owner).json()
    return _CONFIGURATIONS[page.url]


def with_visit(visitor: Visitor, name: str, data: list[Any]) -> list[Any]:
    """The arguments with nothing in the place of the page's state."""
    kinds = {one["id"]: one["type"] for one in configuration(visitor.page)["components"]}
    inputs = visitor._endpoint(name)["inputs"]
    return [None, *data] if inputs and kinds.get(inputs[0]) == "state" else data


def named(path: Any, meta: Any = True) -> dict[str, Any]:
    """A file as an argument, with what says that it is one."""
    return {"path": path, **({"meta": {"_type": "gradio.FileData"}} if meta else {})}


def dumps(body: Any) -> bytes:
    """JSON, also of what JSON can't hold; bytes as they are."""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def reply_of(response: httpx.Response) -> Reply:
    """A plain answer as a reply."""
    text = response.content.decode("utf-8", errors="replace")
    refused = response.status_code >= 400
    broke = response.status_code >= 500 and response.status_code not in POLITE
    said = _sentence(_loaded(text)) if refused else ""
    return Reply(refused, said, None if refused else text, text, broke, response.headers)


def _sentence(message: Any) -> str:
    """What an error says."""
    if isinstance(message, dict):
        for key in ("error", "detail", "message"):
            if key in message:
                return _sentence(message[key])
    return message if isinstance(message, str) else json.dumps(message)


def _loaded(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _is_over(body: bytes) -> bool:
    return any(
        end in body[-4000:] for end in (b'"close_stream"', b'"unexpected_error"', b"event: complete", b"event: error")
    )


class HttpDoor:
    """Performs cases on one page, one after the other, so that what the log says belongs to one of them."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def perform(self, case: Case) -> Observation:
        """``case.send`` talks as a visitor and gives back a reply, or replies that must be alike."""
        self.page.new_log()
        asked = len(self.page.elsewhere.asked)
        self.page.forget_peak()
        before, start = self.page.megabytes("VmRSS"), time.monotonic()
        visitor = Visitor(self.page)
        try:
            replies = case.send(visitor)
        except httpx.TimeoutException:
            replies = Reply(True, "no answer in time", broke=True)
        except httpx.TransportError as error:
            replies = Reply(
                True, f"The connection was closed by the server ({error}); try again.", broke=not self.page.alive
            )
        except (ValueError, UnicodeEncodeError, httpx.InvalidURL) as error:
            raise AssertionError(f"{case.id} can't be sent: {error!r}") from error
        seconds = time.monotonic() - start
        time.sleep(LOG_FOLLOWS)
        reply = replies[0] if isinstance(replies, tuple) else replies
        noticed = [f"another machine was asked for {path}" for path in self.page.elsewhere.asked[asked:]]
        if isinstance(replies, tuple):
            noticed += told_apart(*replies)
        assert self.page.alive, f"{case.id} has ended the page"
        return Observation(
            refused=reply.refused,
            said=reply.said,
            answer=reply.answer,
            text=reply.text,
            log=self.page.new_log(),
            seconds=seconds,
            megabytes=self.page.megabytes("VmHWM") - before,
            secrets=self.page.secrets(visitor.sent),
            noticed=tuple(noticed),
            broke=reply.broke,
        )


def told_apart(one: Reply, other: Reply) -> list[str]:
    """A leak if the answers to what exists and to what does not differ."""
    if one.refused == other.refused and one.said == other.said:
        return []
    return [f"what exists is told from what does not: {one.said[:100]!r} and {other.said[:100]!r}"]
