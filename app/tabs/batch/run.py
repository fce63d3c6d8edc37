"""One visitor's batch: its rows while they come in, and the files and comparisons made of them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from app.state.downloads import download_path
from app.state.scratch import room
from app.state.shop import Shop
from mamex.errors import BatchError
from mamex.insight.comparison import Comparison, compare
from mamex.launch.batch import BatchRow, ranked, run_batch, write_batch
from mamex.launch.batch_files import planned_rows


@dataclass
class BatchRun:
    """What a visitor's last upload gave; features and results only, nothing of the upload.

    Attributes:
        shop: whose launcher made the results.
        rows: the results, in the file's order.
        total: rows of the file.
        seconds: how long the run took so far.
        stopped: whether the visitor pressed "Stop"; looked at between rows.
    """

    shop: Shop | None = None
    rows: list[BatchRow] = field(default_factory=list)
    total: int = 0
    seconds: float = 0.0
    stopped: bool = False

    def run(self, shop: Shop, upload: str | None) -> Iterator[None]:
        """Read and launch every row, yielding after each that is done; the upload is read only until this ends.

        Raises:
            MamexError: the file can't be used; one sentence says why.
        """
        if not upload:
            raise BatchError("There is no file yet: choose a CSV, or a zip of a CSV and pictures.")
        self.shop, self.rows, self.total, self.seconds, self.stopped = shop, [], 0, 0.0, False
        began = time.perf_counter()
        with planned_rows(Path(upload), scratch=room("batches")) as rows:
            self.total = len(rows)
            yield
            for result in run_batch(shop.launcher, rows):
                self.rows.append(result)
                self.seconds = time.perf_counter() - began
                yield
                if self.stopped:
                    return

    def ranked(self, list_length: int) -> list[BatchRow]:
        """The results so far, widest reach first."""
        return ranked(self.rows, list_length)

    def compared(self, first: int, second: int, list_length: int) -> tuple[Comparison, tuple[str, str]]:
        """Two rows, named by their row numbers, side by side; and what to call them.

        Raises:
            BatchError: they are the same, or one of them did not run.
        """
        by_number = {row.row: row for row in self.rows}
        pair = [by_number.get(number) for number in (first, second)]
        if self.shop is None or first == second or any(row is None for row in pair):
            raise BatchError("Choose two different rows to compare.")
        launcher, launches, names = self.shop.launcher, [], []
        for row in pair:
            if row is None or row.product is None:
                raise BatchError("A row that could not run can't be compared; choose another.")
            launches.append(launcher.score(row.product, list_length=list_length, members=0))
            names.append(row.name)
        if names[0] == names[1]:
            names = [f"{name} (row {number})" for name, number in zip(names, (first, second), strict=True)]
        return compare(launcher, launches[0], launches[1]), (names[0], names[1])


def batch_file(shop: Shop, rows: list[BatchRow]) -> str:
    """The rows as a CSV to download."""
    path = download_path("planned-reach.csv")
    write_batch(path, rows, shop.launcher.modalities)
    return str(path)
