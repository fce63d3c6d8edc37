"""A page with a password and a small disk: nobody gets past the form, and nobody fills the disk."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from typing import Any

from tests.hostile.doors.visitor import API, JSON, Reply, Visitor
from tests.hostile.judging.cases import Case, Right
from tests.hostile.network.route_cases import routes

PASSWORD = "correct horse battery staple"
SETTINGS = {"MAMEX_PASSWORD": PASSWORD, "MAMEX_DISK_MB": "3", "MAMEX_SESSIONS": "20"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def cases() -> Iterator[Case]:
    """All of them; the disk is filled last."""
    yield from _ways_in()
    yield from _roads()
    yield from _wrong_passwords()
    yield from _forged()
    yield from _disk()


def _case(what: str, send: Any, right: Right = "refusal", check: Any = None) -> Case:
    return Case(f"locked page/{what}", "HTTP", send, right, "leak", check, page="locked")


def _ways_in() -> Iterator[Case]:
    """Who knows the password is let in."""
    basic = base64.b64encode(f"visitor:{PASSWORD}".encode()).decode()
    for what, header in {"as Bearer": f"Bearer {PASSWORD}", "as Basic": f"Basic {basic}"}.items():
        yield _case(f"the password {what}", lambda v, h=header: _with(v, {"Authorization": h}), "answer", _is_page)
    yield _case("the password in the form", _by_form, "answer", _is_page)
    yield _case("the password by another machine's redirect", _redirect, "either", lambda where: "evil" not in where)


def _with(visitor: Visitor, headers: dict[str, str]) -> Reply:
    return visitor.request("GET", "/config", headers=headers)


def _is_page(answer: Any) -> bool:
    return '"components"' in answer


def _by_form(visitor: Visitor) -> Reply:
    visitor.send("POST", "/login", data={"username": "x", "password": PASSWORD})
    return visitor.request("GET", "/config")


def _redirect(visitor: Visitor) -> Reply:
    form = {"password": PASSWORD}
    response = visitor.send("POST", "/login?next=//evil.example", data=form, headers={"Accept": "text/html"})
    return Reply(response.status_code >= 400, response.text, response.headers.get("location", ""), response.text)


def _roads() -> Iterator[Case]:
    """Every road without the password."""
    for method, path in routes():
        if path.strip("/") in ("login", "logout") or method == "HEAD":  # HEAD is answered without a body
            continue
        filled = re.sub(r"\{[^}]*\}", "a", path)
        more: dict[str, Any] = {"json": {}} if method == "POST" else {}
        yield _case(f"{method} {path}", lambda v, m=method, p=filled, more=more: v.request(m, p, **more))
    spelled = [
        "/login/../config",
        "//config",
        "/config/",
        "/%63onfig",
        "/CONFIG",
        "/login/x",
        "/login%2f..%2fconfig",
        "/;/config",
        "/login?/config",
        "/config?/login",
        "/./config",
        "/config#/login",
        "/gradio_api/mcp/schema",
        "/gradio_api/mcp/",
    ]
    for path in spelled:
        # A spelling that is no road of the page may be answered by the form.
        yield _case(
            f"spelled {path}", lambda v, p=path: v.request("GET", p), "either", lambda answer: not _is_page(answer)
        )
    tools = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    yield _case("tools for agents", lambda v: v.tool(tools))
    yield _case("an upload", lambda v: v.request("POST", f"{API}/upload", files={"files": ("a.png", b"x")}))
    call = {"data": [None, None, "Hat", "", 20], "fn_index": 32, "session_hash": "a"}
    yield _case("a launch", lambda v: v.request("POST", f"{API}/queue/join", json=call))
    for name in (
        "X-Forwarded-User",
        "Remote-User",
        "X-Gradio-User",
        "X-Forwarded-For",
        "X-Original-URL",
        "X-Rewrite-URL",
    ):
        yield _case(f"a header {name}", lambda v, n=name: _with(v, {n: "/login"}))


def _wrong_passwords() -> Iterator[Case]:
    wrong = [
        "",
        " ",
        PASSWORD.upper(),
        PASSWORD[:-1],
        f"{PASSWORD} ",
        f"{PASSWORD}\x00",
        "' or 1=1 --",
        "é" * 99,
        "x" * 100_000,
    ]
    for word in wrong:
        yield _case(
            f"form: {len(word)} {word[:9]!r}{word[-1:]!r}",
            lambda v, w=word: v.request("POST", "/login", data={"password": w}),
        )
    for word in ("", " ", "wrong", f"{PASSWORD}x", "null", "true"):
        for kind in ("Bearer", "Basic", "Digest", "", "bearer bearer"):
            header = f"{kind} {word}".strip() or "x"
            yield _case(f"{kind} {word!r}", lambda v, h=header: _with(v, {"Authorization": h}))
    bodies: dict[str, bytes] = {
        "nothing": b"",
        "JSON": b'{"password": true}',
        "a list": b"password[]=x",
        "twice": b"password=x&password=y",
        "half a letter": b"password=%ff%fe",
        "per cent": b"password=%",
        "3 MB": b"password=" + b"x" * 3_000_000,
        "100,000 fields": b"a=b&" * 100_000,
        "NUL": bytes(5000),
    }
    for what, body in bodies.items():
        for headers in (FORM, JSON, {"Content-Type": "multipart/form-data; boundary=a"}):
            kind = headers["Content-Type"][:19]
            yield _case(
                f"form of {what} as {kind}",
                lambda v, b=body, h=headers: v.request("POST", "/login", content=b, headers=h),
            )


def _forged() -> Iterator[Case]:
    """Cookies that nobody was given."""
    far = "99999999999"
    values = [
        "",
        "x",
        far,
        f"{far}.",
        f"{far}.x",
        f"{far}.{'0' * 64}",
        f"-1.{'0' * 64}",
        "1e9.x",
        ".",
        "..",
        "x" * 4000,
        "true",
        "null",
        f"{far}.{'0' * 64}.{'0' * 64}",
        "٩٩٩٩.x".encode().decode("latin-1"),
        '"quoted',
        "a=b",
    ]
    for value in values:
        header = f"mamex-visitor={value}; access-token=x; access-token-unsecure=x".encode("latin-1", "replace")
        yield _case(
            f"cookie {len(value)} {value[:20]!r}",
            lambda v, h=header: v.request("GET", "/config", headers={b"Cookie": h}),
        )


def _disk() -> Iterator[Case]:
    """The disk is bounded: by one large upload, by many small ones, and by what a launch makes."""
    for megabytes in (4, 10):
        yield _case(f"an upload of {megabytes} MB", lambda v, m=megabytes: _upload(v, m * 2**20))
    yield _case("a hundred uploads of 100 kB", _many)
    yield _case("an upload to a full disk", lambda v: _upload(v, 500_000))
    yield _case("a launch on a full disk", _launch, "either")


def _upload(visitor: Visitor, size: int, first: int = 0) -> Reply:
    # Another first byte, since the same file again takes no more room.
    files = {"files": ("a.png", bytes([first]) + bytes(size))}
    return visitor.request("POST", f"{API}/upload", files=files, headers=visitor.page.owner)


def _many(visitor: Visitor) -> Reply:
    heard = Reply(False)
    for number in range(100):
        heard = _upload(visitor, 100_000, number)
        if heard.refused:
            break
    return heard


def _launch(visitor: Visitor) -> Reply:
    visitor.http.headers.update(visitor.page.owner)
    return visitor.call("report", None, "Navy coat", "", 20)
