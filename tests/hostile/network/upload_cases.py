"""Uploads that lie about themselves, and uploads of hostile pictures, tables and zip files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tests.hostile.doors.visitor import API, Reply, Visitor
from tests.hostile.files.picture_files import pictures, red, saved
from tests.hostile.files.zip_files import zips
from tests.hostile.judging.cases import Case, Right
from tests.hostile.machine.file_cases import batches
from tests.hostile.network.argument_cases import TITLE, WORDS, arguments

PATH = f"{API}/upload"
EDGE = "----edge"
#: Who is given the pictures in turn; the worth of patches takes seconds.
_TURNS = ("launch", "report", "launch", "map", "launch", "report", "launch", "patch_worth")


def cases() -> Iterator[Case]:
    """All of them."""
    yield from _names()
    yield from _bodies()
    for number, (name, make, right) in enumerate(pictures()):
        yield Case(
            f"uploaded picture/{name}",
            "HTTP",
            _picture(name, make, _TURNS[number % len(_TURNS)]),
            right,
        )
    for what, make, right in zips():
        yield Case(f"uploaded zip/batch: {what}", "HTTP", _file("batch", "planned.zip", make), right)
        # None of them holds a whole dataset.
        yield Case(
            f"uploaded zip/check_dataset: {what}",
            "HTTP",
            _file("check_dataset", "shop.zip", make),
            _of_check(what),
            list_of_faults=True,
        )
    for number, (what, name, make, right) in enumerate(batches()):
        if number % 2 == 0:
            yield Case(f"uploaded batch/{what}", "HTTP", _file("batch", name, make), right)


def _of_check(what: str) -> Right:
    # The checker answers with what is wrong, which is no refusal.
    return "either"


def _picture(name: str, make: Callable[[], bytes], endpoint: str) -> Callable[[Visitor], Reply]:
    def send(visitor: Visitor) -> Reply:
        given = arguments("launch", visitor)
        given[0] = visitor.file(make(), name)
        if endpoint == "patch_worth":
            given = [given[0], TITLE, WORDS, None, 20]
        if endpoint == "map":
            given = given[:3]
        return visitor.call(endpoint, *given)

    return send


def _file(endpoint: str, name: str, make: Callable[[], bytes]) -> Callable[[Visitor], Reply]:
    def send(visitor: Visitor) -> Reply:
        given: list[Any] = [visitor.file(make(), name)]
        return visitor.call(endpoint, *given, *([20] if endpoint == "batch" else []))

    return send


def _names() -> Iterator[Case]:
    """Names of uploads: whatever they are, the file lies in the scratch folder and is found again."""
    names = [
        "../../../outside.png",
        "/etc/outside.png",
        "..\\..\\outside.png",
        "C:\\outside.png",
        "a/b/c.png",
        ".",
        "..",
        "",
        " ",
        "a\x00.png",
        "x" * 300 + ".png",
        "x" * 5000 + ".png",
        "é" * 200 + ".png",
        "\u202egnp.png",
        "a\nb.png",
        "a\rb.png",
        '"quoted".png',
        "a;b.png",
        "%2e%2e%2foutside.png",
        "con.png",
        ".htaccess",
        "~",
        "-rf",
        "$(id).png",
        "`id`.png",
        "<script>.png",
        "a.png/",
        "....//a.png",
        "*.png",
        "picture.png\u0000",
        "🧥" * 60 + ".png",
        "picture.svg",
        "picture.html",
    ]
    for name in names:

        def send(visitor: Visitor, name: str = name) -> Reply:
            response = visitor.send("POST", PATH, files={"files": (name or "blob", saved(red(), "PNG"))})
            if response.status_code != 200:
                from tests.hostile.doors.visitor import reply_of

                return reply_of(response)
            path = response.json()[0]
            given = arguments("launch", visitor)
            from tests.hostile.doors.visitor import named

            given[0] = named(path)
            heard = visitor.call("launch", *given)
            inside = str(path).startswith(str(visitor.page.scratch)) and "/../" not in path
            return heard if inside else Reply(False, "", "an upload outside", heard.text)

        yield Case(
            f"upload name/{len(name)}: {name[:30]!r}",
            "HTTP",
            send,
            "either",
            check=lambda answer: answer != "an upload outside",
        )


def _bodies() -> Iterator[Case]:
    """Bodies of uploads that break the rules of multipart."""

    def body(*parts: str, end: bool = True) -> bytes:
        inner = "".join(f"--{EDGE}\r\n{part}\r\n" for part in parts)
        return (inner + (f"--{EDGE}--\r\n" if end else "")).encode()

    part = 'Content-Disposition: form-data; name="files"; filename="a.png"\r\n\r\nx'
    multipart = {"Content-Type": f"multipart/form-data; boundary={EDGE}"}
    bodies: dict[str, tuple[bytes, dict[str, str]]] = {
        "nothing": (b"", multipart),
        "no boundary": (body(part), {"Content-Type": "multipart/form-data"}),
        "an empty boundary": (body(part), {"Content-Type": "multipart/form-data; boundary="}),
        "another boundary": (body(part), {"Content-Type": "multipart/form-data; boundary=other"}),
        "a boundary of 10,000": (body(part), {"Content-Type": "multipart/form-data; boundary=" + "x" * 10_000}),
        "no end": (body(part, end=False), multipart),
        "JSON": (b"{}", {"Content-Type": "application/json"}),
        "no type": (body(part), {}),
        "no file": (body('Content-Disposition: form-data; name="other"\r\n\r\nx'), multipart),
        "words for a file": (body('Content-Disposition: form-data; name="files"\r\n\r\nx'), multipart),
        "a part without a name": (body("Content-Disposition: form-data\r\n\r\nx"), multipart),
        "a part without headers": (body("\r\nx"), multipart),
        "a header without an end": (f"--{EDGE}\r\nContent-Disposition: ".encode() + b"x" * 100_000, multipart),
        "a part with 5,000 headers": (body("X-A: b\r\n" * 5000 + part), multipart),
        "5,000 parts": (body(*[part] * 5000), multipart),
        "5,000 fields": (body(*['Content-Disposition: form-data; name="a"\r\n\r\nx'] * 5000), multipart),
        "bytes before the first part": (b"x" * 100_000 + body(part), multipart),
        "an empty file": (body(part[:-1]), multipart),
        "a name twice": (body(part.replace('"files"', '"files"; name="other"')), multipart),
        "a name in another character set": (
            body(part.replace("filename=", "filename*=UTF-8''..%2f..%2fa; x=")),
            multipart,
        ),
        "NUL in a header": (body(part.replace("a.png", "a\x00b.png")), multipart),
    }
    fine = (
        "an empty file",
        "a name twice",
        "a name in another character set",
        "bytes before the first part",
        "5,000 parts",
        "NUL in a header",
    )
    for what, (content, headers) in bodies.items():
        right: Right = "either" if what in fine else "refusal"
        yield Case(
            f"upload body/{what}",
            "HTTP",
            lambda v, c=content, h=headers: v.request("POST", PATH, content=c, headers=h),
            right,
        )
    for identity in ("a", "../x", "x" * 5000, "%00", "{}"):

        def follow(v, identity=identity):
            return v.request("POST", f"{PATH}?upload_id={identity}", files={"files": ("a", b"x")})

        yield Case(f"upload body/followed as {identity[:9]!r}", "HTTP", follow, "harmless")
    for path in ("", "/", "?dir=/etc", "?path=/etc/x", "/../../x"):
        yield Case(
            f"upload body/to {path}",
            "HTTP",
            lambda v, p=path: v.request("POST", PATH + p, files={"files": ("a", b"x")}),
            "harmless",
        )
