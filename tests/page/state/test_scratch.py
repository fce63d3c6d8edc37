"""What passes through the page lies in one folder that its process made; it goes by age, and nothing else ever does."""

import os
import subprocess
import sys
import time
from pathlib import Path

import gradio.mcp
import pytest
from filelock import FileLock
from gradio.utils import get_upload_folder

from app.state import expiry, scratch
from app.state.expiry import SHOP_KEPT_FOR

ROOT = Path(__file__).resolve().parents[3]
OLD = scratch.KEPT_FOR + 60


@pytest.fixture
def room(tmp_path):
    return tmp_path


def written(path, text="x"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def later(monkeypatch, seconds):
    now = time.time() + seconds
    monkeypatch.setattr(scratch.time, "time", lambda: now)


def test_everything_is_gone_within_the_hour():
    assert scratch.EVERY + scratch.KEPT_FOR < 3600
    assert expiry.VISIT_AGE <= 3600
    assert SHOP_KEPT_FOR <= 3600


def test_old_files_go_and_new_ones_stay(room, monkeypatch):
    old = written(room / "a" / "b" / "old.png")
    sweeper = scratch.Sweeper()
    sweeper.delete_old(room)
    assert old.exists()
    later(monkeypatch, OLD)
    sweeper.delete_old(room)
    sweeper.delete_old(room)  # the folder in which it lay was empty only then
    assert list(room.iterdir()) == []


def test_a_clock_that_is_set_back_keeps_no_upload(room, monkeypatch):
    kept = written(room / "upload.png")
    later(monkeypatch, -10 * 3600)
    sweeper = scratch.Sweeper()
    sweeper.delete_old(room)
    assert kept.exists()
    waited = time.monotonic() + OLD
    monkeypatch.setattr(scratch.time, "monotonic", lambda: waited)
    sweeper.delete_old(room)
    assert not kept.exists()


def test_links_and_what_they_point_to_are_not_touched(room, tmp_path_factory, monkeypatch):
    outside = written(tmp_path_factory.mktemp("outside") / "kept.txt")
    (room / "link").symlink_to(outside)
    (room / "folder").symlink_to(outside.parent)
    later(monkeypatch, OLD)
    scratch.Sweeper().delete_old(room, age=0)
    assert outside.exists() and (room / "link").is_symlink() and (room / "folder").is_symlink()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a file to somebody else")
def test_files_of_somebody_else_are_not_touched(room):
    foreign = written(room / "foreign.txt")
    os.chown(foreign, 12345, 12345)
    scratch.Sweeper().delete_old(room, age=0)
    assert foreign.exists()


def test_a_room_that_vanished_is_no_error(tmp_path):
    scratch.Sweeper().delete_old(tmp_path / "gone")


def test_gradio_puts_everything_into_the_folder_of_this_process():
    uploads = scratch.room("uploads")
    assert Path(get_upload_folder()) == uploads
    assert Path(gradio.mcp.DEFAULT_TEMP_DIR) == uploads, "an agent's data: picture must lie where it is deleted"
    assert scratch.prepare().stat().st_mode & 0o077 == 0


def left_behind(base, name, age=3600.0):
    """A folder as a killed process leaves it."""
    folder = base / f"{scratch.PREFIX}{name}"
    written(folder / "uploads" / "picture.png")
    written(folder / scratch.MARKER)
    return folder


@pytest.fixture
def base(tmp_path, monkeypatch):
    own = tmp_path / f"{scratch.PREFIX}own"
    own.mkdir()
    monkeypatch.setattr(scratch, "prepare", lambda: own)
    return tmp_path


def test_what_a_killed_page_left_is_swept(base, monkeypatch):
    folder = left_behind(base, "killed")
    scratch.sweep_left_behind()
    assert folder.exists(), "a page that has just started may not have locked its folder yet"
    later(monkeypatch, 3600)
    scratch.sweep_left_behind()
    assert not folder.exists()


def test_a_running_pages_folder_is_left_alone(base, monkeypatch):
    folder = left_behind(base, "running")
    later(monkeypatch, 3600)
    with FileLock(folder / scratch.MARKER):
        code = "from app.state import scratch;"
        code += f"scratch.prepare = lambda: scratch.Path({str(base / 'mamex-page-own')!r});"
        code += "scratch._NEWBORN = -1; scratch.sweep_left_behind()"
        environment = {**os.environ, "GRADIO_TEMP_DIR": str(base)}
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, env=environment)
    assert (folder / "uploads" / "picture.png").exists()


def test_folders_and_links_that_only_have_our_name_are_left_alone(base, monkeypatch, tmp_path_factory):
    theirs = written(base / f"{scratch.PREFIX}notes" / "thesis.txt")
    elsewhere = left_behind(tmp_path_factory.mktemp("elsewhere"), "target")
    (base / f"{scratch.PREFIX}link").symlink_to(elsewhere)
    marked = base / f"{scratch.PREFIX}marked"
    written(marked / "thesis.txt")
    (marked / scratch.MARKER).symlink_to(elsewhere / scratch.MARKER)
    later(monkeypatch, 3600)
    scratch.sweep_left_behind()
    assert theirs.exists() and (marked / "thesis.txt").exists()
    assert (elsewhere / "uploads" / "picture.png").exists()


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder to somebody else")
def test_a_folder_of_another_user_is_left_alone(base, monkeypatch):
    folder = left_behind(base, "theirs")
    os.chown(folder, 12345, 12345)
    later(monkeypatch, 3600)
    scratch.sweep_left_behind()
    assert folder.exists()


def test_the_users_own_files_in_the_folder_that_is_named_are_never_deleted(tmp_path):
    """The page makes a folder in what GRADIO_TEMP_DIR names; whatever else lies there is not the page's."""
    mine = written(tmp_path / "holiday" / "photo.jpg")
    os.utime(mine, (0, 0))
    code = "from app.state import scratch; import time; scratch.KEPT_FOR = 0; scratch._NEWBORN = -1;"
    code += "scratch.keep_clean(lambda: None); time.sleep(1); print(scratch.prepare())"
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, check=True, capture_output=True, text=True, env={**os.environ, "GRADIO_TEMP_DIR": str(tmp_path)},
    )  # fmt: skip
    assert Path(run.stdout.strip()).parent == tmp_path.resolve()
    assert mine.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["holiday"], "the page's own folder goes with its process"


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    blocked = written(tmp_path / "file")
    run = subprocess.run(
        [sys.executable, "app/main.py"],
        cwd=ROOT, check=False, capture_output=True, text=True,
        env={**os.environ, "GRADIO_TEMP_DIR": str(blocked / "below")},
    )  # fmt: skip
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1 and "set GRADIO_TEMP_DIR to a folder that can be written to" in run.stderr


@pytest.mark.parametrize("path", ["/etc/passwd", "", "\x00", "x" * 5000, "../../etc/passwd", "/", "\ud800"])
def test_only_uploads_are_uploads(path):
    assert not scratch.is_upload(path)


def test_an_upload_is_one_and_a_link_out_of_the_room_is_none(tmp_path):
    folder = scratch.new_folder("uploads")
    upload = written(folder / "mug.png")
    secret = written(tmp_path / "secret.png")
    (folder / "link.png").symlink_to(secret)
    assert scratch.is_upload(str(upload))
    assert not scratch.is_upload(str(folder / "link.png"))
    assert not scratch.is_upload(str(folder))
    assert not scratch.is_upload(str(folder / ".." / ".." / ".." / scratch.MARKER))
    assert not scratch.is_upload(str(scratch.prepare() / scratch.MARKER))
