"""What a view computes once for a shop; it is forgotten when the shop is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from app.state.shop import Shop
from mamex.insight.experts import profile_experts
from mamex.insight.user_groups import UserGroups
from mamex.insight.users import ShopperReader
from mamex.launch.launcher import Launcher

Made = TypeVar("Made")


def _once(make: Callable[[Launcher], Made]) -> Callable[[Shop], Made]:
    """``make``, called once a launcher. What it makes must not hold the launcher, or it would never be forgotten."""
    kept: WeakKeyDictionary[Launcher, Made] = WeakKeyDictionary()

    def of(shop: Shop) -> Made:
        if shop.launcher not in kept:
            kept[shop.launcher] = make(shop.launcher)
        return kept[shop.launcher]

    return of


#: The shop's users in groups.
user_groups = _once(lambda launcher: UserGroups(launcher.checkpoint))
#: Reads the shop's users one at a time.
shopper_reader = _once(lambda launcher: ShopperReader(launcher.checkpoint, launcher.catalogue))
#: What each of the shop's experts reads.
expert_profiles = _once(
    lambda launcher: profile_experts(launcher.checkpoint.tower, launcher.catalogue, launcher.checkpoint.dataset)
)
