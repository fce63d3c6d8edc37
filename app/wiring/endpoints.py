"""What the views' endpoints for programs have in common: how they take a planned product and answer mistakes."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

import gradio as gr

from app.state.visit import Form, Launched, Visit
from app.wiring.events import AT_ONCE
from app.wiring.picture_field import picture_input
from app.wiring.workbench import OUR_FAULT, Workbench
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


#: What docstrings of handlers say in short of the arguments that describe a product, and programs read in full.
_ARGUMENTS = {
    "{product}": """picture: its picture, a JPEG, PNG, WebP, HEIC or AVIF file; leave it out if there is none.
            title: what it is called; may be empty.
            description: what people would read about it; may be empty.""",
    "{length}": "list_length: length of the lists it should enter: 10, 20 or 50.",
}


def launched(
    bench: Workbench, visit: Visit, picture: str | None, title: str, description: str, list_length: int
) -> Launched:
    """Launch what a program describes in the shop that its visit looks at.

    Raises:
        MamexError: one sentence on what to change.
    """
    shop = bench.shop_of(visit)
    result = shop.launch(picture, title, description, list_length, visit.memory)
    return Launched(shop, Form(picture, title, description, list_length), result)


def of_launch(bench: Workbench, answer: Callable[[Launched], Any]) -> Callable[..., Any]:
    """A handler that launches what a program describes, and answers of that launch.

    Args:
        bench: whose shop it is launched in.
        answer: its docstring is what programs read.
    """

    def handler(
        visit: Visit, picture: str | None = None, title: str = "", description: str = "", list_length: int = 20
    ) -> Any:
        return answer(launched(bench, visit, picture, title, description, list_length))

    handler.__doc__ = answer.__doc__
    return handler


def endpoint(
    handler: Callable[..., Any], name: str, inputs: list[Any], output: Any | None = None, line: str = "compute"
) -> None:
    """Offer a function to programs under a name; a mistake of the caller is answered with its one sentence.

    Args:
        handler: typed, with a docstring that programs read; ``{product}`` and ``{length}`` in it stand for the
            arguments of every product.
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

    for short, whole in _ARGUMENTS.items():
        answering.__doc__ = (answering.__doc__ or "").replace(short, whole)
    answering.__name__ = name  # what agents know the tool by
    gr.Button(visible=False).click(
        answering,
        inputs,
        output or gr.JSON(label="Result", visible=False),
        api_name=name,
        concurrency_limit=AT_ONCE,
        concurrency_id=line,
    )
