"""Reading JSON that strangers may have written: neither its size nor its depth can do harm."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

#: More than any file of ours that is read whole.
MOST_BYTES = 8_000_000
#: Characters of a fault that a message repeats.
_SHOWN = 200


def read_bounded(path: Path, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file that should be small.

    Raises:
        ValueError: it is not.
        OSError: it can't be read.
    """
    with path.open("rb") as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it is larger than {most:,} bytes")
    return content


def read_json(path: Path, most: int = MOST_BYTES) -> Any:
    """What a JSON file holds; nesting stops at 200 levels, numbers are finite or too large for a float.

    Raises:
        ValueError: it is too large, nested too deeply, or no JSON.
        OSError: it can't be read.
    """
    return from_json(read_bounded(path, most), allow_inf_nan=False)


def first_fault(error: ValidationError) -> str:
    """Where and what a schema's first complaint is, in a few words."""
    fault = error.errors(include_url=False, include_input=False)[0]
    return brief(f"{'.'.join(map(str, fault['loc']))}: {fault['msg'][0].lower()}{fault['msg'][1:]}")


def brief(fault: object) -> str:
    """An error's text on one line, with its end cut off if it is long."""
    text = " ".join(str(fault).split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
