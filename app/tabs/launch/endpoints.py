"""What the Launch tab does, for programs: /launch, the result as JSON."""

from __future__ import annotations

from typing import Any

from app.state.visit import Visit
from app.wiring.endpoints import endpoint, launched, product_fields
from app.wiring.workbench import Workbench


def build(bench: Workbench) -> None:
    """Offer the endpoint; call it while the page is being laid out."""

    def launch(
        visit: Visit, picture: str | None = None, title: str = "", description: str = "", list_length: int = 20
    ) -> dict[str, Any]:
        """Score a planned product against the shop: how it is read, whom it reaches and why, what it is next to.

        Args:
            {product}
            {length}

        Returns:
            routing, fusion, reach, reach_standing, list_length, audience_size, audience, neighbours, warnings, timings.
        """
        return launched(bench, visit, picture, title, description, list_length).result.to_json()

    endpoint(launch, "launch", [bench.visit, *product_fields()])
