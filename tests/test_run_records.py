"""What a run left for people to read, and its settings as a list."""

import json
import shutil
from dataclasses import asdict

import pytest

from mamex.config import Config, override, setting_names
from mamex.errors import CheckpointError
from mamex.run_records import read_card, read_log, read_metrics
from mamex.settings_list import list_settings


@pytest.fixture
def folder(tiny_checkpoint, tmp_path):
    return shutil.copytree(tiny_checkpoint, tmp_path / "copy")


def test_the_log_is_read_as_it_was_written(folder):
    records = read_log(folder)
    written = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert [asdict(record) for record in records] == written
    assert [record.epoch for record in records] == [0, 1, 2, 3]


def test_what_is_not_there_is_empty(tmp_path):
    assert (read_log(tmp_path), read_metrics(tmp_path), read_card(tmp_path)) == ([], None, "")


@pytest.mark.parametrize("text", ["not json", "[1]", '{"methods": {}}', '{"methods": [], "protocol": {}}'])
def test_damaged_metrics_are_one_sentence(tmp_path, text):
    (tmp_path / "metrics.json").write_text(text)
    with pytest.raises(CheckpointError, match="evaluate the checkpoint again"):
        read_metrics(tmp_path)


@pytest.mark.parametrize("text", ["not json", '{"epoch": 0}', "[1]"])
def test_a_damaged_log_is_one_sentence(tmp_path, text):
    (tmp_path / "log.jsonl").write_text(text + "\n")
    with pytest.raises(CheckpointError, match="is damaged"):
        read_log(tmp_path)


def test_a_card_without_its_front_matter(tmp_path):
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n\n# Card\n\nText\n\n---\nmore\n")
    assert read_card(tmp_path) == "# Card\n\nText\n\n---\nmore"
    (tmp_path / "README.md").write_text("# Card\n")
    assert read_card(tmp_path) == "# Card"


def test_every_setting_has_a_meaning_and_the_changed_are_marked():
    settings = list_settings(override(Config(), ["model.experts=6", "model.modalities=image,text,audio"]))
    assert [setting.name for setting in settings] == setting_names()
    assert all(setting.meaning for setting in settings)
    changed = {setting.name: (setting.value, setting.default) for setting in settings if setting.changed}
    assert changed == {"model.experts": ("6", "4"), "model.modalities": ("image,text,audio", "image,text")}


def test_what_is_listed_can_be_set():
    config = override(Config(), ["model.modalities=image", "training.align=0.5", "model.center=false"])
    again = override(Config(), [f"{setting.name}={setting.value}" for setting in list_settings(config)])
    assert again == config
