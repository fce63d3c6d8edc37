"""The Experts tab: what each expert reads."""

from __future__ import annotations

import gradio as gr

from app.parts.panels import problem
from app.state.per_shop import expert_profiles
from app.state.visit import Visit
from app.tabs.experts import endpoints, panels
from app.theme.templates import render
from app.wiring.workbench import Workbench

TITLE, ID = "Experts", "experts"


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    stage = gr.HTML(render("tabs/experts/waiting.html"), elem_id="experts-stage")

    def draw(visit: Visit) -> str:
        shop = bench.shop_of(visit)
        return panels.stage(shop, expert_profiles(shop))

    bench.when_opened(tab, draw, [], [stage], problem)
    endpoints.build(bench)
