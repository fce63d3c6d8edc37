"""Single files from strangers by the command line and the library: pictures, zip files, files of planned products."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.hostile.doors.forks import Call, Place
from tests.hostile.files.bombs import zip_of
from tests.hostile.files.picture_files import RED, pictures, red, saved
from tests.hostile.files.table_files import ODD
from tests.hostile.files.zip_files import zips
from tests.hostile.judging.cases import Case, Right
from tests.hostile.judging.truth import is_finite_launch

WORDS = "A navy waterproof jacket for rain and wind."


def cases() -> Iterator[Case]:
    """All of them."""
    for number, (name, make, right) in enumerate(pictures()):
        check = _is_red if name.startswith("red") and right == "answer" else None
        yield Case(f"picture/{name}", "library", _file_to(make, name, "picture", "path"), right, check=check)
        if number % 2:
            yield Case(f"picture bytes/{name}", "library", _file_to(make, name, "picture_bytes", "path"), right)
        else:
            yield Case(f"picture launch/{name}", "command line", _launch(make, name), right, check=is_finite_launch)
    for what, make in _odd_paths().items():
        right: Right = "answer" if what == "sound" else "refusal"
        yield Case(f"picture place/{what}", "command line", lambda p, m=make: _launch_path(p, m(p)), right)
        yield Case(f"picture place/{what}", "library", lambda p, m=make: Call("picture", {"path": m(p)}), right)
    for what, make, right in zips():
        yield Case(f"zip/{what}", "library", _file_to(make, "shop.zip", "unpacked", "archive"), right, check=_inside)
        yield Case(f"batch zip/{what}", "library", _file_to(make, "planned.zip", "planned", "path"), right)
    for what, name, make, right in batches():
        yield Case(f"batch file/{what}", "library", _file_to(make, name, "planned", "path"), right)


def _file_to(make: Callable[[], bytes], name: str, call: str, argument: str) -> Callable[[Place], Call]:
    def send(place: Place) -> Call:
        path = place.folder / name
        path.write_bytes(make())
        return Call(call, {argument: str(path)})

    return send


def _launch(make: Callable[[], bytes], name: str) -> Callable[[Place], list[str]]:
    def send(place: Place) -> list[str]:
        (place.folder / name).write_bytes(make())
        return _launch_path(place, str(place.folder / name))

    return send


def _launch_path(place: Place, path: str) -> list[str]:
    return ["launch", "--checkpoint", str(place.checkpoint), "--text", WORDS, "--json", f"--image={path}"]


def _is_red(answer: Any) -> bool:
    return answer["mode"] == "RGB" and all(abs(one - two) < 14 for one, two in zip(answer["mean"], RED, strict=True))


def _inside(answer: Any) -> bool:
    return not answer["outside"]


def _odd_paths() -> dict[str, Callable[[Place], str]]:
    def made(make: Callable[[Path], Any]) -> Callable[[Place], str]:
        def path(place: Place) -> str:
            target = place.folder / "picture.png"
            make(target)
            return str(target)

        return path

    fixed = {
        "does not exist": "no-such.png",
        "is a folder": "/",
        "is endless": "/dev/zero",
        "is random": "/dev/urandom",
        "is nothing": "/dev/null",
        "is the memory": "/proc/self/mem",
        "is a map": "/proc/self/maps",
        "has NUL": "a\x00.png",
        "is far too long": "x" * 5000 + ".png",
        "is half a surrogate pair": "\udcff.png",
        "is the terminal": "/dev/tty",
        "is standard input": "/dev/stdin",
        "is an address": "http://127.0.0.1:9/x.png",
        "is a file address": "file:///etc/passwd",
        "holds a line end": "a\nb.png",
        "steers the terminal": "\x1b[2J.png",
        "is a data address": "data:image/png;base64,AAAA",
        "is the password file": "/etc/passwd",
    }
    odd: dict[str, Callable[[Place], str]] = {what: lambda place, path=path: path for what, path in fixed.items()}
    odd["sound"] = made(lambda path: path.write_bytes(saved(red(), "PNG")))
    odd["is a pipe"] = made(os.mkfifo)
    odd["links to itself"] = made(lambda path: path.symlink_to(path.name))
    odd["links to the endless device"] = made(lambda path: path.symlink_to("/dev/zero"))
    odd["is a socket"] = made(_socket)
    odd["is a hole of 40 GB"] = made(_hole)
    return odd


def _socket(path: Path) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))


def _hole(path: Path) -> None:
    with path.open("wb") as stream:
        stream.write(b"\x89PNG\r\n\x1a\n")
        stream.truncate(40 * 2**30)


def batches() -> Iterator[tuple[str, str, Callable[[], bytes], Right]]:
    texts: dict[str, tuple[bytes | Callable[[], bytes], Right]] = {
        "sound": (b"title,description\nHat,Warm\n", "answer"),
        "semicolons": (b"title;description\nHat;Warm\n", "answer"),
        "empty": (b"", "refusal"),
        "header alone": (b"title,description\n", "refusal"),
        "no known column": (b"a,b\n1,2\n", "refusal"),
        "501 rows": (b"title\n" + b"Hat\n" * 501, "refusal"),
        "four million rows": (lambda: b"title\n" + b"Hat\n" * 4_000_000, "refusal"),
        "25 MB in a field": (lambda: b'title\n"' + b"x" * 25_000_000 + b'"\n', "refusal"),
        "19 MB in a field": (lambda: b'title\n"' + b"x" * 19_000_000 + b'"\n', "either"),
        "200,000 columns": (b"title," + b"c," * 200_000 + b"\nHat\n", "refusal"),
        "6,000,000 commas": (lambda: b"title\n" + b"," * 6_000_000, "either"),
        "a title twice": (b"title,title\na,b\n", "either"),
        "carriage returns": (b"title\rHat\rScarf\r", "either"),
        "not UTF-8": (b"title\nM\xfctze\n", "either"),
        "half a surrogate pair": (b"title\nx\xed\xa0\x80\n", "either"),
        "NUL": (b"title\na\x00b\n", "either"),
        "UTF-16": ("title\nHat\n".encode("utf-16"), "either"),
        "an open quotation mark": (b'title,description\n"Hat,Warm\n', "either"),
        "a picture above": (b"title,image\nHat,../../secret.png\n", "either"),
        "a picture by its path": (b"title,image\nHat,/etc/hostname\n", "either"),
        "a picture on another machine": (b"title,image\nHat,http://127.0.0.1:9/a.png\n", "either"),
        "a spreadsheet": (zip_of({"xl/workbook.xml": b"<x/>", "[Content_Types].xml": b"<x/>"}), "refusal"),
        "a picture for a table": (saved(red(), "PNG"), "refusal"),
        "JSON": (b'[{"title": "Hat"}]', "refusal"),
        "a page": (b"<html><body>title</body></html>", "refusal"),
        "bars": (b"title|description\nHat|Warm\n", "either"),
        "one million blank lines": (lambda: b"title\n" + b"\n" * 1_000_000, "refusal"),
        "one million NUL lines": (lambda: b"title\nHat\n" + b"\x00\n" * 1_000_000, "either"),
    }
    for what, (content, right) in texts.items():
        yield what, "planned.csv", content if callable(content) else lambda content=content: content, right
        if right == "answer" and isinstance(content, bytes):
            yield f"{what}, zipped", "planned.zip", lambda content=content: zip_of({"a.csv": content}), right
    for what, value in ODD.items():
        for column in ("title", "description", "item_id", "image"):
            row = f'title,{column}2\nHat,\nx,"{value}"\n'.replace("title2", "other").replace("2\n", "\n", 1)
            yield f"{what} as {column}", "planned.csv", lambda row=row: row.encode(), "either"
    for name in ("planned.exe", "planned", "planned.csv.zip.exe", "planned.zip", "planned.CSV", "planned.xlsx"):
        right = "answer" if name == "planned.CSV" else "refusal"
        yield f"named {name}", name, lambda: b"title\nHat\n", right
