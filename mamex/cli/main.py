"""The command line: ``python -m mamex check | prepare | train | evaluate | benchmark | launch``.

Results go to standard output, progress and messages to standard error. Exit status: 0 done (also if whoever read the
results went away), 1 a problem with the input or the machine (one sentence says which), 2 wrong usage, 130 stopped with
Ctrl-C, 143 stopped with SIGTERM. What is stopped is saved alike.
"""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Sequence
from types import FrameType

from mamex.cli.commands import LONGEST, Terminated, parser, status_of
from mamex.cli.messages import PatientStream
from mamex.errors import MamexError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    for number, argument in enumerate(given, start=1):
        if fault := _fault_of(argument):
            print(f"Argument {number} {fault}; rename what it names, or type it anew.", file=sys.stderr)
            return 1
    parsed = parser().parse_args(given)
    try:
        status = int(parsed.run(parsed))
        if sys.stdout is not None:
            sys.stdout.flush()  # a full disk behind it is noticed here, not after we have said that all went well
        return status
    except BrokenPipeError:
        # The reader of our output went away (`| head`), which is no fault; exit must not flush into the closed pipe.
        sys.stdout = open("/dev/null", "w")  # noqa: PTH123, SIM115
        return 0
    except KeyboardInterrupt as stop:  # commands that can go on later catch it themselves and say how
        print("\nStopped.", file=sys.stderr)
        return status_of(stop)
    except Exception as error:
        sentence = _sentence(error)
        if sentence is None:
            raise
        print(_shortened(sentence), file=sys.stderr)
        return 1


def _sentence(error: Exception) -> str | None:
    """What to tell the user of an error; None if it is a fault of ours."""
    if isinstance(error, MamexError):
        return str(error)
    if isinstance(error, OSError):  # a full disk, a folder that can't be read
        return f"{error.filename or 'A file'} can't be used: {error.strerror or error}."
    # PyTorch, which may not be loaded, has a class of its own for graphics cards and none for main memory.
    if isinstance(error, MemoryError) or "OutOfMemoryError" in type(error).__name__ or "CPUAllocator" in str(error):
        return "There is not enough memory for this; use less data, a smaller model or a larger machine."
    if isinstance(error, RecursionError):
        return "Something in the input is nested too deeply to be read; give simpler files."
    return None


def _shortened(sentence: str) -> str:
    """A sentence without the midst of a name or path that is longer than anybody reads."""
    return re.sub(rf"\S{{{LONGEST},}}", lambda name: f"{name[0][: LONGEST // 4]}…{name[0][-LONGEST // 4 :]}", sentence)


def _fault_of(argument: str) -> str:
    """Why an argument can be neither a text nor the name of a file; "" if it can."""
    try:
        argument.encode("utf-8")
    except UnicodeEncodeError:
        return "is not UTF-8 text"
    return "holds a null character" if "\0" in argument else ""


def _terminate(signal_number: int, frame: FrameType | None) -> None:
    raise Terminated


def run() -> int:
    """The command line in a process of its own, in which signals and closed streams are ours to handle."""
    sys.stderr = PatientStream(sys.stderr)
    signal.signal(signal.SIGTERM, _terminate)
    try:
        return main()
    finally:
        _drop_what_nobody_reads()


def _drop_what_nobody_reads() -> None:
    """Python writes out what is left of standard output when it ends, and complains where that fails; it was said."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
