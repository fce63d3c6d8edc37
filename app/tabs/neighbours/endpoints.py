"""What a product sits next to and whose places it takes, for programs: /neighbours and /cannibalisation."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import gradio as gr

from app.state.visit import Launched, Visit
from app.tabs.neighbours.reading import ROWS, spaces_of, with_facts
from app.wiring.endpoints import endpoint, of_launch, product_fields
from app.wiring.workbench import Workbench
from mamex.errors import LaunchError
from mamex.insight.cannibalisation import cannibalisation, losses
from mamex.retrieval.catalogue import FUSED


def build(bench: Workbench) -> None:
    """Offer the endpoints; call it while the page is being laid out."""

    def neighbours(
        visit: Visit,
        picture: str | None = None,
        title: str = "",
        description: str = "",
        list_length: int = 20,
        space: str = FUSED,
    ) -> list[dict[str, Any]]:
        """List the items on sale that are most like a planned product, nearest first.

        Args:
            {product}
            list_length: K of the reach: 10, 20 or 50.
            space: fused (as the model sees them), or one modality alone: image or text.

        Returns:
            position, item_id, title, similarity (cosine), price, reach (share of users), fusion (its own weights).
        """
        shop = bench.shop_of(visit)
        spaces = spaces_of(shop)
        if space not in spaces:
            raise LaunchError(f"The space must be one of {', '.join(spaces)}.")
        result = shop.launch(picture, title, description, list_length, visit.memory)
        found = with_facts(shop, result.neighbours[space], list_length)
        return [{**asdict(item), **asdict(near)} for near, item in found]

    def places_lost(asked: Launched) -> dict[str, Any]:
        """Say exactly which items on sale drop out of lists that a planned product enters.

        Args:
            {product}
            list_length: length of the lists: 10, 20 or 50.

        Returns:
            audience_size, places_lost and lists_with_room (which add up to it), items_losing, and losses: of the items
            that lose most item, lost, share_lost, audience (now) and shared (overlap with the product's audience).
        """
        shop, result = asked.shop, asked.result
        list_length = result.list_length
        found = cannibalisation(shop.launcher, result.audience_users, list_length)
        return {
            "audience_size": result.audience_size,
            "list_length": list_length,
            "places_lost": int(found.lost.sum()),
            "lists_with_room": found.room,
            "items_losing": int((found.lost > 0).sum()),
            "losses": [asdict(loss) for loss in losses(shop.launcher, found, list_length, ROWS)],
        }

    fields = product_fields()
    space = gr.Textbox(value=FUSED, label="Space", visible=False)
    endpoint(neighbours, "neighbours", [bench.visit, *fields, space])
    endpoint(of_launch(bench, places_lost), "cannibalisation", [bench.visit, *fields])
