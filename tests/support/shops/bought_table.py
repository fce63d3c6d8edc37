"""A table of interactions by hand, read beside a small shop of items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from mamex.config import DataConfig
from mamex.data.contents.interactions import check_interactions
from mamex.data.contents.items import Items
from mamex.data.problems import Problems
from mamex.data.tables.reader import Table

Pairs = list[tuple[str, str]]


def small_items(ids: Sequence[str], titles: Sequence[str] | None = None, **further: Any) -> Items:
    frame = pd.DataFrame({"item_id": list(ids), "title": titles or "", "description": "", "image": ""}, dtype="str")
    for name in [name for name in further if name != "other_ids"]:
        frame[name] = pd.Series(further[name], dtype="str")
    n = len(frame)
    other_ids = further.get("other_ids", {})
    return Items("items.csv", frame, np.arange(2, n + 2), np.zeros(n, bool), (), [None] * n, other_ids)


def read_bought(
    columns: dict[str, Sequence[str]],
    items: Items | Sequence[str] = "abcdefgh",
    also: dict[str, tuple[str, ...]] | None = None,
    **settings: Any,
) -> tuple[Pairs, Problems, pd.DataFrame]:
    """The pairs that count, what was said, and all that is known of the pairs."""
    items = items if isinstance(items, Items) else small_items(items)
    frame = pd.DataFrame({name: list(values) for name, values in columns.items()}, dtype="str")
    frame = frame.astype({"item_id": "category"})  # as the reader gives it
    table = Table("interactions.csv", frame, np.arange(2, len(frame) + 2), np.zeros(len(frame), bool), also=also or {})
    problems = Problems()
    read = check_interactions(table, items, DataConfig(**settings), problems)
    ids = items.frame["item_id"].to_numpy(dtype=object)[read["item"].to_numpy()]
    return list(zip(read["user_id"], ids, strict=True)), problems, read


def said(problems: Problems, severity: str = "") -> dict[str, str]:
    """The first sentence of each kind, of one severity or all."""
    found: dict[str, str] = {}
    for problem in problems:
        if not severity or problem.severity == severity:
            found.setdefault(problem.kind, str(problem))
    return found
