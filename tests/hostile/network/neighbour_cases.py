"""Foreign sites and proxies: Host, Origin and forwarding headers, cookies, floods of headers, broken HTTP."""

from __future__ import annotations

import base64
import socket
from collections.abc import Iterator

from tests.hostile.doors.visitor import API, Reply, Visitor
from tests.hostile.judging.cases import Case, Right

EVIL = "evil.example"
MCP = f"{API}/mcp/"
#: Roads that a foreign site must not reach through the name of another machine.
ROADS = (
    ("GET", "/"),
    ("GET", "/config"),
    ("GET", f"{API}/info"),
    ("POST", f"{API}/queue/join"),
    ("POST", f"{API}/upload"),
    ("POST", MCP),
    ("GET", f"{API}/mcp/schema"),
    ("GET", f"{API}/mcp/sse"),
)


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _hosts()
    yield from _origins()
    yield from _floods()
    yield from _raw()


def _send(visitor: Visitor, method: str, path: str, headers: dict[str, str]) -> Reply:
    if path == f"{API}/upload":
        return visitor.request(method, path, files={"files": ("a.png", b"x")}, headers=headers)
    if path == MCP:
        return visitor.tool({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, **headers)
    body = {
        "data": [None, None, "Hat", "", 20],
        "fn_index": visitor.function("launch"),
        "session_hash": visitor.session,
    }
    return visitor.request(method, path, headers=headers, **({"json": body} if method == "POST" else {}))


def _hosts() -> Iterator[Case]:
    """Another name for this machine (a name that was bound anew) is refused on every road."""
    for method, path in ROADS:
        for name in (EVIL, f"{EVIL}:7860", "127.0.0.1.evil.example", "localhost.evil.example"):

            def foreign(v, m=method, p=path, n=name):
                return _send(v, m, p, {"Host": n})

            yield Case(f"host/{name} {method} {path}", "HTTP", foreign, taken_is="leak")

        def forwarded(v, m=method, p=path):
            return _send(v, m, p, {"X-Forwarded-Host": EVIL})

        yield Case(f"host/forwarded {method} {path}", "HTTP", forwarded, taken_is="leak")
    for name in ("localhost", "127.0.0.1", "[::1]"):

        def own(v, n=name):
            return _send(v, "GET", "/config", {"Host": f"{n}:{v.page.port}"})

        yield Case(f"host/{name}", "HTTP", own, "answer")
    for name in (
        "",
        " ",
        "a b",
        "x" * 5000,
        "127.0.0.1:99999999",
        "127.0.0.1:x",
        "@127.0.0.1",
        "127.0.0.1/../x",
        "127.1",
        "0x7f000001",
        "[",
        "%00",
    ):

        def odd(v, n=name):
            return _send(v, "GET", "/config", {"Host": n})

        yield Case(f"host/odd {name[:12]!r}", "HTTP", odd, "refusal" if name.strip() else "harmless", taken_is="leak")
    forms = {
        "X-Forwarded-For": "1.2.3.4",
        "X-Forwarded-Proto": "javascript",
        "X-Forwarded-Prefix": "//evil.example",
        "Forwarded": "host=evil.example",
        "X-Real-IP": "127.0.0.1",
        "X-Original-URL": "/etc/passwd",
        "X-Rewrite-URL": "/x",
        "X-HTTP-Method-Override": "DELETE",
        "X-Gradio-Server": "http://evil.example",
        "X-Direct-Url": "http://evil.example",
        "X-Forwarded-Server": EVIL,
        "X-Forwarded-Port": "x",
        "X-Gradio-User": "app",
        "X-IP-Token": "x" * 999,
        "X-Zerogpu-Token": "x",
    }
    for header, value in forms.items():
        for path in ("/", "/config"):

            def told(v, h=header, value=value, path=path):
                return _send(v, "GET", path, {h: value})

            yield Case(f"forwarding/{header} {path}", "HTTP", told, "either", check=lambda answer: EVIL not in answer)


def _origins() -> Iterator[Case]:
    """A foreign site may not change anything here, nor read an answer."""
    for method, path in ROADS:
        for origin in (f"http://{EVIL}", "null", "http://127.0.0.1.evil.example", "http://localhost:1", "file://"):

            def foreign(v, m=method, p=path, o=origin):
                return _readable(_send(v, m, p, {"Origin": o}), o)

            right: Right = "refusal" if method == "POST" else "either"
            yield Case(
                f"origin/{origin} {method} {path}",
                "HTTP",
                foreign,
                right,
                "leak",
                check=lambda answer: answer != "may be read by others",
            )

        def before(v, p=path):
            return _readable(
                v.request("OPTIONS", p, headers={"Origin": f"http://{EVIL}", "Access-Control-Request-Method": "POST"}),
                f"http://{EVIL}",
            )

        yield Case(
            f"origin/asked before {method} {path}",
            "HTTP",
            before,
            "either",
            check=lambda answer: answer != "may be read by others",
        )
    for site in ("cross-site", "same-site"):

        def form(v, s=site):
            return _send(v, "POST", f"{API}/upload", {"Sec-Fetch-Site": s, "Sec-Fetch-Mode": "no-cors"})

        yield Case(f"origin/{site} upload without an origin", "HTTP", form, taken_is="leak")

    def refer(v):
        return _send(v, "POST", f"{API}/upload", {"Referer": f"http://{EVIL}/x"})

    yield Case("origin/upload from a foreign page", "HTTP", refer, "either")

    def own(v):
        return _send(v, "POST", f"{API}/upload", {"Origin": v.page.url})

    yield Case("origin/upload from our own page", "HTTP", own, "answer")


def _readable(reply: Reply, origin: str) -> Reply:
    """Whether the browser would show the answer to the foreign site."""
    allowed = (reply.headers or {}).get("access-control-allow-origin", "")
    if allowed in (origin, "*") and not reply.refused:
        return Reply(False, "", "may be read by others", reply.text)
    return reply


def _floods() -> Iterator[Case]:
    """Many headers, long ones, odd cookies."""
    headers: dict[str, dict[str, str]] = {
        "of 60,000 characters": {"X-A": "x" * 60_000},
        "200 of them": {f"X-{number}": "x" for number in range(200)},
        "20,000 cookies": {"Cookie": "; ".join(f"a{number}=b" for number in range(4000))},
        "a cookie of a token": {"Cookie": "access-token=x; access-token-unsecure-x=y"},
        "a broken cookie": {"Cookie": "=;;=; a==b; \x7f"},
        "a language": {"Accept-Language": "../../etc/passwd," * 500},
        "a range": {"Range": "bytes=0-,0-,0-" + ",0-" * 3000},
        "a range backwards": {"Range": "bytes=9-1"},
        "an encoding": {"Accept-Encoding": "gzip;q=9e999, br" + ", x" * 3000},
        "a kind of body": {"Content-Type": "multipart/form-data; boundary=" + "-" * 5000},
        "an upgrade": {
            "Connection": "Upgrade",
            "Upgrade": "websocket",
            "Sec-WebSocket-Key": "x",
            "Sec-WebSocket-Version": "13",
        },
        "a login": {"Authorization": "Basic " + base64.b64encode(b"a:b" * 999).decode()},
        "a broken login": {"Authorization": "Basic %%%"},
        "an agent": {"User-Agent": "() { :;}; echo x"},
        "a session of an agent": {"Mcp-Session-Id": "../../x", "Last-Event-ID": "x" * 999},
    }
    for what, given in headers.items():
        for method, path in (("GET", "/"), ("GET", "/theme.css"), ("POST", f"{API}/queue/join")):
            yield Case(
                f"headers/{what} {method} {path}",
                "HTTP",
                lambda v, m=method, p=path, h=given: _send(v, m, p, h),
                "harmless",
            )


def _raw() -> Iterator[Case]:
    """What no program for the web would send."""
    lines = {
        "nonsense": b"nonsense\r\n\r\n",
        "binary": bytes(range(256)) * 20,
        "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(99),
        "no version": b"GET /config\r\n\r\n",
        "version 9": b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "two lengths": _posted("Content-Length: 5\r\nContent-Length: 50", b"hello"),
        "a length and chunks": _posted(
            "Content-Length: 5\r\nTransfer-Encoding: chunked", b"0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"
        ),
        "a negative length": _posted("Content-Length: -5"),
        "a length of 10^20": _posted(f"Content-Length: {10**20}", b"{}"),
        "a length of 40 GB": _posted(
            "Content-Type: multipart/form-data; boundary=a\r\nContent-Length: 40000000000", b"--a\r\n", f"{API}/upload"
        ),
        "broken chunks": _posted("Transfer-Encoding: chunked", b"ZZ\r\nx\r\n"),
        "a chunk of 2^63": _posted("Transfer-Encoding: chunked", b"7fffffffffffffff\r\nx"),
        "a header without an end": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"x" * 300_000,
        "a folded header": b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: a\r\n b\r\n\r\n",
        "two hosts": b"GET /config HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        "no host": b"GET /config HTTP/1.1\r\n\r\n",
        "no host, old": b"GET /config HTTP/1.0\r\n\r\n",
        "a whole address": b"GET http://evil.example/config HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        "a tunnel": b"CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n",
        "NUL in the path": b"GET /\x00 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "high bytes in the path": b"GET /\xff\xfe HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "high bytes in a header": b"GET / HTTP/1.1\r\nHost: localhost\r\nCookie: \xff\xfe\r\n\r\n",
        "a hundred at once": b"GET /config HTTP/1.1\r\nHost: localhost\r\n\r\n" * 100,
    }
    for what, content in lines.items():
        yield Case(f"raw/{what}", "HTTP", lambda v, c=content: _raw_reply(v, c), "harmless")


def _posted(headers: str, body: bytes = b"", path: str = f"{API}/queue/join") -> bytes:
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n\r\n".encode() + body


def _raw_reply(visitor: Visitor, content: bytes) -> Reply:
    """Bytes sent as they are, and what came back within a few seconds."""
    heard = b""
    with socket.create_connection(("127.0.0.1", visitor.page.port), timeout=3) as connection:
        try:
            connection.sendall(content)
            connection.shutdown(socket.SHUT_WR)
            while len(heard) < 300_000 and (part := connection.recv(65536)):
                heard += part
        except OSError:
            pass  # closed on us, which is an answer too
    text = heard.decode("utf-8", errors="replace")
    status = text[9:12]
    return Reply(status[:1] != "2", text[:200], text[:200], text, status[:1] == "5" and status not in ("501", "505"))
