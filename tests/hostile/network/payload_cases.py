"""Paths, addresses and links in the place of an upload: nobody gets to see, or to learn of, what is not theirs."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.hostile.doors.visitor import API, Reply, Visitor, named
from tests.hostile.files.picture_files import raw_png, red, saved
from tests.hostile.judging.cases import Case, Outcome, Right
from tests.hostile.network.argument_cases import ENDPOINTS, arguments

Payload = Callable[[Visitor], Any]
TAKES_PICTURE = ("picture", "needed picture", "other picture")


def cases() -> Iterator[Case]:
    """All of them: each form of a payload to /launch and /batch; to the others some, other ones each time."""
    pictures, files = list(_pictures()), list(_files())
    turn = 0
    for name, kinds in ENDPOINTS.items():
        for place, kind in enumerate(kinds):
            if kind in TAKES_PICTURE or kind == "file":
                forms = pictures if kind in TAKES_PICTURE else files
                count = len(forms) if name in ("launch", "batch") else 12
                for what, make, right, taken_is in (forms[(turn + step) % len(forms)] for step in range(count)):
                    yield _sent(f"foreign file/{name}: {kind}: {what}", name, place, make, right, taken_is)
                turn += 12
    yield from _told_apart()


def _sent(id: str, name: str, place: int, make: Payload, right: Right, taken_is: Outcome) -> Case:
    def send(visitor: Visitor) -> Reply:
        given = arguments(name, visitor)
        given[place] = make(visitor)
        return visitor.call(name, *given)

    return Case(id, "HTTP", send, right, taken_is)


def _pictures() -> Iterator[tuple[str, Payload, Right, Outcome]]:
    yield from _foreign("secret.png")
    yield "its own upload", lambda v: v.file(saved(red(), "PNG")), "answer", "silent"
    yield "its own upload without meta", lambda v: named(v.upload(saved(red(), "PNG")), meta=False), "either", "silent"
    yield "its own upload by a longer way", _long_way, "either", "leak"
    data = {
        "a picture": ("image/png", saved(red(), "PNG")),
        "a drawing": ("image/svg+xml", b"<svg onload='alert(1)'/>"),
        "a page": ("text/html", b"<script>alert(1)</script>"),
        "nothing": ("image/png", b""),
        "a bomb": ("image/png", raw_png(30_000, 30_000, 1, 0, rows=9)),
        "nonsense": ("image/png", b"nonsense"),
    }
    for what, (kind, content) in data.items():
        address = f"data:{kind};base64,{base64.b64encode(content).decode()}"
        right: Right = "either" if what == "a picture" else "refusal"
        for field in ("url", "path"):
            yield f"{what} as a data address in {field}", _data(field, address), right, "silent"
    yield "a broken data address", _data("url", "data:image/png;base64,%%%"), "refusal", "silent"
    yield "a data address of 3 MB", _data("url", "data:image/png;base64," + "A" * 3_000_000), "refusal", "silent"
    for field in ("url", "path"):
        yield f"another machine in {field}", _elsewhere(field), "refusal", "leak"
    yield "another machine beside its own upload", _elsewhere_beside, "either", "silent"
    yield "another machine by a redirect of ours", _redirect, "refusal", "leak"
    yield "a stream", lambda v: {**named(v.upload(saved(red(), "PNG"))), "is_stream": True}, "either", "silent"
    yield (
        "a stream of a foreign file",
        lambda v: {**named(str(v.page.private / "secret.png")), "is_stream": True},
        "refusal",
        "leak",
    )
    yield "a size that lies", lambda v: {**named(v.upload(saved(red(), "PNG"))), "size": -(10**30)}, "either", "silent"
    yield (
        "a kind that lies",
        lambda v: {**named(v.upload(saved(red(), "PNG"))), "mime_type": "text/html"},
        "either",
        "silent",
    )


def _foreign(file: str) -> Iterator[tuple[str, Payload, Right, Outcome]]:
    """A file on the disk of the server by every spelling."""
    where: dict[str, Callable[[Visitor], str]] = {
        "its path": lambda v: str(v.page.private / file),
        "a relative path": lambda v: f"../private/{file}",
        "a path from the working folder": lambda v: f"private/{file}",
        "a way up from an upload": lambda v: f"{Path(v.upload(b'x', 'a.txt')).parent}/../../../private/{file}",
        "a way up from the scratch folder": lambda v: f"{v.page.scratch}/../private/{file}",
        "a link in the scratch folder": lambda v: f"{v.page.scratch}/link.png",
        "a folder that is a link": lambda v: f"{v.page.scratch}/link/{file}",
        "per cent signs": lambda v: str(v.page.private / file).replace("/", "%2f"),
        "a file address": lambda v: f"file://{v.page.private / file}",
        "an address of the page": lambda v: f"{v.page.url}{API}/file={v.page.private / file}",
        "NUL behind it": lambda v: f"{v.page.private / file}\x00.png",
        "blanks around it": lambda v: f" {v.page.private / file} ",
        "two slashes": lambda v: f"/{v.page.private / file}",
        "dots within": lambda v: str(v.page.private / "." / ".." / "private" / file).replace(
            "private/..", "./private/.."
        ),
        "the process's folder": lambda v: f"/proc/self/cwd/private/{file}",
        "the process's root": lambda v: f"/proc/self/root{v.page.private / file}",
    }
    for what, path in where.items():
        for meta in (True, False):
            # A link inside the scratch folder is made by nobody who visits; it is here so that paths are resolved.
            def make(v, path=path, meta=meta):
                return named(path(v), meta)

            yield f"{what}{'' if meta else ' without meta'}", make, "refusal", "leak"

    def url(v):
        return {"path": str(v.page.private / file), "url": f"{v.page.url}/x"}

    yield "its path beside an address", url, "refusal", "leak"
    yield "as words", lambda v: str(v.page.private / file), "refusal", "leak"
    yield "in a list", lambda v: [named(str(v.page.private / file))], "refusal", "leak"
    for what, path in {
        "a picture of the shop": "shop/images/00000.png",
        "a table of the checkpoint": "checkpoint/users.csv",
    }.items():

        def own(v, path=path):
            return named(str(v.page.checkpoint.parent / path), False)

        yield what, own, "refusal", "leak"
    for path in ("/etc/passwd", "/dev/zero", "/dev/stdin", "/proc/self/environ", "/", "~", ".", ""):
        yield f"the path {path!r}", lambda v, path=path: named(path, False), "refusal", "leak"


def _files() -> Iterator[tuple[str, Payload, Right, Outcome]]:
    for file in ("secret.csv", "secret.zip"):
        for what, make, right, taken_is in _foreign(file):
            yield f"{file}: {what}", make, right, taken_is
    yield "a dataset folder of the server", lambda v: named(str(v.page.private / "shop"), False), "refusal", "leak"


def _long_way(visitor: Visitor) -> Any:
    path = Path(visitor.upload(saved(red(), "PNG")))
    return named(f"{path.parent}/../{path.parent.name}/./{path.name}")


def _data(field: str, address: str) -> Payload:
    if field == "path":
        return lambda v: named(address)
    return lambda v: {"path": "x.png", "url": address, "meta": {"_type": "gradio.FileData"}}


def _elsewhere(field: str) -> Payload:
    def make(visitor: Visitor) -> Any:
        address = f"{visitor.page.elsewhere.url}/{field}.png"
        return named(address) if field == "path" else {**named(""), "url": address}

    return make


def _elsewhere_beside(visitor: Visitor) -> Any:
    return {**named(visitor.upload(saved(red(), "PNG"))), "url": f"{visitor.page.elsewhere.url}/beside.png"}


def _redirect(visitor: Visitor) -> Any:
    return {**named(""), "url": f"{visitor.page.url}{API}/proxy={visitor.page.elsewhere.url}/redirect.png"}


def _told_apart() -> Iterator[Case]:
    """What exists and what does not are answered alike."""
    for name, place in (
        ("launch", 0),
        ("report", 0),
        ("what_if", 3),
        ("patch_worth", 0),
        ("batch", 0),
        ("check_dataset", 0),
    ):
        for file in ("secret.png", "secret.csv", "secret.zip", "shop"):
            for meta in (True, False):

                def send(
                    visitor: Visitor, name: str = name, place: int = place, file: str = file, meta: bool = meta
                ) -> Any:
                    return tuple(
                        _without_path(visitor, name, place, str(folder / file), meta)
                        for folder in (visitor.page.private, visitor.page.private / "none")
                    )

                spelled = "" if meta else " without meta"
                yield Case(f"existence/{name}: {file}{spelled}", "HTTP", send, taken_is="leak")


def _without_path(visitor: Visitor, name: str, place: int, path: str, meta: bool) -> Reply:
    given = arguments(name, visitor)
    given[place] = named(path, meta)
    heard = visitor.call(name, *given)
    said = heard.said.replace(path, "THE PATH").replace(Path(path).name, "THE NAME")
    return Reply(heard.refused, said, heard.answer, heard.text, heard.broke)
