"""Run the page as a Space would, and say whether it keeps the limits: ``python assets/hosting/space_conditions.py``.

A copy of what a Space gets, which the page can't write; user 1000 with /tmp and its home alone (root can switch to it;
anybody else stays who they are); two cores; the environment of a Space; port 7860 on every address. Then a visitor
comes. Ends with 1 if it takes more than 30 s to start or 2 GB of memory, or if something that is promised isn't kept.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
from gradio_client import Client, handle_file
from space_tree import ROOT, TreeError, needed_files

#: What is allowed: seconds until the page is there, seconds until it is gone, gigabytes at any moment.
START, STOP, MEMORY = 30.0, 10.0, 2.0
#: Seconds after which a page that never comes is given up.
PATIENCE = 180
HOST = "somebody-mamex.hf.space"
SPACE = {
    "SYSTEM": "spaces",
    "SPACE_ID": "somebody/mamex",
    "SPACE_HOST": HOST,
    "SPACE_AUTHOR_NAME": "somebody",
    "SPACE_REPO_NAME": "mamex",
    "GRADIO_SERVER_NAME": "0.0.0.0",
}
#: What a Space's own proxy adds to a request.
FORWARDED = {"Host": HOST, "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
PICTURE = ROOT / "assets" / "catalogue" / "images" / "p0001.webp"
USER = "1000"


@dataclass
class Report:
    """What was looked at: a name, what was found, what is right, and whether they agree."""

    rows: list[tuple[str, str, str, bool]] = field(default_factory=list)

    def add(self, name: str, found: object, right: str, kept: bool) -> None:
        self.rows.append((name, " ".join(str(found).split()), right, kept))

    @property
    def kept(self) -> bool:
        return all(row[3] for row in self.rows)

    def markdown(self) -> str:
        lines = [f"| {' | '.join(row[:3])} | {'yes' if row[3] else '**NO**'} |" for row in self.rows]
        return "\n".join(["| what | found | right | kept |", "| --- | --- | --- | --- |", *lines, ""])


@contextmanager
def space() -> Iterator[tuple[Path, Path]]:
    """The two folders of a Space: its files, which nobody can write, and a home for user 1000; deleted afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="space-"))
    try:
        folder.chmod(0o755)
        files, home = folder / "app", folder / "home"
        with tarfile.open(fileobj=io.BytesIO(needed_files())) as tar:
            tar.extractall(files, filter="data")
        for path in [files, *files.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        home.mkdir()
        if _is_root():
            os.chown(home, int(USER), int(USER))
        yield files, home
    finally:
        for path in folder.rglob("*"):
            if path.is_dir() and not path.is_symlink():
                path.chmod(0o755)
        shutil.rmtree(folder, ignore_errors=True)


def as_user() -> list[str]:
    """What goes before a command so that user 1000 runs it on two cores."""
    two = ",".join(str(core) for core in sorted(os.sched_getaffinity(0))[:2])
    user = ["setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups"] if _is_root() else []
    return ["taskset", "--cpu-list", two, *user]


def _put_first(process: int) -> None:
    """A Space has its two cores for itself; here whatever else runs must wait, where root may say so."""
    if _is_root():
        os.setpriority(os.PRIO_PROCESS, process, -19)
        with contextlib.suppress(OSError):  # systems that don't share out by session
            Path(f"/proc/{process}/autogroup").write_text("-19", encoding="utf-8")


def _is_root() -> bool:
    return os.geteuid() == 0


def environment(home: Path, port: int) -> dict[str, str]:
    """Nothing of this machine's but the path to its programs."""
    return {"PATH": os.environ["PATH"], "HOME": str(home), "GRADIO_SERVER_PORT": str(port), **SPACE}


def seconds_to_start(process: subprocess.Popen[bytes], address: str) -> float:
    """How long the page takes until it answers as itself; infinite if it never does."""
    begin = time.monotonic()
    while time.monotonic() - begin < PATIENCE and process.poll() is None:
        try:
            # The page that says "starting" has no configuration.
            if httpx.get(f"{address}/config", headers=FORWARDED, timeout=10).status_code == 200:
                return time.monotonic() - begin
        except httpx.HTTPError:
            pass
        time.sleep(0.25)
    return float("inf")


def peak_megabytes(process: int) -> float:
    """The most memory that the page and its children held, each at its own worst moment."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) / 1000
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="utf-8").split()
    return peak + sum(peak_megabytes(int(child)) for child in children)


def processor_seconds(process: int) -> float:
    """How long a process has computed; on a busy machine it waits besides."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def visit(address: str, report: Report) -> None:
    """What a visitor does, and what others try."""
    client = Client(address, verbose=False)
    picture = handle_file(PICTURE)
    launch = client.predict(picture, "Stoneware mug", "Dishwasher safe, 300 ml", 20, api_name="/launch")
    reach = f"{launch['reach']['20']:.1%} of the shoppers"
    report.add("launch through gradio_client", reach, "an answer", bool(launch["audience"]))
    worth = client.predict(picture, "Stoneware mug", "Dishwasher safe", None, 20, api_name="/patch_worth")
    report.add("worth of each part of the picture", f"{len(worth['pieces'])} parts", "an answer", bool(worth["pieces"]))
    page = Path(client.predict(picture, "Stoneware mug", "", 20, api_name="/report"))
    report.add("report", f"{page.stat().st_size / 1000:.0f} kB", "a file", page.stat().st_size > 0)
    try:
        client.predict(picture, api_name="/check_dataset")
        said = "taken"
    except Exception as error:  # whatever the client makes of a refusal
        said = str(error)
    report.add("own shop", said, "switched off", "taken" not in said and "Traceback" not in said)


def look_at_doors(address: str, report: Report) -> None:
    """The headers, and who is turned away."""
    page = httpx.get(f"{address}/", headers=FORWARDED, timeout=60)
    report.add("page for a visitor", page.status_code, "200", page.status_code == 200)
    policy = page.headers.get("content-security-policy", "none")
    frames = next((part.strip() for part in policy.split(";") if "frame-ancestors" in part), "none")
    report.add("frames", frames, "huggingface.co may", "huggingface.co" in frames)
    sniff = page.headers.get("x-content-type-options", "none")
    report.add("X-Content-Type-Options", sniff, "nosniff", sniff == "nosniff")
    foreign = httpx.get(f"{address}/", headers={"Host": "evil.example"}, timeout=60)
    report.add("a foreign Host", foreign.status_code, "421", foreign.status_code == 421)
    crossed = httpx.post(
        f"{address}/gradio_api/upload", headers={**FORWARDED, "Origin": "https://evil.example"},
        files={"files": ("a.txt", b"a")}, timeout=60,
    )  # fmt: skip
    report.add("an upload by a foreign site", crossed.status_code, "403", crossed.status_code == 403)


def seconds_to_stop(process: subprocess.Popen[bytes]) -> float:
    """How long the page takes to end when it is asked to; infinite if it has to be killed."""
    begin = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(60)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return float("inf")
    return time.monotonic() - begin


def _without_failing(report: Report, name: str, step: Callable[[], None]) -> None:
    """A step that fails is a row that isn't kept, so that the report still tells the rest."""
    try:
        step()
    except Exception as error:
        report.add(name, f"{type(error).__name__}: {error}"[:300], "no error", False)


def run(port: int) -> Report:
    """Everything, from laying out the Space to its end.

    Raises:
        OSError: the port is taken.
        TreeError: the files can't be laid out.
    """
    report = Report()
    address = f"http://127.0.0.1:{port}"
    before = _left_in_tmp()
    with socket.socket() as free:
        free.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        free.bind(("0.0.0.0", port))  # or the page that answers would be another one
    with space() as (files, home), tempfile.TemporaryFile() as log:
        size = sum(path.stat().st_size for path in files.rglob("*") if path.is_file()) / 1e6
        report.add("files of the Space", f"{size:.0f} MB", "under 100 MB", size < 100)
        writes = subprocess.run([*as_user(), "test", "-w", str(files)]).returncode == 0
        report.add("may the page write its files", "yes" if writes else "no", "no", not writes)
        command = [*as_user(), sys.executable, "app/main.py"]
        surroundings = environment(home, port)
        process = subprocess.Popen(command, cwd=files, env=surroundings, stdout=log, stderr=log, start_new_session=True)
        try:
            _put_first(process.pid)
            started = seconds_to_start(process, address)
            busy = f"{processor_seconds(process.pid):.1f} s of it computing" if process.poll() is None else "it ended"
            report.add("start", f"{started:.1f} s, {busy}", f"under {START:.0f} s", started < START)
            if started < float("inf"):
                _without_failing(report, "visit", lambda: visit(address, report))
                _without_failing(report, "doors", lambda: look_at_doors(address, report))
                peak = peak_megabytes(process.pid) / 1000
                report.add("memory at its peak", f"{peak:.2f} GB", f"under {MEMORY:.0f} GB", peak < MEMORY)
        finally:
            stopped = seconds_to_stop(process)
        report.add("end after SIGTERM", f"{stopped:.1f} s, code {process.returncode}", f"under {STOP:.0f} s, code 0",
                   stopped < STOP and process.returncode == 0)  # fmt: skip
        log.seek(0)
        said = log.read().decode(errors="replace")
    left = sorted(_left_in_tmp() - before)
    report.add("left in /tmp", ", ".join(left) or "nothing", "nothing", not left)
    report.add("tracebacks in the log", said.count("Traceback"), "0", "Traceback" not in said)
    if not report.kept:
        print(said, file=sys.stderr)
    return report


def _left_in_tmp() -> set[str]:
    """Folders of pages in /tmp that belong to user 1000."""
    return {path.name for path in Path("/tmp").glob("mamex-*") if not _is_root() or path.stat().st_uid == int(USER)}


def main() -> int:
    """Print the report; 1 if a limit is broken."""
    parser = argparse.ArgumentParser(prog="python assets/hosting/space_conditions.py", description="Be a Space.")
    parser.add_argument("--port", type=int, default=7860, help="port of the page (default: 7860, as on a Space)")
    parser.add_argument("--out", type=Path, metavar="FILE", help="write the report there as well")
    parsed = parser.parse_args()
    try:
        report = run(parsed.port)
    except (TreeError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(report.markdown(), end="")
    if parsed.out:
        parsed.out.parent.mkdir(parents=True, exist_ok=True)
        parsed.out.write_text(f"# The page under a Space's conditions\n\n{report.markdown()}", encoding="utf-8")
    return 0 if report.kept else 1


if __name__ == "__main__":
    sys.exit(main())
