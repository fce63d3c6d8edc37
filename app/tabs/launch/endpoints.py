"""What the Launch tab does, for programs: /launch, the result as JSON."""

from __future__ import annotations

from typing import Any

from app.state.visit import Launched
from app.wiring.endpoints import endpoint, of_launch, product_fields
from app.wiring.workbench import Workbench


def build(bench: Workbench) -> None:
    """Offer the endpoint; call it while the page is being laid out."""

    def launch(asked: Launched) -> dict[str, Any]:
        """Score a planned product against the shop: how it is read, whom it reaches and why, what it is next to.

        Args:
            {product}
            {length}

        Returns:
            routing, fusion, reach, reach_standing, list_length, audience_size, audience, neighbours, warnings, timings.
        """
        return asked.result.to_json()

    endpoint(of_launch(bench, launch), "launch", [bench.visit, *product_fields()])
