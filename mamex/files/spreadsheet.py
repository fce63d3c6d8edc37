"""Text in CSV files that people open in a spreadsheet."""

from __future__ import annotations

#: A cell that begins with one of these is run as a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(text: str) -> str:
    """Text that a spreadsheet shows and doesn't run: an apostrophe goes before what would be a formula."""
    # Spreadsheets skip spaces before they look for a formula.
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text
