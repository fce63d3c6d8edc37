"""Dates with the year behind or a month's name, and times of day, as shops and spreadsheets write them.

03/04/2025 is the third of April in most countries and the fourth of March in one: what the column's other dates say
decides (13/04/2025 can only be day first), or the setting ``data.day_first``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

#: What is longer is no date.
LONGEST = 64
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august", "september", "october"),
    *("november", "december"),
)
_MONTH_NUMBERS = {name: place for names in (_MONTHS, _LONG_MONTHS) for place, name in enumerate(names, 1)} | {"sept": 9}
#: Minutes by which clocks are ahead of UTC, for the names that shop systems write.
_ZONES = {
    **{"": 0, "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "cet": 60, "cest": 120, "eet": 120, "eest": 180},
    **{"est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480, "pdt": -420},
}
_CLOCK = re.compile(
    r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)? ?(a\.?m\.?|p\.?m\.?)?(?: ?uhr)?"
    r" ?(?:(?:utc|gmt)?([+-])([0-9]{1,2}):?([0-9]{2})?|([a-z]{1,4}))?(?: \([a-z ]{1,30}\))?"
)
_CLOCK_BEGINS = re.compile(r"[0-9]{1,2}:[0-9]{2}")
_NUMERIC = re.compile(r"([0-9]{1,2})([./-])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})\.?")
_YEAR_FIRST = re.compile(r"([0-9]{4})([./-])([0-9]{1,2})\2([0-9]{1,2})")
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?"
_DAY_MONTH = re.compile(_WEEKDAY + r"([0-9]{1,2})(?:st|nd|rd|th|\.)?[ -]([a-z]{3,9})\.?,?[ -]([0-9]{4}|[0-9]{2})")
_MONTH_DAY = re.compile(_WEEKDAY + r"([a-z]{3,9})\.?[ -]([0-9]{1,2})(?:st|nd|rd|th)?(?:,? |-)([0-9]{4})")
#: JavaScript and date(1) write the year behind the time: Fri Jan 03 10:00:00 UTC 2025.
_YEAR_LAST = re.compile(r"(" + _WEEKDAY + r"[a-z]{3} [0-9]{1,2}) ([0-9:]{5,8}(?: [a-z]{1,4})?) ([0-9]{4})")
#: Two digits from here on stand for the years 19xx, as spreadsheets read them.
_PIVOT = 70
#: Day and month of a date of two numbers: the first is the day, the second is, or either may be.
DAY_FIRST, MONTH_FIRST, EITHER = 1, 2, 0


@dataclass
class WrittenDates:
    """Times read from texts.

    Attributes:
        times: (n,) datetime64[us], UTC; NaT for what is no date.
        numeric: (n,) bool, dates of three numbers with the year behind.
        order: (n,) int8, what such a date can be: DAY_FIRST, MONTH_FIRST or EITHER.
        dotted: (n,) bool, with dots between the numbers, which only those write who write the day first.
        day_first: how those that can be either were read.
    """

    times: np.ndarray
    numeric: np.ndarray
    order: np.ndarray
    dotted: np.ndarray
    day_first: bool = field(default=True)


def read_written(texts: pd.Series, day_first: bool | None) -> WrittenDates:
    """Read dates with or without a time of day; ``day_first`` is the setting, None for what the column says."""
    pairs = [_day_and_clock(text) for text in texts.tolist()]
    day_codes, days = pd.factorize(np.array([day for day, _ in pairs], dtype=object))
    clock_codes, clocks = pd.factorize(np.array([clock for _, clock in pairs], dtype=object))
    parts = [_numbers_of(day) for day in days]
    order = np.array([part.order if part else EITHER for part in parts], dtype=np.int8)
    numeric = np.array([bool(part and part.numeric) for part in parts], dtype=bool)
    dotted = np.array([bool(part and part.dotted) for part in parts], dtype=bool)
    first = _is_day_first(order[numeric], day_first)
    dates = np.array([_date(part, first, day_first) for part in parts], dtype="datetime64[us]")
    offsets = np.array([_microseconds(clock) for clock in clocks], dtype=np.float64)
    offset = offsets[clock_codes]
    times = dates[day_codes] + np.nan_to_num(offset).astype(np.int64).astype("timedelta64[us]")
    times[np.isnan(offset)] = np.datetime64("NaT")
    return WrittenDates(times, numeric[day_codes], order[day_codes], dotted[day_codes], first)


@dataclass(frozen=True)
class _Numbers:
    """The numbers of a date: ``first`` and ``second`` are day and month, in an order that ``order`` knows or not."""

    first: int
    second: int
    year: int
    order: int
    numeric: bool = False
    dotted: bool = False


def _day_and_clock(text: str) -> tuple[str, str]:
    """The text of the day and of the time of day, "" if there is none; both in small letters and single spaces."""
    if len(text) > LONGEST:
        return "", ""
    day, _, clock = text.partition(" ")
    if clock[2:3] == ":" and day[-1:].isdecimal():  # 31/12/2024 23:59, by far the most common
        return day.lower(), clock.lower()
    text = " ".join(text.lower().split())
    if found := _YEAR_LAST.fullmatch(text):
        return f"{found[1]} {found[3]}", found[2]
    begins = _CLOCK_BEGINS.search(text)
    if begins is None:
        return text, ""
    day = text[: begins.start()].removesuffix(" at ").rstrip(" ,t")
    return day, text[begins.start() :]


def _numbers_of(day: str) -> _Numbers | None:
    if found := _NUMERIC.fullmatch(day):
        first, second, year = int(found[1]), int(found[3]), _full_year(found[4])
        order = DAY_FIRST if first > 12 else MONTH_FIRST if second > 12 else EITHER
        return _Numbers(first, second, year, order, numeric=True, dotted=found[2] == ".")
    if found := _YEAR_FIRST.fullmatch(day):
        return _Numbers(int(found[4]), int(found[3]), int(found[1]), DAY_FIRST)
    if found := _DAY_MONTH.fullmatch(day):
        number, name, year = int(found[1]), found[2], _full_year(found[3])
    elif found := _MONTH_DAY.fullmatch(day):
        number, name, year = int(found[2]), found[1], int(found[3])
    else:
        return None
    month = _MONTH_NUMBERS.get(name)
    return _Numbers(number, month, year, DAY_FIRST) if month else None


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= _PIVOT else 2000)


def _is_day_first(order: np.ndarray, setting: bool | None) -> bool:
    if setting is not None:
        return setting
    return bool((order == DAY_FIRST).any() or not (order == MONTH_FIRST).any())


def _date(part: _Numbers | None, day_first: bool, setting: bool | None) -> np.datetime64:
    """A date; one that can't be read in the order of a setting isn't read in the other."""
    missing = np.datetime64("NaT", "us")
    if part is None:
        return missing
    is_day_first = day_first if part.order == EITHER else part.order == DAY_FIRST
    if part.numeric and setting is not None and is_day_first != setting:
        return missing
    day, month = (part.first, part.second) if is_day_first else (part.second, part.first)
    try:
        return np.datetime64(f"{part.year:04d}-{month:02d}-{day:02d}", "us")
    except ValueError:  # the 31st of February
        return missing


def _microseconds(clock: str) -> float:
    """From midnight UTC to a time of day; 0 for "", NaN for what is no time."""
    if not clock:
        return 0.0
    found = _CLOCK.fullmatch(clock)
    if found is None:
        return np.nan
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    half = (found[5] or "").replace(".", "")
    if (half and not 1 <= hour <= 12) or hour > 23 or minute > 59 or second > 59:
        return np.nan
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    ahead = _ZONES.get(found[9] or "")
    if found[6]:
        ahead = (60 * int(found[7]) + int(found[8] or 0)) * (1 if found[6] == "+" else -1)
    if ahead is None or abs(ahead) >= 24 * 60:
        return np.nan
    fraction = round(float(f"0.{found[4] or 0}") * 1e6)
    return float(((hour * 60 + minute - ahead) * 60 + second) * 1_000_000 + fraction)
