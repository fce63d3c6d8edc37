"""The real commands, in processes of their own: terminated, killed, gone on with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from safetensors.torch import load_file

from mamex.training.run import STATE
from tests.faults.report import found
from tests.support.shops.benchmark_shop import ASSIGNMENTS, write_benchmark_shop

pytestmark = [pytest.mark.faults, pytest.mark.heavy]
ROOT = Path(__file__).parent.parent.parent
SETTINGS = ["--set", *ASSIGNMENTS, "training.epochs=40", "training.patience=40"]


def train(shop: Path, out: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "mamex", "train", "--data", shop, "--out", out, "--resume", *SETTINGS]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(list(map(str, command)), cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True)


def stop(process: subprocess.Popen[str], out: Path, how: signal.Signals) -> str:
    """Send a signal once there is something to lose; returns what was said."""
    deadline = time.monotonic() + 240
    while not (out / STATE).exists():
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.05)
    process.send_signal(how)
    return process.communicate(timeout=120)[1]


def test_sigterm_saves_as_ctrl_c_does_and_kill_loses_an_epoch_at_most(tmp_path):
    shop = write_benchmark_shop(tmp_path / "shop")
    whole = train(shop, tmp_path / "whole")
    whole.communicate(timeout=300)
    broken = tmp_path / "broken"
    terminated = train(shop, broken)
    said = stop(terminated, broken, signal.SIGTERM)
    assert terminated.returncode == 143
    assert "the run is saved" in said and "Traceback" not in said
    assert sorted(path.name for path in broken.iterdir()) == [STATE]
    killed = train(shop, broken)
    stop(killed, broken, signal.SIGKILL)
    assert killed.returncode == -signal.SIGKILL
    last = train(shop, broken)
    messages = last.communicate(timeout=300)[1]
    assert last.returncode == 0, messages
    first, second = (load_file(place / "model.safetensors") for place in (tmp_path / "whole", broken))
    assert first.keys() == second.keys() and all(first[name].equal(second[name]) for name in first)
    assert sorted(path.name for path in broken.iterdir()) == sorted(p.name for p in (tmp_path / "whole").iterdir())
    found("SIGTERM, then kill -9, of python -m mamex train", "real processes, then --resume",
          "exit status 143 with one sentence; weights equal to an unbroken run bit for bit; no litter")  # fmt: skip
