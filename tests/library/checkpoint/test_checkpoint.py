"""The checkpoint folder: whole round trips, and one sentence for each way in which it can be wrong."""

import json
import shutil

import numpy as np
import pytest
import torch

from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.checkpoint.manifest import MANIFEST, SCHEMA_VERSION
from mamex.errors import CheckpointError


@pytest.fixture
def folder(tiny_checkpoint, tmp_path):
    """A copy of the tiny checkpoint that a test may damage."""
    return shutil.copytree(tiny_checkpoint, tmp_path / "copy")


def refusal(folder):
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(folder)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_saving_what_was_loaded_writes_the_same_bytes(tiny_checkpoint, tmp_path):
    load_checkpoint(tiny_checkpoint).save(tmp_path / "again")
    first = json.loads((tiny_checkpoint / MANIFEST).read_text())
    second = json.loads((tmp_path / "again" / MANIFEST).read_text())
    assert second["hashes"] == first["hashes"]
    assert second["config"] == first["config"]


def test_texts_and_ids_with_any_line_ending_come_back_as_they_were(tiny_checkpoint, tmp_path):
    checkpoint = load_checkpoint(tiny_checkpoint)
    texts = ["one\rtwo", "one\r\ntwo", "one\ntwo", 'said "so", twice', "\r", ""]
    checkpoint.dataset.items.loc[: len(texts) - 1, "description"] = texts
    checkpoint.dataset.user_ids[0] = "anna\rlee"
    checkpoint.save(tmp_path / "saved")
    loaded = load_checkpoint(tmp_path / "saved").dataset
    assert loaded.items["description"].tolist() == checkpoint.dataset.items["description"].tolist()
    assert loaded.user_ids.tolist() == checkpoint.dataset.user_ids.tolist()
    assert loaded.interactions.equals(checkpoint.dataset.interactions)


def test_thresholds_and_users_fit_the_shop(tiny_checkpoint):
    checkpoint = load_checkpoint(tiny_checkpoint)
    assert checkpoint.users.shape == (checkpoint.dataset.n_users, 16)
    assert checkpoint.thresholds.shape == (checkpoint.dataset.n_users, 3)
    assert checkpoint.reach.shape == (len(checkpoint.data.warm_items), 3)
    assert torch.isfinite(checkpoint.users).all()
    assert checkpoint.dataset.image_paths()[0].is_file()


def test_no_cold_item_has_a_training_interaction(tiny_checkpoint):
    data = load_checkpoint(tiny_checkpoint).data
    assert (data.part[data.interactions.train[:, 1]] == 0).all()
    assert (data.part[data.interactions.test[:, 1]] == 2).all()
    assert len(data.interactions.test) > 0


@pytest.mark.parametrize(
    "name",
    [
        "model.safetensors",
        "features.safetensors",
        "audience.safetensors",
        "map.safetensors",
        "items.csv",
        "interactions.csv.gz",
    ],
)
@pytest.mark.parametrize("fault", ["missing", "one bit", "cut short"])
def test_a_damaged_file_is_named(folder, name, fault):
    path = folder / name
    content = bytearray(path.read_bytes())
    if fault == "missing":
        path.unlink()
    elif fault == "one bit":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    else:
        path.write_bytes(content[: len(content) // 2])
    assert name in refusal(folder)


def test_a_checkpoint_older_than_a_setting_was_trained_without_it(folder):
    manifest = json.loads((folder / MANIFEST).read_text())
    assert manifest["config"]["training"].pop("start_share") > 0
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert load_checkpoint(folder).config.training.start_share == 0
    assert load_checkpoint(folder).config.training.learning_rate == manifest["config"]["training"]["learning_rate"]


def test_other_folders_are_refused_in_words(tmp_path, folder):
    assert "no checkpoint" in refusal(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    assert "--resume" in refusal(tmp_path / "empty")
    (folder / MANIFEST).write_text("not json")
    assert "not written by MAMEX" in refusal(folder)
    (folder / MANIFEST).write_text('{"format": "other", "schema_version": 1}')
    assert "not written by MAMEX" in refusal(folder)
    (folder / MANIFEST).write_text("[1, 2]")
    assert "not written by MAMEX" in refusal(folder)


def test_a_newer_schema_is_refused(folder):
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["schema_version"] = SCHEMA_VERSION + 1
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert "newer" in refusal(folder)


def test_an_older_schema_is_refused(folder):
    # Schema 1 had no map of the catalogue.
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["schema_version"] = 1
    del manifest["hashes"]["map.safetensors"]
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert "older MAMEX" in refusal(folder)


@pytest.mark.parametrize("key", ["config", "encoder", "modalities", "summary", "dataset_folder"])
def test_a_manifest_that_lacks_something_is_refused(folder, key):
    manifest = json.loads((folder / MANIFEST).read_text())
    del manifest[key]
    (folder / MANIFEST).write_text(json.dumps(manifest))
    assert "can't be read" in refusal(folder)


def test_nothing_in_it_is_a_pickle(tiny_checkpoint):
    allowed = {".safetensors", ".json", ".jsonl", ".csv", ".gz"}
    assert {path.suffix for path in tiny_checkpoint.iterdir()} <= allowed
    for path in tiny_checkpoint.glob("*.safetensors"):
        header = int.from_bytes(path.read_bytes()[:8], "little")
        json.loads(path.read_bytes()[8 : 8 + header])  # a safetensors header, not a zip or pickle


def test_moving_both_folders_keeps_the_pictures(tiny_checkpoint, tmp_path):
    moved = shutil.copytree(tiny_checkpoint.parent, tmp_path / "moved")
    paths = load_checkpoint(moved / "checkpoint").dataset.image_paths()
    found = [path for path in paths if path is not None]
    assert found
    assert all(str(path).startswith(str(moved)) for path in found)
    assert np.isclose(len(found), 55, atol=5)
