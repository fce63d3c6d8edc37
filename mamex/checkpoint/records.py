"""What lies beside a checkpoint for people to read: its metrics and the model card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from mamex.checkpoint.schemas import StoredMetrics
from mamex.errors import CheckpointError
from mamex.files.bounded_json import brief, first_fault, read_bounded

METRICS = "metrics.json"
CARD = "README.md"
#: A longer card is somebody's book; more of it would only slow the page down.
MOST_CHARACTERS = 100_000


def read_metrics(folder: Path) -> dict[str, Any] | None:
    """What ``python -m mamex evaluate`` wrote, None if it never ran.

    Raises:
        CheckpointError: the file is damaged.
    """
    path = folder / METRICS
    if not path.is_file():
        return None
    try:
        metrics = from_json(read_bounded(path))
        StoredMetrics.model_validate(metrics)
    except ValidationError as error:
        raise CheckpointError(
            f"{path} holds no metrics of MAMEX ({first_fault(error)}); evaluate the checkpoint again."
        ) from error
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path} is damaged ({brief(error)}); evaluate the checkpoint again.") from error
    return dict(metrics)


def read_card(folder: Path) -> str:
    """The model card in Markdown, without the front matter that model hubs read; "" if there is none.

    Raises:
        OSError: it can't be read.
    """
    path = folder / CARD
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8", errors="replace") as stream:
        text = stream.read(MOST_CHARACTERS)
    if text.startswith("---\n") and "\n---\n" in text[4:]:
        text = text[4:].split("\n---\n", 1)[1]
    return text.strip()
