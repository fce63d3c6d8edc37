"""What a visitor's browser or program sends into the page's fields, checked before anything reads it.

Gradio trusts what its own page would send; a program can send anything: a path of the server as a picture, numbers that
are no numbers, too few values or too many.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from typing import Any

import gradio as gr
from gradio.block_function import BlockFunction
from gradio.state_holder import SessionState

from app.doors.bodies import is_text_throughout
from app.state.scratch import is_upload

#: Characters in one field. The library has limits of its own; this one is for the memory of the page.
_MOST_CHARACTERS = 200_000
#: In a field without limits of its own; handlers count and index by such numbers.
_LARGEST_NUMBER = 10**9
_NO_UPLOAD = "is not among this page's uploads: upload it again; each is deleted within the hour"
_log = logging.getLogger("mamex.app")


class GuardedBlocks(gr.Blocks):
    """A page whose handlers are called with values of the right kind only, and whose errors are sentences."""

    async def preprocess_data(
        self, block_fn: BlockFunction, inputs: list[Any], state: SessionState | None, explicit_call: bool = False
    ) -> Any:
        """Check what was sent, and hand it on to Gradio.

        Raises:
            gr.Error: one sentence on what is wrong with it.
        """
        # What a handler changed of a field, such as its choices, is kept with the visit.
        known = [
            field if state is None or field.stateful or field._id not in state else state[field._id]
            for field in block_fn.inputs
        ]
        values = checked(known, inputs)
        try:
            return await super().preprocess_data(block_fn, values, state, explicit_call)
        except gr.Error as error:
            error.print_exception = False
            raise
        except Exception as error:
            _log.info("A request was refused: %r", error)
            raise _refused("What was sent can't be read; look up the arguments under 'Use via API'.") from None


def checked(fields: Sequence[Any], values: Any) -> list[Any]:
    """The values of fields, files reduced to their paths.

    Raises:
        gr.Error: one sentence on the first that is wrong.
    """
    if not isinstance(values, list) or len(values) != len(fields):
        names = ", ".join(_name(field) for field in fields if not field.stateful) or "nothing"
        raise _refused(f"The number of arguments is wrong; give these, in this order: {names}.")
    return [_checked(field, value) for field, value in zip(fields, values, strict=True)]


def _checked(field: Any, value: Any) -> Any:
    if field.stateful:
        return None  # it is kept here, and never taken from outside
    if not is_text_throughout(value):
        raise _refused(f"{_name(field)} holds half a character (a lone surrogate); type it again.")
    if value is None:
        value = _without_value(field)
    if value is None:
        return None
    if isinstance(field, gr.Image | gr.File):
        return _file(field, value)
    fault = _fault(field, value)
    if fault:
        raise _refused(f"{_name(field)} {fault}.")
    return value


def _without_value(field: Any) -> Any:
    """What a field holds that was left out; None if it may be empty.

    Raises:
        gr.Error: it must not be.
    """
    if isinstance(field, gr.Textbox):
        return ""
    if isinstance(field, gr.CheckboxGroup):
        return []
    is_choice = isinstance(field, gr.Radio) or (isinstance(field, gr.Dropdown) and not field.multiselect)
    if is_choice and field.value is not None:
        raise _refused(f"{_name(field)} must be one of: {_choices(field)}.")
    return None


def _fault(field: Any, value: Any) -> str:
    """What is wrong with a value; "" if nothing is."""
    if isinstance(field, gr.Textbox):
        if not isinstance(value, str):
            return "must be text"
        return f"is longer than {_MOST_CHARACTERS:,} characters; shorten it" if len(value) > _MOST_CHARACTERS else ""
    if isinstance(field, gr.Number | gr.Slider):
        return _number_fault(field, value)
    if isinstance(field, gr.Checkbox):
        return "" if isinstance(value, bool) else "must be true or false"
    if isinstance(field, gr.CheckboxGroup) or (isinstance(field, gr.Dropdown) and field.multiselect):
        chosen = isinstance(value, list) and all(_is_choice(field, one) for one in value)
        return "" if chosen else f"must be a list of some of: {_choices(field)}"
    if isinstance(field, gr.Radio | gr.Dropdown):
        return "" if _is_choice(field, value) else f"must be one of: {_choices(field)}"
    return ""


def _number_fault(field: Any, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not _is_finite(value):
        return "must be a number"
    least = -_LARGEST_NUMBER if field.minimum is None else field.minimum
    most = _LARGEST_NUMBER if field.maximum is None else field.maximum
    return "" if least <= value <= most else f"must be a number from {least:,} to {most:,}"


def _is_finite(value: int | float) -> bool:
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def _is_choice(field: Any, value: Any) -> bool:
    # 20 and 20.0 are the same number, but 1 and true are not the same choice.
    known = any(value == choice and isinstance(value, bool) == isinstance(choice, bool) for _, choice in field.choices)
    return known or bool(getattr(field, "allow_custom_value", False) and isinstance(value, str))


def _choices(field: Any) -> str:
    shown = [str(choice) for _, choice in field.choices[:12]]
    return ", ".join(shown + (["…"] if len(field.choices) > 12 else [])) or "nothing"


def _file(field: Any, value: Any) -> dict[str, Any]:
    """A file as Gradio takes it, if it is an upload of this page; nothing else that was sent with it is kept."""
    path = value.get("path") if isinstance(value, dict) else value
    if isinstance(path, str) and path.lower().startswith(("http:", "https:")):
        raise _refused(f"{_name(field)} is an address, and this page fetches nothing: upload the file itself.")
    if not isinstance(path, str) or not is_upload(path):
        raise _refused(f"{_name(field)} {_NO_UPLOAD}.")
    name = value.get("orig_name") if isinstance(value, dict) else None
    return {
        "path": path,
        "orig_name": name if isinstance(name, str) else None,
        "meta": {"_type": "gradio.FileData"},
    }


def _name(field: Any) -> str:
    return f"'{field.label}'" if getattr(field, "label", None) else "A value"


def _refused(sentence: str) -> gr.Error:
    return gr.Error(sentence, print_exception=False)
