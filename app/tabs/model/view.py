"""The Model tab: what the model is, how good it is, and how it came to be."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import gradio as gr

from app.parts.panels import problem
from app.parts.training_curves import CURVES, fusion_figure, table
from app.state.shop import Shop
from app.state.visit import Visit
from app.tabs.model import panels
from app.wiring.endpoints import endpoint
from app.wiring.workbench import Workbench
from mamex.checkpoint.records import read_card, read_metrics
from mamex.config import list_settings
from mamex.files.plain_json import plain
from mamex.training.records import EpochRecord, read_log

TITLE, ID = "Model", "model"
FIGURES = (*CURVES, fusion_figure)
NO_LOG = '<p class="lead">The log of this training is not kept beside the checkpoint.</p>'


def build(bench: Workbench, tab: gr.Tab) -> None:
    """Lay out the tab inside the page that is open, and connect it."""
    head = gr.HTML('<p class="lead">Reading the records…</p>', elem_id="model-stage")
    title = gr.HTML()
    with gr.Row(elem_id="model-curves") as curves:
        slots = []
        for place in range(len(FIGURES)):
            with gr.Column(min_width=300):
                slots.append(gr.Plot(show_label=False, container=False, elem_id=f"curve-{place}"))
    twin = gr.HTML()
    settings = gr.HTML(elem_id="model-settings")
    with gr.Column(visible=False, elem_id="model-card") as card_area:
        card = gr.Markdown()
    outputs = [head, title, curves, *slots, twin, settings, card_area, card]

    def draw(visit: Visit) -> list[Any]:
        shop = bench.shop_of(visit)
        records, text = _log(shop), _card(shop)
        found = panels.metrics(shop, _metrics(shop))
        return [
            panels.facts(shop) + found,
            "<h2>How it learned</h2>" + ("" if records else NO_LOG),
            gr.update(visible=bool(records)),
            *(figure(records) if records else None for figure in FIGURES),
            table(records),
            panels.settings(list_settings(shop.launcher.checkpoint.config)),
            gr.update(visible=bool(text)),
            text,
        ]

    bench.when_opened(tab, draw, [], outputs, lambda sentence: [problem(sentence), *[gr.skip()] * (len(outputs) - 1)])
    _endpoint(bench)


def _folder(shop: Shop) -> Path | None:
    return shop.launcher.checkpoint.folder


def _log(shop: Shop) -> list[EpochRecord]:
    folder = _folder(shop)
    return read_log(folder) if folder else []


def _metrics(shop: Shop) -> dict[str, Any] | None:
    folder = _folder(shop)
    return read_metrics(folder) if folder else None


def _card(shop: Shop) -> str:
    folder = _folder(shop)
    return read_card(folder) if folder else ""


def _endpoint(bench: Workbench) -> None:
    """The same for programs: /model."""

    def model(visit: Visit) -> dict[str, Any]:
        """Describe the model that answers here: what it was trained on and how, and how good it is.

        Returns:
            checkpoint (identifier), encoder, dataset (name, users, items), summary (of the training), settings (name,
            value, default, meaning), metrics (with baselines, protocol and seeds; null if never measured), log (one
            entry an epoch) and card (Markdown).
        """
        shop = bench.shop_of(visit)
        checkpoint = shop.launcher.checkpoint
        described = {
            "checkpoint": checkpoint.identifier,
            "encoder": checkpoint.encoder_identity,
            "dataset": {"name": shop.name, "users": shop.shoppers, "items": shop.products},
            "summary": checkpoint.summary,
            "settings": [asdict(setting) for setting in list_settings(checkpoint.config)],
            "metrics": _metrics(shop),
            "log": [asdict(record) for record in _log(shop)],
            "card": _card(shop),
        }
        return dict(plain(described))  # an epoch that went astray has losses that JSON does not know

    endpoint(model, "model", [bench.visit])
