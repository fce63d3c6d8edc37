"""HTML from templates: everything that is put into one is escaped there, and a name that is missing is an error.

A template lies beside the code that fills it and is named by its path from ``app``, such as
``tabs/audience/members.html``. Small panels are macros of one template. What several share are macros too, imported
from ``parts/templates/macros.html``.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from app import words
from app.theme.palette import colour

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_templates.filters |= {
    "capital": words.capital,
    "colour": colour,
    "expert": words.expert,
    "modality": words.modality,
    "percent": words.percent,
    "shopper": words.shopper,
    "similarity": words.similarity,
}


def render(name: str, /, **values: Any) -> Markup:
    """A template with values put in and escaped; what it returns is not escaped again in another one.

    Args:
        name: its path from ``app``.
        values: what it needs: plain values, or view models that were computed before.

    Raises:
        UndefinedError: the template needs a value that is not there.
    """
    return Markup(_templates.get_template(name).render(**values))


def render_macro(name: str, macro: str, /, **values: Any) -> Markup:
    """One macro of a template, which may hold several small panels.

    Args:
        name: the template's path from ``app``.
        macro: which of its macros.
        values: the macro's arguments.

    Raises:
        UndefinedError: the macro needs a value that is not there.
    """
    return Markup(getattr(_templates.get_template(name).module, macro)(**values))
