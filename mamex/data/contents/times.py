"""Times as programs and people write them, and whether they can be true.

Plain numbers are seconds, milliseconds, microseconds or nanoseconds since 1970 by their size, or, where all small
numbers of the column lie between 20000 and 80000, the day numbers of a spreadsheet (days since 30 December 1899).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd

from mamex.data.contents.columns import Column, Rows
from mamex.data.contents.dates import DAY_FIRST, EITHER, MONTH_FIRST, WrittenDates, read_written
from mamex.data.contents.ids import are_rounded
from mamex.data.contents.ratings import parse_ratings
from mamex.files.words import quoted

#: Plain numbers are seconds since 1970 below the first limit, then milliseconds, microseconds and
#: nanoseconds.
_UNIX_LIMITS = ((1e11, 1e6), (1e14, 1e3), (1e17, 1.0), (1e20, 1e-3))
#: Day numbers of spreadsheets, from 1954 to 2119, and where they begin; smaller numbers than the last are no time
#: of a shop that sells on line, as seconds.
_DAY_NUMBERS, _DAY_ZERO, _SMALL = (20_000.0, 80_000.0), np.datetime64("1899-12-30", "us"), 1e8
_MICROSECONDS_OF_A_DAY = 86_400_000_000
#: Before this, nothing was sold on line. Fewer times than this may well lie on one day.
_EARLIEST, _MANY = np.datetime64("1990-01-01", "us"), 20


@dataclass(frozen=True)
class Times:
    """What texts say: (n,) datetime64[us], UTC, NaT where it can't be read, and how it was read.

    ``day_numbers`` (n,) bool are those of spreadsheets; ``written`` are the dates at ``places`` that aren't ISO.
    """

    values: np.ndarray
    day_numbers: np.ndarray
    places: np.ndarray
    written: WrittenDates | None = None


def parse_timestamps(values: pd.Series, day_first: bool | None = None) -> np.ndarray:
    """(n,) datetime64[us], UTC, from what ``read_times`` reads; else NaT."""
    return read_times(values, day_first).values


def read_times(texts: pd.Series, day_first: bool | None = None) -> Times:
    """Read ISO dates and times, compact dates (20240531), plain numbers, and dates as people write them.

    Args:
        texts: (n,) str, distinct, without surrounding spaces.
        day_first: whether 03/04/2025 is the third of April; None for what the other dates say.
    """
    parsed = np.full(len(texts), np.datetime64("NaT"), dtype="datetime64[us]")
    day_numbers = np.zeros(len(texts), dtype=bool)
    filled = texts.ne("").to_numpy(dtype=bool)
    is_iso = np.array([text[4:5] == "-" for text in texts.tolist()], dtype=bool)  # 2024-…, as nearly always
    if is_iso.any():
        parsed[is_iso] = _parse_iso(texts[is_iso])
    rest = np.flatnonzero(np.isnat(parsed) & filled)
    if len(rest):
        parsed[rest], day_numbers[rest] = _parse_numbers(texts.iloc[rest])
    places = np.flatnonzero(np.isnat(parsed) & filled)
    if not len(places):
        return Times(parsed, day_numbers, places)
    written = read_written(texts.iloc[places], day_first)
    parsed[places] = written.times
    return Times(parsed, day_numbers, places, written)


def _parse_numbers(values: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Times of plain numbers and compact dates, NaT for others; and (n,) bool, which are day numbers."""
    parsed = np.full(len(values), np.datetime64("NaT"), dtype="datetime64[us]")
    unix = parse_ratings(values)
    with_comma = np.flatnonzero(np.isnan(unix))
    with_comma = with_comma[values.iloc[with_comma].str.fullmatch(r"[0-9]{1,19},[0-9]{1,19}").to_numpy(dtype=bool)]
    if len(with_comma):
        unix[with_comma] = parse_ratings(values.iloc[with_comma].str.replace(",", ".", regex=False))
    # 20240531 is a date; taken as seconds it would be a day in 1970.
    compact = (unix >= 19000101) & (unix <= 20991231)
    # Programs write 20240531.0 where other rows of the column are empty.
    dates = values[compact].str.replace(r"^\+?((?:19|20)[0-9]{6})(?:\.0*)?$", r"\1", regex=True)
    compact[compact] = dates.str.fullmatch(r"[0-9]{8}").to_numpy(dtype=bool)
    values = values.copy()
    values[compact] = dates
    written = np.isnan(unix) & values.ne("").to_numpy(dtype=bool) | compact
    microseconds = np.full(len(unix), np.nan)
    with np.errstate(over="ignore"):  # beyond all limits, and so not taken
        for limit, factor in reversed(_UNIX_LIMITS):
            microseconds = np.where(np.abs(unix) < limit, unix * factor, microseconds)
    readable = np.isfinite(microseconds)
    parsed[readable] = np.rint(microseconds[readable]).astype(np.int64).astype("datetime64[us]")
    if written.any():
        # pandas also understands "now" and "today", which mean something else on each day.
        parsed[written] = _parse_iso(values[written].where(values[written].str.match(r"[0-9]{4}"), ""))
    _parse_compact_times(values, unix, parsed)
    day_numbers = _are_day_numbers(unix, compact)
    days = np.rint(unix[day_numbers] * _MICROSECONDS_OF_A_DAY).astype(np.int64)
    parsed[day_numbers] = _DAY_ZERO + days.astype("timedelta64[us]")
    return parsed, day_numbers


