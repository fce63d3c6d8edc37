"""The report of a run: a page in plain words, and a table with a row a case."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

from tests.hostile.corpus import GOOD, Verdict
from tests.hostile.judging.cases import DOORS, OUTCOMES

#: In a hundred answers at most so many may be vague.
MOST_VAGUE = 1.0


def numbers_reached(verdicts: list[Verdict]) -> bool:
    """No fault of any kind, and hardly a vague answer."""
    counts = Counter(verdict.outcome for verdict in verdicts)
    faults = sum(counts[outcome] for outcome in OUTCOMES if outcome not in (*GOOD, "vague"))
    return faults == 0 and counts["vague"] * 100 <= MOST_VAGUE * len(verdicts)


def write_report(folder: Path, verdicts: list[Verdict], of: int, seconds: float) -> None:
    """``README.md`` and ``cases.csv``."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "cases.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["door", "family", "case", "calls for", "outcome", "seconds", "megabytes"])
        for one in sorted(verdicts, key=lambda one: (one.case.door, one.case.id)):
            name = one.case.id.partition("/")[2]
            row = [one.case.door, one.case.family, name, one.case.right, one.outcome]
            writer.writerow([_plain(cell) for cell in row] + [f"{one.seconds:.1f}", f"{one.megabytes:.0f}"])
    (folder / "README.md").write_text(_page(folder, verdicts, of, seconds), encoding="utf-8")


def _plain(cell: str) -> str:
    """Without what steers a terminal, a spreadsheet or the reading direction."""
    shown = "".join(letter if letter.isprintable() else f"\\u{ord(letter):04x}" for letter in cell)
    return f"'{shown}" if shown[:1] in "=+-@" else shown


def _page(folder: Path, verdicts: list[Verdict], of: int, seconds: float) -> str:
    counts = Counter((one.case.door, one.outcome) for one in verdicts)
    rows = ["| door | cases | " + " | ".join(OUTCOMES) + " |", "|---|" + "---:|" * (len(OUTCOMES) + 1)]
    for door in (*DOORS, "all"):
        cells = [sum(counts[one, outcome] for one in (DOORS if door == "all" else (door,))) for outcome in OUTCOMES]
        rows.append(f"| {door} | {sum(cells):,} | " + " | ".join(f"{cell:,}" for cell in cells) + " |")
    families = Counter((one.case.door, one.case.family) for one in verdicts)
    kinds = ["| door | family | cases |", "|---|---|---:|"]
    kinds += [f"| {door} | {family} | {count} |" for (door, family), count in sorted(families.items())]
    bad = [one for one in verdicts if one.outcome not in GOOD]
    remaining = [f"- {one.outcome}: {one.case.door}: {_plain(one.case.id)}" for one in bad] or ["Nothing."]
    slowest = max(one.seconds for one in verdicts)
    largest = max(one.megabytes for one in verdicts)
    notes = folder / "notes.md"
    return "\n".join(
        [
            "# What hostile visitors and files get",
            "",
            "Made by `make hostile`. Every case is something that a hostile person could send: a damaged checkpoint,",
            "a picture that unpacks to gigabytes, a path of the server in the place of an upload, a request of a",
            "foreign site. It is sent by one of the product's doors, and a judge (`tests/hostile/judging/`, which has",
            "tests of its own) says what came of it. *Right answer* and *one sentence* are as it should be.",
            "*Vague*: a refusal that doesn't say what to do. *Silent*: taken although it is wrong. *Leak*: something",
            "was shown, or could be learned, that is not the caller's. *Hang* is more than 30 seconds, *memory*",
            "more than 500 MB on top of what the process had.",
            "",
            *rows,
            "",
            f"{len(verdicts):,} of the {of:,} cases of the corpus were performed, in {seconds / 60:.0f} minutes; the "
            f"slowest took {slowest:.0f} s, the largest +{largest:.0f} MB.",
            "Each case is a row of `cases.csv`.",
            "",
            "## What remains",
            "",
            *remaining,
            "",
            "## Families",
            "",
            *kinds,
            "",
            *([notes.read_text(encoding="utf-8")] if notes.exists() else []),
        ]
    )
