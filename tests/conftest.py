"""What all tests share: no network, one thread, and a feature cache of their own."""

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # before anything imports the hub's client, which reads it once

import pytest
import torch
from hypothesis import settings
from shop import train_tiny_shop

# On a busy machine two threads that wait for each other took three times as long as one.
torch.set_num_threads(1)

# No deadline, because a busy machine is no fault of the code; derandomised, so that a run fails for everybody
# or nobody.
settings.register_profile("mamex", deadline=None, derandomize=True, max_examples=30, database=None)
settings.load_profile("mamex")


@pytest.fixture(autouse=True)
def own_feature_cache(tmp_path_factory, monkeypatch):
    """No test reads or fills the user's own cache, nor another test's."""
    monkeypatch.setenv("MAMEX_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory):
    """The checkpoint folder of a shop of 60 products; its dataset folder is ``../shop``. Don't change it: copy it."""
    return train_tiny_shop(tmp_path_factory.mktemp("tiny"))
