"""Checkpoints that are wrong although their hashes fit: what somebody else's program, or somebody else, may write."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from safetensors.torch import load_file, save_file
from torch import Tensor

from mamex.checkpoint.manifest import HASHED, MANIFEST
from mamex.files.writing import file_hash


def change_manifest(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    """Let ``change`` do what it will with the manifest."""
    manifest = json.loads((folder / MANIFEST).read_text())
    change(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest))


def seal(folder: Path) -> None:
    """Make the hashes those of the files as they are now."""
    change_manifest(folder, lambda manifest: manifest["hashes"].update({n: file_hash(folder / n) for n in HASHED}))


def change_tensors(folder: Path, name: str, change: Callable[[dict[str, Tensor]], None]) -> None:
    """Let ``change`` do what it will with one file's tensors, and seal the checkpoint."""
    tensors = load_file(folder / name)
    change(tensors)
    save_file({key: value.contiguous() for key, value in tensors.items()}, folder / name)
    seal(folder)


def change_table(folder: Path, name: str, change: Callable[[list[str]], list[str]]) -> None:
    """Replace a table's lines, its header among them, and seal the checkpoint."""
    path = folder / name
    packed = path.suffix == ".gz"
    text = gzip.decompress(path.read_bytes()).decode() if packed else path.read_text()
    content = ("\n".join(change(text.splitlines())) + "\n").encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    seal(folder)
