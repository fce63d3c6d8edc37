"""Options that commands share, and what their values must be, for ``argparse``; imports nothing heavy."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

#: Bytes of a path, and of one name in it, that any file system takes.
MOST_OF_A_PATH, MOST_OF_A_NAME = 4095, 255


def place(text: str) -> Path:
    """A file or folder.

    Raises:
        ArgumentTypeError: nothing was given, which would mean the current folder, or what no file system can hold.
    """
    if not text.strip():
        raise argparse.ArgumentTypeError("is empty; name a file or folder (or is a variable of the shell not set?)")
    longest = max(len(os.fsencode(name)) for name in text.split("/"))
    if len(os.fsencode(text)) > MOST_OF_A_PATH or longest > MOST_OF_A_NAME:
        raise argparse.ArgumentTypeError(
            f"is longer than a path can be ({MOST_OF_A_PATH:,} bytes, {MOST_OF_A_NAME} a name); give a shorter one"
        )
    return Path(text)


def add_preset(parser: argparse.ArgumentParser) -> None:
    """Add ``--preset``: settings that lie under those of ``--set``."""
    parser.add_argument(
        "--preset", metavar="NAME", help="settings that go together: demo, small-shop; --set goes on top"
    )
