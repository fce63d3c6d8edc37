"""The five jobs that faults befall, each on a shop so small that it takes a second or two, and what each must leave."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from abc import ABC, abstractmethod
from pathlib import Path
from typing import Any

import numpy as np

from mamex.benchmark.options import Options
from mamex.benchmark.problem import Problem
from mamex.benchmark.run import run_benchmark
from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.checkpoint.manifest import HASHED, MANIFEST
from mamex.config import Config, override
from mamex.data.dataset import read_dataset
from mamex.encoders import Encoder
from mamex.encoders.features import item_features
from mamex.launch.batch import ranked, run_batch, write_batch
from mamex.launch.batch_files import planned_rows
from mamex.launch.launcher import Launcher
from mamex.training.records import LOG
from mamex.training.run import STATE, train_run
from mamex.training.state import check_state
from tests.support.shops.benchmark_shop import ASSIGNMENTS, write_benchmark_shop
from tests.support.shops.builders import write_csv, write_tiny_dataset
from tests.support.shops.shop import SilentDisplay


class Job(ABC):
    """Something that writes files, can be stopped at any moment, and goes on when it is run again.

    Args:
        source: a folder with what it reads; made by ``prepare``.
    """

    name: str

    def __init__(self, source: Path) -> None:
        self.source = source

    @abstractmethod
    def prepare(self) -> None:
        """Write what the job reads."""

    @abstractmethod
    def run(self, out: Path) -> None:
        """Do it, or go on with it."""

    @abstractmethod
    def outcome(self, out: Path) -> dict[str, Any]:
        """What must be the same however often it was stopped."""

    @abstractmethod
    def check(self, out: Path) -> None:
        """Fail if what a stopped job left is corrupt."""


class Train(Job):
    name = "train"

    def prepare(self) -> None:
        write_benchmark_shop(self.source / "shop")
        self.problem = Problem.read(self.source / "shop", self.config).split(0)

    @property
    def config(self) -> Config:
        return override(Config(), [*ASSIGNMENTS, "training.epochs=8"])

    def run(self, out: Path) -> None:
        train_run(self.source / "shop", out / "run", self.config, "cpu", True, SilentDisplay())

    def outcome(self, out: Path) -> dict[str, Any]:
        manifest = json.loads((out / "run" / MANIFEST).read_text())
        records = [json.loads(line) for line in (out / "run" / LOG).read_text().splitlines()]
        timeless = [{key: value for key, value in r.items() if not key.startswith("seconds")} for r in records]
        files = sorted(path.name for path in (out / "run").iterdir())
        return {"hashes": manifest["hashes"], "records": timeless, "files": files}

    def check(self, out: Path) -> None:
        if (out / "run" / MANIFEST).exists():
            load_checkpoint(out / "run")
        if (out / "run" / STATE).exists():
            check_state(out / "run" / STATE, self.config, self.problem)
        finished = [path for path in (out / "run").glob("[!.]*") if path.stat().st_size == 0]
        assert not finished, finished


class Save(Job):
    name = "checkpoint writing"

    def prepare(self) -> None:
        train = Train(self.source)
        train.prepare()
        train.run(self.source)
        self.checkpoint = load_checkpoint(self.source / "run")

    def run(self, out: Path) -> None:
        self.checkpoint.save(out / "copy")

    def outcome(self, out: Path) -> dict[str, Any]:
        manifest = json.loads((out / "copy" / MANIFEST).read_text())
        return {"hashes": manifest["hashes"], "kept": sorted(n for n in HASHED if (out / "copy" / n).is_file())}

    def check(self, out: Path) -> None:
        if (out / "copy" / MANIFEST).exists():
            load_checkpoint(out / "copy")


class Benchmark(Job):
    name = "benchmark"

    def prepare(self) -> None:
        write_benchmark_shop(self.source / "shop")

    def run(self, out: Path) -> None:
        names = ("mamex", "ridge", "content-knn", "random")
        options = Options(
            self.source / "shop", out / "bench", "1", 2, 2, methods=names, quick=True, assignments=ASSIGNMENTS
        )
        run_benchmark(options)

    def outcome(self, out: Path) -> dict[str, Any]:
        folder = out / "bench"
        texts = {name: (folder / name).read_text() for name in ("results.csv", "table1.md")}
        cells = {path.stem: timeless(path) for path in sorted((folder / "cells").glob("*.json"))}
        hidden = [path.name for path in (*folder.glob(".*"), *(folder / "cells").glob(".*"))]
        return {**texts, "cells": cells, "hidden": sorted(hidden)}

    def check(self, out: Path) -> None:
        for path in (out / "bench" / "cells").glob("*.json"):
            json.loads(path.read_text())


def timeless(path: Path) -> Any:
    """A cell's result, but for how long it took."""
    result = json.loads(path.read_text())["result"]
    return {key: value for key, value in result.items() if key != "seconds"}


class MeanColour(Encoder):
    """Reads a picture's mean colour, and a text's length and first letter: as good as any for what is cached."""

    def __init__(self) -> None:
        self.dimensions = {"image": 3, "text": 2}
        self.identity = {"name": "mean", "weights": "none", "dimensions": self.dimensions, "context_length": None}

    def encode(self, modality: str, inputs: Any) -> np.ndarray:
        rows = [
            np.asarray(each).reshape(-1, 3).mean(axis=0) if modality == "image" else [len(each), ord(each[0])]
            for each in inputs
        ]
        return np.array(rows, dtype=np.float32).reshape(len(inputs), self.dimensions[modality])


class Encode(Job):
    name = "feature caching"

    def prepare(self) -> None:
        write_tiny_dataset(self.source / "shop", n_items=400)
        self.dataset = read_dataset(self.source / "shop")

    def run(self, out: Path) -> None:
        self.features = item_features(self.dataset, MeanColour(), ("image", "text"), cache_folder=out)

    def outcome(self, out: Path) -> dict[str, Any]:
        [path] = (out / "features").glob("*.sqlite")
        with sqlite3.connect(path) as connection:
            rows = connection.execute("SELECT * FROM features ORDER BY modality, content").fetchall()
            [sound] = connection.execute("PRAGMA integrity_check").fetchone()
        return {"rows": hashlib.sha256(repr(rows).encode()).hexdigest(), "count": len(rows), "sound": sound}

    def check(self, out: Path) -> None:
        for path in (out / "features").glob("*.sqlite"):
            with sqlite3.connect(path) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


class Batch(Job):
    name = "batch"

    def prepare(self) -> None:
        rows = [[f"Crimson {place}", "warm wool jumper"] for place in range(24)]
        write_csv(self.source / "planned.csv", ["title", "description"], rows)
        self.launcher = Launcher.load(self.source / "checkpoint")
        assert self.launcher.encoder is not None  # loaded once, before any child begins

    def run(self, out: Path) -> None:
        with planned_rows(self.source / "planned.csv", scratch=out) as rows:
            results = list(run_batch(self.launcher, rows))
        write_batch(out / "ranked.csv", ranked(results, 20), self.launcher.modalities)

    def outcome(self, out: Path) -> dict[str, Any]:
        text = (out / "ranked.csv").read_text()
        return {"text": text, "rows": len(text.splitlines())}

    def check(self, out: Path) -> None:
        if (out / "ranked.csv").exists():
            assert len((out / "ranked.csv").read_text().splitlines()) == 25


JOBS: tuple[type[Job], ...] = (Train, Save, Benchmark, Encode, Batch)
