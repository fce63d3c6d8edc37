"""The results of one table, gathered from its cells, and their tidy form."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from mamex.benchmark.identity.cells import CellResult
from mamex.benchmark.plan import Table
from mamex.errors import BenchmarkError
from mamex.evaluation import Evaluation
from mamex.files.writing import write_text

COLUMNS = ["table", "method", "seed", "part", "lost", "share", "metric", "value", "n_users"]


@dataclass(frozen=True)
class RowResult:
    """One row of a table, over all seeds.

    Attributes:
        label: what the row is called.
        changes: the settings that differ from the method's defaults.
        seeds: in order.
        cells: one result a seed.
        evaluations: metrics of each user, one a seed; empty for kind missing.
    """

    label: str
    changes: Mapping[str, Any]
    seeds: Sequence[int]
    cells: Sequence[CellResult]
    evaluations: Sequence[Evaluation]


def tidy(table: Table, rows: Sequence[RowResult]) -> pd.DataFrame:
    """One line for each number: ``COLUMNS``; ``lost`` and ``share`` are empty but for missing modalities."""
    lines: list[dict[str, Any]] = []
    for row in rows:
        for seed, cell in zip(row.seeds, row.cells, strict=True):
            line = {"table": table.name, "method": row.label, "seed": seed, "part": "test", "n_users": cell.n_users}
            groups = cell.missing or [dict(cell.metrics)]
            for group in groups:
                where: dict[str, Any] = {key: group[key] for key in ("lost", "share") if key in group}
                lines += [
                    {**line, **where, "metric": metric, "value": value}
                    for metric, value in group.items()
                    if metric not in where
                ]
            validation = {**line, "part": "validation", "n_users": None}
            lines += [{**validation, "metric": metric, "value": value} for metric, value in cell.validation.items()]
    return pd.DataFrame(lines, columns=COLUMNS).astype({"n_users": "Int64"})


def merge_csv(path: Path, new: pd.DataFrame, column: str, value: str) -> None:
    """Write ``new`` in the place of the lines that a file has with ``value`` in ``column``; its other lines stay.

    Raises:
        BenchmarkError: the file that is there is damaged.
    """
    text = new.astype(object).to_csv(index=False, lineterminator="\n")
    if path.is_file():
        try:
            old = pd.read_csv(path, dtype=str, keep_default_na=False)
            kept = old[old[column] != value]
            if not isinstance(old.index, pd.RangeIndex):
                raise ValueError("lines with more fields than the header")
        except (OSError, ValueError, KeyError) as error:
            raise BenchmarkError(f"{path} is damaged; delete it and run the command again.") from error
        fresh = pd.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
        text = pd.concat([kept, fresh]).to_csv(index=False, lineterminator="\n")
    write_text(path, text)
