"""``check`` on a million interactions, beside pandas that only reads the same file, each in a process of its own.

Run with ``make bench``. Nothing here asserts on time: the machine decides that; the printed ratios are for a person.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

pytestmark = pytest.mark.heavy

ROOT = Path(__file__).resolve().parents[2]
ROWS, USERS, ITEMS = 1_000_000, 50_000, 20_000
#: Turn and turn about; the fastest counts, for what else the machine does only ever adds to it.
RUNS = 3
#: Limits that we set, as multiples of pandas' reading.
TIME_LIMIT, MEMORY_LIMIT = 2.0, 3.0
#: Prints seconds of the imports, seconds of the work and the peak of memory in KiB.
_MEASURED = """
import re, time
begin = time.perf_counter()
{imports}
ready = time.perf_counter()
{work}
spent = time.perf_counter() - ready
# Not what getrusage says, which counts the memory of the process that started this one.
print(ready - begin, spent, re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])
"""
_CHECK = ("from mamex.data.check import check_dataset, format_report", "format_report(check_dataset({folder!r}))")
_PANDAS = ("import pandas", "frame = pandas.read_csv({folder!r} + '/interactions.csv')")


def write_shop(folder: Path) -> None:
    random = np.random.default_rng(0)
    weights = 1 / np.arange(1, ITEMS + 1) ** 0.7
    seconds = random.integers(0, 700 * 86400, ROWS).astype("timedelta64[s]")
    bought = {
        "user_id": np.char.add("u", random.integers(0, USERS, ROWS).astype(str)),
        "item_id": np.char.add("p", random.choice(ITEMS, ROWS, p=weights / weights.sum()).astype(str)),
        "timestamp": (np.datetime64("2023-01-01") + seconds).astype(str),
        "rating": random.integers(1, 6, ROWS),
    }
    pd.DataFrame(bought).to_csv(folder / "interactions.csv", index=False)
    titles = [f"Blue jacket of warm wool number {number}" for number in range(ITEMS)]
    items = {"item_id": [f"p{number}" for number in range(ITEMS)], "title": titles, "description": "", "image": ""}
    pd.DataFrame(items).to_csv(folder / "items.csv", index=False)


def measured(code: tuple[str, str], folder: Path) -> list[float]:
    program = _MEASURED.format(imports=code[0], work=code[1].format(folder=str(folder)))
    command = [sys.executable, "-c", program]
    printed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [float(number) for number in printed.split()]


def test_a_million_rows_beside_pandas(tmp_path: Path) -> None:
    write_shop(tmp_path)
    runs = [(measured(_CHECK, tmp_path), measured(_PANDAS, tmp_path)) for _ in range(RUNS)]
    ours, theirs = (np.array(column).min(axis=0) for column in zip(*runs, strict=True))
    whole, alone = ours[:2].sum() / theirs[:2].sum(), ours[1] / theirs[1]
    print(
        f"\ncheck: {ours[:2].sum():.2f} s, {whole:.2f} times pandas ({theirs[:2].sum():.2f} s; limit {TIME_LIMIT}), "
        f"without imports {alone:.2f} times; memory {ours[2] / 1024:.0f} MB, {ours[2] / theirs[2]:.2f} times (limit "
        f"{MEMORY_LIMIT})"
    )
