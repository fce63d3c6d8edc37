"""Training: what it leaves behind, when it stops, and that a killed run ends where an unbroken one does."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from mamex.baselines import RandomOrder
from mamex.config import Config, override
from mamex.errors import CheckpointError, ConfigError
from mamex.evaluation import evaluate
from mamex.training.loop import fit
from mamex.training.run import STATE, train_run
from tests.support.shops.benchmark_shop import ASSIGNMENTS, write_benchmark_shop
from tests.support.shops.builders import hear_interrupts, write_tiny_dataset
from tests.support.shops.planted import planted_data
from tests.support.shops.shop import SilentDisplay

ROOT = Path(__file__).resolve().parents[3]
SMALL = ["model.dimension=8", "training.epochs=4", "training.patience=10"]


def small(*settings):
    return override(Config(), [*SMALL, *settings])


def same(first, second):
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def test_the_use_of_a_modality_that_no_item_has_is_zero():
    data = planted_data()
    modalities = list(data.features)
    data.present[:, 0] = False
    trained = fit(data, small("training.epochs=1"))
    best = trained.best
    assert best.fusion[modalities[0]] == 0 and best.fusion[modalities[1]] == pytest.approx(1)
    assert set(best.expert_use[modalities[0]]) == {0.0}
    assert sum(best.expert_use[modalities[1]]) == pytest.approx(1)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others():
    data = planted_data()
    first, again, other = fit(data, small()), fit(data, small()), fit(data, small("training.seed=1"))
    assert same(first.tower.state_dict(), again.tower.state_dict())
    assert torch.equal(first.users, again.users)
    assert not torch.equal(first.users, other.users)


@pytest.mark.parametrize("loss", ["softmax", "bpr"])
def test_it_learns_planted_tastes(loss):
    data = planted_data()
    trained = fit(data, override(Config(), ["model.dimension=8", "training.epochs=30", f"training.loss={loss}"]))
    items = trained.tower(data.features, data.present).embeddings
    ours = evaluate(lambda users, columns: trained.users[users] @ items[columns].T, data, "test").mean
    floor = RandomOrder()
    floor.fit(data)
    assert ours["recall@10"] > 1.5 * evaluate(floor.score, data, "test").mean["recall@10"]


def test_interactions_of_cold_items_never_reach_the_weights():
    data = planted_data()
    test = data.interactions.test
    changed = type(data)(
        data.features,
        data.present,
        data.part,
        type(data.interactions)(data.interactions.train, data.interactions.validation, test[: len(test) // 2]),
        data.n_users,
    )
    assert torch.equal(fit(data, small()).users, fit(changed, small()).users)


def test_it_stops_when_patience_ends_and_keeps_the_best_epoch():
    trained = fit(planted_data(), small("training.epochs=200", "training.patience=3"))
    values = [record.validation["ndcg@20"] for record in trained.records]
    best = values.index(max(values))
    assert len(values) == best + 1 + 3
    assert trained.best.epoch == trained.records[best].epoch


@pytest.mark.parametrize("broken_after", [1, 2, 3])
def test_a_resumed_run_is_the_unbroken_run_bit_for_bit(tmp_path, broken_after):
    data = planted_data()
    whole = fit(data, small("training.feature_dropout=0.2", "training.modality_dropout=0.2"))

    def stop(record):
        if len(seen) == broken_after:
            raise KeyboardInterrupt
        seen.append(record)

    seen = []
    config = small("training.feature_dropout=0.2", "training.modality_dropout=0.2")
    with pytest.raises(KeyboardInterrupt):
        fit(data, config, callback=stop, state_path=tmp_path / STATE)
    resumed = fit(data, config, state_path=tmp_path / STATE)
    assert same(whole.tower.state_dict(), resumed.tower.state_dict())
    assert torch.equal(whole.users, resumed.users)
    assert [r.validation for r in whole.records] == [r.validation for r in resumed.records]


def test_a_state_of_another_run_is_refused(tmp_path):
    fit(planted_data(), small("training.epochs=1"), state_path=tmp_path / STATE)
    with pytest.raises(CheckpointError, match="other settings"):
        fit(planted_data(), small("training.epochs=2"), state_path=tmp_path / STATE)
    with pytest.raises(CheckpointError, match="other data"):
        fit(planted_data(seed=5), small("training.epochs=1"), state_path=tmp_path / STATE)
    (tmp_path / STATE).write_bytes(b"nonsense")
    with pytest.raises(CheckpointError, match="damaged"):
        fit(planted_data(), small("training.epochs=1"), state_path=tmp_path / STATE)


def start(arguments, cache):
    environment = {**os.environ, "MAMEX_CACHE": str(cache), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "mamex", "train", *arguments]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, preexec_fn=hear_interrupts, stderr=subprocess.PIPE, text=True
    )


def read_until(process, text):
    lines = []
    for line in process.stderr:
        lines.append(line)
        if text in line:
            return lines
    raise AssertionError(f"never said {text!r}: {''.join(lines)}")


def test_kill_and_resume_from_the_command_line(tmp_path):
    data = write_tiny_dataset(tmp_path / "shop")
    settings = ["--set", "training.epochs=12", "training.patience=12", "model.dimension=8"]
    common = ["--data", str(data), *settings]
    unbroken = start([*common, "--out", str(tmp_path / "whole")], tmp_path / "cache")
    assert unbroken.wait(timeout=300) == 0, unbroken.stderr.read()
    broken = start([*common, "--out", str(tmp_path / "broken")], tmp_path / "cache")
    read_until(broken, "epoch   3")
    broken.send_signal(signal.SIGKILL)
    broken.wait(timeout=60)
    assert (tmp_path / "broken" / STATE).exists()
    stopped = start([*common, "--out", str(tmp_path / "broken"), "--resume"], tmp_path / "cache")
    read_until(stopped, "epoch   6")
    stopped.send_signal(signal.SIGINT)
    stopped.wait(timeout=60)
    if stopped.returncode != 0:  # on a fast machine the run may have ended before the signal came
        assert stopped.returncode == 130
        assert "--resume" in stopped.stderr.read()
    last = start([*common, "--out", str(tmp_path / "broken"), "--resume"], tmp_path / "cache")
    assert last.wait(timeout=300) == 0, last.stderr.read()
    whole, resumed = (load_file(tmp_path / name / "model.safetensors") for name in ("whole", "broken"))
    assert same(whole, resumed)
    assert not (tmp_path / "broken" / STATE).exists()
    lines = (tmp_path / "broken" / "log.jsonl").read_text().splitlines()
    assert len({json.loads(line)["epoch"] for line in lines}) == len(lines)


def test_an_out_folder_with_something_in_it_is_not_overwritten(tmp_path, tiny_checkpoint):
    process = start(["--data", str(tiny_checkpoint.parent / "shop"), "--out", str(tiny_checkpoint)], tmp_path)
    assert process.wait(timeout=120) == 1
    assert "not empty" in process.stderr.read()


def test_unknown_settings_name_the_nearest():
    with pytest.raises(ConfigError, match=r"model\.experts"):
        override(Config(), ["model.expert=6"])


def test_time_left_counts_down_to_the_end():
    records = fit(planted_data(), small()).records
    assert records[-1].seconds_left == pytest.approx(0, abs=1e-9)
    assert records[0].seconds_left > 0
    assert time.perf_counter() > records[-1].seconds


def test_a_training_that_went_astray_is_not_saved_as_a_model(tmp_path):
    shop, out = write_benchmark_shop(tmp_path / "shop"), tmp_path / "out"
    config = override(Config(), ASSIGNMENTS)
    trained = replace(fit(planted_data(), small("training.epochs=1")), users=torch.full((40, 8), float("nan")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("mamex.training.run.fit", lambda *_: trained)
        with pytest.raises(CheckpointError, match=r"went astray.*lower training\.learning_rate"):
            train_run(shop, out, config, "cpu", False, SilentDisplay())
    assert not (out / "checkpoint.json").exists()
