"""What a view about a launched product shows before there is one."""

from __future__ import annotations

from functools import partial

import gradio as gr

from app import words
from app.wiring.workbench import Workbench


def nothing_launched(title: str, sentence: str) -> str:
    """An empty state: what will be here, and what to do first."""
    return f"""<section class="empty" aria-label="Nothing launched yet"><h2>{words.text(title)}</h2>
<p>{words.text(sentence)}</p></section>"""


def launch_button(bench: Workbench, view: str) -> gr.Button:
    """A button that opens the Launch tab; shown while nothing is launched."""
    button = gr.Button("Launch something first", variant="primary", elem_id=f"{view}-first", min_width=220)
    button.click(
        partial(gr.Tabs, selected="launch"), outputs=bench.tabs, api_visibility="private", show_progress="hidden"
    )
    return button
