"""The bytes of a table, as they are or unpacked, no more of them than may be read."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from mamex.dataset_limits import DatasetLimits
from mamex.dataset_problems import Problems
from mamex.plain_files import NotPlainError, open_plain

_BLOCK = 1 << 20


def read_bytes(path: Path, problems: Problems, limits: DatasetLimits) -> bytes | None:
    """The table in UTF-8, as its writer meant it to be; None if it can't be read, and ``problems`` says why."""
    if not path.is_file():
        problems.error(path.name, None, "unreadable file", "is not a file; put the table in its place")
        return None
    if path.stat().st_size == 0:
        return b""  # the caller says so, as of a file of blank lines
    try:
        with open_plain(path) as stream:
            data = _upto(gzip.GzipFile(fileobj=stream) if path.suffix == ".gz" else stream, limits)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        message = "is not a whole gzip file (damaged, or cut short); compress or copy it again"
        problems.error(path.name, None, "unreadable file", message)
        return None
    except NotPlainError as error:
        problems.error(path.name, None, "unreadable file", f"{error}; check its permissions")
        return None
    except OSError as error:
        message = f"can't be read ({error.strerror}); check its permissions"
        problems.error(path.name, None, "unreadable file", message)
        return None
    shortage = limits.shortage(data)
    if shortage:
        problems.error(path.name, None, "too large", shortage)
        return None
    return data


def _upto(stream: io.BufferedIOBase, limits: DatasetLimits) -> bytes:
    """All bytes, or so many that what is wrong with them can be said."""
    sink, field = io.BytesIO(), 0
    while sink.tell() <= limits.megabytes * 2**20 and field <= 4 * limits.characters and (block := stream.read(_BLOCK)):
        sink.write(block)
        end = max(block.rfind(character) for character in (b",", b"\n", b"\r"))
        field = field + len(block) if end < 0 else len(block) - end - 1
    return sink.getvalue()
