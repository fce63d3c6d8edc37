"""Tries every situation and prints what it came to: ``python -m tests.strangers [PART ...] [--quick]``."""

from __future__ import annotations

import os
import sys
import tempfile
import warnings
from collections import Counter
from pathlib import Path

os.environ.setdefault("HF_HUB_OFFLINE", "1")  # before anything imports the hub's client

from tests.strangers import cases  # noqa: F401
from tests.strangers.reading import SAID
from tests.strangers.registry import SITUATIONS, Situation


def outcome(one: Situation) -> tuple[str, str]:
    """Read, told or wrong; and for a wrong one, why."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        os.environ["MAMEX_CACHE"] = str(Path(folder) / "cache")
        try:
            return one.attempt(Path(folder) / "shop"), ""
        except AssertionError as error:
            return "WRONG", str(error)
        except Exception as error:
            return "WRONG", f"traceback: {type(error).__name__}: {error}"


def main(wanted: list[str]) -> int:
    """Try those whose name holds one of the words (all if none is given)."""
    quick, words = "--quick" in wanted, [word for word in wanted if not word.startswith("--")]
    tally: Counter[str] = Counter()
    for one in SITUATIONS.values():
        if (quick and one.slow) or not (not words or any(word in one.name for word in words)):
            continue
        SAID.clear()
        result, why = outcome(one)
        tally[result] += 1
        print(f"{result:6} {one.name}: {one.story}")
        if result == "told" and SAID:
            print(f"       {SAID[-1]}")
        if why:
            print("       " + why.strip().replace("\n", "\n       ")[:2500])
    print(f"{tally.total()} situations: " + ", ".join(f"{count} {result}" for result, count in sorted(tally.items())))
    return int(tally["WRONG"] > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
