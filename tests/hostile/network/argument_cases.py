"""Every endpoint of the page with every argument wrong, through the queue as programs call it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from tests.hostile.doors.visitor import Visitor
from tests.hostile.judging.cases import Case, Right

TITLE, WORDS = "Navy coat", "A navy waterproof jacket for rain and wind."
#: Endpoint -> its arguments, by kind, in order.
PRODUCT = ("picture", "title", "words", "length")
ENDPOINTS: dict[str, tuple[str, ...]] = {
    "launch": PRODUCT,
    "report": PRODUCT,
    "audience": (*PRODUCT, "page", "sort", "search"),
    "audience_csv": PRODUCT,
    "segments": PRODUCT,
    "neighbours": (*PRODUCT, "space"),
    "cannibalisation": PRODUCT,
    "what_if": (
        "picture",
        "title",
        "words",
        "other picture",
        "other title",
        "other words",
        "remove",
        "share",
        "length",
    ),
    "word_worth": ("picture", "title", "words", "share", "length"),
    "patch_worth": ("needed picture", "title", "words", "share", "length"),
    "map": ("picture", "title", "words"),
    "experts": (),
    "shopper": ("user",),
    "batch": ("file", "length"),
    "batch_csv": ("file", "length"),
    "model": (),
    "check_dataset": ("file",),
    "train_shop": ("file", "epochs"),
}
DEEP: Any = [5]
for _ in range(60):
    DEEP = [DEEP]
FAR_TOO_DEEP = b"[" * 50_000 + b"]" * 50_000
#: In the place of any argument.
NO_MEANING: dict[str, tuple[Any, Right]] = {
    "a list": ([], "refusal"),
    "an object": ({}, "refusal"),
    "a list of lists": (DEEP, "refusal"),
    "an object with a list": ({"a": [1, {"b": None}]}, "refusal"),
}
TEXTS: dict[str, tuple[Any, Right]] = NO_MEANING | {
    "null": (None, "either"),
    "a number": (5, "either"),
    "not a number": (math.nan, "either"),
    "true": (True, "either"),
    "half of a surrogate pair": ("a\ud800b", "either"),
    "NUL": ("a\x00b", "either"),
    "controls": ("\x1b[2J\x07\x08\x0c", "either"),
    "what turns the reading direction": ("\u202egnp.exe\u2066", "either"),
    "a formula": ('=HYPERLINK("http://127.0.0.1","x")', "either"),
    "markup": ("<script>alert(1)</script><img src=x onerror=alert(1)>", "either"),
    "a template": ("{{7*7}} {0.__class__} %s %n", "either"),
    "a megabyte": ("x" * 1_000_000, "refusal"),
    "100,000 marks": ("a" + "\u0301" * 100_000, "refusal"),
    "a path": ("/etc/passwd", "either"),
}
LENGTHS: dict[str, tuple[Any, Right]] = NO_MEANING | {
    "null": (None, "refusal"),
    "words": ("twenty", "refusal"),
    "its number as words": ("20", "refusal"),
    "7": (7, "refusal"),
    "-1": (-1, "refusal"),
    "1e308": (1e308, "refusal"),
    "not a number": (math.nan, "refusal"),
    "infinity": (math.inf, "refusal"),
    "true": (True, "refusal"),
    "a list of it": ([20], "refusal"),
}
NUMBERS: dict[str, tuple[Any, Right]] = NO_MEANING | {
    "words": ("x", "refusal"),
    "not a number": (math.nan, "refusal"),
    "infinity": (math.inf, "refusal"),
    "-1": (-1, "refusal"),
    "1e308": (1e308, "either"),
    "a number of 400 digits": (10**400, "either"),
    "true": (True, "either"),
    "null": (None, "either"),
}
CHOICES: dict[str, tuple[Any, Right]] = NO_MEANING | {
    "unknown": ("no such thing", "refusal"),
    "a number": (5, "refusal"),
    "a way into Python": ("__class__", "refusal"),
    "null": (None, "either"),
    "a megabyte": ("x" * 1_000_000, "refusal"),
}
REMOVED: dict[str, tuple[Any, Right]] = {
    "unknown": (["sound"], "refusal"),
    "all": (["image", "text"], "refusal"),
    "lists": ([["image"]], "refusal"),
    "a number": (5, "refusal"),
    "words": ("text", "refusal"),
    "an object": ({"a": 1}, "refusal"),
    "null": (None, "either"),
    "one twice": (["image", "image"], "either"),
    "a million": (["image"] * 100_000, "either"),
}
FILES: dict[str, tuple[Any, Right]] = {
    "null": (None, "either"),
    "words": ("picture.png", "refusal"),
    "a number": (5, "refusal"),
    "a list": ([], "refusal"),
    "an object": ({}, "refusal"),
    "an unknown object": ({"file": "x"}, "refusal"),
    "a path that is null": ({"path": None}, "refusal"),
    "a path that is empty": ({"path": "", "meta": {"_type": "gradio.FileData"}}, "refusal"),
    "a path that is a number": ({"path": 5, "meta": {"_type": "gradio.FileData"}}, "refusal"),
    "a path that is a list": ({"path": ["a"], "meta": {"_type": "gradio.FileData"}}, "refusal"),
    "a path that is an object": ({"path": {}, "meta": {"_type": "gradio.FileData"}}, "refusal"),
    "files in a list": ([{"path": "x", "meta": {"_type": "gradio.FileData"}}] * 3, "refusal"),
    "files in files": ({"path": {"path": "x"}, "meta": {"_type": "gradio.FileData"}}, "refusal"),
    "meta of another type": ({"path": "x", "meta": {"_type": "os.system"}}, "refusal"),
}
WRONG: dict[str, dict[str, tuple[Any, Right]]] = {
    "picture": FILES,
    "needed picture": FILES,
    "other picture": FILES,
    "file": FILES,
    "title": TEXTS,
    "words": TEXTS,
    "other title": TEXTS,
    "other words": TEXTS,
    "search": TEXTS,
    "user": TEXTS,
    "length": LENGTHS,
    "page": NUMBERS,
    "share": NUMBERS,
    "epochs": NUMBERS,
    "sort": CHOICES,
    "space": CHOICES,
    "remove": REMOVED,
}
#: Of each argument of each endpoint so many wrong values, other ones each time.
A_TIME = 6


def cases() -> Iterator[Case]:
    """All of them."""
    turn = 0
    for name, kinds in ENDPOINTS.items():
        for place, kind in enumerate(kinds):
            values = list(WRONG[kind].items())
            for what, (value, right) in (values[(turn + step) % len(values)] for step in range(A_TIME)):
                yield _with(name, place, kind, what, value, _softened(name, kind, what, right))
            turn += A_TIME
    yield from _counts()


def _softened(name: str, kind: str, what: str, right: Right) -> Right:
    """What is nonsense for one endpoint may mean something for another; what is needed can't be left out."""
    if kind in ("file", "needed picture", "user") and what == "null":
        return "refusal"
    if kind in ("user",):
        return "refusal"
    if name == "train_shop":
        return "refusal"
    if kind == "search" and right == "refusal" and what in ("a megabyte", "100,000 marks"):
        return "either"
    return "either" if name == "map" and kind in ("title", "words") and what in ("null",) else right


