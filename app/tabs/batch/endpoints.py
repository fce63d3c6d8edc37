"""What the Batch tab does, for programs: /batch as JSON and /batch_csv as a file."""

from __future__ import annotations

from typing import Any

import gradio as gr

from app.state.shop import Shop
from app.state.visit import Visit
from app.tabs.batch.run import BatchRun, batch_file
from app.wiring.endpoints import endpoint
from app.wiring.workbench import Workbench
from mamex.launch.batch import BatchRow
from mamex.retrieval.thresholds import LIST_LENGTHS


def build(bench: Workbench) -> None:
    """Offer the endpoints; call it while the page is being laid out."""

    def batch(visit: Visit, file: str | None = None, list_length: int = 20) -> dict[str, Any]:
        """Score many planned products at once.

        Args:
            file: a CSV with the columns title, description, image and item_id (up to 500 rows), or a zip of such a CSV
                and the pictures that it names.
            list_length: the ranking is by reach in lists of this length: 10, 20 or 50.

        Returns:
            rows, widest reach first (row, item_id, title, reach, audience, fusion, nearest, warnings); rows that could
            not run come last, with a fault; and warnings of the whole, such as a list too long for the shop.
        """
        shop = bench.shop_of(visit)
        rows = [row.to_json() for row in _ranked(shop, file, list_length)]
        return {"rows": rows, "warnings": shop.launcher.of_length(list_length)}

    def batch_csv(visit: Visit, file: str | None = None, list_length: int = 20) -> str:
        """Score many planned products at once, as a CSV file.

        Args:
            file: a CSV with the columns title, description, image and item_id (up to 500 rows), or a zip of such a CSV
                and the pictures that it names.
            list_length: the ranking is by reach in lists of this length: 10, 20 or 50.

        Returns:
            a CSV file with the rows of /batch.
        """
        shop = bench.shop_of(visit)
        return batch_file(shop, _ranked(shop, file, list_length))

    for handler, output in ((batch, None), (batch_csv, gr.File(visible=False))):
        inputs = [
            bench.visit,
            gr.File(label="File", file_types=[".csv", ".zip"], visible=False),
            gr.Radio(list(LIST_LENGTHS), value=20, label="List length", visible=False),
        ]
        endpoint(handler, handler.__name__, inputs, output, line="batch")


def _ranked(shop: Shop, file: str | None, list_length: int) -> list[BatchRow]:
    run = BatchRun()
    for _ in run.run(shop, file):
        pass
    return run.ranked(list_length)
