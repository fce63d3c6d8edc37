"""The real page in a process of its own, on this machine only; it is killed whatever happens."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
#: Seconds that a page may take to start on a busy machine.
PATIENCE = 180


@dataclass
class Served:
    """A page that is being served.

    Attributes:
        address: without a slash at its end.
        process: that serves it.
        memory: megabytes in use, (seconds since the start, megabytes), looked at twice a second.
    """

    address: str
    process: subprocess.Popen[bytes]
    log: Path
    memory: list[tuple[float, float]] = field(default_factory=list)

    def megabytes(self) -> float:
        """Memory in use now."""
        return int(self._status("VmRSS")) / 1024

    def threads(self) -> int:
        """Threads that run now."""
        return int(self._status("Threads"))

    def complaints(self) -> list[str]:
        """The faults on our side of which the page's log tells: what each traceback ends with."""
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return re.findall(r"^Traceback.*\n(?:[ +|].*\n|\n)*(.*)", text, flags=re.MULTILINE)

    def _status(self, name: str) -> str:
        lines = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii").splitlines()
        return next(line.split()[1] for line in lines if line.startswith(f"{name}:"))


@contextmanager
def served(checkpoint: Path, folder: Path) -> Iterator[Served]:
    """Serve a checkpoint; uploads go into ``folder``. One thread for torch, as the answers computed alone had."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder.mkdir(parents=True, exist_ok=True)
    settings = {"HF_HUB_OFFLINE": "1", "OMP_NUM_THREADS": "1", "GRADIO_TEMP_DIR": str(folder)}
    arguments = ["--checkpoint", str(checkpoint), "--host", "127.0.0.1", "--port", str(port)]
    log = folder / "page.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "app/main.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **settings},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    page = Served(f"http://127.0.0.1:{port}", process, log)
    over = threading.Event()
    try:
        _wait(page)
        threading.Thread(target=_watch, args=(page, over), daemon=True).start()
        yield page
    finally:
        over.set()
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(page: Served) -> None:
    """Return when the page answers."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and page.process.poll() is None:
        try:
            if httpx.get(f"{page.address}/config", timeout=10).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    raise RuntimeError(f"The page did not start: {page.log.read_text(encoding='utf-8', errors='replace')[-2000:]}")


def _watch(page: Served, over: threading.Event) -> None:
    began = time.monotonic()
    while not over.wait(0.5) and page.process.poll() is None:
        try:
            page.memory.append((time.monotonic() - began, page.megabytes()))
        except (OSError, StopIteration):  # it has just ended
            return