def sound(kind: str, visitor: Visitor) -> Any:
    """A value that is right."""
    if kind in ("picture", "other picture"):
        return None
    if kind == "needed picture":
        return visitor.file((visitor.page.checkpoint.parent / "shop" / "images" / "00000.png").read_bytes())
    if kind == "file":
        return visitor.file(b"title,description\nHat,Warm wool\n", "planned.csv")
    fixed: dict[str, Any] = {
        "title": TITLE,
        "words": WORDS,
        "other title": "Navy cape",
        "other words": "",
        "length": 20,
        "page": 1,
        "sort": "place",
        "search": "",
        "space": "fused",
        "remove": [],
        "share": None,
        "user": "u000",
        "epochs": 1,
    }
    return fixed[kind]


def arguments(name: str, visitor: Visitor) -> list[Any]:
    """All arguments of an endpoint, right ones."""
    return [sound(kind, visitor) for kind in ENDPOINTS[name]]


def _with(name: str, place: int, kind: str, what: str, value: Any, right: Right) -> Case:
    def send(visitor: Visitor) -> Any:
        given = arguments(name, visitor)
        given[place] = value
        return visitor.call(name, *given)

    return Case(f"argument/{name}: {kind} is {what}", "HTTP", send, right)


def _counts() -> Iterator[Case]:
    """Too few arguments, too many, none, and what is no list of them."""
    for name, kinds in ENDPOINTS.items():
        bodies: dict[str, Any] = {
            "none": [],
            "too many": ["x"] * (len(kinds) + 9),
            "a thousand": [None] * 1000,
            "null for them": None,
            "an object for them": {"title": "x"},
            "words for them": "title",
        }
        if len(kinds) > 1:
            bodies["one too few"] = [None] * len(kinds)
        if not kinds:
            del bodies["none"]
        for what, data in bodies.items():

            def send(visitor: Visitor, name: str = name, data: Any = data) -> Any:
                return visitor.join({"data": data, "fn_index": visitor.function(name), "session_hash": visitor.session})

            # Further arguments of an endpoint that has none are nobody's harm.
            right: Right = "either" if what in ("a thousand", "too many", "one too few") else "refusal"
            yield Case(f"number of arguments/{name}: {what}", "HTTP", send, right)
