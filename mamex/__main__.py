"""The command line: ``python -m mamex check | prepare | train | evaluate | benchmark | launch``.

Results go to standard output, progress and messages to standard error. Exit status: 0 done (also if whoever read the
results went away), 1 a problem with the input or the machine (one sentence says which), 2 wrong usage, 130 stopped with
Ctrl-C, 143 stopped with SIGTERM. What is stopped is saved alike.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import sys
from collections.abc import Sequence
from itertools import takewhile
from types import FrameType
from typing import Any, NoReturn

from mamex.cli.benchmark import add_options, positive
from mamex.cli.option_types import place
from mamex.cli.prepare import add_sources
from mamex.errors import MamexError
from mamex.messages import PatientStream

#: Characters of a complaint about how a command was typed, and of one name in any other.
LONGEST = 300


class Terminated(KeyboardInterrupt):
    """SIGTERM came: what a shutdown or a job scheduler sends; handled as Ctrl-C is, but for the exit status."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    for number, argument in enumerate(given, start=1):
        if fault := _fault_of(argument):
            print(f"Argument {number} {fault}; rename what it names, or type it anew.", file=sys.stderr)
            return 1
    parsed = _parser().parse_args(given)
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
        return _status_of(stop)
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


def _status_of(stop: KeyboardInterrupt) -> int:
    return 143 if isinstance(stop, Terminated) else 130


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


class _Parser(argparse.ArgumentParser):
    """Says what is wrong with a command, without repeating a megabyte of it."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """As argparse does; but of ``--option=--`` it makes an empty list, without asking the option's type."""
        for argument in takewhile(lambda argument: argument != "--", args or ()):
            option, _, value = argument.partition("=")
            if option.startswith("--") and value == "--":
                self.error(f"argument {option}: gives no value after its '='; write one")
        return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        super().error(message if len(message) <= LONGEST else message[:LONGEST] + "…")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m mamex", description="Cold-start recommendation with MAMEX.")
    commands = parser.add_subparsers(dest="command", required=True)

    check = commands.add_parser("check", help="say what is wrong with a dataset folder")
    check.add_argument("data", type=place, metavar="DIR", help="dataset folder")
    check.add_argument("--skip-pictures", action="store_true", help="don't decode every picture")
    check.set_defaults(run=_check)

    prepare = commands.add_parser("prepare", help="turn a public data set into a dataset folder")
    add_sources(prepare)
    prepare.set_defaults(run=_prepare)

    train = commands.add_parser("train", help="train on a dataset folder and write a checkpoint")
    train.add_argument("--data", type=place, required=True, metavar="DIR", help="dataset folder")
    train.add_argument("--out", type=place, required=True, metavar="CKPT", help="checkpoint folder to write")
    train.add_argument("--resume", action="store_true", help="go on with an interrupted run")
    train.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    train.add_argument("--tensorboard", type=place, metavar="DIR", help="also write TensorBoard events there")
    train.add_argument(
        "--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help="for example model.experts=6"
    )
    train.set_defaults(run=_train)

    evaluate = commands.add_parser("evaluate", help="score a checkpoint beside the simple baselines")
    evaluate.add_argument("--checkpoint", type=place, required=True, metavar="CKPT")
    evaluate.add_argument("--seeds", type=positive, default=1, metavar="N", help="N splits in all, each trained anew")
    evaluate.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    evaluate.set_defaults(run=_evaluate)

    benchmark = commands.add_parser("benchmark", help="make the paper's tables and figures, beside its rivals")
    add_options(benchmark)
    benchmark.set_defaults(run=_benchmark)

    launch = commands.add_parser("launch", help="score a planned product")
    launch.add_argument("--checkpoint", type=place, required=True, metavar="CKPT")
    launch.add_argument("--image", type=place, metavar="FILE", help="its picture")
    launch.add_argument("--text", help="its title and description")
    launch.add_argument("--list-length", type=int, default=20, metavar="K", help="10, 20 or 50")
    launch.add_argument("--members", type=positive, default=50, metavar="N", help="how many members to describe")
    launch.add_argument("--json", action="store_true", help="print JSON")
    launch.set_defaults(run=_launch)
    return parser


# The commands import what they need when they run: torch and open_clip take seconds that `--help` should not cost.


def _check(arguments: argparse.Namespace) -> int:
    from mamex.data.check import check_dataset, format_report
    from mamex.progress import TerminalProgress

    progress = TerminalProgress()
    report = check_dataset(arguments.data, open_pictures=not arguments.skip_pictures, progress=progress)
    progress.close()
    print(format_report(report))
    return 0 if report.ok else 1


def _prepare(arguments: argparse.Namespace) -> int:
    from mamex.cli.prepare import prepare_source
    from mamex.progress import TerminalProgress

    progress = TerminalProgress()
    try:
        prepared = prepare_source(arguments, progress)
    except KeyboardInterrupt as stop:
        progress.close()
        print("\nStopped; the same command goes on where it was.", file=sys.stderr)
        return _status_of(stop)
    finally:
        progress.close()
    print(prepared)
    return 0


def _train(arguments: argparse.Namespace) -> int:
    from mamex.cli.training_display import TrainingDisplay
    from mamex.config import Config, override
    from mamex.training.run import train_run

    config = override(Config(), arguments.set)
    display = TrainingDisplay(arguments.tensorboard)
    try:
        train_run(arguments.data, arguments.out, config, arguments.device, arguments.resume, display)
    except KeyboardInterrupt as stop:
        display.close()
        print(
            f"\nStopped; the run is saved. Go on with: python -m mamex train --data {arguments.data} "
            f"--out {arguments.out} --resume" + "".join(f" --set {setting}" for setting in arguments.set),
            file=sys.stderr,
        )
        return _status_of(stop)
    display.close()
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    from mamex.benchmark.report.summary import format_protocol, format_table
    from mamex.progress import TerminalProgress
    from mamex.training.run import evaluate_run

    progress = TerminalProgress()
    report = evaluate_run(arguments.checkpoint, arguments.seeds, arguments.device, progress)
    progress.close()
    print(f"Protocol: {format_protocol(report['protocol'])}\n")
    print(format_table(report["methods"]))
    print(f"\nWritten to {arguments.checkpoint / 'metrics.json'}")
    return 0


def _benchmark(arguments: argparse.Namespace) -> int:
    from mamex.benchmark.run import run_benchmark
    from mamex.cli.benchmark import options_of
    from mamex.progress import TerminalProgress

    progress = TerminalProgress()

    def message(text: str) -> None:
        progress.close()
        print(text, file=sys.stderr)

    try:
        print(run_benchmark(options_of(arguments), progress, message))
    except KeyboardInterrupt as stop:
        print("\nStopped; the same command goes on where it was.", file=sys.stderr)
        return _status_of(stop)
    finally:
        progress.close()
    print(f"Written to {arguments.out}")
    return 0


def _launch(arguments: argparse.Namespace) -> int:
    from mamex.cli.launch_text import format_launch
    from mamex.launch.launcher import Launcher

    launcher = Launcher.load(arguments.checkpoint)
    result = launcher.launch(
        image=arguments.image, text=arguments.text, list_length=arguments.list_length, members=arguments.members
    )
    if arguments.json:
        print(json.dumps(result.to_json(), indent=2, ensure_ascii=False))
    else:
        print(format_launch(result, launcher.checkpoint))
    return 0


if __name__ == "__main__":
    sys.exit(run())
