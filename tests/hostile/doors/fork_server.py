"""Performs cases in children of one warm process, since importing torch takes longer than most cases.

Run as ``python fork_server.py``: a line of JSON in on standard input for each case, a line of JSON out for its result.
Each child has its own files for output, a limit on memory that protects the machine, and a limit on time.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT)]

#: Above the limits by which a case is judged, so that what goes beyond them is still seen.
KILLED_AFTER, MOST_MORE_MEMORY = 33.0, 4 * 2**30
MOST_CPU = 90
#: More output than this of one case is cut.
MOST_OUTPUT = 2_000_000


def serve() -> None:
    """Answer until the input ends."""
    _warm_up()
    print(json.dumps({"ready": True}), flush=True)
    with tempfile.TemporaryDirectory(prefix="hostile-fork-") as folder:
        for line in sys.stdin:
            print(json.dumps(_perform(json.loads(line), Path(folder))), flush=True)


def _warm_up() -> None:
    import torch

    torch.set_num_threads(1)
    # All of it before the first fork, so that a run sees one state of the program, whatever is edited meanwhile.
    import mamex.benchmark.run
    import mamex.cli.main
    import mamex.cli.prepare
    import mamex.cli.training_display
    import mamex.data.check
    import mamex.encoders
    import mamex.encoders.cache
    import mamex.encoders.precomputed
    import mamex.insight.comparison
    import mamex.insight.occlusion
    import mamex.launch.batch_files
    import mamex.launch.launcher
    import mamex.training.run

    loaded = mamex.encoders.load_encoder("compact")
    loaded.encode("text", ["warm"])
    # An encoder takes a second to load and is only read; the cases share the one that was loaded before the fork.
    original = mamex.encoders.load_encoder

    def shared(name: str, *more: Any, **named: Any) -> Any:
        return loaded if name == "compact" and not more and not named else original(name, *more, **named)

    mamex.encoders.load_encoder = mamex.launch.launcher.load_encoder = shared


def _perform(call: dict[str, Any], folder: Path) -> dict[str, Any]:
    out, err, result = folder / "out", folder / "err", folder / "result"
    for path in (out, err, result):
        path.unlink(missing_ok=True)
    before, start = _kilobytes("VmRSS"), time.monotonic()
    child = os.fork()
    if child == 0:
        _be_the_child(call, out, err, result)
    status, used = _wait(child, start)
    return {
        "code": os.waitstatus_to_exitcode(status),
        "out": _read(out),
        "err": _read(err),
        "result": _read(result),
        "seconds": time.monotonic() - start,
        "megabytes": max(0.0, (used.ru_maxrss - before) / 1024),
    }


def _wait(child: int, start: float) -> tuple[int, resource.struct_rusage]:
    """The child's end, which is brought about if it takes too long."""
    pause = 0.002
    while True:
        ended, status, used = os.wait4(child, os.WNOHANG)
        if ended:
            return status, used
        if time.monotonic() - start > KILLED_AFTER:
            os.killpg(child, signal.SIGKILL)
            _, status, used = os.wait4(child, 0)
            return status, used
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)


def _be_the_child(call: dict[str, Any], out: Path, err: Path, result: Path) -> None:
    code = 70
    try:
        os.setpgid(0, 0)
        for number, path in ((0, Path(os.devnull)), (1, out), (2, err)):
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
            os.dup2(descriptor, number)
        limit = _kilobytes("VmSize") * 1024 + MOST_MORE_MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU, MOST_CPU))  # it ends even if nobody waits for it any more
        os.environ.update(call["environment"])
        os.chdir(call["folder"])
        code = _command(call["argv"]) if "argv" in call else _library(call, result)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except BaseException:
                code = 71
        os._exit(code)


def _command(argv: list[str]) -> int:
    from mamex.cli.main import main

    return main(argv)


def _library(call: dict[str, Any], result: Path) -> int:
    """1 with the message for an error that is meant for people; anything else goes up and is printed with its trace."""
    from mamex.errors import MamexError
    from tests.hostile.doors import library_calls

    try:
        answer = getattr(library_calls, call["name"])(Path(call["folder"]), **call["arguments"])
    except MamexError as error:
        result.write_text(json.dumps(str(error)))
        return 1
    result.write_text(json.dumps(answer))
    return 0


def _kilobytes(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    raise ValueError(name)


def _read(path: Path) -> str:
    if not path.exists():
        return ""
    with path.open("rb") as stream:
        return stream.read(MOST_OUTPUT).decode("utf-8", errors="replace")


if __name__ == "__main__":
    serve()
