"""A picture field that leaves opening the picture to `mamex.files.pictures.picture`."""

from __future__ import annotations

from typing import Any

import gradio as gr
from gradio.data_classes import ImageData


def _preprocess(field: gr.Image, payload: ImageData | None) -> Any:
    """The path of the uploaded file itself; that it is one was checked when it came in.

    Gradio opens uploads before any handler runs: a broken or huge one would end in its own error message, and a picture
    with another colour mode would be saved anew.
    """
    return None if payload is None else payload.path


def _block_name(field: gr.Image) -> str:
    """The browser knows the field by the name of the class it is made from."""
    return "image"


#: A class, because Gradio makes a field anew, from its class, whenever a handler updates it. Made by `type.__new__`,
#: because Gradio's own metaclass would write a .pyi file beside this one.
_PictureField: type[gr.Image] = type.__new__(
    type(gr.Image), "PictureField", (gr.Image,), {"preprocess": _preprocess, "get_block_name": _block_name}
)


def picture_input(**settings: Any) -> gr.Image:
    """Gradio's picture field, which hands over the path of the uploaded file itself."""
    return _PictureField(type="filepath", image_mode=None, **settings)


def picture_from_anywhere(label: str, placeholder: str, height: int, elem_id: str) -> gr.Image:
    """The same for people: a file, what they copied, or what their camera sees."""
    sources = ["upload", "clipboard", "webcam"]
    return picture_input(
        label=label, placeholder=placeholder, height=height, elem_id=elem_id, sources=sources, buttons=[]
    )
