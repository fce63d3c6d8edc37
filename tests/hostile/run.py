"""Performs the whole corpus and writes the report: ``python -m tests.hostile.run [--only WORD ...] [--quick]``.

Exit status 0 if the numbers are reached: no leak, traceback, silent fault, hang or flood of memory, and at most one
vague answer in a hundred.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT)]
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["HF_HUB_OFFLINE"] = "1"

from tests.hostile.corpus import GOOD, Verdict, all_cases, perform_all, quick_part  # noqa: E402
from tests.hostile.report import numbers_reached, write_report  # noqa: E402
from tests.support.shops.shop import train_tiny_shop  # noqa: E402

RESULTS = ROOT / "assets" / "results" / "hostile"


def main() -> int:
    """Run what was asked for; only a run of everything writes the report."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.run")
    parser.add_argument("--only", nargs="+", default=[], metavar="WORD", help="cases whose door and name hold a word")
    parser.add_argument("--quick", action="store_true", help="the part that every test run performs")
    parser.add_argument("--out", type=Path, default=RESULTS, metavar="DIR", help="where the report is written")
    parser.add_argument("--minutes", type=float, default=math.inf, metavar="M", help="begin no case after so long")
    parsed = parser.parse_args()
    cases = quick_part(all_cases()) if parsed.quick else all_cases()
    if parsed.only:
        cases = [case for case in cases if any(word in f"{case.door}: {case.id}" for word in parsed.only)]
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="hostile-") as folder:
        checkpoint = train_tiny_shop(Path(folder) / "shop", n_items=80, n_users=40, purchases=12)
        _progress(0, len(cases))
        verdicts = perform_all(cases, Path(folder), checkpoint, lambda one: _tell(one, len(cases)), parsed.minutes * 60)
    print(f"{len(verdicts)} cases in {time.monotonic() - start:.0f} s")
    if not parsed.only and not parsed.quick:
        write_report(parsed.out, verdicts, len(cases), time.monotonic() - start)
    return 0 if numbers_reached(verdicts) else 1


_DONE: list[Verdict] = []


def _progress(done: int, of: int) -> None:
    if done % 100 == 0:
        print(f"{done} of {of} cases", file=sys.stderr, flush=True)


def _tell(verdict: Verdict, of: int) -> None:
    _DONE.append(verdict)
    _progress(len(_DONE), of)
    if verdict.outcome not in GOOD:
        why = " ".join(verdict.why.split())[:300].encode("utf-8", "replace").decode()
        name = verdict.case.id.encode("utf-8", "replace").decode()
        print(f"{verdict.outcome} | {verdict.case.door} | {name} | {verdict.seconds:.1f} s | {why}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
