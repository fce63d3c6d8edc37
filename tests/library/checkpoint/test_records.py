"""What a run left for people to read, and its settings as a list."""

import json
import math
import shutil
from dataclasses import asdict
from pathlib import Path

import pytest

from mamex.checkpoint.records import read_card, read_metrics
from mamex.config import Config, list_settings, override, setting_names
from mamex.errors import CheckpointError
from mamex.training.records import read_log

NAN, INFINITE = float("nan"), float("inf")


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


NUMBERS = '{"recall@20": 0.5}'
LEFT = '"protocol": {"seeds": [0]}'


@pytest.mark.parametrize(
    "text",
    [
        f'{{"methods": {{"mamex": {NUMBERS}}}, "protocol": {{"seeds": 3}}}}',
        f'{{"methods": {{"mamex": {NUMBERS}}}, "protocol": {{"split": {{}}}}}}',
        f'{{"methods": {{"mamex": {NUMBERS}}}, "protocol": [], "checkpoint": 5}}',
        f'{{"methods": {{"mamex": {{"recall@20": null}}}}, {LEFT}}}',
        f'{{"methods": {{"mamex": {{"recall@20": "0.5"}}}}, {LEFT}}}',
        f'{{"methods": {{"mamex": {{"recall@20": NaN}}}}, {LEFT}}}',
        f'{{"methods": {{"mamex": {{"recall@20": 1e999}}}}, {LEFT}}}',
        f'{{"methods": {{"mamex": [0.5]}}, {LEFT}}}',
        f'{{"methods": {{}}, {LEFT}}}',
        "[" * 100_000,
        "9" * 100_000,
        " " * 9_000_000,
    ],
)
def test_metrics_of_other_kinds_are_one_sentence(tmp_path, text):
    (tmp_path / "metrics.json").write_text(text)
    with pytest.raises(CheckpointError, match="evaluate the checkpoint again") as caught:
        read_metrics(tmp_path)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 600


def test_the_metrics_that_are_written_are_read():
    assert read_metrics(Path(__file__).resolve().parents[3] / "checkpoints" / "demo")["protocol"]["seeds"] == [0, 1, 2]


@pytest.mark.parametrize(
    "change",
    [
        {"epoch": "0"},
        {"epoch": True},
        {"epoch": 7},
        {"losses": None},
        {"losses": {"total": "1"}},
        {"expert_use": {"image": 0.5}},
        {"expert_use": {"image": [0.5]}},
        {"fusion": {"image": None}},
        {"validation": {}},
        {"validation": {"recall@20": 2.0, "ndcg@20": 0.1, "recall@10": 0.1, "ndcg@10": 0.1}},
        {"validation": {"recall@20": NAN, "ndcg@20": 0.1, "recall@10": 0.1, "ndcg@10": 0.1}},
        {"best": 1},
        {"seconds": -1.0},
        {"seconds_left": INFINITE},
        {"more": 1},
    ],
)
def test_a_log_with_an_entry_of_another_kind_is_one_sentence(folder, change):
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    lines[2] |= change
    (folder / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(CheckpointError, match="is damaged") as caught:
        read_log(folder)
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 600


def test_a_log_of_a_training_that_went_astray_is_read(folder):
    lines = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    lines[-1]["losses"]["total"] = NAN
    (folder / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert math.isnan(read_log(folder)[-1].losses["total"])


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
