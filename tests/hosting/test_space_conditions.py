"""The script that is a Space: what it gives the page, what it measures, and that a broken limit is told."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import space_conditions as conditions

SCRIPT = Path(conditions.__file__)


def test_a_limit_that_is_broken_is_told():
    report = conditions.Report()
    report.add("start", "12 s", "under 30 s", True)
    assert report.kept
    report.add("memory", "3 GB\nand more", "under 2 GB", False)
    assert not report.kept
    assert report.markdown().splitlines()[2:] == [
        "| start | 12 s | under 30 s | yes |",
        "| memory | 3 GB and more | under 2 GB | **NO** |",
    ]


def test_a_step_that_fails_is_a_row_that_is_not_kept():
    report = conditions.Report()
    conditions._without_failing(report, "visit", lambda: 1 / 0)
    assert report.rows == [("visit", "ZeroDivisionError: division by zero", "no error", False)]


def test_the_page_is_given_a_spaces_surroundings_and_nothing_of_this_machines(monkeypatch):
    monkeypatch.setenv("MAMEX_OWN_SHOP", "local")
    given = conditions.environment(Path("/tmp/home"), 7860)
    assert given["SPACE_ID"] and given["HOME"] == "/tmp/home" and given["GRADIO_SERVER_NAME"] == "0.0.0.0"
    assert not [name for name in given if name.startswith("MAMEX_")]


@pytest.mark.skipif(not (conditions.ROOT / ".git").exists(), reason="not a git repository")
def test_a_space_holds_the_page_which_cannot_write_it_and_is_gone_afterwards():
    with conditions.space() as (files, home):
        assert (files / "app" / "main.py").is_file()
        assert not [path for path in files.rglob("*") if path.stat().st_mode & 0o222]
        assert home.is_dir()
    assert not files.parent.exists()


def test_memory_and_time_are_those_of_the_process():
    hungry = "x = bytearray(200_000_000); x[::4096] = b'1' * len(x[::4096]); print(flush=True); input()"
    process = subprocess.Popen([sys.executable, "-c", hungry], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    process.stdout.readline()
    assert 200 < conditions.peak_megabytes(process.pid) < 400
    assert 0 <= conditions.processor_seconds(process.pid) < 60
    process.communicate(b"\n")


def test_a_page_that_ends_by_itself_is_not_waited_for():
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    assert conditions.seconds_to_start(process, "http://127.0.0.1:1") == float("inf")


def test_a_taken_port_is_told_before_anything_is_started():
    with socket.socket() as taken:
        taken.bind(("0.0.0.0", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run([sys.executable, SCRIPT, "--port", port], capture_output=True, text=True)
    assert done.returncode == 1
    assert "in use" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.heavy
def test_the_page_keeps_a_spaces_limits():
    with socket.socket() as free:
        free.bind(("0.0.0.0", 0))
        port = str(free.getsockname()[1])
    done = subprocess.run([sys.executable, SCRIPT, "--port", port], capture_output=True, text=True, env=os.environ)
    assert done.returncode == 0, done.stdout + done.stderr
