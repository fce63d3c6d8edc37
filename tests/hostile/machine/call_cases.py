"""Calls of the library with wrong arguments: settings, launches; and caches that are damaged."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.hostile.doors.forks import Call, Place
from tests.hostile.doors.library_calls import IDENTITY
from tests.hostile.judging.cases import Case, Right
from tests.hostile.judging.truth import is_finite_launch

WORDS = "A navy waterproof jacket for rain and wind."
#: In the place of a number.
NO_NUMBER = (
    "",
    "x",
    "-1",
    "0",
    "1e3",
    "1.5",
    "nan",
    "inf",
    "９",
    "0x10",
    "99999999999999999999999",
    "1_0",
    " 5",
    "--",
    "\x00",
)


def cases() -> Iterator[Case]:
    """All of them."""
    for what, assignment, right in assignments():
        yield Case(
            f"settings/{what}", "library", lambda p, a=assignment: Call("overridden", {"assignments": [a]}), right
        )
    for what, given in _configurations():
        yield Case(f"configuration/{what}", "library", lambda p, given=given: Call("settings", {"given": given}))
    for what, arguments, right in _launches():
        yield Case(f"launch call/{what}", "library", _launch(arguments), right, check=is_finite_launch)
    for what, spoil, right in _caches():
        yield Case(f"feature cache/{what}", "library", _cache(spoil), right, check=_is_cached)


def assignments() -> Iterator[tuple[str, str, Right]]:
    for name in ("training.epochs", "model.dimension", "training.learning_rate", "training.seed", "data.k_core"):
        for value in ("", "x", "-1", "nan", "inf", "1e400", "0x10", "null", "[1]", "１.５", "9" * 5000):
            large = value == "9" * 5000 or (value in ("１.５", "inf") and "rate" in name)
            yield f"{name}={value[:8]}", f"{name}={value}", "either" if large else "refusal"
    odd = [
        "",
        "=",
        "==",
        "model",
        "model.",
        ".",
        "model.=1",
        "model.dimension",
        "model.nothing=1",
        "model=1",
        "training=x",
        "__class__=1",
        "model.__class__=1",
        "model.dimension.x=1",
        "model..dimension=1",
        " model.dimension=4",
        "model.modalities=",
        "model.modalities=image,image",
        "model.modalities=,",
        "model.modalities=" + "a," * 99,
        "model.router=nobody",
        "model.fusion=5",
        "model.center=perhaps",
        "encoder=",
        "encoder=../../etc/passwd",
        "data.train_share=1",
        "data.train_share=0.95",
        "training.folds=1",
        "training.loss=none",
        "x" * 5000 + "=1",
        "\x00=1",
        "\x1b[2J=1",
        "\udcff=1",
        "model.experts=2",
        "evaluation.candidates=none",
        "training.start=cold",
    ]
    for setting in odd:
        # What an encoder or a modality may be is known only where it is loaded.
        later = setting.startswith(("encoder=", "model.modalities=a,")) or setting == " model.dimension=4"
        yield setting[:24] or "nothing", setting, "either" if later else "refusal"


def _configurations() -> Iterator[tuple[str, Any]]:
    for section in ("data", "model", "training", "evaluation"):
        for what, value in {"null": None, "a list": [], "words": "x", "a number": 5, "unknown": {"x": 1}}.items():
            yield f"{section} is {what}", {section: value}
    for what, value in {"null": None, "a list": [1], "words": "x", "a number": 5, "true": True}.items():
        yield f"all is {what}", value
    yield "unknown section", {"modle": {}}
    yield "a name that steers the terminal", {"\x1b[2J": 1}
    yield "a deep setting", {"model": {"dimension": [[[[[[1]]]]]]}}
    yield "a long value", {"model": {"router": "x" * 1_000_000}}
    yield "encoder is null", {"encoder": None}
    yield "encoder is a list", {"encoder": ["compact"]}


def _launches() -> Iterator[tuple[str, dict[str, Any], Right]]:
    for value in (0, -1, 7, 21, 1e30, None, "20", [20], True, 20.5):
        yield f"list_length={value!r}", {"text": WORDS, "list_length": value}, "refusal"
    for name in ("members", "neighbours"):
        for value in (-1, None, "5", 1e30, [5]):
            yield f"{name}={value!r}", {"text": WORDS, name: value}, "refusal"
        yield f"{name}=10**9", {"text": WORDS, name: 10**9}, "either"
    for what, value in {"a number": 5, "a list": ["hat"], "true": True, "an object": {}}.items():
        yield f"text is {what}", {"text": value}, "refusal"
        yield f"image is {what}", {"text": WORDS, "image": value}, "refusal"
    fusions: dict[str, Any] = {
        "negative": {"image": 0, "text": -1},
        "zero": {"image": 0, "text": 0},
        "not a number": {"text": "nan"},
        "infinite": {"text": "inf"},
        "of an unknown modality": {"sound": 1, "text": 1},
        "of what is absent": {"image": 1},
        "of 1e39": {"text": 1e39},
    }
    for what, fusion in fusions.items():
        yield f"fusion {what}", {"text": WORDS, "fusion": fusion}, "refusal"
    features: dict[str, tuple[Any, Right]] = {
        "of a wrong width": ({"text": [1.0] * 5}, "refusal"),
        "empty": ({"text": []}, "refusal"),
        "not numbers": ({"text": [float("nan")] * 384}, "refusal"),
        "infinite": ({"text": [float("inf")] * 384}, "refusal"),
        "too large for 32 bits": ({"text": [1e300] * 384}, "refusal"),
        "unknown": ({"sound": [1.0]}, "refusal"),
        "in two rows": ({"text": [[1.0] * 192] * 2}, "refusal"),
        "zeros": ({"text": [0.0] * 384}, "either"),
        "huge": ({"text": [1e30] * 384}, "either"),
        "tiny": ({"text": [1e-45] * 384}, "either"),
    }
    for what, (values, right) in features.items():
        yield f"features {what}", {"features": values}, right


def _launch(arguments: dict[str, Any]) -> Callable[[Place], Call]:
    return lambda place: Call("launch", {"where": str(place.checkpoint), **arguments})


def _caches() -> Iterator[tuple[str, Callable[[Path], Any], Right]]:
    yield "sound", lambda path: _rows(path, [("text", b"old", bytes(16))]), "answer"
    yield "empty", lambda path: path.write_bytes(b""), "answer"
    yield "nonsense", lambda path: path.write_bytes(b"nonsense" * 500), "refusal"
    yield (
        "cut",
        lambda path: (_rows(path, [("text", b"old", bytes(16))] * 1), path.write_bytes(path.read_bytes()[:600])),
        "refusal",
    )
    yield "a folder", lambda path: path.mkdir(), "refusal"
    yield "another table", lambda path: _statement(path, "CREATE TABLE features (a TEXT)"), "refusal"
    yield (
        "a view",
        lambda path: _statement(path, "CREATE VIEW features AS SELECT 1 AS modality, 2 AS content, 3 AS vector"),
        "refusal",
    )
    # What is no vector may be refused, or be encoded anew.
    yield "a vector of 7 bytes", lambda path: _rows(path, [("text", b"old", bytes(7))]), "either"
    yield "a vector of another width", lambda path: _rows(path, [("text", b"old", bytes(400))]), "either"
    yield "a vector of words", lambda path: _rows(path, [("text", b"old", "words")]), "either"
    yield "a vector of null", lambda path: _rows(path, [("text", b"old", None)]), "either"
    yield "a vector of no numbers", lambda path: _rows(path, [("text", b"old", b"\x00\x00\xc0\x7f" * 4)]), "either"
    yield "locked for ever", _locked, "either"
    yield "a pipe", os.mkfifo, "refusal"


def _cache(spoil: Callable[[Path], Any]) -> Callable[[Place], Call]:
    def send(place: Place) -> Call:
        import hashlib

        folder = place.folder / "own-cache"
        (folder / "features").mkdir(parents=True)
        name = hashlib.sha256(json.dumps(IDENTITY, sort_keys=True).encode()).hexdigest()[:24]
        spoil(folder / "features" / f"{name}.sqlite")
        return Call("cached", {"where": str(folder)})

    return send


def _is_cached(answer: Any) -> bool:
    return answer["new"] == [1.0] * 4 and all(value == [0.0] * 4 for name, value in answer.items() if name != "new")


def _rows(path: Path, rows: list[tuple[str, bytes, Any]]) -> None:
    with sqlite3.connect(path) as base:
        base.execute(
            "CREATE TABLE features (modality TEXT, content BLOB, vector BLOB, PRIMARY KEY (modality, content))"
        )
        base.executemany("INSERT INTO features VALUES (?, ?, ?)", rows)
    base.close()


def _statement(path: Path, statement: str) -> None:
    with sqlite3.connect(path) as base:
        base.execute(statement)
    base.close()


def _locked(path: Path) -> None:
    """As a program that was killed leaves it: a journal beside it that belongs to nobody."""
    _rows(path, [("text", b"old", bytes(16))])
    path.with_name(path.name + "-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + bytes(500))
