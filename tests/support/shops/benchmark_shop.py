"""A dataset folder with ready features, large enough that a list of 20 is a choice, and quick to benchmark."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from tests.support.shops.builders import write_csv
from tests.support.shops.planted import planted_data

#: Settings of every benchmark in the tests.
ASSIGNMENTS = ("encoder=features", "model.dimension=8", "training.epochs=2")


def write_benchmark_shop(folder: Path, n_users: int = 50, n_items: int = 200) -> Path:
    """Users and items of ``planted_data``: tastes that both modalities show, a third of the items lacking one."""
    data = planted_data(n_users, n_items)
    (folder / "features").mkdir(parents=True)
    for column, (modality, values) in enumerate(data.features.items()):
        array = values.numpy().copy()
        array[~data.present[:, column].numpy()] = np.nan
        np.save(folder / "features" / f"{modality}.npy", array)
    items = [[f"{item:03d}", f"item {item}", "", ""] for item in range(n_items)]
    write_csv(folder / "items.csv", ["item_id", "title", "description", "image"], items)
    parts = data.interactions
    pairs = np.concatenate([parts.train, parts.validation, parts.test])
    rows = [[f"u{user:03d}", f"{item:03d}"] for user, item in pairs]
    write_csv(folder / "interactions.csv", ["user_id", "item_id"], rows)
    return folder
