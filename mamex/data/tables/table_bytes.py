"""The bytes of a table, as they are or unpacked, no more of them than may be read."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

import numpy as np

from mamex.data.problems import Problems
from mamex.data.tables.limits import DatasetLimits
from mamex.files.plain_files import NotPlainError, open_plain

_BLOCK = 1 << 20
#: Tables shrink to a tenth, those that repeat themselves to a fiftieth; what shrinks further than this says nothing.
MOST_GROWTH, SMALL = 100, 100 * 2**20


def read_bytes(path: Path, problems: Problems, limits: DatasetLimits) -> bytes | None:
    """The table in UTF-8, as its writer meant it to be; None if it can't be read, and ``problems`` says why."""
    if not path.is_file():
        problems.error(path.name, None, "unreadable file", "is not a file; put the table in its place")
        return None
    if path.stat().st_size == 0:
        return b""  # the caller says so, as of a file of blank lines
    try:
        most = limits.megabytes * 2**20
        with open_plain(path) as stream:
            if path.suffix == ".gz":
                grown = max(SMALL, MOST_GROWTH * path.stat().st_size)
                data = _upto(gzip.GzipFile(fileobj=stream), min(most, grown), limits)
            else:
                grown, data = most, _upto(stream, most, limits)
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
    if most > grown and len(data) > grown:
        message = f"unpacks to more than {MOST_GROWTH} times its size; unpack it, and see whether its rows are real"
        problems.error(path.name, None, "too large", message)
        return None
    shortage = limits.shortage(data)
    if shortage:
        problems.error(path.name, None, "too large", shortage)
        return None
    return data


def count_lines(data: bytes) -> tuple[int, int]:
    """Lines with more than blanks and commas in them, and lines without; those within quotation marks count alike."""
    filled = ends = 0
    is_end = True  # whether nothing came since the last line's end
    for start in range(0, len(data), _BLOCK):
        block = np.frombuffer(data, dtype=np.uint8, count=min(_BLOCK, len(data) - start), offset=start)
        block = block[((block > 0x20) & (block != 0x2C)) | (block == 0x0A) | (block == 0x0D)]
        end = (block == 0x0A) | (block == 0x0D)
        filled += int((~end & np.concatenate([[is_end], end[:-1]])[: len(end)]).sum())
        ends += int(end.sum())
        is_end = bool(end[-1]) if len(end) else is_end
    return filled, max(0, ends + (not is_end) - filled - data.count(b"\r\n"))


def _upto(stream: io.BufferedIOBase, most: int, limits: DatasetLimits) -> bytes:
    """All bytes, or so many that what is wrong with them can be said."""
    sink, field = io.BytesIO(), 0
    while sink.tell() <= most and field <= 4 * limits.characters and (block := stream.read(_BLOCK)):
        sink.write(block)
        end = max(block.rfind(character) for character in (b",", b";", b"\t", b"|", b"\n", b"\r"))
        field = field + len(block) if end < 0 else len(block) - end - 1
    return sink.getvalue()
