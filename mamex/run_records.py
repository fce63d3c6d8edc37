"""What a run left beside its checkpoint for people to read: the log, the metrics and the model card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mamex.errors import CheckpointError
from mamex.run import LOG, METRICS
from mamex.training import EpochRecord

CARD = "README.md"
#: A longer card is somebody's book; more of it would only slow the page down.
MOST_CHARACTERS = 100_000


def read_log(folder: Path) -> list[EpochRecord]:
    """The epochs of a checkpoint's training, in their order; none if there is no log.

    Raises:
        CheckpointError: the log is damaged.
    """
    path = folder / LOG
    if not path.is_file():
        return []
    try:
        return [EpochRecord(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]
    except (OSError, ValueError, TypeError) as error:
        raise CheckpointError(f"{path} is damaged ({error}); the model itself is not.") from error


def read_metrics(folder: Path) -> dict[str, Any] | None:
    """What ``python -m mamex evaluate`` wrote, None if it never ran.

    Raises:
        CheckpointError: the file is damaged.
    """
    path = folder / METRICS
    if not path.is_file():
        return None
    try:
        metrics = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path} is damaged ({error}); evaluate the checkpoint again.") from error
    if not isinstance(metrics, dict) or not all(isinstance(metrics.get(key), dict) for key in ("methods", "protocol")):
        raise CheckpointError(f"{path} holds no metrics of MAMEX; evaluate the checkpoint again.")
    return metrics


def read_card(folder: Path) -> str:
    """The model card in Markdown, without the front matter that model hubs read; "" if there is none."""
    path = folder / CARD
    if not path.is_file():
        return ""
    text = path.read_text(encoding="utf-8", errors="replace")[:MOST_CHARACTERS]
    if text.startswith("---\n") and "\n---\n" in text[4:]:
        text = text[4:].split("\n---\n", 1)[1]
    return text.strip()
