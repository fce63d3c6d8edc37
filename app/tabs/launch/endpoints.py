"""What the Launch tab does, for programs: /launch, the result as JSON."""

from __future__ import annotations

from typing import Any

from app.state.visit import Visit
from app.wiring.endpoints import endpoint, product_fields
from app.wiring.workbench import Workbench


def build(bench: Workbench) -> None:
    """Offer the endpoint; call it while the page is being laid out."""

    def launch(
        visit: Visit, picture: str | None = None, title: str = "", description: str = "", list_length: int = 20
    ) -> dict[str, Any]:
        """Score a planned product against the shop: how it is read, whom it reaches and why, what it is next to.

        Args:
            picture: its picture, a JPEG, PNG or WebP file; leave it out if there is none.
            title: what it is called; may be empty.
            description: what people would read about it; may be empty.
            list_length: length of the lists it should enter: 10, 20 or 50.

        Returns:
            routing, fusion, reach, reach_standing, list_length, audience_size, audience, neighbours, warnings, timings.
        """
        return bench.shop_of(visit).launch(picture, title, description, list_length, visit.memory).to_json()

    endpoint(launch, "launch", [bench.visit, *product_fields()])
