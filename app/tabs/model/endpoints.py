"""The model for programs: /model."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from app.state.visit import Visit
from app.tabs.model.records import Records
from app.wiring.endpoints import endpoint
from app.wiring.workbench import Workbench
from mamex.config import list_settings
from mamex.files.plain_json import plain


def build(bench: Workbench) -> None:
    """Offer the endpoint; call it while the page is being laid out."""

    def model(visit: Visit) -> dict[str, Any]:
        """Describe the model that answers here: what it was trained on and how, and how good it is.

        Returns:
            checkpoint (identifier), encoder, dataset (name, users, items), summary (of the training), settings (name,
            value, default, meaning), metrics (with baselines, protocol and seeds; null if never measured), log (one
            entry an epoch) and card (Markdown).
        """
        shop = bench.shop_of(visit)
        checkpoint, records = shop.launcher.checkpoint, Records.of(shop)
        described = {
            "checkpoint": checkpoint.identifier,
            "encoder": checkpoint.encoder_identity,
            "dataset": {"name": shop.name, "users": shop.shoppers, "items": shop.products},
            "summary": checkpoint.summary,
            "settings": [asdict(setting) for setting in list_settings(checkpoint.config)],
            "metrics": records.metrics,
            "log": [asdict(record) for record in records.log],
            "card": records.card,
        }
        return dict(plain(described))  # an epoch that went astray has losses that JSON does not know

    endpoint(model, "model", [bench.visit])
