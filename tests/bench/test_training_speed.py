"""Positive-negative pairs a second of training on MovieLens, beside cornac's VBPR and implicit's content-free BPR.

Run with ``make bench``; ``MAMEX_MOVIELENS`` names the dataset folder. Nothing here asserts on time: the printed ratios
are for a person. All have d = 64, one thread, the same interactions; MAMEX and VBPR read the same features.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from mamex.config import Config, override
from mamex.data.cold_start import ColdStartData, cold_start_data
from mamex.data.dataset import read_dataset
from mamex.encoders import load_encoder
from mamex.encoders.features import item_features
from mamex.training.learner import Learner

pytestmark = pytest.mark.heavy

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(os.environ.get("MAMEX_MOVIELENS") or ROOT.parent / "shared" / "data" / "movielens")
#: The limit that we set, as a multiple of VBPR.
FLOOR = 30


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> ColdStartData:
    if not FOLDER.is_dir():
        pytest.skip(f"MovieLens is not at {FOLDER}; set MAMEX_MOVIELENS")
    config = Config()
    dataset = read_dataset(FOLDER)
    features = item_features(dataset, load_encoder("compact"), config.model.modalities)
    return cold_start_data(dataset, features, config.data, seed=0)


@pytest.fixture(autouse=True)
def real_feature_cache(monkeypatch):
    """The user's own cache, so that a second run encodes nothing; the tests' fixture would give an empty one."""
    given = os.environ.get("MAMEX_BENCH_CACHE")
    monkeypatch.setenv("MAMEX_CACHE", given) if given else monkeypatch.delenv("MAMEX_CACHE", raising=False)


def pairs_a_second(pairs: int, epoch: Callable[[], object]) -> float:
    """Pairs of one call of ``epoch``, after one that warms caches."""
    epoch()
    started = time.perf_counter()
    epoch()
    return pairs / (time.perf_counter() - started)


def mamex(data: ColdStartData, *settings: str) -> Callable[[], object]:
    """One epoch of MAMEX's training on the features themselves; every training interaction is a positive once."""
    plain = ["model.dimension=64", "model.kernel_components=0", "training.start=random"]
    config = override(Config(), [*plain, *settings])
    learner = Learner(data, config, torch.device("cpu"))
    numbers = iter(range(1, 1000))
    return lambda: learner.train_epoch(next(numbers))


def vbpr(data: ColdStartData) -> Callable[[], object]:
    cornac = pytest.importorskip("cornac", reason="pip install -r requirements-bench.txt")
    users, items = data.interactions.train.T
    rows = list(zip(users.tolist(), items.tolist(), np.ones(len(users)).tolist(), strict=True))
    used = np.unique(items)
    modality = cornac.data.ImageModality(features=data.content.numpy()[used], ids=used.tolist(), normalized=False)
    dataset = cornac.data.Dataset.from_uir(rows, seed=0)
    modality.build(id_map=dataset.iid_map)
    dataset.add_modalities(item_image=modality)
    return lambda: cornac.models.VBPR(k=32, k2=32, n_epochs=1, verbose=False, seed=0).fit(dataset)


def implicit_bpr(data: ColdStartData) -> Callable[[], object]:
    bpr = pytest.importorskip("implicit.bpr", reason="pip install -r requirements-bench.txt")
    model = bpr.BayesianPersonalizedRanking(factors=64, iterations=1, num_threads=1, random_state=0)
    return lambda: model.fit(data.histories, show_progress=False)


def test_pairs_a_second(data):
    torch.set_num_threads(1)
    positives = len(data.interactions.train)
    # With a softmax each positive is compared with all other items of its fold.
    fold = len(data.warm_items) // Config().training.folds
    speeds = {
        "cornac VBPR, its default batch": pairs_a_second(positives, vbpr(data)),
        "implicit BPR, no content": pairs_a_second(positives, implicit_bpr(data)),
        "MAMEX, BPR, 1 negative": pairs_a_second(positives, mamex(data, "training.loss=bpr")),
        "MAMEX, BPR, 16 negatives": pairs_a_second(
            16 * positives, mamex(data, "training.loss=bpr", "training.negatives=16")
        ),
        f"MAMEX, softmax over {fold} items": pairs_a_second(positives * (fold - 1), mamex(data)),
    }
    peer, limit = speeds["cornac VBPR, its default batch"], speeds["implicit BPR, no content"]
    print()
    for name, speed in speeds.items():
        print(
            f"{name:<34}{speed:>14,.0f} pairs/s{speed / peer:>9.1f} x VBPR (floor {FLOOR}){speed / limit:>9.3f} x BPR"
        )
    assert all(speed > 0 for speed in speeds.values())
