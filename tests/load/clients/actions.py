"""What a program may ask for, and the same computed alone: in this process, without server, queue or neighbours."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import orjson

from app.doors.settings import DoorSettings
from app.page import build
from app.state.shop import Shop
from app.state.visit import Visit
from tests.load.clients.products import Product


@dataclass(frozen=True)
class Action:
    """A question.

    Attributes:
        name: in the figures.
        endpoint: that is asked.
        values: what a product is asked with, without the visit; paths are uploaded.
        heavy: whether a picture takes it seconds, so that only few may ask.
    """

    name: str
    endpoint: str
    values: Callable[[Product], list[Any]]
    heavy: bool = False


def _form(product: Product, *further: Any) -> list[Any]:
    return [product.picture, product.title, product.description, *further]


def _what_if(product: Product) -> list[Any]:
    return [*_form(product), None, f"Other {product.canary}", "", [], 0.4, 20]


def _words_only(product: Product) -> list[Any]:
    return [None, product.title, product.description, 50]


def actions(user_id: str, archive: Path) -> list[Action]:
    """Everything that can be asked, but for training."""
    return [
        Action("launch", "launch", lambda it: _form(it, 20)),
        Action("launch, words only", "launch", _words_only),
        Action("what_if", "what_if", _what_if),
        Action("word_worth", "word_worth", lambda it: _form(it, None, 20)),
        Action("patch_worth", "patch_worth", lambda it: _form(it, None, 20), heavy=True),
        Action("audience", "audience", lambda it: _form(it, 20, 1, "margin", "")),
        Action("audience_csv", "audience_csv", lambda it: _form(it, 20)),
        Action("segments", "segments", lambda it: _form(it, 20)),
        Action("neighbours", "neighbours", lambda it: _form(it, 20, "fused")),
        Action("cannibalisation", "cannibalisation", lambda it: _form(it, 20)),
        Action("map", "map", _form),
        Action("report", "report", lambda it: _form(it, 20)),
        Action("batch", "batch", lambda it: [it.batch, 20]),
        Action("batch_csv", "batch_csv", lambda it: [it.batch, 20]),
        Action("experts", "experts", lambda it: []),
        Action("shopper", "shopper", lambda it: [user_id]),
        Action("model", "model", lambda it: []),
        Action("check_dataset", "check_dataset", lambda it: [archive]),
    ]


#: Endpoints that know no visitor.
WITHOUT_VISIT = ("check_dataset",)


def asked(action: Action, product: Product) -> list[Any]:
    """The values as the queue takes them: the visit is the server's, so its place is empty."""
    values = action.values(product)
    return values if action.endpoint in WITHOUT_VISIT else [None, *values]


class Alone:
    """The page's own functions, called one at a time by nobody else, each with a fresh visit."""

    def __init__(self, shop: Shop) -> None:
        page = build(shop, SimpleNamespace(settings=DoorSettings()))  # of a server, a page needs no more to be laid out
        self._functions = {each.api_name: each.fn for each in page.fns.values()}

    def answer(self, action: Action, product: Product) -> Any:
        """What the program must be told: JSON, the bytes of a file, or the sentence of a refusal."""
        values = [str(value) if isinstance(value, Path) else value for value in action.values(product)]
        visit = [] if action.endpoint in WITHOUT_VISIT else [Visit()]
        try:
            found = self._functions[action.endpoint](*visit, *values)
        except gr.Error as error:
            return str(error.message)
        if isinstance(found, str):
            return Path(found).read_bytes()
        return json.loads(orjson.dumps(found, option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS))
