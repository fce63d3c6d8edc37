"""One unit of work, and its result on disk: what a killed run has finished is not done again.

A cell is one method with one group of settings on one split. Its key is a hash of everything that its numbers depend
on: the resolved settings, the data (features and split), the method's code and what is measured. So a changed setting,
dataset or line of code is another cell, and a result that is found is a result that would come out again.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from mamex.checkpoint.schemas import Metric, Seconds
from mamex.errors import BenchmarkError
from mamex.evaluation import Evaluation
from mamex.files.bounded_json import read_bounded
from mamex.files.writing import atomic_path, write_json, write_text

Kind = Literal["tune", "test", "missing"]


@dataclass(frozen=True)
class Cell:
    """What is to be computed.

    Attributes:
        method: its name.
        changes: the settings that differ from the method's defaults, sorted by name.
        seed: of the split, the initial weights and the sampling.
        kind: tune (validation only), test, or missing (test, as cold items lose modalities).
    """

    method: str
    changes: tuple[tuple[str, Any], ...]
    seed: int
    kind: Kind

    @classmethod
    def of(cls, method: str, changes: Mapping[str, Any], seed: int, kind: Kind) -> Cell:
        return cls(method, tuple(sorted(changes.items())), seed, kind)

    def key(self, settings: Mapping[str, Any], data: str, code: str) -> str:
        """The name of its files.

        Args:
            settings: every setting of the method, resolved.
            data: fingerprint of the data of this seed.
            code: fingerprint of the method's code.
        """
        identity = [self.method, settings, self.seed, self.kind, data, code]
        return hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()[:24]


@dataclass(frozen=True)
class CellResult:
    """What came out.

    Attributes:
        validation: metrics on the validation items; empty for methods that are not trained.
        metrics: metrics on the test items, or empty for kind tune.
        missing: for kind missing, one mapping for each ("lost", "share") with the test metrics.
        n_users: users with a test positive.
        seconds: of fitting and scoring.
    """

    validation: Mapping[str, float]
    metrics: Mapping[str, float]
    n_users: int
    seconds: float
    missing: list[dict[str, Any]] = field(default_factory=list)


class StoredResult(BaseModel):
    """A ``CellResult`` as it must be on disk."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    validation: dict[str, float]
    metrics: dict[str, Metric]
    n_users: int = Field(ge=0)
    seconds: Seconds
    missing: list[dict[str, str | Metric]]


class StoredCell(BaseModel):
    """A result's file: what was computed is there for people, the rest for this program."""

    model_config = ConfigDict(frozen=True, extra="allow")

    result: StoredResult


def _check_arrays(users: np.ndarray, per_user: Mapping[str, np.ndarray]) -> None:
    """Raises ValueError: they are not the metrics of each user."""
    if users.ndim != 1 or not np.issubdtype(users.dtype, np.integer) or not per_user:
        raise ValueError("no users, or no metrics")
    for values in per_user.values():
        if values.shape != users.shape or values.dtype != np.float32 or not ((values >= 0) & (values <= 1.001)).all():
            raise ValueError("no metric of each user")


class CellStore:
    """The folder of finished cells.

    Args:
        folder: is made when the first result is saved, and tells git to leave its content alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, key: str) -> CellResult | None:
        """A finished cell's result; None if it is not finished.

        Raises:
            BenchmarkError: the file is damaged.
        """
        path = self._folder / f"{key}.json"
        if not path.is_file():
            return None
        try:
            stored = StoredCell.model_validate_json(read_bounded(path))
            return CellResult(**stored.result.model_dump())
        except (OSError, ValueError) as error:
            raise BenchmarkError(f"The result {path} is damaged; delete it and run the command again.") from error

    def rename(self, old: str, new: str) -> None:
        """Let a finished cell be found under a new key; nothing happens if there is none, or the new one is there."""
        source, target = self._folder / f"{old}.json", self._folder / f"{new}.json"
        if not source.is_file() or target.is_file():
            return
        with contextlib.suppress(FileNotFoundError):  # a cell without it, or another process was faster
            source.with_suffix(".npz").rename(target.with_suffix(".npz"))
        with contextlib.suppress(FileNotFoundError):
            source.rename(target)

    def per_user(self, key: str) -> Evaluation:
        """Metrics of each user of a finished test cell.

        Raises:
            BenchmarkError: they are missing or damaged.
        """
        path = self._folder / f"{key}.npz"
        try:
            with np.load(path) as arrays:
                users = arrays["users"]
                per_user = {name: arrays[name] for name in arrays if name != "users"}
            _check_arrays(users, per_user)
            return Evaluation(users, per_user)
        except (OSError, ValueError, KeyError, EOFError, TypeError, zipfile.BadZipFile, zlib.error) as error:
            raise BenchmarkError(
                f"The result {path} is missing or damaged; delete {key}.json beside it and run the command again."
            ) from error

    def save(
        self, key: str, cell: Cell, settings: Mapping[str, Any], result: CellResult, evaluation: Evaluation | None
    ) -> None:
        """Write a result; the JSON comes last, so a cell that has one is whole."""
        ignore = self._folder / ".gitignore"
        if not ignore.exists():
            write_text(ignore, "*\n")
        if evaluation is not None:
            with atomic_path(self._folder / f"{key}.npz") as temporary, temporary.open("wb") as stream:
                arrays: dict[str, Any] = {name: v.astype(np.float32) for name, v in evaluation.per_user.items()}
                np.savez_compressed(stream, users=evaluation.users, **arrays)
        value = {"cell": {**asdict(cell), "changes": dict(cell.changes)}, "settings": settings}
        write_json(self._folder / f"{key}.json", {**value, "result": asdict(result)})
