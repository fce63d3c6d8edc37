"""A checkpoint says what it has never seen, instead of scoring it at random."""

import csv
import shutil

import numpy as np
import pytest
from PIL import Image

from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.errors import LaunchError
from mamex.launch.batch import run_batch
from mamex.launch.batch_files import PlannedRow
from mamex.launch.launcher import Launcher
from tests.support.shops.builders import write_tiny_dataset
from tests.support.shops.shop import train_on

PICTURE = Image.new("RGB", (48, 48), (200, 40, 40))
NEVER = "This checkpoint has never seen a picture"


@pytest.fixture(scope="module")
def launcher(tmp_path_factory):
    """Of a shop whose column of pictures is empty."""
    folder = tmp_path_factory.mktemp("words-only")
    write_tiny_dataset(folder / "shop", missing=False)
    shutil.rmtree(folder / "shop" / "images")
    with (folder / "shop" / "items.csv").open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    with (folder / "shop" / "items.csv").open("w", newline="") as stream:
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows({**row, "image": ""} for row in rows)
    return Launcher.load(train_on(folder, "training.epochs=1"))


def test_the_checkpoint_knows_words_alone(launcher):
    assert launcher.modalities == ["text"] and launcher.checkpoint.summary["left_out"] == {"image": "absent"}


def test_a_photo_beside_words_is_left_out_and_that_is_said(launcher):
    words = "Crimson piece"
    result = launcher.launch(PICTURE, words)
    assert result.warnings[0] == f"{NEVER}; it was left out."
    assert result.fusion == {"text": 1.0} and result.reach == launcher.launch(text=words).reach


def test_a_photo_alone_is_refused(launcher):
    with pytest.raises(LaunchError, match=f"{NEVER}, so a picture alone tells it nothing; give it words"):
        launcher.launch(PICTURE)


def test_features_of_what_it_never_saw_are_left_out_too(launcher):
    result = launcher.launch(text="Crimson piece", features={"audio": np.ones(4)})
    assert "This checkpoint has never seen sound; it was left out." in result.warnings


def test_a_batch_says_so_row_by_row(launcher, tmp_path):
    PICTURE.save(tmp_path / "one.png")
    rows = [PlannedRow(2, "a", "Crimson", "", tmp_path / "one.png"), PlannedRow(3, "b", "", "", tmp_path / "one.png")]
    both, alone = run_batch(launcher, rows)
    assert f"{NEVER}; it was left out." in both.warnings and both.reach
    assert alone.fault.startswith(NEVER) and alone.reach is None


def test_the_reason_travels_with_the_checkpoint(launcher, tmp_path):
    checkpoint = load_checkpoint(launcher.checkpoint.folder)
    checkpoint.save(tmp_path / "copy")
    assert load_checkpoint(tmp_path / "copy").summary == checkpoint.summary


def test_pictures_that_were_all_the_same_are_no_pictures_seen(launcher):
    launcher.checkpoint.summary["left_out"] = {"image": "alike"}
    try:
        said = launcher.launch(PICTURE, "Crimson piece").warnings[0]
    finally:
        launcher.checkpoint.summary["left_out"] = {"image": "absent"}
    assert said == "This checkpoint was trained where the picture of all products was the same; it was left out."
