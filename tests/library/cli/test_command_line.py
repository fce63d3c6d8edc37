"""The command line end to end, as a user types it."""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from mamex.cli.commands import Terminated
from mamex.cli.main import main
from mamex.cli.messages import PatientStream

ROOT = Path(__file__).resolve().parents[3]


def mamex(*arguments):
    """Run the command line in a process of its own."""
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", "mamex", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def checkpoint(tiny_checkpoint, tmp_path_factory):
    """A copy that ``evaluate`` may write into, beside its dataset."""
    folder = tmp_path_factory.mktemp("commands")
    shutil.copytree(tiny_checkpoint.parent, folder / "run")
    return folder / "run" / "checkpoint"


def test_check_says_what_is_there(checkpoint):
    done = mamex("check", checkpoint.parent / "shop")
    assert done.returncode == 0, done.stderr
    assert "60 items" in done.stdout
    assert "can be used" in done.stdout


def test_check_of_nothing_is_one_sentence(tmp_path):
    done = mamex("check", tmp_path / "nowhere")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr


def test_evaluate_writes_metrics_beside_baselines_with_seeds(checkpoint):
    done = mamex("evaluate", "--checkpoint", checkpoint, "--seeds", "2")
    assert done.returncode == 0, done.stderr
    report = json.loads((checkpoint / "metrics.json").read_text())
    assert {"mamex", "ridge", "content-knn", "random"} <= set(report["methods"])
    assert {"recall@10", "recall@20", "ndcg@10", "ndcg@20", "recall@20.std"} <= set(report["methods"]["mamex"])
    assert report["protocol"]["seeds"] == [0, 1]
    assert report["protocol"]["candidates"] == "cold"
    assert f"{report['methods']['ridge']['recall@20']:.4f}" in done.stdout
    assert "macro mean" in done.stdout


def test_launch_prints_json_and_words(checkpoint, tmp_path):
    picture = tmp_path / "jumper.png"
    Image.new("RGB", (64, 64), (200, 40, 40)).save(picture)
    arguments = ["launch", "--checkpoint", checkpoint, "--image", picture, "--text", "Crimson wool jumper"]
    done = mamex(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    value = json.loads(done.stdout)
    words = mamex(*arguments)
    assert words.returncode == 0, words.stderr
    assert f"top 20 of {value['audience_size']} of 40 users" in words.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["launch", "--checkpoint", "{run}"], "at least one of"),
        (["launch", "--checkpoint", "{run}", "--image", "/nowhere.png"], "no picture at"),
        (["launch", "--checkpoint", "/nowhere", "--text", "a"], "no checkpoint"),
        (["evaluate", "--checkpoint", "/nowhere"], "no checkpoint"),
        (["train", "--data", "{shop}", "--out", "{shop}/items.csv"], "is a file"),
        (["train", "--data", "/nowhere", "--out", "{out}"], "nowhere"),
        (["train", "--data", "{shop}", "--out", "{out}", "--set", "model.expert=6"], "did you mean 'model.experts'"),
        (["train", "--data", "{shop}", "--out", "{out}", "--set", "model.experts=many"], "model.experts"),
        (["train", "--data", "{shop}", "--out", "{out}", "--set", "encoder=nothing"], "no open_clip model"),
        (["train", "--data", "{shop}", "--out", "{out}", "--set", "encoder=features"], "features"),
        (["train", "--data", "{shop}", "--out", "{out}", "--set", "model.modalities=image,sound"], "sound"),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_status_1(checkpoint, tmp_path, arguments, says):
    places = {"run": checkpoint, "shop": checkpoint.parent / "shop", "out": tmp_path / "out"}
    done = mamex(*[argument.format(**places) for argument in arguments])
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (KeyboardInterrupt(), 130, "Stopped."),
        (OSError("the weights are gone"), 1, "the weights are gone"),
        (MemoryError(), 1, "not enough memory"),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes"), 1, "enough memory"),
        (RecursionError("maximum recursion depth exceeded"), 1, "nested too deeply"),
        (Terminated(), 143, "Stopped."),
        (OSError(28, "No space left on device", "/data"), 1, "/data can't be used: No space left on device."),
    ],
)
def test_what_ends_a_command_is_said_in_words(monkeypatch, capsys, error, status, says):
    def stopped(*_, **__):
        raise error

    monkeypatch.setattr("mamex.data.check.check_dataset", stopped)
    assert main(["check", "anywhere"]) == status
    assert says in capsys.readouterr().err


def test_a_fault_of_ours_is_not_hidden(monkeypatch):
    monkeypatch.setattr("mamex.data.check.check_dataset", lambda *_, **__: [][0])
    with pytest.raises(IndexError):
        main(["check", "anywhere"])


def test_an_argument_that_is_not_text_is_one_sentence(capsys):
    assert main(["launch", "--checkpoint", "x", "--text", "caf\udce9"]) == 1
    assert capsys.readouterr().err == "Argument 5 is not UTF-8 text; rename what it names, or type it anew.\n"


@pytest.mark.parametrize("arguments", [["x" * 1_000_000], ["evaluate", "--checkpoint", "x", "--seeds", "9" * 100_000]])
def test_a_complaint_does_not_repeat_a_megabyte(arguments, capsys):
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert len(capsys.readouterr().err) < 1000


