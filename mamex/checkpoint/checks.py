"""What the files of a checkpoint must be for its numbers to mean anything: hashes show damage, not nonsense.

A file's header is compared with what the settings ask for before its tensors are loaded, so that no foreign file makes
this program allocate more than the file is long.
"""

from __future__ import annotations

import gzip
import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from safetensors import safe_open
from torch import Tensor

from mamex.config import ModelConfig
from mamex.data.cold_start import ColdStartData
from mamex.data.contents.items import ITEM_COLUMNS
from mamex.data.problems import Problems
from mamex.data.tables.files import find_table
from mamex.errors import CheckpointError
from mamex.model.kernel_components import MOST_LANDMARKS
from mamex.model.routers import item_tower

Shape = tuple[int, ...]
#: The types that our tensors have, as safetensors calls them.
FLOAT, BOOL = "F32", "BOOL"
#: Tables of numbers shrink to a fifth; a file that grows more than this was made to fill the memory.
MOST_GROWTH, SMALL = 100, 1_000_000


def tower_shapes(config: ModelConfig, widths: Mapping[str, int], found: Mapping[str, Shape]) -> dict[str, Shape]:
    """The tensors of an item tower and their shapes, without making one.

    Args:
        config: the model's settings.
        widths: modality -> number of features d_m.
        found: what a file holds; it says with how many items each kernel compares, which settings only bound.
    """
    with torch.device("meta"):
        tower = item_tower(config, widths)
    shapes = {name: tuple(value.shape) for name, value in tower.state_dict().items()}
    for name in [name for name in shapes if name.endswith(".kernel.landmarks")]:
        landmarks = min(found.get(name, (0,))[0], MOST_LANDMARKS) if found.get(name) else 0
        projection = name.replace(".landmarks", ".projection")
        shapes[name] = (landmarks, shapes[name][1])
        shapes[projection] = (landmarks, shapes[projection][1])
    return shapes


def tensor_shapes(path: Path) -> dict[str, Shape]:
    """Name -> shape of a safetensors file, from its header."""
    with safe_open(path, framework="pt") as saved:
        return {name: tuple(saved.get_slice(name).get_shape()) for name in saved.keys()}  # noqa: SIM118 (not a dict)


def read_tensors(path: Path, expected: Mapping[str, tuple[Shape, str]]) -> dict[str, Tensor]:
    """The tensors of a file that must hold exactly these.

    Args:
        path: a safetensors file.
        expected: name -> shape and type.

    Raises:
        CheckpointError: it holds others, or other shapes or types.
    """
    with safe_open(path, framework="pt") as saved:
        names = set(saved.keys())
        for name in sorted(names ^ set(expected)):
            raise CheckpointError(f"{path.name} {'holds' if name in names else 'lacks'} {name}")
        for name, (shape, kind) in expected.items():
            part = saved.get_slice(name)
            if tuple(part.get_shape()) != shape or part.get_dtype() != kind:
                raise CheckpointError(
                    f"{name} in {path.name} is {part.get_dtype()} {tuple(part.get_shape())}, not {kind} {shape}"
                )
        return {name: saved.get_tensor(name) for name in expected}


def check_finite(file: str, tensors: Mapping[str, Tensor]) -> None:
    """Raises CheckpointError: a number is infinite or none at all."""
    for name, values in tensors.items():
        if values.is_floating_point() and not bool(torch.isfinite(values).all()):
            raise CheckpointError(f"{name} in {file} holds numbers that are not finite")


def check_features(features: Mapping[str, Tensor], present: Tensor) -> None:
    """Raises CheckpointError: an item has features of a modality that it lacks."""
    for column, (modality, values) in enumerate(features.items()):
        if bool(values[~present[:, column]].any()):
            raise CheckpointError(f"features.{modality} has numbers for items without {modality}")


def check_audience(thresholds: Tensor, reach: Tensor) -> None:
    """Raises CheckpointError: thresholds that rise with K (minus infinity is fine), or reach that is no share."""
    rising = bool((thresholds[:, 1:] > thresholds[:, :-1]).any())
    if rising or bool((thresholds.isnan() | (thresholds == torch.inf)).any()):
        raise CheckpointError("thresholds in audience.safetensors are not what a list can have")
    if not bool(((reach >= 0) & (reach <= 1)).all()):  # false for NaN
        raise CheckpointError("reach in audience.safetensors is no share of users")


def check_tables(items: pd.DataFrame, users: pd.DataFrame) -> None:
    """Raises CheckpointError: items.csv or users.csv lacks a column, or an id is empty or there twice."""
    for file, table, columns in (("items.csv", items, ITEM_COLUMNS), ("users.csv", users, ("user_id",))):
        absent = [column for column in columns if column not in table.columns]
        if absent:
            raise CheckpointError(f"{file} lacks the column {absent[0]}")
        ids = table[columns[0]]
        if not len(ids) or not ids.is_unique or (ids == "").any():
            raise CheckpointError(f"the column {columns[0]} of {file} is empty, or an id is there twice")


def read_interactions(path: Path, n_users: int, n_items: int) -> pd.DataFrame:
    """``interactions.csv.gz``: user and item positions, and timestamps, in the dataset's order.

    Raises:
        CheckpointError: it is not that, or unpacks to far more than such a table does.
    """
    most = SMALL + MOST_GROWTH * path.stat().st_size
    with gzip.open(path) as packed:
        content = packed.read(most + 1)
    if len(content) > most:
        raise CheckpointError(f"{path.name} unpacks to more than {MOST_GROWTH} times its size")
    # With a format, times that are none stay texts in silence, and are refused below; without, pandas warns of them.
    table = pd.read_csv(io.BytesIO(content), parse_dates=["timestamp"], date_format="ISO8601")
    if list(table.columns) != ["user", "item", "timestamp"] or not pd.api.types.is_datetime64_dtype(table["timestamp"]):
        raise CheckpointError(f"{path.name} is no table of user, item and timestamp")
    for column, count in (("user", n_users), ("item", n_items)):
        values = table[column]
        if values.dtype != np.int64 or not values.between(0, count - 1).all():
            raise CheckpointError(f"the column {column} of {path.name} names others than the {count:,} there are")
    if not table["user"].is_monotonic_increasing or table.duplicated(["user", "item"]).any():
        raise CheckpointError(f"{path.name} is not in order, or has a pair of user and item twice")
    return table


def check_problem(data: ColdStartData) -> None:
    """Raises CheckpointError: nothing is on sale, or nobody has bought any of it."""
    if not len(data.warm_items) or not len(data.interactions.train):
        raise CheckpointError("nothing is on sale in it, or nothing of that was ever bought")


def is_no_shop(folder: Path, checkpoint: Path) -> bool:
    """Whether a folder is there and lacks a table of items, ours or one that another system wrote.

    A table that came with the checkpoint, in a folder of its own, makes no shop of what lies around that folder. Of a
    folder that may not be looked into nothing shows.
    """
    try:
        if not folder.exists() or any((folder / name).is_file() for name in ("items.csv", "items.csv.gz")):
            return False
        table = find_table(folder, "items", Problems())
        return table is None or (table.parent != folder and checkpoint.is_relative_to(table.parent))
    except OSError:
        return False
