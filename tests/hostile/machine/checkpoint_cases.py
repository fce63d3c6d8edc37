"""Checkpoints from strangers: files whose hashes fit although what is in them is wrong."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from mamex.files.writing import file_hash
from tests.hostile.doors.forks import Call, Place
from tests.hostile.files.bombs import gzip_bomb
from tests.hostile.files.manifests import Damage, manifest_entries, manifest_files, write_manifest
from tests.hostile.judging.cases import Case, Right
from tests.hostile.judging.truth import as_known

WORDS = "A navy waterproof jacket for rain and wind."


def cases() -> Iterator[Case]:
    """All of them; the two doors take turns, since both end in the same reader."""
    families: tuple[tuple[str, Iterator[tuple[str, Damage, Right]]], ...] = (
        ("checkpoint manifest", manifest_entries()),
        ("checkpoint manifest file", manifest_files()),
        ("checkpoint tensors", _tensors()),
        ("checkpoint tables", _tables()),
    )
    for family, damages in families:
        for number, (name, damage, right) in enumerate(damages):
            yield _case(f"{family}/{name}", damage, right, by_command=number % 2 == 0)


def _case(id: str, damage: Damage, right: Right, by_command: bool) -> Case:
    def send(place: Place) -> list[str] | Call:
        folder = place.copy_of_checkpoint()
        damage(folder)
        if by_command:
            return ["launch", "--checkpoint", str(folder), "--text", WORDS, "--json"]
        return Call("checkpoint", {"where": str(folder)})

    known = "checkpoint by command" if by_command else "checkpoint by library"
    return Case(id, "command line" if by_command else "library", send, right, check=as_known(known))


def sound(by_command: bool) -> Case:
    """The case that the others are compared with."""
    return _case("sound/checkpoint", lambda folder: None, "answer", by_command)


# Tensors


def _tensors() -> Iterator[tuple[str, Damage, Right]]:
    chosen = {
        "model.safetensors": (
            "users",
            "tower.fusion_gate.0.weight",
            "tower.mixtures.image.center",
            "tower.mixtures.image.expert_weight",
            "tower.mixtures.text.kernel.landmarks",
        ),
        "features.safetensors": ("features.image", "features.text", "present"),
        "audience.safetensors": ("thresholds", "reach"),
        "map.safetensors": ("coordinates",),
    }
    for file, names in chosen.items():
        for name in names:
            for what, (change, right) in _CHANGES.items():
                # Features of a modality that a product lacks are never read, and the map is only drawn.
                yield f"{name} {what}", _tensor(file, name, change), right
        yield f"{file} is no tensor file", lambda folder, file=file: _rehash(folder, file, b"nonsense"), "refusal"
        yield f"{file} has a header of 2^60 bytes", _oversold(file), "refusal"
    yield "reach above 1", _tensor("audience.safetensors", "reach", lambda values: values + 5), "refusal"
    yield "reach below 0", _tensor("audience.safetensors", "reach", lambda values: values - 5), "refusal"


def _with(place: int, value: float) -> Callable[[Tensor], Tensor]:
    def change(values: Tensor) -> Tensor:
        changed = values.float().clone()
        changed.view(-1)[place] = value
        return changed

    return change


_CHANGES: dict[str, tuple[Callable[[Tensor], Tensor | None], Right]] = {
    "has a NaN": (_with(0, float("nan")), "refusal"),
    "has a NaN at its end": (_with(-1, float("nan")), "refusal"),
    "has an infinity": (_with(0, float("inf")), "refusal"),
    "is cut by a row": (lambda values: values[:-1], "refusal"),
    "has a row too many": (lambda values: torch.cat([values, values[:1]]), "refusal"),
    "is flat": (lambda values: values.reshape(-1) if values.ndim > 1 else values.reshape(1, -1), "refusal"),
    "is empty": (lambda values: values[:0], "refusal"),
    "is whole numbers": (lambda values: (values.float() * 1000).to(torch.int64), "refusal"),
    "is complex": (lambda values: values.to(torch.complex64), "refusal"),
    "is missing": (lambda values: None, "refusal"),
    "is in 64 bits": (lambda values: values.to(torch.float64), "either"),
}


def _tensor(file: str, name: str, change: Callable[[Tensor], Tensor | None]) -> Damage:
    def damage(folder: Path) -> None:
        tensors = load_file(folder / file)
        changed = change(tensors.pop(name))
        if changed is not None:
            tensors[name] = changed.contiguous()
        save_file(tensors, folder / file)
        _rehash(folder, file)

    return damage


def _oversold(file: str) -> Damage:
    return lambda folder: _rehash(folder, file, (2**60).to_bytes(8, "little") + b"{}")


def _rehash(folder: Path, file: str, data: bytes | None = None) -> None:
    """Make the manifest fit a file that was changed."""
    if data is not None:
        (folder / file).write_bytes(data)
    manifest = json.loads((folder / "checkpoint.json").read_text())
    manifest["hashes"][file] = file_hash(folder / file)
    write_manifest(folder, manifest)


# Tables


def _tables() -> Iterator[tuple[str, Damage, Right]]:
    for file in ("items.csv", "users.csv", "split.csv", "interactions.csv.gz"):
        for what, change in _TEXTS.items():
            # One purchase more or less is no fault that could be seen.
            unseen = file == "interactions.csv.gz" and "row" in what and "alone" not in what
            yield f"{file} {what}", _text(file, change), "either" if unseen else "refusal"
    for what, (old, new) in _INDICES.items():

        def change(text, old=old, new=new):
            return text.replace(old, new, 1)

        yield f"interactions.csv.gz {what}", _text("interactions.csv.gz", change), "refusal"

    def unknown(text):
        return text.replace(",train", ",future", 1)

    yield "split.csv has an unknown part", _text("split.csv", unknown), "refusal"

    def all_train(text):
        return text.replace(",test", ",train")

    yield "split.csv has more warm items than the reach", _text("split.csv", all_train), "refusal"
    yield (
        "interactions.csv.gz is not compressed",
        lambda f: _rehash(f, "interactions.csv.gz", b"user,item\n"),
        "refusal",
    )
    yield "interactions.csv.gz unpacks to 1.5 GB", lambda f: _rehash(f, "interactions.csv.gz", gzip_bomb()), "refusal"


_TEXTS: dict[str, Callable[[str], str]] = {
    "is empty": lambda text: "",
    "has its header alone": lambda text: text.splitlines(keepends=True)[0],
    "lacks its last row": lambda text: "".join(text.splitlines(keepends=True)[:-1]) if len(text) < 20_000 else text[:9],
    "has its second row twice": lambda text: "".join(
        line * (2 if number == 1 else 1) for number, line in enumerate(text.splitlines(keepends=True))
    ),
    "has a column by another name": lambda text: "x" + text.replace('"', "", 2),
    "is binary": lambda text: "\x00\x01\x02" * 1000,
    "has an open quotation mark": lambda text: text + '"open',
    "has 5,000 columns": lambda text: ",".join("c" * 5000) + "\n" + ",".join("1" * 5000) + "\n",
}
_INDICES = {
    "has a user below 0": ("\n0,", "\n-1,"),
    "has a user above the last": ("\n0,", "\n40,"),
    "has a user of 1e30": ("\n0,", "\n1e30,"),
    "has a user that is no number": ("\n0,", "\nu001,"),
    "has an empty user": ("\n0,", "\n,"),
    "has half a user": ("\n0,", "\n0.5,"),
    "has an item above the last": (",48,", ",80,"),
    "has an item below 0": (",48,", ",-2,"),
    "has a time that is none": ('"2024', '"soon 2024'),
}


def _text(file: str, change: Callable[[str], str]) -> Damage:
    def damage(folder: Path) -> None:
        path = folder / file
        packed = file.endswith(".gz")
        text = (gzip.decompress(path.read_bytes()) if packed else path.read_bytes()).decode()
        changed = change(text).encode()
        _rehash(folder, file, gzip.compress(changed, 1) if packed else changed)

    return damage
