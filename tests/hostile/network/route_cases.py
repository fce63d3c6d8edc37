"""Every road of the web server, walked: files that are not handed out, methods that mean nothing, odd spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tests.hostile.doors.visitor import API, Reply, Visitor, named
from tests.hostile.judging.cases import Case

#: What is put into the parts of a path that vary.
PARTS = ("a", "..%2f..%2fsecret", "%00", "x" * 2000)


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _files()
    for method, path in routes():
        for part in PARTS if "{" in path else PARTS[:1]:
            if method == "GET" and ("heartbeat" in path or "startup" in path):
                continue  # streams that stay open by design
            filled = re.sub(r"\{[^}]*\}", part, path)
            yield Case(f"route/{method} {path} {part[:12]}", "HTTP", _walk(method, filled), "harmless")
    for path in ("/", "/config", f"{API}/info", f"{API}/queue/join", f"{API}/upload", "/theme.css"):
        for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND", "X" * 100):
            yield Case(f"method/{method[:10]} {path}", "HTTP", _walk(method, path), "harmless")
    odd = [
        "//etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/..;/",
        "/?__theme=../../x",
        "/?view=api&__sign=x",
        "/" + "a/" * 3000,
        "/?" + "a=b&" * 3000,
        "/%ff%fe",
        "/%c0%ae%c0%ae/",
        "/\u202e",
        "/.git/config",
        "/.env",
        "/app/main.py",
        "/gradio_api",
        "/gradio_api/",
        "/gradio_api/../config",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/gradio_api/openapi.json",
        "/__debug__",
        "/server-status",
        "/metrics",
        "/?deep_link=../../etc/passwd",
        "/?deep_link=" + "x" * 5000,
        "/login?next=//evil.example",
        "/login_check",
        "/robots.txt",
        "/sitemap.xml",
        "/favicon.ico",
        "/static/../../../../etc/passwd",
        "/static/..%2f..%2f..%2fetc/passwd",
        "/assets/..%2f..%2f..%2fetc/passwd",
        "/svelte/..%2f..%2fetc/passwd",
        "/gradio_api/custom_component/a/b/c/..%2f..%2fd",
        "/gradio_api/stream/../../x/playlist.m3u8",
    ]
    for path in odd:
        yield Case(f"spelling/{path[:40]}", "HTTP", _walk("GET", path), "harmless")


@cache
def routes() -> tuple[tuple[str, str], ...]:
    """Method and path of everything that the web server of a page answers."""
    import gradio as gr
    from gradio.routes import App

    with gr.Blocks(analytics_enabled=False) as blocks:
        gr.Textbox()
    found: set[tuple[str, str]] = set()

    def walk(listed: list[object]) -> None:
        for route in listed:
            inner = getattr(route, "original_router", None)
            if inner is not None:
                walk(inner.routes)
            path = getattr(route, "path", None)
            if isinstance(path, str):
                found.update((method, path) for method in getattr(route, "methods", None) or ())

    walk(list(App.create_app(blocks).routes))
    roots = {
        "/",
        "/config",
        "/static/{path:path}",
        "/assets/{path:path}",
        "/svelte/{path:path}",
        "/monitoring",
        "/login",
    }
    both = {(method, path if path.startswith(API) or path in roots else API + path) for method, path in found}
    return tuple(sorted(found | both))


def _walk(method: str, path: str) -> object:
    def send(visitor: Visitor) -> Reply:
        more = {"json": {}} if method in ("POST", "PUT", "PATCH") else {}
        return visitor.request(method, path, **more)

    return send


def _files() -> Iterator[Case]:
    """Private files by every road that hands out files."""
    roads = [
        f"{API}/file=",
        f"{API}/file/",
        "/file=",
        "/file/",
        "/static/",
        "/assets/",
        "/svelte/",
        f"{API}/static/",
        f"{API}/proxy=",
        f"{API}/custom_component/",
    ]
    for road in roads:
        for spelling in (
            "{}",
            "/{}",
            "%2f{}",
            "../{}",
            "./{}",
            "file://{}",
            "{}%00",
            "{}?x",
            "..%2f..%2f..%2f..%2f..{}",
            "C:{}",
        ):
            for file in (
                ("secret.png",) if spelling != "{}" else ("secret.png", "secret.txt", "shop", "../checkpoint.json")
            ):

                def send(visitor: Visitor, road: str = road, spelling: str = spelling, file: str = file) -> Reply:
                    return visitor.request("GET", road + spelling.format(visitor.page.private / file))

                yield Case(f"file road/{road}{spelling} {file}", "HTTP", send, "harmless")
    for path in (
        "shop/items.csv",
        "shop/images/00000.png",
        "checkpoint/users.csv",
        "checkpoint/model.safetensors",
        "checkpoint/checkpoint.json",
    ):

        def own(v, path=path):
            return v.request("GET", f"{API}/file={v.page.checkpoint.parent / path}")

        yield Case(f"file road/of the shop {path}", "HTTP", own, taken_is="leak")
    for path in ("/etc/passwd", "/proc/self/environ", "/dev/zero", "/dev/stdin", "app/main.py", "log", "../log"):
        yield Case(
            f"file road/{path}", "HTTP", lambda v, path=path: v.request("GET", f"{API}/file={path}"), taken_is="leak"
        )
    for what in ("link.png", "link/secret.png", "link/secret.txt", ""):

        def link(v, what=what):
            return v.request("GET", f"{API}/file={v.page.scratch}/{what}")

        yield Case(f"file road/scratch {what or 'folder'}", "HTTP", link, taken_is="leak")
    for address in ("{}/a.png", "{}/a.hf.space", "http://127.0.0.1:1@{}"):

        def away(v, a=address):
            return v.request("GET", f"{API}/proxy={a.format(v.page.elsewhere.url)}")

        yield Case(f"file road/proxy {address}", "HTTP", away, taken_is="leak")

        def also(v, a=address):
            return v.request("GET", f"{API}/file={a.format(v.page.elsewhere.url)}")

        yield Case(f"file road/address {address}", "HTTP", also, "harmless")
    yield Case(
        "file road/an uploaded page is not run", "HTTP", _uploaded_page, "either", check=lambda kind: "html" not in kind
    )
    yield Case(
        "file road/an uploaded drawing is not run",
        "HTTP",
        lambda v: _uploaded_page(v, "a.svg"),
        "either",
        check=lambda k: "svg" not in k,
    )


def _uploaded_page(visitor: Visitor, name: str = "a.html") -> Reply:
    """A page of a stranger, handed out under our name: its type, unless it is to be saved and not shown."""
    path = visitor.upload(b"<script>alert(1)</script>", name)
    response = visitor.send("GET", f"{API}/file={named(path)['path']}")
    saved = response.headers.get("content-disposition", "").startswith("attachment")
    return Reply(
        response.status_code >= 400,
        response.text,
        "saved" if saved else response.headers.get("content-type", ""),
        response.text,
    )
