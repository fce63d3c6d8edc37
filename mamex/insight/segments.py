"""Who an audience is: its make-up beside that of all users, group by group.

An audience of A of the U users is compared with a draw of A users without replacement. Of a group of n users such a
draw holds A n / U on average, with the variance of the hypergeometric distribution, A p (1 - p) (U - A) / (U - 1) with
p = n / U.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: A group is compared only if a random audience would hold this many of it: with fewer, one user more or less changes
#: everything (Cochran's rule for expected counts).
FEWEST_EXPECTED = 5.0
#: Standard deviations from chance at which a difference is called one; with a dozen groups beside each other, two would
#: be passed by luck alone every other time.
CLEAR = 3.0


@dataclass(frozen=True)
class Segment:
    """One group of users, among an audience and among all.

    Attributes:
        name: what the group is called.
        members: users of the group in the audience.
        users: users of the group.
        share: of the audience, 0 to 1; 0 for an empty audience.
        share_of_all: of all users.
        lift: share / share_of_all; None if the numbers are too small to compare.
        clear: whether the difference is larger than ``CLEAR`` standard deviations of a random audience.
    """

    name: str
    members: int
    users: int
    share: float
    share_of_all: float
    lift: float | None
    clear: bool


def segments(names: Sequence[str], groups: np.ndarray, audience: np.ndarray) -> list[Segment]:
    """Compare an audience with all users, group by group, in the order of ``names``.

    Args:
        names: of the groups.
        groups: (U,) each user's group, an index of ``names``; -1 for users of no group, who are left out.
        audience: (A,) positions of the users in the audience.

    Returns:
        one segment a group that has users.
    """
    inside = groups[audience]
    users = np.bincount(groups[groups >= 0], minlength=len(names))
    members = np.bincount(inside[inside >= 0], minlength=len(names))
    everyone, size = int(users.sum()), int(members.sum())
    return [_segment(name, int(members[i]), int(users[i]), size, everyone) for i, name in enumerate(names) if users[i]]


def _segment(name: str, members: int, users: int, size: int, everyone: int) -> Segment:
    share_of_all = users / everyone
    share = members / size if size else 0.0
    expected = size * share_of_all
    variance = expected * (1 - share_of_all) * (everyone - size) / max(everyone - 1, 1)
    enough = expected >= FEWEST_EXPECTED
    clear = enough and variance > 0 and abs(members - expected) >= CLEAR * variance**0.5
    return Segment(name, members, users, share, share_of_all, share / share_of_all if enough else None, clear)


def largest_groups(
    names: Sequence[str], groups: np.ndarray, audience: np.ndarray, most: int, rest: str = "all others"
) -> tuple[list[str], np.ndarray]:
    """Keep the groups that matter most and put the others together, so that a figure stays readable.

    Args:
        names, groups, audience: as for ``segments``.
        most: groups that are kept: those with most members in the audience, then those with most users.
        rest: what the others are called together.

    Returns:
        new names, largest first and ``rest`` last, and each user's new group (U,).
    """
    inside = groups[audience]
    members = np.bincount(inside[inside >= 0], minlength=len(names))
    users = np.bincount(groups[groups >= 0], minlength=len(names))
    order = np.lexsort((-users, -members))
    kept = [int(group) for group in order if users[group]]
    if len(kept) > most + 1:  # one group alone needs no other name
        kept = kept[:most]
    place = np.full(len(names) + 1, len(kept))
    place[kept] = np.arange(len(kept))
    place[-1] = -1
    renamed = [names[group] for group in kept]
    regrouped = place[groups]
    return ([*renamed, rest] if (regrouped == len(kept)).any() else renamed), regrouped
