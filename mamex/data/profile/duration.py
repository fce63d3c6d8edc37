"""How long a training takes: a guess from the sizes of a shop, and from how fast this machine multiplies."""

from __future__ import annotations

import os
import time
from functools import cache

import numpy as np
from threadpoolctl import threadpool_limits

from mamex.config import Config

# Seconds of one core of a server, which took ``REFERENCE`` for the product below. Shops of random features with 500 to
# 10,000 users and 300 to 4,800 items were trained for 3 epochs, and 200 items of the shipped catalogue encoded, each in
# one thread; the process's own time of each part was fitted to the sizes (all within a third).
REFERENCE = 0.024
#: Libraries and the encoder are loaded.
LOADING = 7.0
OF_A_PICTURE, OF_A_TEXT = 0.067, 0.021
#: First weights and features before the epochs, thresholds and the map of items after them.
AROUND_OF_AN_ITEM, AROUND_OF_A_PAIR = 7e-3, 2.2e-7
EPOCH, EPOCH_OF_AN_ITEM, EPOCH_OF_A_PAIR = 0.08, 1.05e-4, 4.7e-8
#: A training ends when it gets no better: seldom before so many epochs beyond its patience.
USUAL_BEST_EPOCH = 25
#: How much of further cores' speed is gained: twice as many take 0.57 of the time.
GAIN = 0.8
#: Other encoders than the compact one are towers of so many times its size, or more.
LARGER = 8


def training_seconds(items: int, users: int, pictures: int, texts: int, config: Config) -> float:
    """About how many seconds a first training takes on this machine, without an accelerator.

    Args:
        items, users: of the shop.
        pictures, texts: items that have them; their features are kept, so a second training is shorter.
        config: the settings; a training seldom needs all its epochs.
    """
    encoding = 0.0 if config.encoder == "features" else pictures * OF_A_PICTURE + texts * OF_A_TEXT
    encoding *= 1 if config.encoder == "compact" else LARGER
    width, pairs = config.model.dimension / 256, users * items
    around = items * AROUND_OF_AN_ITEM + pairs * AROUND_OF_A_PAIR
    epoch = EPOCH + width * (items * EPOCH_OF_AN_ITEM + pairs * EPOCH_OF_A_PAIR)
    epochs = min(config.training.epochs, config.training.patience + USUAL_BEST_EPOCH)
    return LOADING + (encoding + around + epochs * epoch) * _slowness()


@cache
def _slowness() -> float:
    """The time of this machine's cores together, as a multiple of that of the one core that was measured."""
    square = np.ones((1024, 1024), dtype=np.float32)
    spent = []
    with threadpool_limits(1):
        for _ in range(3):
            started = time.thread_time()  # what else runs at the moment doesn't count
            square @ square
            spent.append(time.thread_time() - started)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return float(min(spent) / REFERENCE / cores**GAIN)
