"""How long work tells whoever waits that it moves: a line in the terminal or a bar in the app."""

from __future__ import annotations

from collections.abc import Callable
from typing import NoReturn

from tqdm import tqdm

#: Called with (what is being done, steps done, steps in all); may raise to stop the work.
Progress = Callable[[str, int, int], None]


#: When each stage of a short work ended, in seconds of ``time.perf_counter``; the first entry is its beginning.
Marks = list[tuple[str, float]]


def silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""


class TerminalProgress:
    """One tqdm bar a stage, on standard error, with the time left."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._bar is None or stage != self._stage:
            self.close()
            self._bar, self._stage = tqdm(total=total, desc=stage, unit="", dynamic_ncols=True), stage
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Finish the bar in hand, so that what is printed next starts on a line of its own."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None
