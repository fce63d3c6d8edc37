"""What the records of a run must be to be shown or gone on from: its epochs and its metrics."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

#: Recall and NDCG; sums of shares may lie a little above one.
Metric = Annotated[float, Field(ge=0, le=1.001, allow_inf_nan=False)]
Seconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Finite = Annotated[float, Field(allow_inf_nan=False)]


class StoredRecord(BaseModel):
    """One ``EpochRecord``; losses and weights may be NaN, for training can go astray and the log says so."""

    model_config = ConfigDict(strict=True, frozen=True, extra="forbid")

    epoch: int = Field(ge=0)
    losses: dict[str, float]
    expert_use: dict[str, list[float]]
    fusion: dict[str, float]
    validation: dict[str, Metric]
    best: bool
    seconds: Seconds
    seconds_left: Seconds


def check_records(records: Sequence[StoredRecord]) -> None:
    """Raises ValueError: the epochs are not one run's, from its start, in order and alike."""
    if [record.epoch for record in records] != list(range(len(records))):
        raise ValueError("its epochs are not in order")
    if records and not records[0].best:
        raise ValueError("its first epoch was not the best so far")
    for name in ("expert_use", "fusion", "validation"):
        if len({tuple(getattr(record, name)) for record in records}) > 1:
            raise ValueError(f"the entries of {name} change between epochs")
    if len({tuple(map(len, record.expert_use.values())) for record in records}) > 1:
        raise ValueError("the number of experts changes between epochs")
    if records and not {"recall@20", "ndcg@20"} <= set(records[0].validation):
        raise ValueError("a metric on the validation items is missing")


class StoredMetrics(BaseModel):
    """The part of ``metrics.json`` that is shown; what else is in it stays as it is."""

    model_config = ConfigDict(strict=True, frozen=True, extra="allow")

    methods: dict[str, dict[str, Finite]] = Field(min_length=1)
    protocol: dict[str, str | int | float | list[int]]
    checkpoint: str | None = None

    def model_post_init(self, context: Any) -> None:
        """Raises ValueError: the seeds are no list."""
        if not isinstance(self.protocol.get("seeds", []), list):
            raise ValueError("protocol.seeds is no list")
