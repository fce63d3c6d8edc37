"""The pages that are shown while the real one can't be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True, undefined=StrictUndefined
)


def render(name: str, **values: Any) -> str:
    """A page of the folder ``templates``, with values put in and escaped."""
    return _templates.get_template(name).render(**values)
