"""Two versions of a planned product side by side: which users and neighbours the change wins and loses, and why.

The score of a user changes by s_ui(after) - s_ui(before), and since either score splits exactly into one number a
modality and expert, so does the change: what is shown as the reason adds up to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from mamex.errors import LaunchError
from mamex.files.plain_json import plain
from mamex.launch.launcher import Launcher
from mamex.launch.result import LaunchResult, Member
from mamex.retrieval.catalogue import Neighbour
from mamex.retrieval.thresholds import LIST_LENGTHS, rank_by_margin

#: Users won and users lost that are described.
MOST_DESCRIBED = 4
#: What a comparison repeats of each version as JSON.
_REPEATED = ("routing", "fusion", "reach", "list_length", "audience_size", "neighbours", "warnings", "timings")


@dataclass(frozen=True)
class Moved:
    """A user whose list the product enters in one version only.

    Attributes:
        member: the user in the version that reaches them: place, score, threshold, bought items that are alike.
        before, after: s_ui in either version.
        change: modality -> one number an expert (K); all of them sum to ``after - before``.
    """

    member: Member
    before: float
    after: float
    change: dict[str, list[float]]


@dataclass(frozen=True)
class Comparison:
    """What changes from one version to the other.

    Attributes:
        before, after: the two launches.
        won: positions of the users that only ``after`` reaches, ascending.
        lost: positions of the users that only ``before`` reaches, ascending.
        kept: how many users both reach.
        won_members, lost_members: the first few, largest relative margin first.
        gained_neighbours, lost_neighbours: space -> items that are near in one version only, nearest first.
        read_again: modalities whose features differ, that is those that had to be encoded for ``after``.
    """

    before: LaunchResult
    after: LaunchResult
    won: np.ndarray
    lost: np.ndarray
    kept: int
    won_members: list[Moved]
    lost_members: list[Moved]
    gained_neighbours: dict[str, list[Neighbour]]
    lost_neighbours: dict[str, list[Neighbour]]
    read_again: list[str]

    @property
    def unchanged(self) -> bool:
        """Do both versions have the same embedding e_i, so that nothing can differ?"""
        return np.array_equal(self.before.embedding, self.after.embedding)

    @property
    def reach_change(self) -> dict[int, float]:
        """K -> reach after minus reach before."""
        return {length: self.after.reach[length] - self.before.reach[length] for length in LIST_LENGTHS}

    def to_json(self) -> dict[str, Any]:
        """The comparison as JSON values, users by their id."""
        before, after = self.before.to_json(), self.after.to_json()
        return {
            "before": {key: before[key] for key in _REPEATED},
            "after": {key: after[key] for key in _REPEATED},
            "reach_change": {str(length): change for length, change in self.reach_change.items()},
            "won": len(self.won),
            "lost": len(self.lost),
            "kept": self.kept,
            "won_members": plain(self.won_members),
            "lost_members": plain(self.lost_members),
            "gained_neighbours": plain(self.gained_neighbours),
            "lost_neighbours": plain(self.lost_neighbours),
            "read_again": self.read_again,
        }


def compare(
    launcher: Launcher, before: LaunchResult, after: LaunchResult, described: int = MOST_DESCRIBED
) -> Comparison:
    """Put two launches of one launcher side by side.

    Args:
        launcher: what made both.
        before, after: the launches, of the same list length.
        described: how many of the users won, and of those lost, are described.

    Raises:
        LaunchError: the list lengths differ.
    """
    if before.list_length != after.list_length:
        raise LaunchError("The two versions must be launched with the same list length.")
    won = np.setdiff1d(after.audience_users, before.audience_users)
    lost = np.setdiff1d(before.audience_users, after.audience_users)
    return Comparison(
        before=before,
        after=after,
        won=won,
        lost=lost,
        kept=after.audience_size - len(won),
        won_members=_moved(launcher, before, after, won, after, described),
        lost_members=_moved(launcher, before, after, lost, before, described),
        gained_neighbours=_only_in(after, before),
        lost_neighbours=_only_in(before, after),
        read_again=[m for m, values in after.product.features.items() if not _same(before, m, values)],
    )


def _moved(
    launcher: Launcher, before: LaunchResult, after: LaunchResult, users: np.ndarray, inside: LaunchResult, most: int
) -> list[Moved]:
    """The few of ``users`` (all in the audience of ``inside``) with the largest margin, relative to |e_u|."""
    checkpoint, positions = launcher.checkpoint, torch.from_numpy(users)
    scores = checkpoint.users[positions] @ torch.from_numpy(inside.embedding)
    thresholds = checkpoint.thresholds[:, LIST_LENGTHS.index(inside.list_length)]
    catalogue = launcher.catalogue.embeddings, launcher.catalogue.bought
    ranked = rank_by_margin(checkpoint.users, thresholds, *catalogue, positions, scores, most)
    members = launcher.members.describe(inside.reading, ranked, np.arange(len(ranked.users)))
    nearest = checkpoint.users[torch.from_numpy(ranked.users)]
    old, new = (
        checkpoint.tower.contributions(nearest, version.reading.prepared, version.reading.forward)[:, 0]  # (A, M, K)
        for version in (before, after)
    )
    totals = [split.sum(dim=(1, 2)).tolist() for split in (old, new)]
    change = (new - old).tolist()
    return [
        Moved(member, totals[0][row], totals[1][row], dict(zip(launcher.modalities, change[row], strict=True)))
        for row, member in enumerate(members)
    ]


def _only_in(version: LaunchResult, other: LaunchResult) -> dict[str, list[Neighbour]]:
    """Space -> nearest items of ``version`` that are not among those of ``other``."""
    known = {space: {item.position for item in items} for space, items in other.neighbours.items()}
    return {
        space: [item for item in items if item.position not in known[space]]
        for space, items in version.neighbours.items()
    }


def _same(version: LaunchResult, modality: str, values: torch.Tensor) -> bool:
    """Did the other version read the very same features?"""
    own = version.product.features.get(modality)
    return own is not None and torch.equal(own, values)