@pytest.mark.parametrize(
    ("streams", "status"),
    [(">/dev/full", 1), ("2>/dev/full", 0), ("2>&-", 0), (">&-", 0), ("2>&1 | true; exit ${PIPESTATUS[0]}", 0)],
)
def test_closed_and_full_outputs_end_nothing_in_a_traceback(checkpoint, tmp_path, streams, status):
    words = [sys.executable, "-m", "mamex", "check", "--skip-pictures", checkpoint.parent / "shop"]
    command = f"{shlex.join(map(str, words))} {streams}"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == status
    assert "Traceback" not in done.stderr and "Exception ignored" not in done.stderr


def test_messages_that_nobody_hears_are_dropped():
    reader, writer = os.pipe()
    os.close(reader)
    stream = PatientStream(os.fdopen(writer, "w"))
    for _ in range(3):
        print("epoch", file=stream)
        stream.flush()
    assert not stream.isatty() and PatientStream(None).write("gone") == 4


@pytest.mark.parametrize("data", ["file", "pipe", "/dev/zero", "/dev/null", "/proc/self/mem", "/proc"])
def test_data_that_is_no_folder_of_ours_is_one_sentence(tmp_path, data, capsys):
    (tmp_path / "file").write_text("")
    os.mkfifo(tmp_path / "pipe")
    assert main(["train", "--data", str(tmp_path / data), "--out", str(tmp_path / "out")]) == 1
    assert "can't be used as it is" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_wrong_usage_is_exit_status_2(checkpoint):
    for arguments in (["evaluate", "--checkpoint", checkpoint, "--seeds", "0"], ["lunch"], []):
        done = mamex(*arguments)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr


def test_help_is_quick_to_give_and_names_every_command():
    done = mamex("--help")
    assert done.returncode == 0
    for command in ("check", "train", "evaluate", "launch", "prepare", "benchmark"):
        assert command in done.stdout


PATHS = [
    ["check", "{}"],
    ["train", "--data", "{}", "--out", "out"],
    ["train", "--data", "in", "--out", "{}"],
    ["train", "--data", "in", "--out", "out", "--tensorboard", "{}"],
    ["evaluate", "--checkpoint", "{}"],
    ["launch", "--checkpoint", "{}", "--text", "a"],
    ["launch", "--checkpoint", "run", "--image", "{}"],
    ["benchmark", "--data", "{}", "--out", "out"],
    ["benchmark", "--data", "in", "--out", "{}"],
    ["prepare", "mmrec", "--from", "{}", "--out", "out"],
    ["prepare", "mmrec", "--from", "in", "--out", "{}"],
    ["prepare", "hm", "--from", "{}", "--out", "out"],
    ["prepare", "movielens", "--ratings", "{}", "--posters", "p", "--plots", "p", "--out", "out"],
    ["prepare", "movielens", "--ratings", "r", "--posters", "{}", "--plots", "p", "--out", "out"],
    ["prepare", "movielens", "--ratings", "r", "--posters", "p", "--plots", "{}", "--out", "out"],
]


def status_of(arguments):
    """Of a command in this process, however it ends."""
    try:
        return main(arguments)
    except SystemExit as end:
        return end.code


NO_PATHS = {"empty": "", "space": " ", "name": "p" * 5000, "path": "ab/" * 2000, "null": "a\0b"}


@pytest.mark.parametrize("path", NO_PATHS.values(), ids=NO_PATHS)
@pytest.mark.parametrize("words", PATHS, ids=" ".join)
def test_a_path_that_can_be_none_is_refused_in_short(words, path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert status_of([word.format(path) for word in words]) in (1, 2)
    said = capsys.readouterr().err.splitlines()[-1]
    assert any(reason in said for reason in ("is empty", "longer than a path", "null character")), said
    assert len(said) < 400
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words",
    [
        ["evaluate", "--checkpoint", "x", "--seeds=--"],
        ["launch", "--checkpoint", "x", "--text", "a", "--members=--"],
        ["launch", "--checkpoint", "x", "--text", "a", "--memb=--"],
        ["launch", "--checkpoint", "x", "--text=--"],
        ["launch", "--checkpoint=--", "--text", "a"],
        ["benchmark", "--data", "x", "--out", "y", "--trials=--"],
        ["benchmark", "--data", "x", "--out", "y", "--jobs=--"],
        ["benchmark", "--data", "x", "--out", "y", "--set=--"],
        ["prepare", "hm", "--from", "x", "--out", "y", "--users=--"],
    ],
)
def test_an_option_without_its_value_is_wrong_usage(words, capsys):
    assert status_of(words) == 2
    assert "gives no value after its '='; write one" in capsys.readouterr().err


def test_two_dashes_may_end_a_value(capsys):
    assert status_of(["launch", "--checkpoint", "/nowhere", "--text=size=--"]) == 1
    assert "no checkpoint" in capsys.readouterr().err


def test_a_long_name_is_not_repeated_whole(tmp_path, capsys):
    deep = "/".join([str(tmp_path), *["d" * 200] * 15])
    assert main(["launch", "--checkpoint", deep, "--text", "a"]) == 1
    said = capsys.readouterr().err
    assert "no checkpoint" in said and len(said) < 500


def test_no_method_is_refused_with_what_to_do(capsys):
    assert status_of(["benchmark", "--data", "x", "--out", "y", "--methods", ","]) == 2
    assert "names no method; give names" in capsys.readouterr().err
