"""The commands and their options: what each takes, and which function of the library it calls.

The commands import what they need when they run: torch and open_clip take seconds that ``--help`` should not cost.
"""

from __future__ import annotations

import argparse
import json
import sys
from itertools import takewhile
from typing import Any, NoReturn

from mamex.cli.benchmark import add_options, positive
from mamex.cli.option_types import add_preset, place
from mamex.cli.prepare import add_sources
from mamex.cli.start import loading
from mamex.errors import StorageError

#: Characters of a complaint about how a command was typed, and of one name in any other.
LONGEST = 300
#: Of the lines of a report in a terminal.
WIDTH = 100


class Terminated(KeyboardInterrupt):
    """SIGTERM came: what a shutdown or a job scheduler sends; handled as Ctrl-C is, but for the exit status."""


def status_of(stop: KeyboardInterrupt) -> int:
    """The exit status of what was stopped."""
    return 143 if isinstance(stop, Terminated) else 130


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


def parser() -> argparse.ArgumentParser:
    """What reads the command line."""
    whole = _Parser(prog="python -m mamex", description="Cold-start recommendation with MAMEX.")
    commands = whole.add_subparsers(dest="command", required=True)

    check = commands.add_parser("check", help="say what is wrong with a dataset folder")
    check.add_argument("data", type=place, metavar="DIR", help="dataset folder")
    check.add_argument("--skip-pictures", action="store_true", help="don't decode every picture")
    check.add_argument("--json", action="store_true", help="print JSON")
    check.add_argument("--html", type=place, metavar="FILE", help="also write a page with pictures and charts there")
    check.add_argument(
        "--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help="for example data.min_rating=4"
    )
    check.set_defaults(run=_check)

    prepare = commands.add_parser("prepare", help="turn a public data set into a dataset folder")
    add_sources(prepare)
    prepare.set_defaults(run=_prepare)

    train = commands.add_parser("train", help="train on a dataset folder and write a checkpoint")
    train.add_argument("--data", type=place, required=True, metavar="DIR", help="dataset folder")
    train.add_argument("--out", type=place, required=True, metavar="CKPT", help="checkpoint folder to write")
    train.add_argument("--resume", action="store_true", help="go on with an interrupted run")
    train.add_argument("--device", choices=("auto", "cpu", "cuda"), default="auto")
    add_preset(train)
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
    launch.add_argument("--list-length", type=int, metavar="K", help="10, 20 or 50; 20, or 10 in a small shop")
    launch.add_argument("--members", type=positive, default=50, metavar="N", help="how many members to describe")
    launch.add_argument("--json", action="store_true", help="print JSON")
    launch.set_defaults(run=_launch)
    return whole


def _check(arguments: argparse.Namespace) -> int:
    from mamex.config import Config, override
    from mamex.data.check import check_dataset, format_report
    from mamex.encoders.vocabulary import unknown_share
    from mamex.progress import TerminalProgress

    if arguments.html is not None and arguments.html.is_dir():
        raise StorageError(f"{arguments.html} is a folder; name a file for --html.")
    config = override(Config(), arguments.set)
    progress = TerminalProgress()
    report = check_dataset(
        arguments.data,
        open_pictures=not arguments.skip_pictures,
        progress=progress,
        config=config,
        unknown_words=unknown_share if config.encoder == "compact" else None,
    )
    progress.close()
    if arguments.json:
        print(json.dumps(report.to_json(), indent=2, ensure_ascii=False))
    else:
        print(format_report(report, WIDTH if sys.stdout is not None and sys.stdout.isatty() else 0))
    if arguments.html is not None:
        from mamex.data.profile.page import write_page

        write_page(report, arguments.html)
        print(f"The page is {arguments.html}", file=sys.stderr)
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
        return status_of(stop)
    finally:
        progress.close()
    print(prepared)
    return 0


def _train(arguments: argparse.Namespace) -> int:
    from mamex.cli.training_display import TrainingDisplay
    from mamex.config import override
    from mamex.presets import read_preset
    from mamex.training.run import train_run

    config = override(read_preset(arguments.preset), arguments.set)
    display = TrainingDisplay(arguments.tensorboard)
    try:
        train_run(arguments.data, arguments.out, config, arguments.device, arguments.resume, display)
    except KeyboardInterrupt as stop:
        display.close()
        print(
            f"\nStopped; the run is saved. Go on with: python -m mamex train --data {arguments.data} "
            f"--out {arguments.out} --resume"
            + (f" --preset {arguments.preset}" if arguments.preset else "")
            + "".join(f" --set {setting}" for setting in arguments.set),
            file=sys.stderr,
        )
        return status_of(stop)
    display.close()
    return 0


def _evaluate(arguments: argparse.Namespace) -> int:
    from mamex.benchmark.evaluate import evaluate_run
    from mamex.benchmark.report.summary import format_protocol, format_table
    from mamex.progress import TerminalProgress

    progress = TerminalProgress()
    report = evaluate_run(arguments.checkpoint, arguments.seeds, arguments.device, progress)
    progress.close()
    print(f"Protocol: {format_protocol(report['protocol'])}\n")
    print(format_table(report["methods"]))
    for warning in report["warnings"]:
        print(f"Warning: {warning}")
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
        return status_of(stop)
    finally:
        progress.close()
    print(f"Written to {arguments.out}")
    return 0


def _launch(arguments: argparse.Namespace) -> int:
    with loading():
        from mamex.cli.launch_text import format_launch
        from mamex.launch.launcher import Launcher
        from mamex.retrieval.list_lengths import usual_length

        launcher = Launcher.load(arguments.checkpoint)
        length = arguments.list_length
        if length is None:
            length = usual_length(len(launcher.catalogue.positions))
        result = launcher.launch(  # loads the encoder
            image=arguments.image, text=arguments.text, list_length=length, members=arguments.members
        )
    if arguments.json:
        print(json.dumps(result.to_json(), indent=2, ensure_ascii=False))
    else:
        print(format_launch(result, launcher.checkpoint))
    return 0
