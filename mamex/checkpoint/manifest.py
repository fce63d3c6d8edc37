"""``checkpoint.json``: what a checkpoint says of itself, checked before anything that it names is opened."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue, ValidationError, field_validator, model_validator
from pydantic_core import from_json

from mamex.errors import CheckpointError
from mamex.files.bounded_json import first_fault, read_bounded
from mamex.retrieval.thresholds import LIST_LENGTHS

FORMAT = "mamex-checkpoint"
SCHEMA_VERSION = 3
MANIFEST = "checkpoint.json"
HASHED = (
    "model.safetensors",
    "features.safetensors",
    "audience.safetensors",
    "map.safetensors",
    "items.csv",
    "split.csv",
    "users.csv",
    "interactions.csv.gz",
)
#: Ours have four thousand bytes.
MOST_BYTES = 1_000_000

#: Settings that came after schema 3, at the value that stands for a program without them.
_CAME_LATER: dict[str, dict[str, float]] = {"data": {"min_rating": 0.0}, "training": {"start_share": 0.0}}

#: What every run is validated by.
METRICS = {"recall@10", "ndcg@10", "recall@20", "ndcg@20"}

#: Sums of shares in 32 bits may lie a little above one.
Share = Annotated[float, Field(ge=0, le=1.001)]
Cosine = Annotated[float, Field(ge=-1.001, le=1.001)]
Width = Annotated[int, Field(ge=1, le=1_000_000)]
Name = Annotated[str, Field(min_length=1, max_length=4096)]


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class EncoderIdentity(_Part):
    """What ``Encoder.identity`` was."""

    name: Name
    weights: str | dict[str, str]
    dimensions: dict[str, Width]
    context_length: Annotated[int, Field(ge=1)] | None
    preprocessing: dict[str, JsonValue]


class Summary(_Part):
    """How training went, and what is known of the model that came of it."""

    best_epoch: int = Field(ge=0)
    epochs: int = Field(ge=1)
    seconds: float = Field(ge=0)
    seconds_to_best: float = Field(ge=0)
    validation: dict[str, Share]
    expert_use: dict[str, list[Share]]
    fusion: dict[str, Share]
    identifier: str = Field(pattern="^[0-9a-f]{12}$")
    familiarity_limits: dict[str, Cosine]
    left_out: dict[str, Literal["absent", "alike"]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _check(self) -> Summary:
        if self.best_epoch >= self.epochs:
            raise ValueError("the best epoch comes after the last")
        if METRICS - set(self.validation):
            raise ValueError("a metric on the validation items is missing")
        return self


class Manifest(_Part):
    """All of ``checkpoint.json``; ``config`` and ``about`` have schemas of their own."""

    format: str
    schema_version: int
    config: dict[str, Any]
    encoder: EncoderIdentity
    modalities: dict[str, Width]
    list_lengths: list[int]
    dataset_folder: str = Field(min_length=1, max_length=4096)
    about: dict[str, Any]
    summary: Summary
    hashes: dict[str, Annotated[str, Field(pattern="^[0-9a-f]{64}$")]]

    @field_validator("list_lengths")
    @classmethod
    def _check_lengths(cls, lengths: list[int]) -> list[int]:
        if lengths != list(LIST_LENGTHS):
            raise ValueError(f"its lists are of other lengths than {', '.join(map(str, LIST_LENGTHS))}")
        return lengths

    @field_validator("dataset_folder")
    @classmethod
    def _check_folder(cls, folder: str) -> str:
        rooted = folder.startswith("/") or (folder.startswith("\\") and not folder.startswith("\\\\"))
        if "\0" in folder or rooted:
            raise ValueError("the shop's folder must be given relative to the checkpoint, or with its drive")
        return folder

    @field_validator("hashes")
    @classmethod
    def _check_names(cls, hashes: dict[str, str]) -> dict[str, str]:
        if set(hashes) != set(HASHED):  # files that are missing have been named before
            raise ValueError("it names files that are no part of a checkpoint")
        return hashes

    @model_validator(mode="after")
    def _check_modalities(self) -> Manifest:
        names = set(self.modalities)
        for place in ("expert_use", "fusion", "familiarity_limits"):
            if set(getattr(self.summary, place)) != names:
                raise ValueError(f"summary.{place} is of other modalities than the features")
        widths = self.encoder.dimensions
        if any(widths.get(name) != width for name, width in self.modalities.items()):
            raise ValueError("the encoder and the features differ in their dimensions")
        return self


def read_manifest(folder: Path) -> Manifest:
    """``checkpoint.json`` of a folder, checked to be ours and of this program's schema.

    A checkpoint older than a setting was trained without it, so it does not get the setting's default.

    Raises:
        CheckpointError: one sentence on what is wrong: no checkpoint, unfinished, foreign, newer, older, or damaged.
    """
    path = folder / MANIFEST
    if not folder.is_dir():
        raise CheckpointError(
            f"There is no checkpoint at {folder}; make one with python -m mamex train --data DIR --out {folder}."
        )
    if not path.is_file():
        raise CheckpointError(
            f"{folder} holds no finished checkpoint; if its training was interrupted, run it again with --resume."
        )
    value = _read_ours(path)
    _check_version(folder, value["schema_version"])
    missing = [name for name in HASHED if name not in value["hashes"]]
    if missing:
        raise CheckpointError(f"The checkpoint {folder} is damaged: its manifest lacks {missing[0]}; train it again.")
    try:
        manifest = Manifest.model_validate(value)
    except ValidationError as error:
        raise unreadable(folder, f"{MANIFEST}, {first_fault(error)}") from error
    for section, settings in _CAME_LATER.items():
        if isinstance(manifest.config.get(section), dict):
            manifest.config[section] = settings | manifest.config[section]
    return manifest


def unreadable(folder: Path, fault: str) -> CheckpointError:
    """The error for a checkpoint of this schema that holds something it can't hold."""
    return CheckpointError(
        f"The checkpoint {folder} can't be read ({fault}); it may be from another version, train it again."
    )


def _read_ours(path: Path) -> dict[str, Any]:
    try:
        value: dict[str, Any] = from_json(read_bounded(path, MOST_BYTES), allow_inf_nan=False)
        version = value["schema_version"] if value["format"] == FORMAT else None
        ours = type(version) is int and isinstance(value["hashes"], dict)
    except (OSError, ValueError, KeyError, TypeError):
        ours = False
    if not ours:
        raise CheckpointError(f"{path} was not written by MAMEX; give the folder of a MAMEX checkpoint.")
    return value


def _check_version(folder: Path, version: int) -> None:
    if version == SCHEMA_VERSION:
        return
    age, advice = ("a newer", "update MAMEX") if version > SCHEMA_VERSION else ("an older", "train it again")
    raise CheckpointError(
        f"The checkpoint {folder} was written by {age} MAMEX (schema {version}; this one reads {SCHEMA_VERSION}); "
        f"{advice}."
    )
