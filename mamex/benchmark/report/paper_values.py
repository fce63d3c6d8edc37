"""What the paper reports in its tables 1-3, to stand beside ours on Baby, Clothing and Sports."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

VALUES = Path(__file__).with_name("paper_values.csv")
#: Words in a dataset folder's name, and the paper's dataset that they mean.
_NAMES = {"baby": "baby", "clothing": "clothing", "sports": "sports", "sport": "sports"}


def paper_values(table: str, dataset: str) -> pd.DataFrame | None:
    """The paper's values of a table: index method (our label), one column a metric that it reports.

    Args:
        table: "1", "2" or "3".
        dataset: name of the dataset folder, such as "amazon-baby".

    Returns:
        None if the paper's table has no such dataset.
    """
    known = [_NAMES[word] for word in re.split(r"[^a-z]+", dataset.lower()) if word in _NAMES]
    values = pd.read_csv(VALUES, dtype={"table": str})
    here = values[(values["table"] == table) & values["dataset"].isin(known[:1])]
    if here.empty:
        return None
    return here.drop(columns=["table", "dataset"]).set_index("method").dropna(axis=1)
