"""How the numbers came about, written beside them: protocol, budget, chosen settings, hardware, hours, command."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from pydantic import TypeAdapter
from typing_extensions import TypedDict  # the one of Python 3.11 is not taken by pydantic

from mamex.benchmark.problem import Problem
from mamex.errors import BenchmarkError
from mamex.files.bounded_json import read_json
from mamex.files.writing import write_json, write_text

RECORD = "protocol.json"
TEXT = "protocol.md"


class Entry(TypedDict):
    """How one table was made."""

    command: str
    cells: int
    hours: float
    protocol: dict[str, str]
    settings: dict[str, dict[str, Any]]


_RECORD = TypeAdapter(dict[str, Entry])


def describe(problem: Problem, seeds: list[int], trials: int, jobs: int) -> dict[str, str]:
    """The protocol of a run, as heading -> sentence."""
    dataset, config = problem.dataset, problem.config
    counts = problem.split(seeds[0]).part_sizes
    return {
        "data": f"{dataset.name}: {dataset.n_users:,} users, {dataset.n_items:,} items, "
        f"{len(dataset.interactions):,} interactions; features of the encoder {problem.encoder['name']}, "
        f"{', '.join(problem.features.values)}",
        "split": f"items at random, another split for each seed, {counts[0]}/{counts[1]}/{counts[2]} "
        "train/validation/test; all interactions of validation and test items are removed from training",
        "candidates": {
            "cold": "all cold items, validation and test together",
            "cold_test": "the cold items of the part that is scored",
            "all": "all items but those of the user's history",
        }[config.evaluation.candidates],
        "metrics": "Recall@K = hits / |positives|; NDCG@K with the ideal over min(K, |positives|); macro mean over "
        "users with a test positive; mean ± sample standard deviation over seeds",
        "seeds": ", ".join(map(str, seeds)),
        "tuning": f"{trials} random trial(s) for each method that has settings, the first with its defaults, compared "
        f"on validation NDCG@20 of seed {seeds[0]}; variants of MAMEX have the settings chosen for MAMEX, but for what "
        "they vary; the ridges choose strength, modality weights and kernel width, as far as they have them, on "
        "validation of each seed; content-kNN and random have nothing to choose",
        "selection": "methods that learn in epochs stop early on validation NDCG@20; every method is scored on test "
        "once, those at their best epoch",
        "significance": "paired over users, each once with all their seeds: two-sided t-test, and 95 % bootstrap "
        "interval of the relative difference; another draw of items may change more, see the deviations over seeds",
        "hardware": f"{_processor()}, {os.cpu_count()} cores; {jobs} process(es) with "
        f"{1 if jobs > 1 else torch.get_num_threads()} thread(s); Python {platform.python_version()}, torch "
        f"{torch.__version__}",
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def write_protocol(folder: Path, table: str, entry: Mapping[str, Any]) -> None:
    """Put how ``table`` was made into the folder's record, beside how other tables were, and write it out in words.

    Args:
        folder: the benchmark's folder.
        table: the table's name.
        entry: "command", "cells" (how many), "hours" (of computing them), "protocol" (from ``describe``) and
            "settings" (method -> chosen changes).

    Raises:
        BenchmarkError: the record that is there is damaged.
    """
    path = folder / RECORD
    try:
        record: dict[str, Any] = read_json(path) if path.is_file() else {}
        _RECORD.validate_python(record)
    except (OSError, ValueError) as error:
        raise BenchmarkError(f"{path} is damaged; delete it and run the command again.") from error
    record[table] = entry
    write_json(path, record)
    write_text(folder / TEXT, "\n\n".join(["# How these numbers were made", *map(_section, record.items())]) + "\n")


def _section(item: tuple[str, Mapping[str, Any]]) -> str:
    table, entry = item
    lines = [f"## {table}", "", "```bash", entry["command"], "```", ""]
    lines += [f"- {heading}: {sentence}" for heading, sentence in entry["protocol"].items()]
    lines.append(f"- computing time: {entry['hours']:.2f} hours in {entry['cells']} cells, tuning included")
    for method, changes in entry["settings"].items():
        words = ", ".join(f"{name}={value}" for name, value in changes.items()) or "its defaults"
        lines.append(f"- chosen for {method}: {words}")
    return "\n".join(lines)
