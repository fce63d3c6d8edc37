"""What the Your shop tab does, for programs: /check_dataset and /train_shop.

They keep nothing: MCP clients share one session, and must not see each other's shops.
"""

from __future__ import annotations

from typing import Any

import gradio as gr

from app.state.own_shop import OwnShop, OwnShopError
from app.state.visit import Visit
from app.tabs.your_shop.training import LOOK, MOST_EPOCHS, packed, started
from app.wiring.endpoints import endpoint
from mamex.progress import silent


def build() -> None:
    """Offer the endpoints; call it while the page is being laid out."""

    def check_dataset(archive: str) -> dict[str, Any]:
        """Check a dataset of your own, as the first step of training on it.

        Args:
            archive: a zip file of a dataset folder (items.csv, interactions.csv, images/).

        Returns:
            ok (whether it can be trained on), verdict (that, in a sentence), summary (counts), problems (what is
            wrong, in words) and profile (what the dataset holds).
        """
        from mamex.data.check import verdict  # imports pandas, for which the port should not wait

        own = OwnShop.take(archive, "", silent)
        own.delete()
        problems = [str(entry) for entry in own.report.problems]
        return {
            "ok": own.report.ok,
            "verdict": verdict(own.report, "The dataset"),
            "summary": own.report.summary,
            "problems": problems,
            "profile": own.report.profile.to_json(),
        }

    def train_shop(archive: str, epochs: int = 80) -> str:
        """Train on a dataset of your own; takes minutes.

        Args:
            archive: a zip file of a dataset folder (items.csv, interactions.csv, images/).
            epochs: at most; training stops early by itself.

        Returns:
            the checkpoint as a zip file; python app/main.py --checkpoint FOLDER opens it.
        """
        visit = Visit(own=OwnShop.take(archive, "", silent))
        try:
            job = started(visit, epochs)
            while not job.finished:
                job.wait(LOOK)
            if job.error or visit.own is None:
                raise OwnShopError(job.error)
            return packed(visit.own)
        finally:
            visit.forget_own_shop()

    def archive() -> gr.File:
        return gr.File(label="Archive", visible=False)

    endpoint(check_dataset, "check_dataset", [archive()], line="own-shop")
    most = gr.Slider(1, MOST_EPOCHS, value=80, step=1, label="Epochs", visible=False)
    endpoint(train_shop, "train_shop", [archive(), most], gr.File(label="Checkpoint", visible=False), line="own-shop")
