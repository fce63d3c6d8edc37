"""Reading files of one record a line, plain or gzipped, without holding them in memory."""

from __future__ import annotations

import ast
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from mamex.errors import SourceError
from mamex.progress import Progress

GZIP_BEGINNING = b"\x1f\x8b"
#: Of a line; the longest record known has some hundred thousand.
MOST_CHARACTERS = 50_000_000
#: Lines between two reports of progress.
REPORT_EVERY = 5000


class DamagedFileError(SourceError):
    """A file that was cut short or altered on its way."""

    def __init__(self, path: Path, fault: str) -> None:
        super().__init__(f"{path} {fault}")
        self.path = path


def read_records(
    path: Path, progress: Progress, is_wanted: Callable[[str], bool] = lambda line: True
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, record) for each line that ``is_wanted``; blank lines are passed over.

    A record is JSON, or a Python literal, as in Amazon's metadata of 2014. Literals are parsed and never evaluated.

    Raises:
        DamagedFileError: the gzip stream is damaged, or a line is neither JSON nor a literal.
        SourceError: there is no such file.
    """
    if not path.is_file():
        raise SourceError(f"There is no file {path}; give a file of one JSON record a line, plain or .gz.")
    try:
        for number, line in enumerate(_lines(path, progress), start=1):
            if line.strip() and is_wanted(line):
                yield number, _record(path, number, line)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DamagedFileError(path, "is not a whole gzip file (damaged, or cut short); fetch it again.") from error
    except UnicodeDecodeError as error:
        raise DamagedFileError(path, "is neither UTF-8 text nor a gzip file; fetch it again.") from error


def _lines(path: Path, progress: Progress) -> Iterator[str]:
    size = path.stat().st_size
    with path.open("rb") as raw:
        compressed = raw.read(2) == GZIP_BEGINNING
        raw.seek(0)
        stream = cast(BinaryIO, gzip.GzipFile(fileobj=raw)) if compressed else raw
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="\n")
        for number, line in enumerate(iter(lambda: text.readline(MOST_CHARACTERS), "")):
            if len(line) == MOST_CHARACTERS:
                raise DamagedFileError(path, f"line {number + 1} is longer than any record; fetch it again.")
            if number % REPORT_EVERY == 0:
                progress(f"reading {path.name}", raw.tell(), size)
            yield line
        progress(f"reading {path.name}", size, size)


def _record(path: Path, number: int, line: str) -> dict[str, Any]:
    try:
        record = json.loads(line)
    except ValueError:
        try:
            record = ast.literal_eval(line.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            record = None
    except RecursionError:
        record = None
    if not isinstance(record, dict):
        raise DamagedFileError(path, f"line {number} is not a record; it must hold one JSON record a line.")
    return record
