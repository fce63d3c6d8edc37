"""Looks at a folder as a stranger does, and judges what was read and what was said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from mamex import Dataset, MamexError, check_dataset, read_dataset
from mamex.config import Config, DataConfig
from mamex.data.check import CheckReport, format_report, verdict
from mamex.data.problems import Problem
from mamex.encoders.vocabulary import unknown_share
from tests.strangers.registry import Outcome
from tests.strangers.shop import Shop

#: A sentence, not a shout and not a page.
SHORTEST, LONGEST = 20, 700
#: The sentences that were asked for and found, in their order.
SAID: list[str] = []


@dataclass
class Reading:
    """What came of a folder: the report of ``check``, and the dataset or the sentence that refuses it."""

    folder: Path
    report: CheckReport
    text: str
    dataset: Dataset | None
    refusal: str

    @property
    def pairs(self) -> set[tuple[str, str]]:
        """Who bought what, by user and title."""
        assert self.dataset is not None, self.text
        titles, rows = self.dataset.items["title"].to_numpy(), self.dataset.interactions
        users = self.dataset.user_ids
        return {(users[user], titles[item]) for user, item in zip(rows["user"], rows["item"], strict=True)}

    @property
    def times(self) -> dict[tuple[str, str], pd.Timestamp]:
        """When each pair bought."""
        assert self.dataset is not None, self.text
        titles, rows = self.dataset.items["title"].to_numpy(), self.dataset.interactions
        keys = zip(self.dataset.user_ids[rows["user"]], titles[rows["item"]], strict=True)
        return dict(zip(keys, pd.to_datetime(rows["timestamp"]), strict=True))

    @property
    def clean(self) -> bool:
        """True if the report says that nothing is wrong."""
        return "nothing is wrong" in self.text


def look(folder: Path, **settings: Any) -> Reading:
    """Check and read a folder, and see to it that both say the same."""
    chosen = DataConfig(**settings)
    report = check_dataset(folder, config=Config(data=chosen), unknown_words=unknown_share)
    text = format_report(report)
    dataset, refusal = None, ""
    try:
        dataset = read_dataset(folder, chosen)
    except MamexError as error:
        refusal = str(error)
    faults = [one for one in report.problems if one.severity == "error" and not one.file.startswith("features/")]
    assert (not faults) == (dataset is not None), f"check and train disagree:\n{text}\n{refusal}"
    if dataset is not None:
        counted = (report.summary["items"], report.summary["users"], report.summary["interactions"])
        assert counted == (dataset.n_items, dataset.n_users, len(dataset.interactions)), text
    for problem in report.problems:
        clear(problem)
    return Reading(folder, report, text, dataset, refusal)


def clear(problem: Problem) -> None:
    """Every sentence has a length that is read, nothing of the program's inside, and an error has a remedy."""
    said = str(problem)
    assert SHORTEST <= len(said) <= LONGEST, said
    assert not re.search(r"Traceback|Error\(|<class|object at 0x|dtype|NoneType", said), said
    assert problem.severity != "error" or re.search(r"[;:?]|--set|\bset\b|\bmust\b", problem.message), (
        f"no remedy: {said}"
    )


def read_rightly(reading: Reading, shop: Shop, pictures: int | None = None, times: bool = True) -> Outcome:
    """The folder was read as its maker meant it: the same items, words, pairs, pictures and times."""
    assert reading.dataset is not None, reading.text
    assert reading.dataset.n_items == len(shop.products), f"items {reading.dataset.n_items}\n{reading.text}"
    read = dict(zip(reading.dataset.items["title"], reading.dataset.items["description"], strict=True))
    for product in shop.products:
        assert product.title in read, f"no {product.title!r} in {sorted(read)[:4]}\n{reading.text}"
        assert plain(read[product.title]) == plain(product.description), (read[product.title], product.description)
    missing, foreign = shop.pairs - reading.pairs, reading.pairs - shop.pairs
    assert not missing and not foreign, (
        f"{len(missing)} pairs lost, {len(foreign)} foreign of {len(shop.pairs)}: "
        f"{sorted(missing)[:2]} / {sorted(foreign)[:2]}\n{reading.text}"
    )
    if pictures is not None:
        found = reading.report.summary["with_picture"]
        assert found == pictures, f"{found} pictures in place of {pictures}\n{reading.text}"
        assert sum(path is not None for path in reading.dataset.image_paths()) >= pictures
    if times:
        same_times(reading, shop)
    return "read"


