"""How long a launch takes, as a share of its limit, and the audience of a million users beside a plain product.

Run with ``make bench``. Nothing here asserts on time: the machine decides that; the printed ratios are for a person.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import torch

from mamex.checkpoint.checkpoint import Checkpoint
from mamex.config import Config
from mamex.data.cold_start import ColdStartData
from mamex.data.dataset import Dataset
from mamex.data.splits import SplitInteractions
from mamex.launch.launcher import Launcher
from mamex.model.paper import ItemTower
from mamex.retrieval.thresholds import admission_thresholds, audience, catalogue_reach

pytestmark = pytest.mark.heavy

#: Limits that we set, in milliseconds.
LAUNCH_LIMIT, AUDIENCE_LIMIT = 10, 80


def median_milliseconds(action: Callable[[], object], runs: int = 21) -> float:
    """Median of some runs, after two that warm caches."""
    times = []
    for run in range(runs + 2):
        started = time.perf_counter()
        action()
        if run >= 2:
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


def shop_checkpoint(n_users: int, n_items: int, interactions: int) -> Checkpoint:
    """A shop of the given size with random features and weights."""
    random = np.random.default_rng(0)
    config = Config()
    dimensions = {"image": 1280, "text": 384}
    features = {m: torch.from_numpy(random.normal(size=(n_items, d)).astype(np.float32)) for m, d in dimensions.items()}
    part = np.repeat([0, 1, 2], [n_items - 2 * (n_items // 10), n_items // 10, n_items // 10]).astype(np.int8)
    warm = np.flatnonzero(part == 0)
    pairs = np.unique(
        np.stack([random.integers(n_users, size=interactions), random.choice(warm, interactions)], axis=1), axis=0
    )
    empty = np.zeros((0, 2), dtype=np.int64)
    data = ColdStartData(
        features, torch.ones(n_items, 2, dtype=torch.bool), part, SplitInteractions(pairs, empty, empty), n_users
    )
    tower = ItemTower(config.model, dimensions).eval().requires_grad_(False)
    users = torch.from_numpy(random.normal(size=(n_users, config.model.dimension)).astype(np.float32))
    catalogue = tower(features, data.present).embeddings[warm]
    bought = data.histories[:, warm].tocsr()
    thresholds = admission_thresholds(users, catalogue, bought)
    ids = np.array([f"{number:06d}" for number in range(max(n_users, n_items))], dtype=object)
    items = pd.DataFrame({"item_id": ids[:n_items], "title": ids[:n_items], "description": "", "image": ""})
    table = pd.DataFrame({"user": pairs[:, 0], "item": pairs[:, 1], "timestamp": pd.NaT})
    return Checkpoint(
        config=config,
        encoder_identity={"name": "compact"},
        tower=tower,
        users=users,
        dataset=Dataset("shop", Path(), items, ids[:n_users], table),
        data=data,
        thresholds=thresholds,
        reach=catalogue_reach(users, catalogue, bought, thresholds),
        coordinates=torch.zeros(len(warm), 2),
        summary={"familiarity_limits": dict.fromkeys(dimensions, -1.0)},
    )


def test_launch_without_encoding_on_a_shop_of_hm_size():
    launcher = Launcher(shop_checkpoint(1_110, 4_328, 15_000))
    features = {m: values[-1].numpy() for m, values in launcher.checkpoint.data.features.items()}
    spent = median_milliseconds(lambda: launcher.launch(features=features))
    share = spent / LAUNCH_LIMIT
    print(f"\nlaunch without encoding, 1,110 users, 4,328 items: {spent:.1f} ms, {share:.2f} of the limit")


def test_audience_of_one_product_among_a_million_users():
    generator = torch.Generator().manual_seed(0)
    users = torch.randn(1_000_000, 64, generator=generator)
    thresholds = torch.full((1_000_000,), 8.0)
    product = torch.randn(64, generator=generator)
    ours = median_milliseconds(lambda: audience(users, thresholds, product))
    matrix, vector = users.numpy(), product.numpy()
    peer = median_milliseconds(lambda: matrix @ vector)
    print(
        f"\naudience among 1,000,000 users, d 64: {ours:.1f} ms, {ours / AUDIENCE_LIMIT:.2f} of the limit, "
        f"{ours / peer:.2f} times numpy's bare matrix-vector product"
    )
