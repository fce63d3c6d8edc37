"""What a benchmark is asked for; imports nothing heavy, for the command line's ``--help`` reads it."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path

TABLES = ("1", "2", "3", "figure2", "missing", "grid")


@dataclass(frozen=True)
class Options:
    """What a user asks for.

    Attributes:
        data: dataset folder.
        out: folder for results.
        table: one of ``TABLES``, or "all".
        seeds: how many splits.
        trials: how many groups of settings are tried for each method.
        methods: names for the tables of several methods; None for all.
        quick: a smoke run, whose numbers mean nothing.
        assignments: settings of MAMEX and of the run, as NAME=VALUE.
        jobs: worker processes.
        preset: name of the settings that lie under ``assignments``; None for the defaults.
    """

    data: Path
    out: Path
    table: str = "all"
    seeds: int = 3
    trials: int = 8
    methods: tuple[str, ...] | None = None
    quick: bool = False
    assignments: tuple[str, ...] = ()
    jobs: int = 1
    preset: str | None = None

    @property
    def command(self) -> str:
        """The command that asks for this."""
        words = ["python", "-m", "mamex", "benchmark", "--data", str(self.data), "--table", self.table]
        words += ["--seeds", str(self.seeds), "--trials", str(self.trials), "--out", str(self.out)]
        words += ["--jobs", str(self.jobs)]
        words += ["--methods", ",".join(self.methods)] if self.methods else []
        words += ["--quick"] if self.quick else []
        words += ["--preset", self.preset] if self.preset else []
        words += ["--set", *self.assignments] if self.assignments else []
        return shlex.join(words)
