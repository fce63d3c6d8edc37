"""Training as a person watches it: one line an epoch in the terminal and, on request, TensorBoard."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from mamex.errors import ConfigError
from mamex.progress import TerminalProgress
from mamex.training.loop import TARGET
from mamex.training.records import EpochRecord


class TrainingDisplay:
    """Prints progress; give it to ``train_run``.

    Args:
        tensorboard: folder for TensorBoard events, or None.

    Raises:
        ConfigError: TensorBoard was asked for and is not installed.
    """

    def __init__(self, tensorboard: Path | None = None) -> None:
        self.progress = TerminalProgress()
        self._writer = None
        if tensorboard is not None:
            try:
                from torch.utils.tensorboard import SummaryWriter
            except ImportError as error:
                raise ConfigError("TensorBoard is not installed; run pip install tensorboard.") from error
            self._writer = SummaryWriter(str(tensorboard))

    def message(self, text: str) -> None:
        """One line for the user."""
        self.progress.close()
        print(text, file=sys.stderr)

    def epoch(self, record: EpochRecord) -> None:
        """Show one epoch."""
        parts = "  ".join(f"{name} {value:.4f}" for name, value in record.losses.items())
        use = "  ".join(f"{m} {_shares(shares)}" for m, shares in record.expert_use.items())
        self.message(
            f"epoch {record.epoch:>3}{'*' if record.best else ' '} validation {TARGET} "
            f"{record.validation[TARGET]:.4f} | {parts} | experts {use} | fusion {_shares(record.fusion.values())} | "
            f"{_clock(record.seconds)}, at most {_clock(record.seconds_left)} left"
        )
        if self._writer is not None:
            scalars = {f"loss/{name}": value for name, value in record.losses.items()}
            scalars |= {f"validation/{name}": value for name, value in record.validation.items()}
            scalars |= {f"fusion/{name}": value for name, value in record.fusion.items()}
            for modality, shares in record.expert_use.items():
                scalars |= {f"experts/{modality}/{number}": share for number, share in enumerate(shares, start=1)}
            for name, value in scalars.items():
                self._writer.add_scalar(name, value, record.epoch)

    def close(self) -> None:
        self.progress.close()
        if self._writer is not None:
            self._writer.close()


def _shares(shares: Iterable[float]) -> str:
    return "/".join(f"{share:.0%}" for share in shares)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
