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
#: Of eight bytes, those that belong to a field of so many.
_MASKS = np.array([(1 << 8 * count) - 1 for count in range(9)], dtype=np.uint64)


@dataclass(frozen=True)
class SlicedColumns:
    """The fields of records, as slices of the file's bytes, behind which lie ``_MOST_BYTES`` zeros.

    Attributes:
        starts, ends: (n, width) int64, of each field.
    """

    data: bytes
    starts: np.ndarray
    ends: np.ndarray

    def texts(self, position: int) -> list[str]:
        """The fields of a column."""
        slices = zip(self.starts[:, position].tolist(), self.ends[:, position].tolist(), strict=True)
        return [self.data[start:end].decode("utf-8") for start, end in slices]

    def is_blank(self, position: int) -> bool:
        """Whether nothing but spaces stands in a column."""
        filled = np.flatnonzero(self.ends[:, position] > self.starts[:, position])
        slices = zip(self.starts[filled, position].tolist(), self.ends[filled, position].tolist(), strict=True)
        return not any(self.data[start:end].decode("utf-8").strip() for start, end in slices)

    def coded(self, position: int) -> tuple[np.ndarray, list[str]]:
        """The same as codes and distinct fields, these in the order in which they come."""
        starts = np.ascontiguousarray(self.starts[:, position])
        lengths = self.ends[:, position] - starts
        longest = int(lengths.max(initial=0))
        if longest > _MOST_BYTES:
            codes, distinct = pd.factorize(np.array(self.texts(position), dtype=object))
            return codes, distinct.tolist()
        words = max(1, -(-longest // 8))
        codes, count = self._codes(starts, lengths, words)
        first = np.empty(count, dtype=np.int64)
        first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)  # of fields that are alike, the first is written last
        return codes, self._decoded(starts[first], lengths[first], words)

    def _codes(self, starts: np.ndarray, lengths: np.ndarray, words: int) -> tuple[np.ndarray, int]:
        """(n,) int64, and how many they are: alike where the fields are, of so many times eight bytes at most."""
        codes, count, bound = np.zeros(len(starts), dtype=np.int64), min(1, len(starts)), 1
        for word in range(words):
            found, values = _factorized(_eight_bytes(self.data, starts, lengths, word))
            if bound * max(1, len(values)) >= 2**62:
                codes, distinct = _factorized(codes)
                bound = len(distinct)
            codes, bound = (codes * len(values) + found, bound * len(values)) if len(values) > 1 else (codes, bound)
        if bound > 1:
            codes, distinct = _factorized(codes)
            count = len(distinct)
        return codes, count

    def _decoded(self, starts: np.ndarray, lengths: np.ndarray, words: int) -> list[str]:
        texts: list[str] = []
        for begin in range(0, len(starts), _DECODED_AT_ONCE):
            some, long = starts[begin : begin + _DECODED_AT_ONCE], lengths[begin : begin + _DECODED_AT_ONCE]
            fields = np.full((len(some), 8 * words + 1), _LINE_FEED, dtype=np.uint8)
            for word in range(words):
                eight = _eight_bytes(self.data, some, long, word)
                fields[:, 8 * word : 8 * word + 8] = eight.view(np.uint8).reshape(-1, 8)
            # No field holds a zero or an end of a line.
            texts += fields[fields != 0].tobytes().decode("utf-8").split("\n")[:-1]
        return texts


def _factorized(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As ``pd.factorize``, at once where all are alike."""
    if len(values) and (values == values[0]).all():
        return np.zeros(len(values), dtype=np.int64), values[:1]
    return pd.factorize(values)


def _eight_bytes(data: bytes, starts: np.ndarray, lengths: np.ndarray, word: int) -> np.ndarray:
    """(n,) uint64: eight bytes of each field, the first ones for word 0; zeros behind its end, which no field holds."""
    windows = np.ndarray((len(data) - 7,), dtype="<u8", buffer=data, strides=(1,))
    places = np.minimum(starts + 8 * word, len(data) - 8) if word else starts
    values: np.ndarray = windows[places] & _MASKS[np.clip(lengths - 8 * word, 0, 8)]
    return values


def parse_plain(data: bytes, dialect: Dialect) -> Records | None:
    """The records of a table in UTF-8; None if only the careful way can read it, or say where its faults are."""
    delimiter = ord(dialect.delimiter)
    if b"\r" in data and b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    begin = after_lines(data, dialect.lines_above)
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
    rows = np.arange(1, len(starts) + 1, dtype=np.int64) + dialect.lines_above
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
        longest=int((ends - starts).max(initial=0)),
        may_be_wrapped=b"'" in data or b"=" in data,
    )


def after_lines(data: bytes, lines: int) -> int:
    """Where the bytes behind so many lines begin."""
    begin = 0
    for _ in range(lines):
        begin = 1 + data.find(b"\n", begin) or len(data)
    return begin


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
