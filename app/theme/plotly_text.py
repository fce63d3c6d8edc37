"""Bold and broken lines in the texts of figures; what is put into them is escaped, because Plotly reads tags."""

from __future__ import annotations

from markupsafe import Markup

_BOLD, _BREAK = Markup("<b>{}</b>"), Markup("<br>")


def bold(text: str) -> Markup:
    """A text in bold."""
    return _BOLD.format(text)


def lines(*texts: str) -> Markup:
    """Texts below each other."""
    return _BREAK.join(texts)
