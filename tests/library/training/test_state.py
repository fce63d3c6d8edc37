"""A training state that a run can't go on from is one sentence, before the run; one that it can is left alone."""

import json
import os

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file

from mamex.config import Config, override
from mamex.errors import CheckpointError
from mamex.training.loop import fit
from mamex.training.run import STATE
from mamex.training.state import check_state
from tests.support.shops.planted import planted_data

CONFIG = override(Config(), ["model.dimension=8", "training.epochs=2"])


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The bytes of a state, as a run of two epochs left it."""
    path = tmp_path_factory.mktemp("state") / STATE
    fit(planted_data(), CONFIG, state_path=path)
    return path.read_bytes()


@pytest.fixture
def state(written, tmp_path):
    (tmp_path / STATE).write_bytes(written)
    return tmp_path / STATE


def rewrite(state, change, **metadata):
    with safe_open(state, framework="pt") as saved:
        kept = {**saved.metadata(), **metadata}
    tensors = load_file(state)
    change(tensors)
    save_file(tensors, state, metadata={name: text for name, text in kept.items() if text})


@pytest.mark.parametrize("router", ["modality", "shared", "joint"])
@pytest.mark.parametrize("components", [0, 512])
@pytest.mark.parametrize("fusion_gate", ["linear", "mlp"])
def test_every_kind_of_model_s_state_is_good(tmp_path, router, components, fusion_gate):
    names = {"router": router, "kernel_components": components, "fusion_gate": fusion_gate, "dimension": 4}
    config = override(Config(), [*(f"model.{name}={value}" for name, value in names.items()), "training.epochs=1"])
    for epochs in (0, 1):

        def stop(record, epochs=epochs):
            if record.epoch == epochs:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            fit(planted_data(), config, callback=stop, state_path=tmp_path / f"{epochs}")
        check_state(tmp_path / f"{epochs}", config, planted_data())


def test_a_state_of_another_run_is_left_to_the_run_to_refuse(state):
    check_state(state, override(CONFIG, ["model.dimension=4"]), planted_data())


@pytest.mark.parametrize(
    "change",
    [
        lambda tensors: tensors.pop("best.users"),
        lambda tensors: tensors.pop("learner.optimizer.0.exp_avg"),
        lambda tensors: tensors.update(more=torch.zeros(1)),
        *(
            lambda tensors, name=name, make=make: tensors.update({name: make(tensors[name])})
            for name in ("learner.weight.user_tower.map", "learner.average.user_tower.common", "best.users",
                         "best.tower.mixtures.image.expert_bias", "learner.optimizer.0.exp_avg_sq")
            for make in (lambda v: v[:1].clone(), lambda v: v.double(), lambda v: v[None].clone())
        ),
    ],
)  # fmt: skip
def test_tensors_that_do_not_fit_are_refused(state, change):
    rewrite(state, change)
    with pytest.raises(CheckpointError, match="is damaged; delete it and start anew"):
        check_state(state, CONFIG, planted_data())


@pytest.mark.parametrize("records", ["", "[]", "null", "[1]", "[" * 100_000, '[{"epoch": 0}]', "not json"])
def test_records_that_are_none_are_refused(state, records):
    rewrite(state, lambda tensors: None, records=records)
    with pytest.raises(CheckpointError, match="is damaged"):
        check_state(state, CONFIG, planted_data())


def test_epochs_out_of_order_are_refused(state):
    with safe_open(state, framework="pt") as saved:
        records = json.loads(saved.metadata()["records"])
    rewrite(state, lambda tensors: None, records=json.dumps(records[::-1]))
    with pytest.raises(CheckpointError, match="is damaged"):
        check_state(state, CONFIG, planted_data())


@pytest.mark.parametrize("fault", ["no metadata", "cut short", "empty", "nonsense", "folder", "pipe"])
def test_a_file_that_is_no_state_is_refused(state, fault):
    content = state.read_bytes()
    state.unlink()
    if fault == "folder":
        state.mkdir()
    elif fault == "pipe":
        os.mkfifo(state)
    elif fault == "no metadata":
        save_file({"a": torch.zeros(1)}, state)
    else:
        state.write_bytes({"cut short": content[: len(content) // 2], "empty": b"", "nonsense": b"x" * 999}[fault])
    with pytest.raises(CheckpointError, match="is damaged"):
        check_state(state, CONFIG, planted_data())
