"""When it was bought, in every way of writing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from tests.strangers.reading import Reading, look, read_or_told, read_rightly, share_with_time, told
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import Shop, interaction_rows, make_shop, write_shop

PART = "times"
MONTHS = ("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November",
          "Dezember")  # fmt: skip
#: Day 0 of spreadsheets.
SPREADSHEET = datetime(1899, 12, 30)


def look_at(folder: Path, shop: Shop, written: Callable[[datetime], str], **settings: object) -> Reading:
    """A shop whose times are written in another way."""
    rows = [
        row | {"timestamp": written(purchase.time)}
        for row, purchase in zip(interaction_rows(shop), shop.purchases, strict=True)
    ]
    return look(write_shop(folder, shop, None, rows, pictures=False), **settings)


def days_only(shop: Shop) -> Shop:
    """The same shop without hours."""
    for index, one in enumerate(shop.purchases):
        shop.purchases[index] = type(one)(one.user, one.product, datetime(one.time.year, one.time.month, one.time.day),
                                          one.order)  # fmt: skip
    return shop


def spreadsheet_days(time: datetime) -> float:
    """Days since 1899-12-30, as a spreadsheet counts."""
    return (time - SPREADSHEET).total_seconds() / 86400


@situation(PART)
def days_of_a_spreadsheet_with_fractions(folder: Path) -> Outcome:
    """45293.3333 is the morning of 2 January 2024."""
    shop = make_shop()
    reading = look_at(folder, shop, lambda time: f"{spreadsheet_days(time):.6f}")
    told(reading, r"spreadsheet|excel|day number", r"180", file="interactions.csv")
    return read_rightly(reading, shop)


@situation(PART)
def days_of_a_spreadsheet_with_a_comma(folder: Path) -> Outcome:
    """45293,3333."""
    shop = make_shop()
    reading = look_at(folder, shop, lambda time: f"{spreadsheet_days(time):.6f}".replace(".", ","))
    return read_or_told(reading, shop, r"timestamp|time", file="interactions.csv")


@situation(PART)
def eight_digits(folder: Path) -> Outcome:
    """20240102 is a day, not the 23rd of August 1970."""
    shop = days_only(make_shop())
    return read_or_told(
        look_at(folder, shop, lambda time: f"{time:%Y%m%d}"), shop, r"1970|timestamp", file="interactions.csv"
    )


@situation(PART)
def milliseconds(folder: Path) -> Outcome:
    """1704182400000."""
    shop = make_shop()
    stamp = lambda time: str(int(time.replace(tzinfo=UTC).timestamp() * 1000))  # noqa: E731
    return read_rightly(look_at(folder, shop, stamp), shop)


@situation(PART)
def microseconds(folder: Path) -> Outcome:
    """1704182400000000."""
    shop = make_shop()
    stamp = lambda time: str(int(time.replace(tzinfo=UTC).timestamp() * 1_000_000))  # noqa: E731
    return read_rightly(look_at(folder, shop, stamp), shop)


@situation(PART)
def seconds_with_a_point(folder: Path) -> Outcome:
    """1704182400.0, as a data frame writes them."""
    shop = make_shop()
    return read_rightly(look_at(folder, shop, lambda time: f"{time.replace(tzinfo=UTC).timestamp():.1f}"), shop)


@situation(PART)
def milliseconds_rounded_by_a_spreadsheet(folder: Path) -> Outcome:
    """1.7E+12: all in 2023, wherever they were."""
    stamp = lambda time: f"{time.replace(tzinfo=UTC).timestamp() * 1000:.1E}"  # noqa: E731
    return told(
        look_at(folder, make_shop(), stamp), r"1\.7E\+12|rounded|spreadsheet", file="interactions.csv", row=True
    )


@situation(PART)
def iso_with_an_offset(folder: Path) -> Outcome:
    """2024-01-02T10:00:00+02:00 is 08:00 in UTC."""
    shop = make_shop()
    zone = timezone(timedelta(hours=2))
    return read_rightly(look_at(folder, shop, lambda time: time.replace(tzinfo=UTC).astimezone(zone).isoformat()), shop)


@situation(PART)
def iso_with_a_letter(folder: Path) -> Outcome:
    """2024-01-02T08:00:00.000Z."""
    shop = make_shop()
    return read_rightly(look_at(folder, shop, lambda time: f"{time:%Y-%m-%dT%H:%M:%S}.000Z"), shop)


@situation(PART)
def a_shop_systems_offset(folder: Path) -> Outcome:
    """2024-01-02 08:00:00 +0000."""
    shop = make_shop()
    return read_rightly(look_at(folder, shop, lambda time: f"{time:%Y-%m-%d %H:%M:%S} +0000"), shop)


@situation(PART)
def day_first_decided_by_others(folder: Path) -> Outcome:
    """03/04/2024 beside 25/04/2024: the third of April."""
    shop = make_shop()
    return read_rightly(look_at(folder, shop, lambda time: f"{time:%d/%m/%Y %H:%M:%S}"), shop)


@situation(PART)
def month_first_decided_by_others(folder: Path) -> Outcome:
    """04/03/2024 beside 04/25/2024: the third of April."""
    shop = make_shop()
    return read_rightly(look_at(folder, shop, lambda time: f"{time:%m/%d/%Y %H:%M:%S}"), shop)


@situation(PART)
def two_digits_for_the_year(folder: Path) -> Outcome:
    """25/04/24."""
    shop = days_only(make_shop())
    return read_rightly(look_at(folder, shop, lambda time: f"{time:%d/%m/%y}"), shop)


@situation(PART)
def a_column_that_fits_both(folder: Path) -> Outcome:
    """Every date could be either: told, with the setting."""
    shop = make_shop()
    reading = look_at(folder, shop, lambda time: f"{time.month:02d}/{time.day % 12 + 1:02d}/2024")
    return told(reading, r"day_first", file="interactions.csv")


@situation(PART)
def a_column_that_fits_both_and_the_setting(folder: Path) -> Outcome:
    """03/04/25 with data.day_first=true."""
    shop = make_shop()
    for index, one in enumerate(shop.purchases):
        day = datetime(2025, index % 12 + 1, index % 11 + 1)
        shop.purchases[index] = type(one)(one.user, one.product, day, one.order)
    return read_rightly(look_at(folder, shop, lambda time: f"{time:%d/%m/%y}", day_first=True), shop)


@situation(PART)
def written_by_people(folder: Path) -> Outcome:
    """Jan 2, 2024 08:00 AM."""
    shop = make_shop()
    return read_rightly(look_at(folder, shop, lambda time: f"{time:%b} {time.day}, {time:%Y %I:%M %p}"), shop)


@situation(PART)
def twelve_hours(folder: Path) -> Outcome:
    """1/2/2024 8:00:00 PM."""
    shop = make_shop()
    return read_rightly(look_at(folder, shop, lambda time: f"{time.month}/{time.day}/{time:%Y %I:%M:%S %p}"), shop)


@situation(PART)
def dots_and_no_seconds(folder: Path) -> Outcome:
    """02.01.2024 08:00."""
    shop = make_shop()
    return read_rightly(look_at(folder, shop, lambda time: f"{time:%d.%m.%Y %H:%M}"), shop)


@situation(PART)
def slashes_year_first(folder: Path) -> Outcome:
    """2024/01/02 08:00."""
    shop = make_shop()
    return read_rightly(look_at(folder, shop, lambda time: f"{time:%Y/%m/%d %H:%M}"), shop)


@situation(PART)
def two_ways_in_one_column(folder: Path) -> Outcome:
    """Two systems were joined: ISO above, seconds below."""
    shop = make_shop()
    middle = shop.purchases[90].time
    reading = look_at(
        folder, shop,
        lambda time: time.isoformat() if time < middle else str(int(time.replace(tzinfo=UTC).timestamp())),
    )  # fmt: skip
    return read_or_told(reading, shop, r"time", file="interactions.csv")


@situation(PART)
def the_empty_date_of_a_database(folder: Path) -> Outcome:
    """0000-00-00 00:00:00 where nothing was noted: told with a count, the others are kept."""
    shop = make_shop()
    first = {id(one) for one in shop.purchases[:40]}
    rows = [
        row | ({"timestamp": "0000-00-00 00:00:00"} if id(one) in first else {})
        for row, one in zip(interaction_rows(shop), shop.purchases, strict=True)
    ]
    reading = look(write_shop(folder, shop, None, rows, pictures=False))
    if reading.dataset is not None:
        assert abs(share_with_time(reading) - 140 / 180) < 0.01, reading.text
    return told(reading, r"0000-00-00|time", file="interactions.csv", row=True)


@situation(PART)
def all_in_january_1970(folder: Path) -> Outcome:
    """Thousands of seconds in place of seconds: everything on 20 January 1970."""
    stamp = lambda time: str(int(time.replace(tzinfo=UTC).timestamp() / 1000))  # noqa: E731
    return told(look_at(folder, make_shop(), stamp), r"1970", file="interactions.csv")


@situation(PART)
def in_the_far_future(folder: Path) -> Outcome:
    """The year 2096 stands for 'never': told."""
    shop = make_shop()
    reading = look_at(folder, shop, lambda time: f"{time.replace(year=2096):%Y-%m-%d}")
    return told(reading, r"2096|future", file="interactions.csv")


@situation(PART)
def month_names_of_another_language(folder: Path) -> Outcome:
    """2. März 2024: not understood, and told."""
    shop = days_only(make_shop())
    reading = look_at(folder, shop, lambda time: f"{time.day}. {MONTHS[time.month - 1]} {time.year}")
    return read_or_told(reading, shop, r"2024|time", file="interactions.csv")


@situation(PART)
def a_databases_name_of_the_zone(folder: Path) -> Outcome:
    """2024-01-02 08:00:00 UTC, as a data warehouse writes."""
    shop = make_shop()
    return read_rightly(look_at(folder, shop, lambda time: f"{time:%Y-%m-%d %H:%M:%S} UTC"), shop)


@situation(PART)
def an_offset_without_colon(folder: Path) -> Outcome:
    """2024-01-02T08:00:00+0000."""
    shop = make_shop()
    return read_rightly(look_at(folder, shop, lambda time: f"{time:%Y-%m-%dT%H:%M:%S}+0000"), shop)


@situation(PART)
def nine_digits_of_a_second(folder: Path) -> Outcome:
    """2024-01-02 08:00:00.123456789."""
    shop = make_shop()
    return read_rightly(look_at(folder, shop, lambda time: f"{time:%Y-%m-%d %H:%M:%S}.123456789"), shop)


@situation(PART)
def what_a_browser_prints(folder: Path) -> Outcome:
    """Tue Jan 02 2024 08:00:00 GMT+0000 (Coordinated Universal Time): read, or told."""
    shop = make_shop()
    reading = look_at(folder, shop, lambda time: f"{time:%a %b %d %Y %H:%M:%S} GMT+0000 (Coordinated Universal Time)")
    return read_or_told(reading, shop, r"GMT|time", file="interactions.csv")


@situation(PART)
def what_a_web_service_prints(folder: Path) -> Outcome:
    """/Date(1704182400000)/: read, or told."""
    shop = make_shop()
    reading = look_at(folder, shop, lambda time: f"/Date({int(time.replace(tzinfo=UTC).timestamp() * 1000)})/")
    return read_or_told(reading, shop, r"/Date", file="interactions.csv")


@situation(PART)
def months_alone(folder: Path) -> Outcome:
    """2024-01: the first of the month, or told."""
    shop = make_shop()
    for index, one in enumerate(shop.purchases):
        shop.purchases[index] = type(one)(one.user, one.product, datetime(one.time.year, one.time.month, 1), one.order)
    return read_or_told(look_at(folder, shop, lambda time: f"{time:%Y-%m}"), shop, r"2024-0\d", file="interactions.csv")
