"""One training run in the background, watched by the page: live numbers, a stop button, one at a time."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

from app import words
from app.state.own_shop import OwnShopError
from mamex.config import Config
from mamex.errors import MamexError
from mamex.training.loop import EnoughTrainingError
from mamex.training.records import EpochRecord
from mamex.training.run import train_run

#: Held by the run in progress: two at once would each take more than twice as long.
_BUSY = threading.Lock()
_STOPPED = "Stopped before anything was learnt; nothing was kept."
_ABANDONED = "Your upload was deleted before the training ended, as every one is within the hour; nothing was kept."
_log = logging.getLogger("mamex.app")


class TrainingJob:
    """Trains in a thread of its own and notes how it goes; what the page shows is read from its attributes.

    Args:
        dataset: the dataset folder.
        out: the checkpoint folder to write; an earlier one there goes when this training begins.
        cache: where features are kept, so that they go with the visitor.
        config: the settings.

    Attributes:
        stage, done, total: what is going on, and how much of it is done.
        messages: what was said.
        records: one entry an epoch.
        error: a sentence if it failed.
        finished: whether the thread is done.

    Raises:
        OwnShopError: another training is running.
    """

    def __init__(self, dataset: Path, out: Path, cache: Path, config: Config) -> None:
        if not _BUSY.acquire(blocking=False):
            raise OwnShopError("Another shop is being trained right now; only one can be at a time. Try again later.")
        self._paths = dataset, out, cache
        self._config = config
        self._enough, self._abandoned = threading.Event(), threading.Event()
        self._afterwards: list[Callable[[], None]] = []
        self._stage_started = time.monotonic()
        self.stage, self.done, self.total = "Reading the dataset", 0, 0
        self.messages: list[str] = []
        self.records: list[EpochRecord] = []
        self.error = ""
        self.finished = False
        self._thread = threading.Thread(target=self._run, daemon=True, name="mamex-training")
        self._thread.start()

    def stop(self) -> None:
        """End after the epoch in progress, with the best epoch so far."""
        self._enough.set()

    def abandon(self, afterwards: Callable[[], None] | None = None) -> None:
        """End as soon as possible, without a result: whoever watched is gone.

        Args:
            afterwards: called when nothing is written any more; at once if it is finished already.
        """
        if afterwards is not None:
            self._afterwards.append(afterwards)
        self._abandoned.set()
        if self.finished:
            self._clean_up()

    def wait(self, seconds: float) -> None:
        """Return when it is finished, or after some seconds."""
        self._thread.join(seconds)

    @property
    def stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._enough.is_set() and not self.finished

    @property
    def seconds_left(self) -> float | None:
        """Until the end of this stage, at most; None while nothing is known."""
        if self.records:
            return self.records[-1].seconds_left
        if not self.done:
            return None
        return (time.monotonic() - self._stage_started) * (self.total - self.done) / self.done

    # The display that `train_run` talks to.

    def progress(self, stage: str, done: int, total: int) -> None:
        """Note a step of reading or encoding."""
        self._leave_if_abandoned()
        if self._enough.is_set():
            raise KeyboardInterrupt  # nothing was learnt yet that would be worth keeping
        if stage != self.stage:
            self.stage, self._stage_started = stage, time.monotonic()
        self.done, self.total = done, total

    def message(self, text: str) -> None:
        """Note a sentence; it must not show where on the server things are."""
        self.messages.append(self._without_paths(text))

    def _without_paths(self, text: str) -> str:
        dataset, out, cache = self._paths
        for path, name in ((dataset, "your dataset"), (out, "your checkpoint"), (cache, "your cache")):
            text = text.replace(str(path), name)
        return words.capital(text)

    def epoch(self, record: EpochRecord) -> None:
        """Note an epoch."""
        self._leave_if_abandoned()
        self.stage, self.done, self.total = "Training", record.epoch, self._config.training.epochs
        self.records.append(record)
        if self._enough.is_set():
            raise EnoughTrainingError

    def _leave_if_abandoned(self) -> None:
        if self._abandoned.is_set():
            raise KeyboardInterrupt

    def _run(self) -> None:
        dataset, out, cache = self._paths
        try:
            shutil.rmtree(out, ignore_errors=True)
            train_run(dataset, out, self._config, "auto", False, self, cache)
        except KeyboardInterrupt:
            self.error = _ABANDONED if self._abandoned.is_set() else _STOPPED
        except MamexError as error:
            self.error = self._without_paths(" ".join(str(error).split()))
        except Exception:
            _log.exception("A visitor's training failed")
            self.error = "The training failed on our side; the details are in the log of the server."
        finally:
            self.finished = True
            _BUSY.release()
            self._clean_up()

    def _clean_up(self) -> None:
        while self._afterwards:
            self._afterwards.pop()()
