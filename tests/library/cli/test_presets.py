"""Presets: every one can be read and says how it is used; `--set` goes on top; an unknown name is answered in words."""

import json
import shlex
import tomllib
from pathlib import Path

import pytest

from mamex.benchmark.options import Options
from mamex.cli.benchmark import options_of
from mamex.cli.commands import parser
from mamex.cli.main import main
from mamex.config import Config, list_settings, override
from mamex.errors import ConfigError
from mamex.presets import FOLDER, preset_names, read_preset
from tests.support.shops.builders import write_tiny_dataset

ROOT = Path(__file__).resolve().parents[3]


def test_the_presets_are_those_that_help_names(capsys):
    assert preset_names() == ["demo", "small-shop"]
    for command in ("train", "benchmark"):
        with pytest.raises(SystemExit):
            main([command, "--help"])
        assert ", ".join(preset_names()) in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_opens_with_a_command_that_uses_it(name):
    first = (FOLDER / f"{name}.toml").read_text(encoding="utf-8").splitlines()[0]
    hash_sign, *words = shlex.split(first.replace("#", r"\#"))
    assert (hash_sign, words[:3]) == ("#", ["python", "-m", "mamex"])
    assert parser().parse_args(words[3:]).preset == name


@pytest.mark.parametrize("name", preset_names())
def test_a_preset_holds_only_what_differs(name):
    written = tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
    said = {f"{section}.{key}" for section, values in written.items() for key in values}
    changed = {setting.name for setting in list_settings(read_preset(name)) if setting.changed}
    assert changed <= said
    assert said - changed <= {"model.active_experts"}  # named beside the experts that it counts


def test_demo_is_what_the_demo_was_trained_with():
    manifest = json.loads((ROOT / "checkpoints" / "demo" / "checkpoint.json").read_text(encoding="utf-8"))
    assert read_preset("demo") == Config.model_validate(manifest["config"])


def test_without_a_preset_the_defaults_hold():
    assert read_preset(None) == Config()


@pytest.mark.parametrize(
    ("given", "nearest"), [("dmo", "demo"), ("small_shop", "small-shop"), ("", "small-shop"), ("../demo", "demo")]
)
def test_an_unknown_preset_names_the_nearest(given, nearest):
    with pytest.raises(ConfigError, match=f"no preset '{given}'; did you mean '{nearest}'"):
        read_preset(given)


def test_the_command_line_says_so_before_any_work(tmp_path, capsys):
    for command in ("train", "benchmark"):
        arguments = [command, "--data", "/nowhere", "--out", str(tmp_path / "out"), "--preset", "smal-shop"]
        assert main(arguments) == 1
        assert capsys.readouterr().err == "There is no preset 'smal-shop'; did you mean 'small-shop'?\n"
        assert not (tmp_path / "out").exists()


def test_train_applies_a_preset_below_set(tmp_path, monkeypatch):
    monkeypatch.setenv("MAMEX_CACHE", str(tmp_path / "cache"))
    write_tiny_dataset(tmp_path / "shop")
    settings = ["training.epochs=2", "model.dimension=16"]
    arguments = ["train", "--preset", "demo", "--data", str(tmp_path / "shop"), "--out", str(tmp_path / "run")]
    assert main([*arguments, "--set", *settings]) == 0
    manifest = json.loads((tmp_path / "run" / "checkpoint.json").read_text(encoding="utf-8"))
    assert Config.model_validate(manifest["config"]) == override(read_preset("demo"), settings)


def test_a_stopped_training_says_its_preset(monkeypatch, capsys):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("mamex.training.run.train_run", stopped)
    arguments = ["train", "--data", "shop", "--out", "run", "--preset", "demo", "--set", "training.epochs=2"]
    assert main(arguments) == 130
    assert "--out run --resume --preset demo --set training.epochs=2" in capsys.readouterr().err


def test_benchmark_takes_a_preset_and_writes_it_down():
    words = ["benchmark", "--data", "shop", "--out", "out", "--preset", "small-shop", "--set", "model.experts=2"]
    options = options_of(parser().parse_args(words))
    assert options.preset == "small-shop"
    assert options.command.endswith("--preset small-shop --set model.experts=2")
    assert "--preset" not in Options(Path("shop"), Path("out")).command


def test_benchmark_computes_with_its_preset(tmp_path, monkeypatch):
    planned = []

    def watch(name, config, methods):
        planned.append(config)
        raise ConfigError("enough")

    monkeypatch.setattr("mamex.benchmark.run.plan", watch)
    arguments = ["benchmark", "--data", "shop", "--out", str(tmp_path / "out"), "--preset", "demo"]
    assert main([*arguments, "--set", "model.experts=6"]) == 1
    assert planned == [override(read_preset("demo"), ["model.experts=6"])]
