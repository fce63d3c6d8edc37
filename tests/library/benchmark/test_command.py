"""``python -m mamex benchmark`` as it is typed: killed and resumed, refused, drawn."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import plotly.graph_objects as go
import pytest

from tests.support.shops.benchmark_shop import ASSIGNMENTS, write_benchmark_shop

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    return write_benchmark_shop(tmp_path_factory.mktemp("benchmark") / "shop")


def start(shop, out, *more):
    command = [sys.executable, "-m", "mamex", "benchmark", "--data", str(shop), "--out", str(out)]
    command += ["--table", "1", "--methods", "mamex,ridge,random", "--seeds", "3", "--trials", "3", *more]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    settings = ["--set", *ASSIGNMENTS]
    return subprocess.Popen(
        [*command, *settings], cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def finished_cells(out: Path) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (out / "cells").glob("*.json")}


def test_kill_and_go_on_from_the_command_line(shop, tmp_path):
    whole = start(shop, tmp_path / "whole", "--jobs", "2")
    text, messages = whole.communicate(timeout=300)
    assert whole.returncode == 0, messages
    assert "| MAMEX |" in text
    broken = start(shop, tmp_path / "broken")
    while len(finished_cells(tmp_path / "broken")) < 4 and broken.poll() is None:
        time.sleep(0.02)
    broken.send_signal(signal.SIGKILL)
    broken.communicate(timeout=60)
    done = finished_cells(tmp_path / "broken")
    assert 4 <= len(done) <= 12
    again = start(shop, tmp_path / "broken")
    text, messages = again.communicate(timeout=300)
    assert again.returncode == 0, messages
    after = finished_cells(tmp_path / "broken")
    assert len(after) == 12  # three trials, and three methods on three seeds
    assert {name: after[name] for name in done} == done  # nothing was done again
    for name in ("results.csv", "table1.md"):
        assert (tmp_path / "broken" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes()


@pytest.mark.parametrize(
    ("more", "status", "says"),
    [
        (["--data", "/nowhere"], 1, "nowhere"),
        (["--methods", "milc"], 1, "did you mean 'milk'"),
        (["--out", "{shop}/items.csv"], 1, "choose another --out"),
        (["--seeds", "0"], 2, "at least 1"),
        (["--table", "4"], 2, "invalid choice"),
    ],
)
def test_wrong_input_is_one_sentence(shop, tmp_path, more, status, says):
    process = start(shop, tmp_path / "out", *(word.format(shop=shop) for word in more))
    _, messages = process.communicate(timeout=120)
    assert process.returncode == status
    assert says in messages
    assert "Traceback" not in messages


@pytest.mark.skipif(not (shutil.which("chromium") or shutil.which("google-chrome")), reason="needs a browser")
def test_a_figure_is_drawn(tmp_path):
    from mamex.benchmark.report.figures import write_figure

    assert write_figure(go.Figure(go.Bar(x=["words"], y=[1])), tmp_path / "figure") == ""
    assert "words" in (tmp_path / "figure.svg").read_text()
