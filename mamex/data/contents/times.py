"""Times as programs and people write them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mamex.data.contents.ratings import parse_ratings

#: Plain numbers are seconds since 1970 below the first limit, then milliseconds, microseconds and
#: nanoseconds.
_UNIX_LIMITS = ((1e11, 1e6), (1e14, 1e3), (1e17, 1.0), (1e20, 1e-3))


def parse_timestamps(values: pd.Series) -> np.ndarray:
    """(n,) datetime64[us], UTC, from ISO dates and times, compact dates (20240531), unix times; else NaT."""
    parsed = np.full(len(values), np.datetime64("NaT"), dtype="datetime64[us]")
    # Programs write 20240531.0 where other rows of the column are empty.
    values = values.str.replace(r"^\+?((?:19|20)[0-9]{6})(?:\.0*)?$", r"\1", regex=True)
    unix = parse_ratings(values)
    # 20240531 is a date; taken as seconds it would be a day in 1970.
    compact = (unix >= 19000101) & (unix <= 20991231) & (values.str.len() == 8).to_numpy(dtype=bool)
    written = np.isnan(unix) & values.ne("").to_numpy(dtype=bool) | compact
    microseconds = np.full(len(unix), np.nan)
    with np.errstate(over="ignore"):  # beyond all limits, and so not taken
        for limit, factor in reversed(_UNIX_LIMITS):
            microseconds = np.where(np.abs(unix) < limit, unix * factor, microseconds)
    readable = np.isfinite(microseconds)
    parsed[readable] = np.rint(microseconds[readable]).astype(np.int64).astype("datetime64[us]")
    if written.any():
        parsed[written] = _parse_iso(values[written])
    return parsed


def _parse_iso(values: pd.Series) -> np.ndarray:
    # pandas also understands "now" and "today", which mean something else on each day.
    texts = values.where(values.str.match(r"[0-9]{4}"), "")
    times = pd.to_datetime(texts, format="ISO8601", errors="coerce", utc=True)
    return times.dt.tz_localize(None).astype("datetime64[us]").to_numpy()
