"""What the views' endpoints for programs have in common: how they take a planned product and answer mistakes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

import gradio as gr

from app.wiring.events import AT_ONCE
from app.wiring.picture_field import picture_input
from app.wiring.workbench import OUR_FAULT
from mamex.errors import MamexError
from mamex.retrieval.thresholds import LIST_LENGTHS

_log = logging.getLogger("mamex.app")


def product_fields() -> list[Any]:
    """Hidden inputs for a planned product: picture, title, description, list length."""
    return [
        picture_input(label="Picture", visible=False),
        gr.Textbox(label="Title", value="", visible=False),
        gr.Textbox(label="Description", value="", visible=False),
        gr.Radio(list(LIST_LENGTHS), value=20, label="List length", visible=False),
    ]


def endpoint(
    handler: Callable[..., Any], name: str, inputs: list[Any], output: Any | None = None, line: str = "compute"
) -> None:
    """Offer a function to programs under a name; a mistake of the caller is answered with its one sentence.

    Args:
        handler: typed, with a docstring that programs read.
        name: of the endpoint.
        inputs: its components.
        output: what it returns; JSON if None.
        line: where its calls wait; what takes minutes must not keep others from launching.
    """

    @wraps(handler)
    def answering(*values: Any) -> Any:
        try:
            return handler(*values)
        except MamexError as error:
            raise gr.Error(str(error), print_exception=False) from None
        except Exception as error:
            _log.error("An endpoint failed", exc_info=error)
            raise gr.Error(OUR_FAULT, print_exception=False) from None

    answering.__name__ = name  # what agents know the tool by
    gr.Button(visible=False).click(
        answering,
        inputs,
        output or gr.JSON(label="Result", visible=False),
        api_name=name,
        concurrency_limit=AT_ONCE,
        concurrency_id=line,
    )
