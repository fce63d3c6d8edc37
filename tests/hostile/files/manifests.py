"""Manifests of checkpoints from strangers: every entry wrong in every way, and files that are none."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from tests.hostile.judging.cases import Right

Damage = Callable[[Path], None]
DEEP = '{"a":' * 100_000 + "1" + "}" * 100_000
#: In the place of an entry of the manifest.
WRONG: dict[str, Any] = {
    "null": None,
    "a list": [],
    "a list of lists": [[None]],
    "words": "no such thing",
    "a negative number": -1,
    "a huge number": 1e30,
    "an empty object": {},
    "true": True,
    "a long text": "x" * 1_000_000,
}


def manifest_entries() -> Iterator[tuple[str, Damage, Right]]:
    top = ("format", "schema_version", "config", "encoder", "modalities", "list_lengths", "about", "summary", "hashes")
    for entry in top:
        for what, value in WRONG.items():
            yield f"{entry} is {what}", _entry(entry, value), "either"
        yield f"{entry} is missing", _entry(entry, _MISSING), "either"
    inner = {
        "encoder.name": ("no such encoder", "../../etc/passwd", None, "compact\x00", "features"),
        "encoder.dimensions": (None, {}, {"image": -1}, {"image": 1280, "text": "384"}),
        "encoder.context_length": ("many", -5),
        "config.model.dimension": (1e30, 0, "16x", None, 10**12, 17),
        "config.model.experts": (10**9, 0, None, 5),
        "config.model.modalities": ([], ["image"], ["image", "image"], ["image", "sound"], None, "image"),
        "config.model.kernel_components": (10**12, -1, 3),
        "config.model.router": ("nobody", None, "joint"),
        "config.training.seed": (-1, 1e30, None),
        "config.training.no_such": (1,),
        "modalities.image": (0, -1, "1280", 1e30, None, 1279),
        "modalities.sound": (5,),
        "about.name": (None, "x" * 81, "\u202ename", ["a"]),
        "about.users": ("", 7, "<script>alert(1)</script>"),
        "about.unknown": ("x",),
        "summary.familiarity_limits": (None, [], {"image": "far"}, {"sound": 0.5}, {"image": None}, 3),
        "summary.identifier": (None, 5, ["x"], "<img src=x onerror=alert(1)>"),
        "hashes.users\\.csv": (None, 5, "", "0" * 64),
        "hashes.../../../etc/passwd": ("0" * 64,),
        "hashes./etc/hostname": ("0" * 64,),
        "hashes.a\x00b": ("0" * 64,),
        "dataset_folder": (None, 5, [], "", "\x00", "x" * 100_000, "/", "../" * 400, "\ud800"),
        "list_lengths": ([1, 2, 3], [20, 10, 50], [10, 20], ["10", "20", "50"]),
        "schema_version": (2, 4, "3", 3.5, True, 10**400),
    }
    for entry, values in inner.items():
        for value in values:
            yield f"{entry} is {str(value)[:24]!r}", _entry(entry, value), "either"


_MISSING = object()


def _entry(path: str, value: Any) -> Damage:
    def damage(folder: Path) -> None:
        manifest = json.loads((folder / "checkpoint.json").read_text())
        if path.startswith("hashes."):
            parts = ["hashes", path.removeprefix("hashes.").replace("\\", "")]
        else:
            parts = path.split(".")
        inside = manifest
        for part in parts[:-1]:
            inside = inside[part]
        if value is _MISSING:
            del inside[parts[-1]]
        else:
            inside[parts[-1]] = value
        write_manifest(folder, manifest)

    return damage


def write_manifest(folder: Path, manifest: Any) -> None:
    """Whatever numbers it holds."""
    limit = sys.get_int_max_str_digits()
    sys.set_int_max_str_digits(0)
    try:
        (folder / "checkpoint.json").write_text(json.dumps(manifest))
    finally:
        sys.set_int_max_str_digits(limit)


def manifest_files() -> Iterator[tuple[str, Damage, Right]]:
    texts: dict[str, str | bytes] = {
        "empty": "",
        "null": "null",
        "a list": "[]",
        "a number": "5",
        "a text": '"mamex-checkpoint"',
        "an open brace": "{",
        "an object in 100,000 objects": DEEP,
        "a list in 100,000 lists": "[" * 100_000,
        "not a number": '{"format": "mamex-checkpoint", "schema_version": NaN, "hashes": {}}',
        "infinity": '{"format": "mamex-checkpoint", "schema_version": Infinity, "hashes": {}}',
        "a number of 100,000 digits": '{"format": "mamex-checkpoint", "schema_version": ' + "9" * 100_000 + "}",
        "UTF-16": json.dumps({"format": "mamex-checkpoint"}).encode("utf-16"),
        "not UTF-8": b'{"format": "\xff\xfe\xfd"}',
        "NUL": b"\x00" * 1000,
        "eight million spaces": b" " * 8_000_000,
        "no hashes": '{"format": "mamex-checkpoint", "schema_version": 3, "hashes": {}}',
        "of another program": '{"format": "pt", "schema_version": 3, "hashes": {}}',
    }
    for what, text in texts.items():
        data = text if isinstance(text, bytes) else text.encode()
        yield what, lambda folder, data=data: _replace(folder / "checkpoint.json", data), "refusal"
    for name in ("checkpoint.json", "model.safetensors", "items.csv"):
        yield f"{name} is a folder", lambda folder, name=name: _as_folder(folder / name), "refusal"
        yield f"{name} is a pipe", lambda folder, name=name: _as_pipe(folder / name), "refusal"
        yield f"{name} is endless", lambda folder, name=name: _as_link(folder / name, "/dev/zero"), "refusal"
        yield f"{name} links to itself", lambda folder, name=name: _as_link(folder / name, name), "refusal"
        yield f"{name} is gone", lambda folder, name=name: (folder / name).unlink(), "refusal"
    yield "all of the folder is gone", shutil.rmtree, "refusal"


def _replace(path: Path, data: bytes) -> None:
    path.write_bytes(data)


def _as_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _as_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _as_link(path: Path, target: str) -> None:
    path.unlink()
    path.symlink_to(target)
