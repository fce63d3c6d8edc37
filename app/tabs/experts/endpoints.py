"""What each expert reads, for programs: /experts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from app.state.per_shop import expert_profiles
from app.state.shop import Shop
from app.state.visit import Visit
from app.wiring.endpoints import endpoint
from app.wiring.workbench import Workbench
from mamex.insight.experts import ModalityProfile


def build(bench: Workbench) -> None:
    """Offer the endpoint; call it while the page is being laid out."""

    def experts(visit: Visit) -> dict[str, Any]:
        """Say what each expert of each modality reads, over all items on sale.

        Returns:
            for each modality: items (that have it), difference (of the experts' readings; near 0 if they are alike),
            alike, and experts: share (of the active gate), strongest (share of items), typical (item_id, weight),
            values (column, value, share, share_of_all, z) and words (the same) that it prefers.
        """
        shop = bench.shop_of(visit)
        return _profiles_json(shop, expert_profiles(shop))

    endpoint(experts, "experts", [bench.visit])


def _profiles_json(shop: Shop, profiles: Sequence[ModalityProfile]) -> dict[str, Any]:
    """The profiles for programs; typical items by their ids."""
    ids = shop.launcher.checkpoint.dataset.items["item_id"]
    answer = {}
    for profile in profiles:
        experts = []
        for expert in profile.experts:
            typical = [{"item_id": str(ids.iloc[position]), "weight": weight} for position, weight in expert.typical]
            experts.append({**asdict(expert), "typical": typical})
        answer[profile.modality] = {
            "items": profile.items,
            "difference": profile.difference,
            "alike": profile.alike,
            "experts": experts,
        }
    return answer
