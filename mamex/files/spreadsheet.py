"""Text in CSV files that people open in a spreadsheet."""

from __future__ import annotations

#: A cell that begins with one of these is run as a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(text: str) -> str:
    """Text that a spreadsheet shows and doesn't run: an apostrophe goes before what would be a formula."""
    # Spreadsheets skip spaces before they look for a formula.
    return f"'{text}" if text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA) else text


def plain_cell(text: str, is_text: bool) -> str:
    """What a cell holds that was written so that a spreadsheet leaves it alone: ``="007"``, or ``'007``.

    Args:
        text: the cell as the file has it.
        is_text: whether an apostrophe may be the text's own; then it is taken off only before what would be a formula.

    >>> plain_cell('="007"', False), plain_cell("'007", False), plain_cell("'Tis tea", True)
    ('007', '007', "'Tis tea")
    """
    bare = text.strip()
    if len(bare) > 3 and bare.startswith('="') and bare.endswith('"'):
        return bare[2:-1].replace('""', '"')
    if bare.startswith("'") and bare.count("'") == 1 and (bare[1:2] in _FORMULA if is_text else len(bare) > 1):
        return bare[1:]
    return text
