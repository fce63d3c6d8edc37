"""Parsing a table fast: one whose quotation marks, if any, enclose whole fields that need none.

Fields are found and told apart as bytes, a column at a time, so that a million rows make no million objects.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mamex.data.tables.dialect import Dialect
from mamex.data.tables.table import Records

_BLOCK = 1 << 22
_LINE_FEED, _CARRIAGE_RETURN, _QUOTE = 0x0A, 0x0D, 0x22
#: Bytes of a field that are compared as numbers; longer ones are compared as text.
_MOST_BYTES = 64
#: Of so many lines that may be blank each is looked at.
_MOST_SUSPECTS = 100_000
_DECODED_AT_ONCE = 1 << 17


@dataclass(frozen=True)
class SlicedColumns:
    """The fields of records, as slices of the file's bytes, behind which lie ``_MOST_BYTES`` zeros.

    Attributes:
        ends: (n, width) int64, behind each field.
    """

    data: bytes
    starts: np.ndarray
    ends: np.ndarray

    def texts(self, position: int) -> list[str]:
        """The fields of a column."""
        data, ascii_only = self.data, self.data.isascii()
        encoding = "ascii" if ascii_only else "utf-8"
        slices = zip(self.starts[:, position].tolist(), self.ends[:, position].tolist(), strict=True)
        return [data[start:end].decode(encoding) for start, end in slices]

    def coded(self, position: int) -> tuple[np.ndarray, list[str]]:
        """The same as codes and distinct fields, these in the order in which they come."""
        starts, lengths = self.starts[:, position], self.ends[:, position] - self.starts[:, position]
        longest = int(lengths.max(initial=0))
        if longest > _MOST_BYTES:
            codes, distinct = pd.factorize(np.array(self.texts(position), dtype=object))
            return codes, distinct.tolist()
        codes, count = np.zeros(len(starts), dtype=np.int64), min(1, len(starts))
        words = max(1, -(-longest // 8))
        for word in range(words):
            found, values = pd.factorize(_eight_bytes(self.data, starts + 8 * word, lengths - 8 * word))
            if len(values) > 1:
                codes, distinct_pairs = pd.factorize(codes * len(values) + found) if count > 1 else (found, values)
                count = len(distinct_pairs)
        first = np.empty(count, dtype=np.int64)
        first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)  # of fields that are alike, the first is written last
        return codes, self._decoded(starts[first], lengths[first], words)

    def _decoded(self, starts: np.ndarray, lengths: np.ndarray, words: int) -> list[str]:
        texts: list[str] = []
        for begin in range(0, len(starts), _DECODED_AT_ONCE):
            some, long = starts[begin : begin + _DECODED_AT_ONCE], lengths[begin : begin + _DECODED_AT_ONCE]
            parts = [_eight_bytes(self.data, some + 8 * word, long - 8 * word) for word in range(words)]
            fields = np.ascontiguousarray(np.stack(parts, axis=1)).view(f"S{8 * words}")[:, 0]
            try:
                texts += fields.astype(f"U{8 * words}").tolist()
            except UnicodeDecodeError:  # only ASCII is decoded so
                texts += [field.decode("utf-8") for field in fields.tolist()]
        return texts


def _eight_bytes(data: bytes, starts: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """(n,) uint64: the bytes from each start, zeros behind the field's end, which no field holds."""
    windows = np.ndarray((len(data) - 7,), dtype="<u8", buffer=data, strides=(1,))
    kept = np.clip(lengths, 0, 8).astype(np.uint64)
    masks = np.where(kept == 8, np.uint64(2**64 - 1), (np.uint64(1) << (kept * np.uint64(8))) - np.uint64(1))
    values: np.ndarray = windows[np.minimum(starts, len(data) - 8)] & masks
    return values


def parse_plain(data: bytes, dialect: Dialect) -> Records | None:
    """The records of a table in UTF-8; None if only the careful way can read it, or say where its faults are."""
    delimiter = ord(dialect.delimiter)
    if b"\r" in data and b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    begin = 1 + data.find(b"\n") if dialect.names_delimiter else 0
    data += (b"\n" if not data.endswith(b"\n") else b"") + bytes(_MOST_BYTES)
    array = np.frombuffer(data, dtype=np.uint8)
    ends = _ends(array, delimiter, begin, len(data) - _MOST_BYTES)
    lines = np.flatnonzero(array[ends] == _LINE_FEED)
    width = int(lines[0]) + 1 if len(lines) else 0
    # Each record has its line, and each line as many fields as the first.
    if not width or len(ends) != width * len(lines) or (lines != width * np.arange(1, len(lines) + 1) - 1).any():
        return None
    starts = np.concatenate([[begin], ends[:-1] + 1]).reshape(-1, width)
    ends = ends.reshape(-1, width)
    ends[:, -1] -= (array[ends[:, -1] - 1] == _CARRIAGE_RETURN) & (ends[:, -1] > starts[:, -1])
    returns = data.count(b"\r", begin)
    if returns and returns != int((array[ends[:, -1]] == _CARRIAGE_RETURN).sum()):
        return None
    if b'"' in data and not _take_off_quotes(array, starts, ends, data.count(b'"', begin)):
        return None
    rows = np.arange(1, len(starts) + 1, dtype=np.int64) + dialect.names_delimiter
    filled = _are_filled(data, array, starts, ends)
    if filled is None or not filled.any():
        return None
    if not filled.all():
        starts, ends, rows = starts[filled], ends[filled], rows[filled]
    headers = SlicedColumns(data, starts[:1], ends[:1])
    return Records(
        [headers.texts(position)[0] for position in range(width)],
        int(rows[0]),
        SlicedColumns(data, starts[1:], ends[1:]),
        rows[1:],
        np.zeros(len(rows) - 1, dtype=bool),
    )


def _ends(array: np.ndarray, delimiter: int, begin: int, end: int) -> np.ndarray:
    """Where the delimiters and ends of lines are."""
    found = []
    for start in range(begin, end, _BLOCK):
        block = array[start : min(start + _BLOCK, end)]
        found.append(np.flatnonzero((block == delimiter) | (block == _LINE_FEED)) + start)
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _take_off_quotes(array: np.ndarray, starts: np.ndarray, ends: np.ndarray, count: int) -> bool:
    """Take the quotation marks off fields; False where there are others than those around whole fields.

    A delimiter, an end of a line or a quotation mark within a text leaves marks over that enclose no field.
    """
    enclosed = (array[starts] == _QUOTE) & (array[ends - 1] == _QUOTE) & (ends - starts >= 2)
    if 2 * int(enclosed.sum()) != count:
        return False
    starts += enclosed
    ends -= enclosed
    return True


def _are_filled(data: bytes, array: np.ndarray, starts: np.ndarray, ends: np.ndarray) -> np.ndarray | None:
    """(n,) bool: does something stand in a record? None where too many look as if nothing did."""
    suspects = np.arange(len(starts))
    for position in range(starts.shape[1]):
        first, lengths = array[starts[suspects, position]], ends[suspects, position] - starts[suspects, position]
        # Spaces of other scripts are more than one byte long.
        suspects = suspects[(lengths == 0) | (first <= 0x20) | (first >= 0x80)]
    if len(suspects) > _MOST_SUSPECTS:
        return None
    filled = np.ones(len(starts), dtype=bool)
    for place in suspects.tolist():
        fields = zip(starts[place].tolist(), ends[place].tolist(), strict=True)
        filled[place] = any(data[start:end].decode("utf-8").strip() for start, end in fields)
    return filled
