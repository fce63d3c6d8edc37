"""A picture field that leaves opening the picture to `mamex.pictures`."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.data_classes import ImageData


def picture_input(**settings: Any) -> gr.Image:
    """Gradio's picture field, which hands over the path of the uploaded file itself.

    Gradio opens uploads before any handler runs: a broken or huge one would end in its own error message, and a picture
    with another colour mode would be saved anew. The instance is changed and no subclass made, because Gradio writes a
    .pyi file beside every subclass of a component.
    """
    field = gr.Image(type="filepath", image_mode=None, **settings)
    by_gradio = field.preprocess

    def preprocess(payload: ImageData | None) -> Any:
        return payload.path if payload is not None and payload.path else by_gradio(payload)

    field.preprocess = preprocess  # type: ignore[method-assign]
    return field
