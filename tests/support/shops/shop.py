"""A tiny shop, trained once for all tests that need a checkpoint, through the public functions."""

from __future__ import annotations

from pathlib import Path

import pytest

from mamex.config import Config, override
from mamex.progress import silent
from mamex.training.records import EpochRecord
from mamex.training.run import train_run
from tests.support.shops.builders import write_tiny_dataset


class SilentDisplay:
    """Watches a run and keeps what it was told."""

    def __init__(self) -> None:
        self.progress = silent
        self.messages: list[str] = []
        self.records: list[EpochRecord] = []

    def message(self, text: str) -> None:
        self.messages.append(text)

    def epoch(self, record: EpochRecord) -> None:
        self.records.append(record)


def train_tiny_shop(folder: Path, **size: int) -> Path:
    """Write a tiny dataset to ``folder/shop``, train on it, and return the checkpoint folder ``folder/checkpoint``."""
    write_tiny_dataset(folder / "shop", **size)
    return train_on(folder)


def train_on(folder: Path, *settings: str) -> Path:
    """Train shortly, with further ``settings``, on the dataset ``folder/shop``, and return ``folder/checkpoint``."""
    config = override(Config(), ["training.epochs=3", "model.dimension=16", *settings])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAMEX_CACHE", str(folder / "cache"))
        train_run(folder / "shop", folder / "checkpoint", config, "cpu", False, SilentDisplay())
    return folder / "checkpoint"