def same_times(reading: Reading, shop: Shop, tolerance: str = "1s") -> None:
    """Every purchase has its own time, to the second; a zone may have been kept or put to UTC by the shop."""
    read = reading.times
    for purchase in shop.purchases:
        key = (purchase.user, purchase.product.title)
        if key not in read:
            continue
        seen = read[key]
        assert not pd.isna(seen), f"no time for {key}\n{reading.text}"
        seen = seen.tz_localize(None) if seen.tzinfo else seen
        assert abs(seen - pd.Timestamp(purchase.time)) <= pd.Timedelta(tolerance), (
            f"{seen} in place of {purchase.time}\n{reading.text}"
        )


def plain(text: str) -> str:
    """A text with single spaces."""
    return " ".join(text.split())


def told(reading: Reading, *patterns: str, file: str | None = None, row: bool = False) -> Outcome:
    """One sentence of the report holds every pattern; it names its file and, if asked, a row; it isn't a heap."""
    final = Problem(reading.folder.name, None, "warning", verdict(reading.report))  # the last line of the report
    found = [problem for problem in reading.report.problems if _says(problem, patterns, file, row)]
    found += [final] if _says(final, patterns, None, False) else []
    assert found, f"nothing says {patterns} of {file} (row: {row}):\n{reading.text}\n{reading.refusal}"
    message = str(found[0])
    assert found[0].severity == "note" or not reading.clean, reading.text
    assert SHORTEST <= len(message) <= LONGEST, message
    SAID.append(message)
    return "told"


def _says(problem: Problem, patterns: tuple[str, ...], file: str | None, row: bool) -> bool:
    said = str(problem)
    named = file is None or re.search(file, said, re.IGNORECASE)
    placed = not row or problem.row is not None or re.search(r"\brow \d", said)
    return bool(named and placed and all(re.search(pattern, said, re.IGNORECASE) for pattern in patterns))


def told_once(reading: Reading, *patterns: str, most: int = 3) -> None:
    """A fault that is the same for all rows is said once, or a few times, not once a row."""
    lines = [line for line in reading.text.splitlines() if all(re.search(one, line, re.IGNORECASE) for one in patterns)]
    assert 1 <= len(lines) <= most, f"{len(lines)} lines say {patterns}:\n{reading.text}"


def refused(reading: Reading, *patterns: str, file: str | None = None, row: bool = False) -> Outcome:
    """The folder can't be used, and the report says why in a sentence; it isn't buried under others."""
    assert reading.dataset is None, f"read as if nothing were wrong:\n{reading.text}"
    assert len(reading.text.splitlines()) <= 60, reading.text
    return told(reading, *patterns, file=file, row=row)


def read_or_told(reading: Reading, shop: Shop, *patterns: str, file: str | None = None, **right: Any) -> Outcome:
    """Read rightly; or, if anything differs, told in one sentence that holds the patterns."""
    try:
        return read_rightly(reading, shop, **right)
    except AssertionError as difference:
        try:
            return told(reading, *patterns, file=file)
        except AssertionError as silence:
            raise AssertionError(f"neither read rightly: {difference}\nnor told: {silence}") from None


def share_with_time(reading: Reading) -> float:
    """How many of the interactions have a time."""
    assert reading.dataset is not None
    return float(np.mean(reading.dataset.interactions["timestamp"].notna()))
