"""The gravest thing about a dataset that can be used all the same, in a few words."""

from __future__ import annotations

from mamex.data.profile.activity import Activity
from mamex.data.profile.catalogue import Catalogue
from mamex.data.profile.profile import Profile
from mamex.data.profile.text import count
from mamex.data.splits import FEWEST_ITEMS
from mamex.files.words import quoted

#: What is lost, merged or held by one user is grave from this share on.
MOST = 0.5
#: Fewer rows are a trial, of which one user may well have most.
FEWEST_ROWS = 20


def gravest(profile: Profile) -> str:
    """What most deserves a look before a training; "" if nothing does."""
    faults = [*_of_activity(profile.activity), *_of_catalogue(profile.catalogue)]
    return next((words for is_so, words in faults if is_so), "")


def _of_activity(activity: Activity | None) -> list[tuple[bool, str]]:
    if activity is None or not activity.rows:
        return []
    rows, used = activity.rows, activity.rows - activity.left_out
    only = f"all interactions are of one user, {quoted(activity.largest_user)}"
    if activity.merged:
        only += f" ({activity.merged:,} of {rows:,} rows were merged as repeated)"
    share = f"user {quoted(activity.largest_user)} has {activity.largest_share:.0%} of the rows"
    return [
        (not used, f"none of its {rows:,} interactions can be used"),
        (activity.users == 1, only),
        (activity.left_out > MOST * rows, f"{activity.left_out:,} of {rows:,} rows were left out"),
        (rows >= FEWEST_ROWS and activity.largest_share > MOST, share),
        (activity.merged > MOST * used, f"{activity.merged:,} of {used:,} rows were merged as repeated"),
    ]


def _of_catalogue(catalogue: Catalogue | None) -> list[tuple[bool, str]]:
    if catalogue is None or not catalogue.items:
        return []
    lost, pictured = catalogue.lost_pictures, catalogue.both + catalogue.picture_only
    return [
        (
            catalogue.items < FEWEST_ITEMS,
            f"its {count(catalogue.items, 'item')} are too few: a training needs {FEWEST_ITEMS} at least",
        ),
        (
            catalogue.neither > MOST * catalogue.items,
            f"{catalogue.neither:,} of {catalogue.items:,} items show nothing",
        ),
        (lost > pictured, f"{lost:,} of the {lost + pictured:,} pictures that it names are lost"),
    ]
