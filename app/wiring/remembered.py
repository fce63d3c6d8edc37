"""What a visitor filled in last, kept by their own browser, so that a reload loses nothing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import gradio as gr

from app.state.scratch import is_upload

#: Where the browser keeps it.
STORAGE_KEY = "mamex-form"
Stored = dict[str, Any]


def connect(fields: list[Any], lengths: Sequence[int]) -> None:
    """Keep picture, title, description and list length whenever one changes, and fill them in again on a reload.

    ``lengths`` are those that the page's shop offers; another shop at this address may have offered others.
    """
    stored = gr.BrowserState({}, storage_key=STORAGE_KEY, secret=STORAGE_KEY)
    private: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden", "queue": False}
    for field in fields:
        field.change(_kept, fields, stored, trigger_mode="always_last", **private)
    page = gr.context.Context.root_block
    assert page is not None
    page.load(partial(_restored, lengths), stored, fields, **private)


def _kept(picture: str | None, title: str, description: str, list_length: int) -> Stored:
    return {"picture": picture, "title": title, "description": description, "list_length": list_length}


def _restored(lengths: Sequence[int], stored: Stored | None) -> list[Any]:
    """The fields as they were; a picture only while its upload is kept, which is less than an hour.

    What was not stored is skipped, so that a slow page doesn't empty what its visitor has begun to type.
    """
    stored = stored if isinstance(stored, dict) else {}
    length = stored.get("list_length")
    known = [_still_there(stored.get("picture")), *(_text(stored.get(name)) for name in ("title", "description"))]
    return [value or gr.skip() for value in known] + [length if length in lengths else gr.skip()]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _still_there(picture: Any) -> str | None:
    """The path if it is an upload that still exists: what a browser stores can be forged."""
    if not isinstance(picture, str) or not picture:
        return None
    return picture if is_upload(picture) else None
