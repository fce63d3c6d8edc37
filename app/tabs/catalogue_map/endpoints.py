"""What the Map tab does, for programs: /map."""

from __future__ import annotations

from typing import Any

from app.state.shop import words_of
from app.state.visit import Visit
from app.wiring.endpoints import endpoint, product_fields
from app.wiring.workbench import Workbench
from mamex.insight.catalogue_map import map_json
from mamex.retrieval.thresholds import LIST_LENGTHS


def build(bench: Workbench) -> None:
    """Offer the endpoint; call it while the page is being laid out."""

    def catalogue_map(
        visit: Visit, picture: str | None = None, title: str = "", description: str = ""
    ) -> dict[str, Any]:
        """Give the map of the items on sale, with how the model reads each; a planned product is put on it if given.

        Args:
            picture: the product's picture, a JPEG, PNG, WebP, HEIC or AVIF file; leave it out if there is none.
            title: what it is called; may be empty.
            description: what people would read about it; may be empty.

        Returns:
            items (item_id, title, x, y, category, strongest_expert from 0 for each modality or null, fusion) and
            product (x, y, nearest item_ids), null if neither a picture nor words were given.
        """
        shop = bench.shop_of(visit)
        if not picture and not words_of(title, description):
            return map_json(shop.launcher)
        return map_json(shop.launcher, shop.launch(picture, title, description, LIST_LENGTHS[0], visit.memory))

    endpoint(catalogue_map, "map", [bench.visit, *product_fields()[:3]])
