"""A page in a process of its own, beside files that are nobody's to read, and what its owner would notice."""

from __future__ import annotations

import http.server
import os
import secrets
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

from tests.hostile.files.bombs import zip_of
from tests.hostile.files.picture_files import saved
from tests.hostile.machine.shop_cases import write_shop

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 300


class Page:
    """The running page.

    Args:
        folder: for its scratch folder, its log and the private files.
        checkpoint: what it is about.
        settings: environment variables.

    Attributes:
        url: without a slash at its end.
        owner: headers of whoever may see all.
        scratch: the folder that ``GRADIO_TEMP_DIR`` names.
        private: files on the same disk that belong to nobody who visits; all of them hold ``token``.
        elsewhere: a server on loopback that must never be asked.
    """

    def __init__(self, folder: Path, checkpoint: Path, **settings: str) -> None:
        self.token = f"canary-{secrets.token_hex(8)}"
        self.scratch, self.private = folder / "scratch", folder / "private"
        self.scratch.mkdir(parents=True)
        self.checkpoint = checkpoint
        self._hide_private_files()
        self.elsewhere = Elsewhere((self.private / "secret.png").read_bytes())
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        password = settings.get("MAMEX_PASSWORD")
        self.owner = {"Authorization": f"Bearer {password}"} if password else {}
        self._log_path = folder / "log"
        self._log = self._log_path.open("wb")
        own = {"GRADIO_TEMP_DIR": str(self.scratch), "MAMEX_OWN_SHOP": "upload", "MAMEX_CACHE": str(folder / "cache")}
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "app" / "main.py"), "--checkpoint", str(checkpoint), "--port", str(self.port)],
            stdout=self._log,
            stderr=self._log,
            env={**os.environ, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", **own, **settings},
            cwd=folder,
        )
        self._read = 0
        self._wait()

    def _hide_private_files(self) -> None:
        from PIL import Image, PngImagePlugin

        self.private.mkdir()
        said = PngImagePlugin.PngInfo()
        said.add_text("Comment", self.token)
        picture = saved(Image.effect_noise((64, 64), 90).convert("RGB"), "PNG", pnginfo=said)
        (self.private / "secret.png").write_bytes(picture)
        (self.private / "secret.txt").write_text(self.token)
        (self.private / "secret.csv").write_text(f"title\n{self.token}\n")
        (self.private / "secret.zip").write_bytes(zip_of({"a.csv": f"title\n{self.token}\n".encode()}))
        write_shop(self.private / "shop")
        (self.scratch / "link.png").symlink_to(self.private / "secret.png")
        (self.scratch / "link").symlink_to(self.private)

    def _wait(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            assert self._process.poll() is None, self._log_path.read_text()[-3000:]
            try:
                if httpx.get(f"{self.url}/gradio_api/info", timeout=20, headers=self.owner).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.25)
        raise TimeoutError(f"the page has not started: {self._log_path.read_text()[-3000:]}")

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def secrets(self, sent: str = "") -> tuple[str, ...]:
        """What nobody may be shown, but for what they sent themselves."""
        every = (self.token, str(self.private), str(self.checkpoint), str(ROOT), "site-packages", "/.venv")
        return tuple(secret for secret in every if secret not in sent)

    def new_log(self) -> str:
        """What was written to the log since the last time."""
        with self._log_path.open("rb") as stream:
            stream.seek(self._read)
            new = stream.read()
        self._read += len(new)
        return new.decode("utf-8", errors="replace")

    def forget_peak(self) -> None:
        Path(f"/proc/{self._process.pid}/clear_refs").write_text("5")

    def megabytes(self, name: str) -> float:
        """``VmRSS`` or, since the peak was forgotten, ``VmHWM``."""
        for line in Path(f"/proc/{self._process.pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) / 1024
        return 0.0

    def close(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
        self.elsewhere.close()


class Elsewhere:
    """Another machine, so to speak: it notes that it was asked."""

    def __init__(self, answer: bytes) -> None:
        self.asked: list[str] = []
        asked = self.asked

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.end_headers()
                self.wfile.write(answer)

            do_POST = do_HEAD = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
