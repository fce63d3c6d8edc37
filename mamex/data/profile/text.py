"""A profile in words, for a terminal and for the page: one line a subject."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mamex.data.profile.activity import Activity
from mamex.data.profile.catalogue import Catalogue
from mamex.data.profile.languages import Share
from mamex.data.profile.profile import Columns, Profile
from mamex.data.profile.texts import Texts
from mamex.files.words import printable, quoted

#: Columns of a file that are named; of more, how many.
SHOWN_COLUMNS = 12


def subjects(profile: Profile) -> list[tuple[str, str]]:
    """What is said of each subject, in the order in which a reader would ask; subjects without data are left out."""
    lines: list[tuple[str, str]] = []
    if profile.activity:
        lines += _of_activity(profile.activity, profile.catalogue)
    if profile.catalogue:
        lines += _of_catalogue(profile.catalogue)
    if profile.texts and profile.texts.number:
        lines += _of_texts(profile.texts)
    lines += _of_columns(profile.columns)
    if profile.training_seconds is not None:
        lines.append(("training", f"takes about {duration(profile.training_seconds)} on this machine's processor"))
    return lines


def _of_activity(activity: Activity, catalogue: Catalogue | None) -> Iterator[tuple[str, str]]:
    if activity.left_out:
        yield "left out", f"{activity.left_out:,} of {count(activity.rows, 'row')}, for the reasons above"
    if not activity.interactions:
        return
    yield "dates", _dates(activity)
    most, rest = activity.per_user, max(0, activity.users - 10)
    largest = f"; the ten largest have {percent(activity.largest_users)} of all" if rest else ""
    yield "a user", f"{count(most.median, 'item')} in the median, {most.most:,} at the most{largest}"
    if catalogue:
        most = activity.per_item
        nobody = f"; {activity.never_bought:,} of {catalogue.items:,} items by nobody" if activity.never_bought else ""
        yield "an item", f"by {count(most.median, 'user')} in the median, {most.most:,} at the most{nobody}"
        yield "density", f"{percent(activity.density)} of all pairs of user and item"


def _dates(activity: Activity) -> str:
    if not activity.first:
        return "none; the order of purchases is not known"
    span = f"from {activity.first} to {activity.last}" if activity.first != activity.last else f"all {activity.first}"
    return span + (f"; {count(activity.undated, 'row')} without a date" if activity.undated else "")


def _of_catalogue(catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    shown = {
        "picture and words": catalogue.both,
        "a picture alone": catalogue.picture_only,
        "words alone": catalogue.words_only,
        "neither": catalogue.neither,
    }
    shares = [f"{name} {percent(number / max(1, catalogue.items))}" for name, number in shown.items() if number]
    if shares:
        yield "items show", ", ".join(shares)
    if catalogue.twins:
        first = catalogue.alike[0]
        yield (
            "twins",
            (
                f"{catalogue.twins:,} items share title and picture with another "
                f"({quoted(first.title)}: {first.items:,})"
            ),
        )
    if catalogue.groups:
        groups = catalogue.groups
        yield (
            "variants",
            (
                f"{groups.items:,} items in {groups.groups:,} groups of column {quoted(groups.column)}; keep each "
                f"group together with --set data.group_column={printable(groups.column)}"
            ),
        )
    if catalogue.price:
        price = catalogue.price
        missing = catalogue.items - price.priced
        yield (
            "prices",
            (
                f"{price.lowest:,.2f} to {price.highest:,.2f}, {price.median:,.2f} in the median (column "
                f"{quoted(price.column)}" + (f"; {count(missing, 'item')} without one)" if missing else ")")
            ),
        )


def _of_texts(texts: Texts) -> Iterator[tuple[str, str]]:
    cut = f"; about {texts.cut:,} longer than the encoder reads ({texts.read_words:,} words)" if texts.cut else ""
    yield "words", f"{count(texts.median_words, 'word')} in the median, {texts.most_words:,} at the most{cut}"
    if texts.scripts:
        yield "letters", _shares(texts.scripts)
    if texts.languages:
        yield "language", f"{_shares(texts.languages)} (a guess from {count(texts.told, 'text')})"


def _of_columns(columns: Sequence[Columns]) -> Iterator[tuple[str, str]]:
    for table in (table for table in columns if table.read):
        read = [ours if ours == theirs else f"{ours} (from {quoted(theirs)})" for ours, theirs in table.read]
        # Further columns of items are kept to group and to show by; further ones of interactions are not.
        kept = "not read" if any(ours == "user_id" for ours, _ in table.read) else "not learned from"
        beside = f"; {kept}: " + _some([printable(name) for name in table.unread]) if table.unread else ""
        yield "columns", f"{table.file}: " + ", ".join(read) + beside


def _some(names: Sequence[str]) -> str:
    more = len(names) - SHOWN_COLUMNS
    return ", ".join(names[:SHOWN_COLUMNS]) + (f" and {more:,} more" if more > 0 else "")


def _shares(shares: Sequence[Share]) -> str:
    return ", ".join(f"{share.name} {percent(share.share)}" for share in shares)


def percent(share: float) -> str:
    """A share with as many digits as say something; neither rounded down to nothing nor up to everything."""
    if share in (0, 1):
        return f"{share:.0%}"
    if share < 0.001:
        return f"{share:.1%}" if share >= 0.0005 else "less than 0.1%"
    if share > 0.999:
        return "more than 99.9%"
    return f"{share:.0%}" if 0.1 <= share <= 0.9 else f"{share:.1%}"


def duration(seconds: float) -> str:
    """About how long, as a person would say it."""
    if seconds < 90:
        return f"{max(10, round(seconds / 10) * 10)} seconds"
    if seconds < 90 * 60:
        return f"{round(seconds / 60)} minutes"
    return f"{round(seconds / 3600)} hours" if seconds < 36 * 3600 else f"{round(seconds / 86400)} days"


def count(number: int, noun: str) -> str:
    """``1 item``, ``2,000 items``."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
