"""What a training left beside its checkpoint."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from app.state.shop import Shop
from mamex.checkpoint.records import read_card, read_metrics
from mamex.training.records import EpochRecord, read_log


@dataclass(frozen=True)
class Records:
    """The records of one checkpoint.

    Attributes:
        log: one record an epoch; empty if it was not kept.
        metrics: what was measured; None if nothing ever was.
        card: the model's card as Markdown; "" if there is none.
    """

    log: list[EpochRecord] = field(default_factory=list)
    metrics: dict[str, Any] | None = None
    card: str = ""

    @classmethod
    def of(cls, shop: Shop) -> Records:
        """Those of a shop's checkpoint; none if it lies in no folder."""
        folder = shop.launcher.checkpoint.folder
        return cls(read_log(folder), read_metrics(folder), read_card(folder)) if folder else cls()
