"""The epochs of a training, one line each: how a run went, for people and for whoever draws it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import ValidationError

from mamex.checkpoint.schemas import StoredRecord, check_records
from mamex.errors import CheckpointError
from mamex.files.bounded_json import brief, first_fault, read_bounded
from mamex.files.writing import atomic_path

LOG = "log.jsonl"
#: A thousand bytes an epoch: more than any training has.
MOST_LOG = 64_000_000


@dataclass(frozen=True)
class EpochRecord:
    """One line of the log."""

    epoch: int
    losses: dict[str, float]  # total and each part of equation 11, before its lambda; empty for epoch 0
    expert_use: dict[str, list[float]]  # modality -> share of the warm items' active gate each expert gets (K)
    fusion: dict[str, float]  # modality -> mean fusion weight of the warm items
    validation: dict[str, float]  # recall and NDCG on the validation items
    best: bool  # whether this is the best epoch so far
    seconds: float  # since the run began, resumed parts added up
    seconds_left: float  # at most: to the last epoch, or to where patience ends if nothing improves


def write_log(path: Path, records: list[EpochRecord]) -> None:
    """The records as JSONL, one epoch a line, atomically."""
    with atomic_path(path) as temporary:
        temporary.write_text("".join(json.dumps(asdict(record)) + "\n" for record in records), encoding="utf-8")


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
