"""The fields that describe version B in the What if tab."""

from __future__ import annotations

from typing import Any

import gradio as gr

from app import words
from app.state.shop import Shop
from app.tabs.what_if import panels
from app.wiring.picture_field import picture_from_anywhere
from app.wiring.shop_fields import hint
from mamex.modalities import IMAGE


def version_fields(shop: Shop) -> dict[str, Any]:
    """The fields of version B; those for the modalities are filled for the visitor's shop when the tab opens."""
    gr.HTML(panels.change_heading())
    title = gr.Textbox(label="Title of B", max_lines=1, elem_id="what-if-title")
    description = gr.Textbox(label="Description of B", lines=4, max_lines=9, elem_id="what-if-description")
    picture = picture_from_anywhere("Picture of B", **picture_settings(shop), height=200, elem_id="what-if-picture")
    modalities = shop.launcher.modalities
    removed = gr.CheckboxGroup(choices(shop), label="Take away", elem_id="what-if-removed")
    several = len(modalities) > 2
    decide = gr.Checkbox(
        True,
        label="Let the model decide what counts how much",
        visible=len(modalities) > 1,
        elem_id="what-if-decide",
    )
    modality = gr.Dropdown(
        choices(shop), value=modalities[0], label="Whose share", visible=several, elem_id="what-if-modality"
    )
    share = gr.Slider(0, 1, value=0.5, step=0.01, **share_settings(shop), elem_id="what-if-share")
    return {
        "picture": picture,
        "title": title,
        "description": description,
        "removed": removed,
        "decide": decide,
        "modality": modality,
        "share": share,
    }


def choices(shop: Shop) -> list[tuple[str, str]]:
    """What a person calls each modality, and its name."""
    return [(words.capital(words.modality(modality)), modality) for modality in shop.launcher.modalities]


def picture_settings(shop: Shop) -> dict[str, Any]:
    """What the picture field says while it is empty."""
    return {"placeholder": hint(shop, IMAGE, "Drop another picture here, or press to choose one")}


def share_settings(shop: Shop) -> dict[str, Any]:
    """With two modalities one share says all; with more, it is the share of the one chosen above."""
    modalities = shop.launcher.modalities
    whose = words.modality(modalities[0]) if len(modalities) == 2 else "chosen side"
    rest = words.modality(modalities[1]) if len(modalities) == 2 else "others"
    info = f"0: only the {rest} count · 1: only the {whose}"
    return {"label": f"Share of the {whose}", "info": info, "visible": len(modalities) > 1}
