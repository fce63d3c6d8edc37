"""The options of ``python -m mamex benchmark``; imports nothing heavy, for ``--help`` reads it."""

from __future__ import annotations

import argparse

from mamex.benchmark.options import TABLES, Options
from mamex.cli.option_types import add_preset, place

#: More than any number on the command line needs to be.
MOST = 1_000_000


def add_options(parser: argparse.ArgumentParser) -> None:
    """Add the command's options to its parser."""
    parser.add_argument("--data", type=place, required=True, metavar="DIR", help="dataset folder")
    parser.add_argument("--out", type=place, required=True, metavar="OUT", help="folder for tables, figures and cells")
    parser.add_argument("--table", choices=(*TABLES, "all"), default="all", help="what to make (default: all)")
    parser.add_argument("--seeds", type=positive, metavar="N", help="splits, each trained anew (3; with --quick 2)")
    parser.add_argument("--trials", type=positive, metavar="N", help="settings tried a method (8; with --quick 1)")
    parser.add_argument("--methods", type=_names, metavar="A,B", help="only these, in tables of several methods")
    parser.add_argument("--quick", action="store_true", help="a smoke run of a few epochs; its numbers mean nothing")
    parser.add_argument("--jobs", type=positive, default=1, metavar="N", help="processes of one thread each")
    add_preset(parser)
    parser.add_argument(
        "--set", nargs="+", action="extend", default=[], metavar="NAME=VALUE", help="settings of MAMEX and of the run"
    )


def options_of(arguments: argparse.Namespace) -> Options:
    """The options as parsed."""
    return Options(
        data=arguments.data,
        out=arguments.out,
        table=arguments.table,
        seeds=arguments.seeds or (2 if arguments.quick else 3),
        trials=arguments.trials or (1 if arguments.quick else 8),
        methods=arguments.methods,
        quick=arguments.quick,
        preset=arguments.preset,
        assignments=tuple(arguments.set),
        jobs=arguments.jobs,
    )


def positive(text: str) -> int:
    """A number of things for ``argparse``.

    Raises:
        ArgumentTypeError: it is none, or more than anything here can count to.
    """
    try:
        number = int(text)
    except ValueError:  # also of thousands of digits
        number = 0
    if not 1 <= number <= MOST:
        raise argparse.ArgumentTypeError(f"must be a whole number, at least 1 and at most {MOST:,}")
    return number


def _names(text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    if not names:
        raise argparse.ArgumentTypeError("names no method; give names with commas between them, such as mamex,ridge")
    return names
