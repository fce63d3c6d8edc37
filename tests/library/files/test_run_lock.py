"""One run at a time writes to a folder, whatever became of the one before; what killed runs leave is swept."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mamex.benchmark.evaluate import evaluate_run
from mamex.config import Config, override
from mamex.data.cold_start import cold_start_data
from mamex.errors import BenchmarkError, CheckpointError, DatasetError
from mamex.files.run_lock import LOCK, check_free, check_writable, is_empty, only_run
from mamex.files.writing import atomic_path
from mamex.training.run import train_run
from tests.support.plain_user import plain_user
from tests.support.shops.benchmark_shop import ASSIGNMENTS, write_benchmark_shop
from tests.support.shops.shop import SilentDisplay

ROOT = Path(__file__).resolve().parents[3]
HOLD = """
import sys, time
from pathlib import Path
from mamex.files.writing import atomic_path
from mamex.files.run_lock import only_run
with only_run(Path(sys.argv[1]), "--out"), atomic_path(Path(sys.argv[1]) / "weights.safetensors") as temporary:
    temporary.write_bytes(b"half")
    print("held", flush=True)
    time.sleep(60)
"""


def holder(folder):
    process = subprocess.Popen([sys.executable, "-c", HOLD, folder], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    return process


@pytest.fixture
def held(tmp_path):
    """A folder that another process writes to, and that process."""
    process = holder(tmp_path / "out")
    yield tmp_path / "out", process
    process.kill()
    process.wait()
    process.stdout.close()


def test_the_second_run_is_told_who_holds_the_folder(held):
    folder, process = held
    for look in (check_free, lambda *arguments: only_run(*arguments).__enter__()):
        with pytest.raises(CheckpointError, match=f"Another run \\(process {process.pid} on .*choose another --out"):
            look(folder, "--out")
    with pytest.raises(BenchmarkError, match="Another run"), only_run(folder, "--out", BenchmarkError):
        raise AssertionError("two at once")
    assert process.poll() is None


def test_a_training_into_the_same_folder_is_refused_before_anything_is_read(held):
    with pytest.raises(CheckpointError, match="Another run"):
        train_run(Path("/nowhere"), held[0], Config(), "cpu", True, SilentDisplay())


def test_an_evaluation_of_a_folder_that_a_run_writes_to_is_refused(tiny_checkpoint):
    with only_run(tiny_checkpoint, "--out"), pytest.raises(CheckpointError, match="Another run"):
        evaluate_run(tiny_checkpoint, 1, "cpu")


def test_a_killed_run_holds_nothing_and_what_it_left_half_written_goes(held):
    folder, process = held
    names = {path.name for path in folder.iterdir()}
    assert LOCK in names and len(names) == 2
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert is_empty(folder)  # so that a run that was killed early can be begun again without --resume
    with only_run(folder, "--out"):
        assert [path.name for path in folder.iterdir()] == [LOCK]
    assert list(folder.iterdir()) == []


def test_nothing_else_is_swept(tmp_path):
    (tmp_path / ".training-state.safetensors.abcd1234").write_text("an older version's")
    (tmp_path / ".table1.md.a_c4x6y8.part").write_text("ours")
    others = [".env", ".env.part", "model.part", ".notes.abcd1234", ".a.b.ABCD1234.part", "table1.md"]
    for name in others:
        (tmp_path / name).write_text("theirs")
    (tmp_path / ".folder.abcd1234.part").mkdir()
    (tmp_path / ".link.abcd1234.part").symlink_to(tmp_path / "table1.md")
    if os.getuid() == 0:
        (tmp_path / ".another.abcd1234.part").write_text("of another user")
        os.chown(tmp_path / ".another.abcd1234.part", 1000, 1000)
        others.append(".another.abcd1234.part")
    assert not is_empty(tmp_path)
    with only_run(tmp_path, "--out"):
        pass
    assert {path.name for path in tmp_path.iterdir()} == {*others, ".folder.abcd1234.part", ".link.abcd1234.part"}


def test_a_lock_file_from_elsewhere_hinders_nobody_and_is_not_followed(tmp_path):
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / LOCK).write_bytes(os.urandom(1000))
    with only_run(tmp_path / "old", "--out"):
        pass
    (tmp_path / "mine").write_text("precious")
    (tmp_path / "link").mkdir()
    (tmp_path / "link" / LOCK).symlink_to(tmp_path / "mine")
    with pytest.raises(CheckpointError, match="can't be written to"), only_run(tmp_path / "link", "--out"):
        raise AssertionError("followed a link")
    assert (tmp_path / "mine").read_text() == "precious"


def test_a_folder_that_cannot_be_made_or_written_to_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(CheckpointError, match="can't be made"), only_run(tmp_path / "file" / "out", "--out"):
        raise AssertionError("made below a file")
    (tmp_path / "read-only").mkdir(mode=0o555)
    sentence = "can't be written to \\(Permission denied\\)"
    with plain_user(tmp_path), pytest.raises(CheckpointError, match=sentence):
        only_run(tmp_path / "read-only", "--out").__enter__()


def test_a_run_that_came_and_went_while_this_one_read_is_not_overwritten(tmp_path, monkeypatch):
    shop, out = write_benchmark_shop(tmp_path / "shop"), tmp_path / "out"

    def finished_meanwhile(*arguments):
        with atomic_path(out / "checkpoint.json") as temporary:
            temporary.write_text("{}")
        return cold_start_data(*arguments)

    monkeypatch.setattr("mamex.training.run.cold_start_data", finished_meanwhile)
    with pytest.raises(CheckpointError, match="is not empty"):
        train_run(shop, out, override(Config(), ASSIGNMENTS), "cpu", False, SilentDisplay())
    assert [path.name for path in out.iterdir()] == ["checkpoint.json"]


def test_a_training_that_cannot_be_written_is_refused_before_anything_is_read(tmp_path):
    (tmp_path / "file").write_text("")
    for out in (tmp_path / "file" / "out", Path("/proc/nothing")):
        with pytest.raises(CheckpointError, match=r"can't be made .*choose another --out"):
            train_run(Path("/nowhere"), out, Config(), "cpu", False, SilentDisplay())


def test_looking_whether_a_folder_can_be_written_leaves_nothing(tmp_path):
    check_writable(tmp_path / "deep" / "out", "--out")
    assert not list(tmp_path.iterdir())
    (tmp_path / "there").mkdir()
    check_writable(tmp_path / "there", "--out")
    assert [path.name for path in tmp_path.rglob("*")] == ["there"]


def test_going_on_where_nothing_is_says_so_at_once(tmp_path):
    said, heard = [], SilentDisplay()
    heard.message = said.append
    with pytest.raises(DatasetError):
        train_run(Path("/nowhere"), tmp_path / "out", Config(), "cpu", True, heard)
    assert said == [f"There is nothing to resume in {tmp_path / 'out'}; the training begins anew."]


def test_going_on_among_foreign_files_is_refused(tmp_path):
    (tmp_path / "photo.jpg").write_text("precious")
    with pytest.raises(CheckpointError, match="holds no run that could be gone on with"):
        train_run(Path("/nowhere"), tmp_path, Config(), "cpu", True, SilentDisplay())
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]
