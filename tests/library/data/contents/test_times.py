"""Times as shops and spreadsheets write them, in which order day and month stand, and times that can't be true."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mamex.data.contents.times import parse_timestamps
from mamex.data.problems import Problems
from tests.support.shops.bought_table import read_bought, said

DAY = "2025-01-03"


def parsed(*texts: str, day_first: bool | None = None) -> list[str]:
    values = parse_timestamps(pd.Series(texts, dtype="str"), day_first)
    return [str(pd.Timestamp(value)).removesuffix(" 00:00:00") for value in values]


def told(*texts: str, **settings: object) -> tuple[list[str], Problems]:
    users = [f"u{place}" for place in range(len(texts))]
    columns = {"user_id": users, "item_id": ["a"] * len(texts), "timestamp": texts}
    _, problems, read = read_bought(columns, **settings)
    return read["timestamp"].dt.strftime("%Y-%m-%d").tolist(), problems


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("2025-01-03 10:00:00 +0100", f"{DAY} 09:00:00"),
        ("2025-01-03 10:00:00 UTC", f"{DAY} 10:00:00"),
        ("2025-01-03T10:00:00-05:00", f"{DAY} 15:00:00"),
        ("2025-01-03 10:00 am", f"{DAY} 10:00:00"),
        ("2025/01/03", DAY),
        ("2025/1/3 9:05", f"{DAY} 09:05:00"),
        ("20250103", DAY),
        ("20250103100000", f"{DAY} 10:00:00"),
        ("202501031000", f"{DAY} 10:00:00"),
        ("03.01.2025", DAY),
        ("3.1.25", DAY),
        ("03.01.2025, 10:00 Uhr", f"{DAY} 10:00:00"),
        ("03/01/2025 10:00", f"{DAY} 10:00:00"),
        ("03-01-2025 10:00:00.25", f"{DAY} 10:00:00.250000"),
        ("3 Jan 2025", DAY),
        ("Jan 3, 2025", DAY),
        ("January 3rd, 2025 at 10:00 PM", f"{DAY} 22:00:00"),
        ("03-Jan-2025 12:00 a.m.", DAY),
        ("3. January 2025", DAY),
        ("Fri, 03 Jan 2025 10:00:00 +0100", f"{DAY} 09:00:00"),
        ("Fri Jan 03 10:00:00 UTC 2025", f"{DAY} 10:00:00"),
        ("Fri Jan 03 2025 10:00:00 GMT+0100 (CET)", f"{DAY} 09:00:00"),
        ("45660", DAY),
        ("45660.5", f"{DAY} 12:00:00"),
        ("45660,25", f"{DAY} 06:00:00"),
        ("1735898400", f"{DAY} 10:00:00"),
        ("1735898400000", f"{DAY} 10:00:00"),
        ("1735898400000000", f"{DAY} 10:00:00"),
        ("1735898400000000000", f"{DAY} 10:00:00"),
        ("30.02.2025", "NaT"),
        ("03.01/2025", "NaT"),
        ("03/01/2025 25:00", "NaT"),
        ("3 Foo 2025", "NaT"),
        ("2025-01-03 10:00 XYZ", "NaT"),
        ("0" * 80, "1970-01-01"),
        ("1 " * 40, "NaT"),
    ],
)
def test_one_time(text: str, wanted: str) -> None:
    assert parsed(text) == [wanted]


def test_the_other_dates_say_what_comes_first() -> None:
    dates, problems = told("03/04/2025", "31/12/2024")
    assert dates == ["2025-04-03", "2024-12-31"]
    (note,) = said(problems, "note").values()
    assert "'03/04/2025' is read as 2025-04-03, day first, as '31/12/2024' shows" in note and len(problems) == 1
    dates, problems = told("03/04/2025", "12/31/2024")
    assert dates == ["2025-03-04", "2024-12-31"]
    assert "month first, as '12/31/2024' shows" in said(problems, "note")["order of day and month"]


def test_what_no_date_decides_is_read_day_first_with_a_warning() -> None:
    dates, problems = told("03/04/2025", "05/06/2025")
    assert dates == ["2025-04-03", "2025-06-05"]
    (warning,) = said(problems, "warning").values()
    assert "could be the other way round, as in 2 of 2 rows; --set data.day_first=false" in warning
    assert told("03.04.2025")[1][0].severity == "note", "only those write dots who write the day first"


def test_dates_that_contradict_each_other_are_told() -> None:
    dates, problems = told("03/04/2025", "31/12/2024", "12/31/2024")
    assert dates == ["2025-04-03", "2024-12-31", "2024-12-31"]
    (warning,) = said(problems, "warning").values()
    assert "though the column has '31/12/2024' and '12/31/2024' (it is unclear in 1 of 3 rows)" in warning


def test_a_setting_decides_and_what_does_not_fit_it_is_no_date() -> None:
    assert told("03/04/2025", day_first=False)[0] == ["2025-03-04"]
    assert told("03/04/2025", "03/04/2025", day_first=True) == (["2025-04-03"] * 2, [])
    dates, problems = told("31/12/2024", "03/04/2025", day_first=False)
    assert pd.isna(dates[0]) and dates[1] == "2025-03-04"
    assert "'31/12/2024' can't be read" in said(problems, "warning")["unreadable timestamp"]
    assert parsed("13.04.2025", "2025-04-13", day_first=False) == ["NaT", "2025-04-13"]


def test_day_numbers_are_noted_and_other_small_numbers_are_seconds() -> None:
    dates, problems = told("45292", "45294,75")
    assert dates == ["2024-01-01", "2024-01-03"]
    (note,) = said(problems, "note").values()
    assert "'45292' is read as the day number of a spreadsheet, 2024-01-01 (so in 2 of 2 rows)" in note
    assert parsed("45292", "7") == ["1970-01-01 12:34:52", "1970-01-01 00:00:07"]
    assert parsed("45292", "1735898400") == ["2024-01-01", f"{DAY} 10:00:00"]


def test_rounded_times_are_told() -> None:
    _, problems = told("1.73590E+12", "1.73591E+12")
    assert (
        "a spreadsheet has rounded the timestamp '1.73590E+12', as in 2 of 2 rows"
        in said(problems)["rounded timestamp"]
    )


def test_times_that_can_not_be_true_are_told() -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=3)).date()
    _, problems = told("2024-01-01", str(tomorrow), "12", "2099-01-01")
    warnings = said(problems, "warning")
    assert f"2 of 4 rows have a timestamp in the future ({tomorrow} to 2099-01-01)" in warnings["times in the future"]
    assert "1 of 4 rows have a timestamp before 1990 (1970-01-01)" in warnings["times before 1990"]
    _, problems = told(*["2024-01-01"] * 25)
    assert "all 25 timestamps lie on 2024-01-01" in said(problems, "warning")["times on one day"]
    assert not told(*["2024-01-01"] * 5)[1]


FORMS = [
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%d %H:%M:%S +0000",
    "%Y-%m-%d %H:%M:%S UTC",
    "%Y%m%d%H%M%S",
    "%d/%m/%Y %H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%d-%m-%Y %I:%M:%S %p",
    "%d %b %Y %H:%M:%S",
    "%B %d, %Y %H:%M:%S",
    "%b %d, %Y %I:%M:%S %p",
    "%a, %d %b %Y %H:%M:%S GMT",
]
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2069, 12, 31)).map(lambda time: time.replace(microsecond=0))


@given(st.lists(MOMENTS, min_size=1, max_size=5), st.sampled_from(FORMS))
def test_times_come_back_from_every_way_of_writing_them(times: list[datetime], form: str) -> None:
    values = pd.Series([time.strftime(form) for time in times], dtype="str")
    assert parse_timestamps(values, True).tolist() == times
    if "%d/%m" in form:
        values = pd.Series([time.strftime("%m/%d/%y %H:%M:%S") for time in times], dtype="str")
        assert parse_timestamps(values, False).tolist() == times


@given(st.lists(st.text("0123456789/.-: ,TJanuarymPM+", max_size=30).map(str.strip), min_size=1, max_size=6))
def test_any_text_is_a_time_or_none(texts: list[str]) -> None:
    assert parse_timestamps(pd.Series(texts, dtype="str")).shape == (len(texts),)
