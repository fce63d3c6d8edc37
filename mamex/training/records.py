"""What a run left beside its checkpoint for people to read: the log, the metrics and the model card."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from mamex.checkpoint.schemas import StoredMetrics, StoredRecord, check_records
from mamex.errors import CheckpointError
from mamex.files.bounded_json import brief, first_fault, read_bounded
from mamex.training.loop import EpochRecord
from mamex.training.run import LOG, METRICS

CARD = "README.md"
#: A longer card is somebody's book; more of it would only slow the page down.
MOST_CHARACTERS = 100_000
#: A thousand bytes an epoch: more than any training has.
MOST_LOG = 64_000_000


def read_log(folder: Path) -> list[EpochRecord]:
    """The epochs of a checkpoint's training, in their order; none if there is no log.

    Raises:
        CheckpointError: the log is damaged.
    """
    path = folder / LOG
    if not path.is_file():
        return []
    try:
        records = [StoredRecord.model_validate_json(line) for line in read_bounded(path, MOST_LOG).splitlines()]
        check_records(records)
    except ValidationError as error:
        raise CheckpointError(f"{path} is damaged ({first_fault(error)}); the model itself is not.") from error
    except (OSError, ValueError) as error:
        raise CheckpointError(f"{path} is damaged ({brief(error)}); the model itself is not.") from error
    return [EpochRecord(**record.model_dump()) for record in records]


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
