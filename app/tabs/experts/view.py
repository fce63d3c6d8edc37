"""The Experts tab: what each expert reads."""

from __future__ import annotations

from typing import Any

import gradio as gr

from app.parts.panels import problem
from app.state.per_shop import expert_profiles
from app.state.visit import Visit
from app.tabs.experts import panels
from app.wiring.endpoints import endpoint
from app.wiring.workbench import Workbench

TITLE, ID = "Experts", "experts"


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    stage = gr.HTML('<p class="lead">Reading the experts…</p>', elem_id="experts-stage")

    def draw(visit: Visit) -> str:
        shop = bench.shop_of(visit)
        sections = [panels.modality_section(shop, profile) for profile in expert_profiles(shop)]
        return panels.lead(shop) + "".join(sections) + panels.how_it_is_counted()

    bench.when_opened(tab, draw, [], [stage], problem)

    def experts(visit: Visit) -> dict[str, Any]:
        """Say what each expert of each modality reads, over all items on sale.

        Returns:
            for each modality: items (that have it), difference (of the experts' readings; near 0 if they are alike),
            alike, and experts: share (of the active gate), strongest (share of items), typical (item_id, weight),
            values (column, value, share, share_of_all, z) and words (the same) that it prefers.
        """
        shop = bench.shop_of(visit)
        return panels.profiles_json(shop, expert_profiles(shop))

    endpoint(experts, "experts", [bench.visit])
