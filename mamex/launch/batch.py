"""Many planned products at once: encoded in batches, launched one by one, ranked by reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from mamex.data.dataset import join_words
from mamex.encoders.memory import FeatureMemory
from mamex.errors import EncoderError, MamexError, PictureError
from mamex.files.pictures.picture import Picture
from mamex.files.spreadsheet import cell
from mamex.files.writing import atomic_path
from mamex.launch.batch_files import PlannedRow
from mamex.launch.launcher import Launcher
from mamex.launch.product import MOST_CHARACTERS, PlannedProduct, Words
from mamex.modalities import IMAGE, TEXT
from mamex.retrieval.catalogue import FUSED, Neighbour
from mamex.retrieval.thresholds import LIST_LENGTHS

#: Rows encoded at once; after each such batch the results come, and the work can be stopped.
BATCH = 8


@dataclass(frozen=True)
class BatchRow:
    """One planned product and what the model makes of it.

    Attributes:
        row: the line of the file where it begins.
        item_id, title: as written.
        warnings: what the reader should know, in words.
        fault: why it could not run, "" if it did; all that follows is empty then.
        reach: K -> share of users whose top K it enters.
        audience: K -> number of those users.
        fusion: modality -> fusion weight alpha.
        nearest: the item on sale that is most like it.
        product: its features, for asking again.
    """

    row: int
    item_id: str
    title: str
    warnings: tuple[str, ...]
    fault: str = ""
    reach: dict[int, float] | None = None
    audience: dict[int, int] | None = None
    fusion: dict[str, float] | None = None
    nearest: Neighbour | None = None
    product: PlannedProduct | None = None

    @property
    def name(self) -> str:
        """What to call it: its title, its number, or its row."""
        return " ".join(self.title.split()) or self.item_id or f"row {self.row}"

    def to_json(self) -> dict[str, Any]:
        """The row as JSON values, without the features."""
        value = asdict(replace(self, product=None))
        del value["product"]
        for key in ("reach", "audience"):
            value[key] = {str(length): number for length, number in (value[key] or {}).items()}
        return {**value, "warnings": list(self.warnings)}


def run_batch(launcher: Launcher, rows: Sequence[PlannedRow]) -> Iterator[BatchRow]:
    """Launch the rows in their order, each result as soon as it is there.

    Raises:
        EncoderError: the checkpoint's encoder can't be had here; no row could run.
    """
    for start in range(0, len(rows), BATCH):
        memory = FeatureMemory(most=2 * BATCH)
        for planned in _encoded(launcher, rows[start : start + BATCH], memory):
            yield _launched(launcher, planned, memory)


def ranked(rows: Sequence[BatchRow], list_length: int) -> list[BatchRow]:
    """Widest reach first; rows that could not run come last, in the file's order."""
    return sorted(rows, key=lambda row: (row.reach is None, -row.reach[list_length] if row.reach else 0.0, row.row))


def write_batch(path: Path, rows: Sequence[BatchRow], modalities: Sequence[str]) -> None:
    """Write the rows, in this order, as a CSV that a spreadsheet opens."""
    records = [_record(row, modalities) for row in rows]
    with atomic_path(path) as temporary:
        pd.DataFrame(records).to_csv(temporary, index=False, encoding="utf-8-sig", lineterminator="\n")


def _record(row: BatchRow, modalities: Sequence[str]) -> dict[str, Any]:
    reach, audience, fusion = row.reach or {}, row.audience or {}, row.fusion or {}
    return {
        "row": row.row,
        "item_id": cell(row.item_id),
        "title": cell(row.title),
        **{f"reach_{length}": reach.get(length) for length in LIST_LENGTHS},
        **{f"audience_{length}": audience.get(length) for length in LIST_LENGTHS},
        **{f"fusion_{modality}": fusion.get(modality) for modality in modalities},
        "nearest_item_id": cell(row.nearest.item_id) if row.nearest else "",
        "nearest_title": cell(row.nearest.title) if row.nearest else "",
        "nearest_similarity": row.nearest.similarity if row.nearest else None,
        "warnings": cell(" ".join(row.warnings)),
        "fault": cell(row.fault),
    }


def _encoded(launcher: Launcher, rows: Sequence[PlannedRow], memory: FeatureMemory) -> list[PlannedRow]:
    """Fill ``memory`` with the rows' features; rows lose pictures that can't be read, and are told so."""
    checked: list[PlannedRow] = []
    sources: dict[str, list[Any]] = {modality: [] for modality in launcher.modalities if modality in (IMAGE, TEXT)}
    for planned in rows:
        text = join_words(planned.title, planned.description)
        # A text that is refused is left to the launcher, which says so.
        if text and len(text) <= MOST_CHARACTERS and TEXT in sources and not planned.fault:
            sources[TEXT].append(Words(text))
        if planned.picture and IMAGE in sources and not planned.fault:
            try:
                picture = Picture(planned.picture)
                _ = picture.opened  # of those encoded together, one that can't be would fail all
                sources[IMAGE].append(picture)
                planned = replace(planned, picture=picture)
            except PictureError as error:
                planned = _without_picture(planned, str(error))
        checked.append(planned)
    for modality, given in sources.items():
        memory.encode(launcher.encoder, modality, given)
    return checked


def _without_picture(planned: PlannedRow, sentence: str) -> PlannedRow:
    """A row whose picture can't be read runs on its words, if it has any."""
    if planned.title or planned.description:
        return replace(planned, picture=None, warnings=(*planned.warnings, sentence))
    return replace(planned, picture=None, fault=sentence)


def _launched(launcher: Launcher, planned: PlannedRow, memory: FeatureMemory) -> BatchRow:
    named = BatchRow(planned.row, planned.item_id, planned.title, planned.warnings, planned.fault)
    if planned.fault:
        return named
    try:
        text = join_words(planned.title, planned.description)
        product = launcher.read(planned.picture, text, memory=memory)
        result = launcher.score(product, members=0, neighbours=1)
    except EncoderError:
        raise
    except MamexError as error:
        return replace(named, fault=str(error))
    users = launcher.checkpoint.data.n_users
    of_all = launcher.of_length(result.list_length)  # no matter of this row
    return replace(
        named,
        warnings=(*planned.warnings, *(warning for warning in result.warnings if warning not in of_all)),
        reach=result.reach,
        audience={length: round(share * users) for length, share in result.reach.items()},
        fusion=result.fusion,
        nearest=result.neighbours[FUSED][0] if result.neighbours[FUSED] else None,
        product=product,
    )
