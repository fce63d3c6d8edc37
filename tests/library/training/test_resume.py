"""A run goes on elsewhere with its own features, and says what differs where something else does."""

import shutil

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from mamex.config import Config, override
from mamex.errors import CheckpointError
from mamex.training.resume import BEGINNING
from mamex.training.run import STATE, train_run
from tests.support.shops.benchmark_shop import ASSIGNMENTS, write_benchmark_shop
from tests.support.shops.shop import SilentDisplay

CONFIG = override(Config(), [*ASSIGNMENTS, "training.epochs=3", "training.patience=9"])


class Interrupted(SilentDisplay):
    """Stopped by its user after the second epoch."""

    def epoch(self, record):
        super().epoch(record)
        if record.epoch == 1:
            raise KeyboardInterrupt


@pytest.fixture(scope="module")
def broken(tmp_path_factory):
    """A shop with arrays of features, and a run on it that was stopped."""
    folder = tmp_path_factory.mktemp("broken")
    write_benchmark_shop(folder / "shop")
    with pytest.raises(KeyboardInterrupt):
        train_run(folder / "shop", folder / "run", CONFIG, "cpu", display=Interrupted())
    return folder


@pytest.fixture
def moved(broken, tmp_path):
    """The same on another machine."""
    shutil.copytree(broken, tmp_path / "moved")
    return tmp_path / "moved"


def resumed(folder, config=CONFIG):
    display = SilentDisplay()
    train_run(folder / "shop", folder / "run", config, "cpu", True, display)
    return display


def change(folder, name, by):
    path = folder / "shop" / "features" / f"{name}.npy"
    features = np.load(path)
    np.save(path, by(features).astype(features.dtype))


def first_array(folder):
    return sorted(path.stem for path in (folder / "shop" / "features").glob("*.npy"))[0]


def noise(size):
    return lambda values: values * (1 + size * np.random.default_rng(0).uniform(-1, 1, values.shape))


def refusal(folder, config=CONFIG):
    with pytest.raises(CheckpointError) as caught:
        resumed(folder, config)
    return str(caught.value)


def test_rounding_changes_nothing_of_what_comes_out(moved, tmp_path):
    whole = tmp_path / "whole"
    train_run(moved / "shop", whole, CONFIG, "cpu", display=SilentDisplay())
    name = first_array(moved)
    change(moved, name, noise(1e-5))
    display = resumed(moved)
    assert any(f"Features of {name} differ by rounding" in message for message in display.messages)
    for file in ("model.safetensors", "features.safetensors", "audience.safetensors"):
        one, other = load_file(whole / file), load_file(moved / "run" / file)
        assert one.keys() == other.keys() and all(torch.equal(one[key], other[key]) for key in one)
    assert not (moved / "run" / STATE).exists() and not (moved / "run" / BEGINNING).exists()


def test_nothing_is_said_where_nothing_differs(moved):
    assert not any("rounding" in message for message in resumed(moved).messages)


def test_other_features_are_refused_and_named(moved):
    name = first_array(moved)
    change(moved, name, lambda values: values + 1)
    assert f"the features of {name}, for 1" in refusal(moved)


def test_features_that_are_there_no_more_are_refused_and_named(moved):
    name = first_array(moved)
    change(moved, name, lambda values: np.where(np.arange(len(values))[:, None] == 7, np.nan, values))
    assert f"which items have {name}, for 1 of them" in refusal(moved)


def test_features_of_another_width_are_refused_and_named(moved):
    name = first_array(moved)
    change(moved, name, lambda values: values[:, :-1])
    assert f"features of {name} and has" in refusal(moved)


def test_other_settings_are_named_with_what_they_were(moved):
    said = refusal(moved, override(CONFIG, ["training.epochs=4", "training.loss=bpr"]))
    assert "training.epochs was 3 and is 4; training.loss was softmax and is bpr" in said


def test_another_seed_is_another_setting_and_other_purchases_are_other_data(moved):
    assert "training.seed was 0 and is 1" in refusal(moved, CONFIG.with_seed(1))
    path = moved / "shop" / "interactions.csv"
    path.write_text("\n".join(path.read_text().splitlines()[:-1]) + "\n")
    assert "what differs is the interactions;" in refusal(moved)


def test_other_items_are_named(moved):
    path = moved / "shop" / "items.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], *lines[:0:-1]]) + "\n")
    assert "the items" in refusal(moved)


def test_a_run_begun_before_anything_was_kept_goes_on_only_with_the_same_numbers(moved):
    (moved / "run" / BEGINNING).unlink()
    change(moved, first_array(moved), noise(1e-5))
    assert "its items, its interactions or its features" in refusal(moved)


def test_a_run_begun_before_anything_was_kept_goes_on(moved):
    (moved / "run" / BEGINNING).unlink()
    resumed(moved)
    assert (moved / "run" / "checkpoint.json").exists()


@pytest.mark.parametrize("fault", ["nonsense", "another's"])
def test_what_was_kept_and_is_damaged_is_refused(moved, fault):
    path = moved / "run" / BEGINNING
    change(moved, first_array(moved), noise(1e-5))
    content = path.read_bytes()
    path.write_bytes(b"nonsense" if fault == "nonsense" else content[:-1] + bytes([content[-1] ^ 1]))
    assert f"{BEGINNING} is damaged; delete the files of the run there" in refusal(moved)


def test_once_the_state_is_deleted_a_run_begins_anew(moved):
    (moved / "run" / STATE).unlink()
    train_run(moved / "shop", moved / "run", CONFIG, "cpu", display=SilentDisplay())
    assert (moved / "run" / "checkpoint.json").exists()
