"""One user for programs: /shopper."""

from __future__ import annotations

from typing import Any

import gradio as gr

from app.state.per_shop import shopper_reader, user_groups
from app.state.visit import Visit
from app.wiring.endpoints import endpoint
from app.wiring.workbench import Workbench


def build(bench: Workbench) -> None:
    """Offer the endpoint; call it while the page is being laid out."""

    def shopper(visit: Visit, user_id: str) -> dict[str, Any]:
        """Read one user: history, taste, and the cold items they would be shown, with exact reasons.

        Args:
            user_id: as in the dataset's interactions.

        Returns:
            position, user_id, favourites (categories), history (latest first), suggestions (best cold items first, the
            contributions of each sum to its score, bought says whether they really bought it), candidates, bought,
            found, recall (Recall@20 over all cold items bought) and test_recall (over the test items alone).
        """
        shop = bench.shop_of(visit)
        reader = shopper_reader(shop)
        user = reader.position(user_id)
        return {"favourites": user_groups(shop).favourites(user), **reader.read(user).to_json()}

    endpoint(shopper, "shopper", [bench.visit, gr.Textbox(label="User id", visible=False)])
