"""A table that stands open, for numbers that are read themselves and not beside a figure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape


def open_table(label: str, heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: bool = True) -> str:
    """The table; its cells are HTML, the first of a row is its heading.

    Args:
        label: what it holds, for screen readers.
        heads: of the columns.
        rows: cells that are safe to put into HTML.
        numbers: whether all columns but the first hold numbers.
    """
    kind = ' class="number"' if numbers else ""
    head = "".join(f'<th scope="col"{kind if place else ""}>{escape(text)}</th>' for place, text in enumerate(heads))
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>' + "".join(f"<td{kind}>{cell}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return f"""<div class="sheet" tabindex="0" role="region" aria-label="{escape(label)}"><table><thead><tr>{head}</tr>
</thead><tbody>{body}</tbody></table></div>"""
