"""What a view about a launched product shows before there is one."""

from __future__ import annotations

from functools import partial
from typing import Any, Protocol

import gradio as gr
from markupsafe import Markup

from app.parts.panels import problem
from app.theme.templates import render_macro
from app.wiring.events import Changes
from app.wiring.workbench import Workbench


def nothing_launched(title: str, sentence: str) -> Markup:
    """An empty state: what will be here, and what to do first."""
    return render_macro("parts/templates/panels.html", "nothing_launched", title=title, sentence=sentence)


class Head(Protocol):
    """The components of a view that are there before a launch and after it, and those that a launch fills."""

    @property
    def stage(self) -> Any:
        """What is said first."""

    @property
    def first(self) -> Any:
        """The button that opens the Launch tab."""

    @property
    def area(self) -> Any:
        """What a launch fills."""


def nothing_yet(head: Head, title: str, sentence: str) -> Changes:
    """A view before a launch: what will be here, and the button."""
    return {
        head.stage: nothing_launched(title, sentence),
        head.first: gr.update(visible=True),
        head.area: gr.update(visible=False),
    }


def only_a_problem(head: Head, sentence: str) -> Changes:
    """A view that could not be filled: why."""
    return {head.stage: problem(sentence), head.first: gr.update(visible=False), head.area: gr.update(visible=False)}


def launch_button(bench: Workbench, view: str) -> gr.Button:
    """A button that opens the Launch tab; shown while nothing is launched."""
    button = gr.Button("Launch something first", variant="primary", elem_id=f"{view}-first", min_width=220)
    button.click(
        partial(gr.Tabs, selected="launch"), outputs=bench.tabs, api_visibility="private", show_progress="hidden"
    )
    return button