def _are_day_numbers(numbers: np.ndarray, compact: np.ndarray) -> np.ndarray:
    """(n,) bool: numbers that a spreadsheet has made of dates; all small ones of the column, or none."""
    small = np.isfinite(numbers) & (np.abs(np.nan_to_num(numbers)) < _SMALL) & ~compact
    low, high = _DAY_NUMBERS
    return small if ((numbers[small] >= low) & (numbers[small] < high)).all() else np.zeros(len(numbers), dtype=bool)


def _parse_compact_times(values: pd.Series, numbers: np.ndarray, parsed: np.ndarray) -> None:
    """20240531100000, and 202405311000 if all numbers so long are such: milliseconds would be of 2611, or of 1976."""
    for digits, form in ((14, "%Y%m%d%H%M%S"), (12, "%Y%m%d%H%M")):
        scale = 10.0 ** (digits - 4)
        alike = np.flatnonzero((numbers >= 1900 * scale) & (numbers < 2100 * scale))
        alike = alike[values.iloc[alike].str.fullmatch(f"[0-9]{{{digits}}}").to_numpy(dtype=bool)]
        times = pd.to_datetime(values.iloc[alike], format=form, errors="coerce").to_numpy(dtype="datetime64[us]")
        if digits == 14 or not np.isnat(times).any():
            parsed[alike[~np.isnat(times)]] = times[~np.isnat(times)]


def _parse_iso(values: pd.Series) -> np.ndarray:
    times = pd.to_datetime(values, format="ISO8601", errors="coerce", utc=True)
    return times.dt.tz_localize(None).astype("datetime64[us]").to_numpy()


def tell_readings(column: Column, times: Times, day_first: bool | None, rows: Rows) -> None:
    """Say which times were read otherwise than they are written, and which might mean another day."""
    if times.day_numbers.any():
        chosen, (text, when) = column.rows_of(times.day_numbers), _example(column, times, times.day_numbers)
        message = (
            f"the timestamp {text} is read as the day number of a spreadsheet, {when} (so in {rows.share(chosen)})"
        )
        rows.tell("note", "day numbers", chosen, message)
    rounded = are_rounded(column.values)
    if rounded.any():
        chosen, (text, when) = column.rows_of(rounded), _example(column, times, rounded)
        message = f"a spreadsheet has rounded the timestamp {text}, as in {rows.share(chosen)}: read as {when}; format "
        rows.tell("warning", "rounded timestamp", chosen, message + "the column as text and export again")
    if times.written is not None and day_first is None:
        _tell_order(column, times, times.written, rows)


def _tell_order(column: Column, times: Times, written: WrittenDates, rows: Rows) -> None:
    read = written.numeric & ~np.isnat(written.times)
    unclear, first, second = (read & (written.order == order) for order in (EITHER, DAY_FIRST, MONTH_FIRST))
    either = np.zeros(len(column.values), dtype=bool)
    either[times.places[unclear if unclear.any() else read]] = True
    chosen = column.rows_of(either)
    if not chosen.any():
        return
    text, when = _example(column, times, either)
    order = "day first" if written.day_first else "month first"
    other = f"--set data.day_first={'false' if written.day_first else 'true'} reads them the other way round"
    message = f"the timestamp {text} is read as {when}, {order}"
    if first.any() and second.any():
        shown = " and ".join(quoted(column.values.iloc[times.places[known][0]]) for known in (first, second))
        message = f"{message}, though the column has {shown} (it is unclear in {rows.share(chosen)}); {other}"
        rows.tell("warning", "order of day and month", chosen, message)
    elif first.any() or second.any():
        shown = quoted(column.values.iloc[times.places[first | second][0]])
        message = f"{message}, as {shown} shows (so in {rows.share(chosen)})"
        rows.tell("note", "order of day and month", chosen, message)
    elif written.dotted[unclear].all():
        rows.tell("note", "order of day and month", chosen, f"{message}, as dates with dots are ({rows.share(chosen)})")
    else:
        message = f"{message}, and could be the other way round, as in {rows.share(chosen)}; {other}"
        rows.tell("warning", "order of day and month", chosen, message)


def _example(column: Column, times: Times, values: np.ndarray) -> tuple[str, str]:
    place = int(np.argmax(values))
    return quoted(str(column.values.iloc[place])), str(times.values[place].astype("datetime64[D]"))


def tell_span(times: np.ndarray, counted_rows: np.ndarray, rows: Rows) -> None:
    """Warn of times that can't be true: (n,) datetime64[us], of which the rows counted, (n,) bool, are looked at."""
    dated = counted_rows & ~np.isnat(times)
    if not dated.any():
        return
    tomorrow = np.datetime64((datetime.now(UTC) + timedelta(days=1)).replace(tzinfo=None), "us")
    for kind, wrong in (("before 1990", times < _EARLIEST), ("in the future", times > tomorrow)):
        chosen = dated & wrong
        if chosen.any():
            message = (
                f"{rows.share(chosen)} have a timestamp {kind} ({_span(times[chosen])}): is the column a time, and "
            )
            rows.tell("warning", f"times {kind}", chosen, f"{message}was it exported whole?")
    first = times[dated].min().astype("datetime64[D]")
    if dated.sum() >= _MANY and times[dated].max().astype("datetime64[D]") == first:
        message = (
            f"all {int(dated.sum()):,} timestamps lie on {first}: is that the day of an export, not of the purchases?"
        )
        rows.tell("warning", "times on one day", None, message)


def _span(times: np.ndarray) -> str:
    first, last = (str(time.astype("datetime64[D]")) for time in (times.min(), times.max()))
    return first if first == last else f"{first} to {last}"
