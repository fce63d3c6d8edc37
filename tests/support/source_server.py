"""A web server on this machine that misbehaves on demand, for the tests of ``mamex.data.sources``."""

from __future__ import annotations

import hashlib
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Fault:
    """What happens instead of a good answer.

    ``status`` answers with that status and ``headers``; else ``cut`` sends so many bytes of the body and closes the
    connection, or, with ``hang``, leaves it open until the server ends.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    cut: int = 0
    hang: bool = False


class SourceServer:
    """Serves ``files`` (path -> bytes), with ETag, Range and If-Range, as Apache does.

    ``faults[path]`` are used up one a request, first to last. ``log`` holds (path, Range header or "") of each request.
    """

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        self.log: list[tuple[str, str]] = []
        self.with_etag = True
        self.ended = threading.Event()
        self.url = ""

    def requests(self, path: str) -> list[str]:
        """The Range header ("" without one) of each request for ``path``."""
        return [wanted for asked, wanted in list(self.log) if asked == path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    source: SourceServer

    def log_message(self, *_: object) -> None:
        """Keep the tests' output clean."""

    def do_GET(self) -> None:
        source, wanted = self.source, self.headers.get("Range", "")
        source.log.append((self.path, wanted))
        faults = source.faults[self.path]
        fault = faults.pop(0) if faults else Fault()
        if fault.status or self.path not in source.files:
            self._send(fault.status or 404, b"<html>no</html>", fault.headers)
            return
        body = source.files[self.path]
        etag = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
        headers = {"ETag": etag} if source.with_etag else {}
        found = re.fullmatch(r"bytes=(\d+)-", wanted)
        status, start = 200, 0
        if found and self.headers.get("If-Range", etag) == etag:
            status, start = 206, int(found[1])
            if start >= len(body):
                self._send(416, b"", {"Content-Range": f"bytes */{len(body)}"})
                return
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        self._send(status, body[start:], headers, fault)

    def _send(self, status: int, body: bytes, headers: dict[str, str], fault: Fault | None = None) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        if fault is not None and (fault.cut or fault.hang):
            self.wfile.write(body[: fault.cut])
            self.wfile.flush()
            self.close_connection = True
            if fault.hang:
                self.source.ended.wait(60)
        else:
            self.wfile.write(body)


class _QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that was killed is part of the tests."""


@contextmanager
def running_server() -> Iterator[SourceServer]:
    """A server on a free port of this machine, at ``.url``, until the block ends."""
    source = SourceServer()
    server = _QuietServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"source": source}))
    source.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield source
    finally:
        source.ended.set()
        server.shutdown()
        server.server_close()
        thread.join()
