"""What a view about a launched product shows before there is one."""

from __future__ import annotations

from functools import partial

import gradio as gr
from markupsafe import Markup

from app.theme.templates import render_macro
from app.wiring.workbench import Workbench


def nothing_launched(title: str, sentence: str) -> Markup:
    """An empty state: what will be here, and what to do first."""
    return render_macro("parts/templates/panels.html", "nothing_launched", title=title, sentence=sentence)


def launch_button(bench: Workbench, view: str) -> gr.Button:
    """A button that opens the Launch tab; shown while nothing is launched."""
    button = gr.Button("Launch something first", variant="primary", elem_id=f"{view}-first", min_width=220)
    button.click(
        partial(gr.Tabs, selected="launch"), outputs=bench.tabs, api_visibility="private", show_progress="hidden"
    )
    return button
