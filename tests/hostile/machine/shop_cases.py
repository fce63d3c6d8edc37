"""Dataset folders from strangers, read by the command line's checker and by the library."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from tests.hostile.doors.forks import Call, Place
from tests.hostile.files.picture_files import raw_png, red, saved
from tests.hostile.files.table_files import BOUGHT, ITEMS, Made, of_interactions, of_items
from tests.hostile.judging.cases import Case, Right

Spoil = Callable[[Path], None]
READERS = ("dataset", "checked")


def cases() -> Iterator[Case]:
    """All of them: what is odd in a table goes to the checker; every second one to a reader of the library too."""
    for stem, made in (("items", of_items()), ("interactions", of_interactions())):
        for number, one in enumerate(made):
            right = one[3]
            yield _checked(f"{stem} table/{one[0]}", _spoilt_table(stem, one), right)
            if number % 2 == 0 or right == "refusal":
                name = READERS[number // 2 % 2]
                yield _read(f"{stem} table read/{one[0]}", name, _spoilt_table(stem, one), right)
    for what, text, right in _abouts():
        spoil = _file("about.json", text)
        yield _checked(f"about.json/{what}", spoil, right)
        yield _read(f"about.json read/{what}", "about", spoil, right)
    for what, spoil, right in _folders():
        yield _checked(f"folder/{what}", spoil, right)
        yield _read(f"folder read/{what}", "dataset", spoil, right)
    for what, make, right in _arrays():
        yield _read(f"precomputed features/{what}", "features_of", _file("features/image.npy", make), right)
    yield from _places()


def write_shop(folder: Path) -> Path:
    """A small sound dataset folder, with pictures that lead elsewhere for whom names them."""
    (folder / "images").mkdir(parents=True)
    (folder / "items.csv").write_text(ITEMS)
    (folder / "interactions.csv").write_text(BOUGHT)
    (folder / "images" / "a.png").write_bytes(saved(red(), "PNG"))
    (folder / "images" / "bomb.png").write_bytes(raw_png(30_000, 30_000, 1, 0, rows=9))
    (folder.parent / "outside.png").write_bytes(saved(red(), "PNG"))
    (folder / "images" / "outside.png").symlink_to(folder.parent / "outside.png")
    (folder / "images" / "loop.png").symlink_to("loop.png")
    os.mkfifo(folder / "images" / "pipe.png")
    return folder


def _checked(id: str, spoil: Spoil, right: Right) -> Case:
    def send(place: Place) -> list[str]:
        folder = write_shop(place.folder / "shop")
        spoil(folder)
        return ["check", str(folder)]

    return Case(id, "command line", send, right, list_of_faults=True)


def _read(id: str, name: str, spoil: Spoil, right: Right) -> Case:
    def send(place: Place) -> Call:
        folder = write_shop(place.folder / "shop")
        spoil(folder)
        return Call(name, {"where": str(folder)})

    return Case(id, "library", send, right, list_of_faults=True)


def _spoilt_table(stem: str, made: Made) -> Spoil:
    _, name, content, _ = made

    def spoil(folder: Path) -> None:
        (folder / f"{stem}.csv").unlink()
        (folder / (name or f"{stem}.csv")).write_bytes(content())

    return spoil


def _file(name: str, content: bytes | Callable[[], bytes]) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(content() if callable(content) else content)

    return spoil


def _abouts() -> Iterator[tuple[str, bytes | Callable[[], bytes], Right]]:
    for what, value in {
        "null": None,
        "a list": [],
        "a number": 5,
        "an empty object": {},
        "an unknown entry": {"nmae": "x"},
        "a name that is a list": {"name": ["x"]},
        "a long name": {"name": "x" * 81},
        "an empty word": {"item": ""},
        "a word of markup": {"item": "<b>thing</b>"},
        "simulated as a word": {"simulated": "perhaps"},
        "a name that is null": {"name": None},
        "half of a surrogate pair": {"name": "\ud800"},
        "a control character": {"name": "\x1b[31mred\x07"},
        "a name that turns": {"name": "\u202eabc"},
        "a number as word": {"users": 5},
        "a long word": {"users": "x" * 25},
        "NUL": {"name": "a\x00b"},
    }.items():
        fine = what in ("an empty object",)
        odd = what in (
            "a word of markup",
            "a name that turns",
            "half of a surrogate pair",
            "a control character",
            "NUL",
        )
        yield what, json.dumps(value).encode(), "answer" if fine else "either" if odd else "refusal"
    yield "deep", b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "refusal"
    yield "a deep list", b"[" * 100_000, "refusal"
    yield "a number of 100,000 digits", b'{"name": ' + b"9" * 100_000 + b"}", "refusal"
    yield "not JSON", b"name: x", "refusal"
    yield "empty", b"", "refusal"
    yield "not UTF-8", b'{"name": "\xff\xfe"}', "refusal"
    yield "UTF-16", json.dumps({"name": "x"}).encode("utf-16"), "refusal"
    yield "with a mark at its beginning", b'\xef\xbb\xbf{"name": "x"}', "either"
    yield "60 MB of spaces", lambda: b" " * 60_000_000, "refusal"
    yield "100 MB of one name", lambda: b'{"name": "' + b"x" * 100_000_000 + b'"}', "refusal"
    yield "an entry twice", b'{"name": "x", "name": "y"}', "either"
    yield "not a number", b'{"name": NaN}', "refusal"


def _folders() -> Iterator[tuple[str, Spoil, Right]]:
    for name in ("items.csv", "interactions.csv", "about.json"):
        yield f"{name} is a folder", lambda folder, name=name: _instead(folder / name, Path.mkdir), "refusal"
        yield f"{name} is a pipe", lambda folder, name=name: _instead(folder / name, os.mkfifo), "refusal"
        for target in ("/dev/zero", "/dev/stdin", name, "/etc/shadow", "/proc/self/mem"):

            def link(folder, name=name, target=target):
                return _instead(folder / name, lambda path: path.symlink_to(target))

            yield f"{name} links to {target}", link, "refusal"
    yield "images is a link to itself", lambda folder: _instead_of_images(folder, "images"), "either"
    yield "images is a link to the root", lambda folder: _instead_of_images(folder, "/"), "either"
    yield "both forms of a table", lambda folder: _file("items.csv.gz", b"")(folder), "refusal"
    yield "names in capitals", lambda folder: (folder / "items.csv").rename(folder / "ITEMS.CSV") and None, "answer"
    yield "a file by a name that is not UTF-8", lambda folder: _odd_name(folder), "answer"


def _instead(path: Path, make: Callable[[Path], Any]) -> None:
    path.unlink(missing_ok=True)
    make(path)


def _instead_of_images(folder: Path, target: str) -> None:
    (folder / "images").rename(folder / "pictures")
    (folder / "images").symlink_to(target)


def _odd_name(folder: Path) -> None:
    (folder / os.fsdecode(b"\xff\xfe.csv")).write_bytes(b"x")


def _arrays() -> Iterator[tuple[str, Callable[[], bytes], Right]]:
    def array(values: Any, **more: Any) -> Callable[[], bytes]:
        import io

        def made() -> bytes:
            stream = io.BytesIO()
            np.save(stream, values() if callable(values) else np.asarray(values, **more), allow_pickle=True)
            return stream.getvalue()

        return made

    yield "sound", array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]), "answer"
    yield "objects", array([{"a": 1}], dtype=object), "refusal"
    yield "one dimension", array([1.0, 2.0, 3.0]), "refusal"
    yield "three dimensions", array(np.zeros((3, 2, 2))), "refusal"
    yield "no dimension", array(np.float64(5)), "refusal"
    yield "words", array([["a", "b"]]), "refusal"
    yield "complex numbers", array(np.zeros((3, 2), dtype=complex)), "refusal"
    yield "infinities", array([[np.inf, 1.0]] * 3), "refusal"
    yield "numbers too large for 32 bits", array([[1e300, 1.0]] * 3), "refusal"
    yield "dates", array(np.zeros((3, 2), dtype="datetime64[s]")), "refusal"
    yield "records", array(np.zeros((3,), dtype=[("a", float), ("b", float)])), "refusal"
    yield "width 0", array(np.zeros((3, 0))), "refusal"
    header = b"{'descr': '<f4', 'fortran_order': False, 'shape': (2147483647, 2147483647), }"
    yield "a lie of 2^62 numbers", lambda: _npy(header), "refusal"
    yield "a lie of 40 GB", lambda: _npy(header.replace(b"2147483647, 2147483647", b"10000000, 1000")), "refusal"
    yield "a negative shape", lambda: _npy(header.replace(b"2147483647, 2147483647", b"-1, 5")), "refusal"
    yield "a program as header", lambda: _npy(b"__import__('os').system('true')"), "refusal"
    yield "a header of 60,000 brackets", lambda: _npy(b"(" * 60_000), "refusal"
    yield "a pickle", lambda: b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00\x8c\x02os\x94\x93.", "refusal"
    yield "an archive", lambda: b"PK\x05\x06" + bytes(18), "refusal"
    yield "nothing", lambda: b"", "refusal"
    yield "a version of 9", lambda: b"\x93NUMPY\x09\x00" + bytes(100), "refusal"


def _npy(header: bytes) -> bytes:
    padded = header + b" " * (64 - (10 + len(header) + 1) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded + bytes(64)


def _places() -> Iterator[Case]:
    """Folders that are none."""
    where = {
        "does not exist": "no-such-folder",
        "is a device": "/dev/null",
        "is endless": "/dev/zero",
        "is empty text": "",
        "has NUL": "a\x00b",
        "is far too long": "x" * 5000,
        "is deep": "a/" * 2000,
        "is half a surrogate pair": "\udcff",
        "is a web address": "http://127.0.0.1:9/shop",
        "is an option": "--data",
        "is home": "~",
        "is the root": "/",
        "is the process": "/proc/self",
        "is full": "/dev/full",
        "is a pattern": "*",
        "is a line end": "a\nb",
        "turns the reading direction": "\u202e",
        "steers the terminal": "\x1b[2J",
    }
    for what, path in where.items():
        yield Case(f"place/{what}", "command line", lambda place, path=path: ["check", path], list_of_faults=True)
        yield Case(
            f"place read/{what}", "library", lambda p, path=path: Call("dataset", {"where": path}), list_of_faults=True
        )
