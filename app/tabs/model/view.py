"""The Model tab: what the model is, how good it is, and how it came to be."""

from __future__ import annotations

import gradio as gr

from app.parts.panels import problem
from app.parts.training_curves import CURVES, fusion_figure, table
from app.state.visit import Visit
from app.tabs.model import endpoints, panels
from app.tabs.model.records import Records
from app.theme.templates import render
from app.wiring.events import Changes
from app.wiring.workbench import Workbench
from mamex.config import list_settings

TITLE, ID = "Model", "model"
FIGURES = (*CURVES, fusion_figure)


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    facts = gr.HTML(render("tabs/model/waiting.html"), elem_id="model-stage")
    learned = gr.HTML()
    with gr.Row(elem_id="model-curves") as curves:
        slots = []
        for place in range(len(FIGURES)):
            with gr.Column(min_width=300):
                slots.append(gr.Plot(show_label=False, container=False, elem_id=f"curve-{place}"))
    twin = gr.HTML()
    settings = gr.HTML(elem_id="model-settings")
    with gr.Column(visible=False, elem_id="model-card") as card_area:
        card = gr.Markdown()

    def draw(visit: Visit) -> Changes:
        shop = bench.shop_of(visit)
        records = Records.of(shop)
        figures = [figure(records.log) if records.log else None for figure in FIGURES]
        return {
            facts: panels.facts(shop) + panels.metrics(shop, records.metrics),
            learned: panels.learned(bool(records.log)),
            curves: gr.update(visible=bool(records.log)),
            **dict(zip(slots, figures, strict=True)),
            twin: table(records.log),
            settings: panels.settings(list_settings(shop.launcher.checkpoint.config)),
            card_area: gr.update(visible=bool(records.card)),
            card: records.card,
        }

    outputs = [facts, learned, curves, *slots, twin, settings, card_area, card]
    bench.when_opened(tab, draw, [], outputs, lambda sentence: {facts: problem(sentence)})
    endpoints.build(bench)
