"""The button that saves a launch as a report, and the same for programs (/report)."""

from __future__ import annotations

from datetime import UTC, datetime

import gradio as gr

from app.report.page import report_file
from app.state.downloads import unseen_download
from app.state.visit import Launched, Visit
from app.wiring.endpoints import endpoint, of_launch, product_fields
from app.wiring.events import compute
from app.wiring.workbench import Workbench, answered, as_toast, last_launch
from mamex.errors import LaunchError

SAVE = "() => document.querySelector('#report-file').click()"
NOTHING = "Launch something first; the report is about it."


def report_button(bench: Workbench) -> None:
    """A button inside the row that is open."""
    button = gr.Button("Save a report", size="sm", min_width=140, elem_id="report")
    file = unseen_download("report-file")

    def save(visit: Visit) -> str:
        last = last_launch(bench, visit)
        if last is None:
            raise LaunchError(NOTHING)
        return report_file(last, datetime.now(UTC))

    saved = button.click(
        answered(save, as_toast),
        bench.visit,
        file,
        **compute(button),
    )
    saved.success(None, js=SAVE)
    _endpoint(bench)


def _endpoint(bench: Workbench) -> None:
    def report(asked: Launched) -> str:
        """Launch a planned product and write a report about it: one HTML file that opens anywhere and prints on A4.

        Args:
            {product}
            {length}

        Returns:
            the file: pictures, routing, weights, audience with reasons, neighbours, settings; no script, no request.
        """
        return report_file(asked, datetime.now(UTC))

    file = gr.File(label="Report", visible=False)
    endpoint(of_launch(bench, report), "report", [bench.visit, *product_fields()], file)
