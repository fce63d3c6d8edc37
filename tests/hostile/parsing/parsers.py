"""Our own parsers, each fed with any bytes: nothing but a ``MamexError`` may come out of them."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.config import Config, override, parse_config
from mamex.data.about import read_about
from mamex.data.contents.contents import read_contents
from mamex.data.problems import Problems
from mamex.errors import MamexError
from mamex.files.archives import ArchiveLimits, unpack
from mamex.files.pictures.picture import open_picture
from mamex.launch.batch_files import planned_rows

Parser = Callable[[Path, bytes], None]


def tables(place: Path, data: bytes) -> None:
    """Both tables of a dataset folder, cut from one input."""
    items, _, interactions = data.partition(b"\x00\x00")
    for name in ("items.csv", "items.csv.gz"):
        (place / name).unlink(missing_ok=True)
    (place / ("items.csv.gz" if items[:2] == b"\x1f\x8b" else "items.csv")).write_bytes(items)
    (place / "interactions.csv").write_bytes(interactions)
    read_contents(place, Problems())


def archive(place: Path, data: bytes) -> None:
    shutil.rmtree(place / "unpacked", ignore_errors=True)
    (place / "a.zip").write_bytes(data)
    unpack(place / "a.zip", place / "unpacked", ArchiveLimits(files=50, megabytes=5))


def picture(place: Path, data: bytes) -> None:
    open_picture(data)


def about(place: Path, data: bytes) -> None:
    (place / "about.json").write_bytes(data)
    read_about(place)


def planned(place: Path, data: bytes) -> None:
    path = place / ("planned.zip" if data[:2] == b"PK" else "planned.csv")
    path.write_bytes(data)
    with planned_rows(path, 50):
        pass


def manifest(place: Path, data: bytes) -> None:
    """The manifest of a checkpoint whose files are not there."""
    (place / "checkpoint").mkdir(exist_ok=True)
    (place / "checkpoint" / "checkpoint.json").write_bytes(data)
    load_checkpoint(place / "checkpoint")


def settings(place: Path, data: bytes) -> None:
    """Assignments of the command line if they begin with "=", else all settings as JSON."""
    if data[:1] == b"=":
        override(Config(), data[1:].decode("utf-8", errors="surrogateescape").splitlines())
    else:
        with contextlib.suppress(ValueError, RecursionError):
            parse_config(json.loads(data))


PARSERS: dict[str, Parser] = {
    one.__name__: one for one in (tables, archive, picture, about, planned, manifest, settings)
}


def only_our_errors(parser: Parser, place: Path, data: bytes) -> None:
    """Feed one input; a refusal is fine."""
    with contextlib.suppress(MamexError):
        parser(place, data)
