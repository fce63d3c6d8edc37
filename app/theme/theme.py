"""How the page looks: paper and ink, so that the only colours are those of the modalities."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
from gradio.themes.utils.fonts import LocalFont

from app.theme.palette import INK

HEAD = '<meta name="color-scheme" content="light dark">'

PAPER, PAPER_DARK = "#F6F4EF", "#14171C"
CARD, CARD_DARK = "#FFFFFF", "#1C2026"
TEXT, TEXT_DARK = "#1B1F24", "#ECE9E2"
MUTED, MUTED_DARK = "#5A616B", "#A9AFB8"
LINE, LINE_DARK = "#DEDAD0", "#343A43"
FIELD, FIELD_DARK = "#FBFAF7", "#15181D"


def theme() -> gr.themes.Base:
    """Gradio's own parts in the page's colours and type; the fonts come with Gradio, none is fetched."""
    # Gradio's copy of the semi-bold Plex lacks the Latin letters, so the page's 600 falls to the bold one.
    plex = LocalFont("IBM Plex Sans", weights=(400, 700))
    base = gr.themes.Base(
        primary_hue=gr.themes.colors.stone,
        neutral_hue=gr.themes.colors.stone,
        font=[plex, "system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
        radius_size=gr.themes.sizes.radius_md,
    )
    return base.set(
        body_background_fill=PAPER, body_background_fill_dark=PAPER_DARK,
        background_fill_primary=CARD, background_fill_primary_dark=CARD_DARK,
        background_fill_secondary=PAPER, background_fill_secondary_dark=PAPER_DARK,
        body_text_color=TEXT, body_text_color_dark=TEXT_DARK,
        body_text_color_subdued=MUTED, body_text_color_subdued_dark=MUTED_DARK,
        border_color_primary=LINE, border_color_primary_dark=LINE_DARK,
        block_background_fill=CARD, block_background_fill_dark=CARD_DARK,
        block_border_color=LINE, block_border_color_dark=LINE_DARK,
        block_label_background_fill=CARD, block_label_background_fill_dark=CARD_DARK,
        block_label_text_color=MUTED, block_label_text_color_dark=MUTED_DARK,
        block_title_text_color=TEXT, block_title_text_color_dark=TEXT_DARK, block_title_text_weight="600",
        block_info_text_color=MUTED, block_info_text_color_dark=MUTED_DARK,
        block_shadow="none", block_shadow_dark="none",
        input_background_fill=FIELD, input_background_fill_dark=FIELD_DARK,
        input_border_width="1px",
        input_border_color="#8A8F98", input_border_color_dark="#6B727D",
        input_placeholder_color=MUTED, input_placeholder_color_dark=MUTED_DARK,
        button_primary_background_fill=TEXT, button_primary_background_fill_dark=TEXT_DARK,
        button_primary_background_fill_hover="#3A414B", button_primary_background_fill_hover_dark="#FFFFFF",
        button_primary_text_color="#FFFFFF", button_primary_text_color_dark="#14171C",
        button_primary_border_color=TEXT, button_primary_border_color_dark=TEXT_DARK,
        button_secondary_background_fill=CARD, button_secondary_background_fill_dark=CARD_DARK,
        button_secondary_background_fill_hover=PAPER, button_secondary_background_fill_hover_dark="#262B33",
        button_secondary_border_color=LINE, button_secondary_border_color_dark=LINE_DARK,
        button_secondary_text_color=TEXT, button_secondary_text_color_dark=TEXT_DARK,
        checkbox_label_background_fill=FIELD, checkbox_label_background_fill_dark=FIELD_DARK,
        checkbox_label_background_fill_selected=TEXT, checkbox_label_background_fill_selected_dark=TEXT_DARK,
        checkbox_label_text_color_selected="#FFFFFF", checkbox_label_text_color_selected_dark="#14171C",
        color_accent=TEXT, border_color_accent=TEXT, border_color_accent_dark=TEXT_DARK,
        loader_color=TEXT, loader_color_dark=TEXT_DARK,
    )  # fmt: skip


def css() -> str:
    """The page's own rules and then each view's, with the figures' text following the mode."""
    app = Path(__file__).parents[1]
    sheets = [app / "theme" / "page.css", app / "theme" / "waiting.css", *sorted(app.glob("tabs/*/style.css"))]
    sheet = "\n".join(path.read_text(encoding="utf-8") for path in sheets)
    # Its first number is enough to know the ink by; a comma would break Gradio's rewriting of selectors.
    return sheet.replace("INK-RGB", f"fill: rgb({int(INK[1:3], 16)}")
