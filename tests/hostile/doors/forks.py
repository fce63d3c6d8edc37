"""The doors of the command line and of the library: cases performed by the fork server, and what is observed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.hostile.judging.cases import Case, Observation

ROOT = Path(__file__).resolve().parents[3]
#: Seconds after which a program is killed, and what one takes that has imported all and done nothing.
PATIENCE, MEGABYTES_OF_IMPORTS = 60.0, 700
#: Lines of a progress bar, which a terminal would have overwritten, and what a training says at its start.
PROGRESS = re.compile(r"[^\n]*(\r|%\|[^\n]*(\n|$)| training interactions, on \w+\n)")


@dataclass(frozen=True)
class Place:
    """Where a case makes its files.

    Attributes:
        folder: its own, empty.
        checkpoint: a sound checkpoint; to be copied, not changed.
        shop: the dataset folder that it was trained on.
    """

    folder: Path
    checkpoint: Path
    shop: Path

    def copy_of_checkpoint(self) -> Path:
        """A checkpoint that may be damaged."""
        copy = self.folder / "checkpoint"
        shutil.copytree(self.checkpoint, copy)
        return copy


@dataclass(frozen=True)
class Call:
    """One call of a function of ``library_calls``."""

    name: str
    arguments: dict[str, Any]


@dataclass(frozen=True)
class Program:
    """A program run in a process of its own, from its first import on."""

    words: list[str]
    environment: dict[str, str]


class Forks:
    """The running fork server.

    Args:
        folder: where the cases' folders are made.
        checkpoint: as ``Place`` has it.
    """

    def __init__(self, folder: Path, checkpoint: Path) -> None:
        self._folder, self._checkpoint = folder, checkpoint
        self._environment = {"MAMEX_CACHE": str(folder / "cache"), "COLUMNS": "120"}
        quiet = {**os.environ, **self._environment, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("fork_server.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=quiet,
        )
        self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the fork server has ended"
        answer: dict[str, Any] = json.loads(line)
        return answer

    def perform(self, case: Case) -> Observation:
        """Make what the case sends, send it, and say what was observed."""
        folder = self._folder / "case"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        sent = case.send(Place(folder, self._checkpoint, self._checkpoint.parent / "shop"))
        if isinstance(sent, Program):
            return _of_command(_run(sent, folder, self._environment))
        call = {"argv": list(sent)} if isinstance(sent, list) else {"name": sent.name, "arguments": sent.arguments}
        assert self._process.stdin is not None
        print(json.dumps(call | {"folder": str(folder), "environment": self._environment}), file=self._process.stdin)
        self._process.stdin.flush()
        seen = self._answer()
        return _of_command(seen) if isinstance(sent, list) else _of_library(seen)

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)


def _run(program: Program, folder: Path, environment: dict[str, str]) -> dict[str, Any]:
    """The program's end, which is brought about if it takes too long."""
    start = time.monotonic()
    own = {**os.environ, **environment, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", **program.environment}
    with (folder / "out").open("w+") as out, (folder / "err").open("w+") as err:
        process = subprocess.Popen(
            [sys.executable, *program.words], stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=ROOT, env=own
        )
        megabytes = 0.0
        while process.poll() is None:
            if time.monotonic() - start > PATIENCE:
                process.kill()
            # What the imports take is the program's, not the case's.
            megabytes = max(megabytes, _peak_megabytes(process.pid) - MEGABYTES_OF_IMPORTS)
            time.sleep(0.05)
        out.seek(0)
        err.seek(0)
        return {
            "code": process.returncode,
            "out": out.read(),
            "err": err.read(),
            "seconds": time.monotonic() - start,
            "megabytes": megabytes,
        }


def _peak_megabytes(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text().splitlines()
    except OSError:  # it has ended
        return 0.0
    return sum(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _of_command(seen: dict[str, Any]) -> Observation:
    said = PROGRESS.sub("", seen["err"]).strip()
    if said.startswith("usage: "):  # the argument parser shows what can be written, and then its sentence
        said = f"{said[said.rfind('error: ') + 7 :]} (under the usage)"
    if not said and seen["code"] == 1:  # the checker's list goes to standard output
        said = seen["out"].strip()
    return Observation(
        refused=seen["code"] != 0,
        said=said if seen["code"] else "",
        answer=seen["out"],
        text=seen["out"] + seen["err"],
        seconds=seen["seconds"],
        megabytes=seen["megabytes"],
        broke=seen["code"] < 0 or seen["code"] > 2,
    )


def _of_library(seen: dict[str, Any]) -> Observation:
    try:
        result = json.loads(seen["result"]) if seen["result"] else None
    except ValueError:  # cut, because it was too long to be kept
        result = seen["result"]
    return Observation(
        refused=seen["code"] != 0,
        said=str(result) if seen["code"] == 1 else "",
        answer=result,
        text=seen["out"] + seen["err"],
        seconds=seen["seconds"],
        megabytes=seen["megabytes"],
        broke=seen["code"] < 0 or seen["code"] > 2,
    )
