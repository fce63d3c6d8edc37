"""The words of items as shop systems and programs write them: markup, and cells that only look filled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from ftfy import fix_encoding

from mamex.data.problems import Problems
from mamex.data.tables.reader import Table
from mamex.files.markup import has_markup, without_markup
from mamex.files.words import quoted
from mamex.modalities import TEXT_COLUMNS

#: What programs write where there is nothing.
_NOTHING = frozenset(("nan", "null", "none", "n/a", "#n/a", "\\n", "<na>", "undefined"))


def clean_words(frame: pd.DataFrame, table: Table, problems: Problems) -> None:
    """Take the words of the text columns out of their markup, in place; noted once, with a count."""
    changed = np.zeros(len(frame), dtype=bool)
    for column in TEXT_COLUMNS:
        codes, distinct = pd.factorize(frame[column])
        marked = np.array([has_markup(text) for text in distinct], dtype=bool)
        if marked.any():
            clean = distinct.to_numpy(dtype=object, copy=True)
            clean[marked] = [without_markup(text) for text in clean[marked]]
            frame[column] = pd.Series(clean[codes], index=frame.index, dtype="str")
            changed |= marked[codes]
    if changed.any():
        message = f"the words of {int(changed.sum()):,} items hold HTML; its tags and entities were taken out"
        problems.note(table.file, int(table.rows[changed][0]), "markup", message)


def mend_characters(frame: pd.DataFrame, table: Table, problems: Problems) -> None:
    """Mend, in place, what was saved as UTF-8 and read as something else ("fÃ¼r" for "für"); noted with an example."""
    for column in TEXT_COLUMNS:
        codes, distinct = pd.factorize(frame[column])
        texts = distinct.to_numpy(dtype=object, copy=True)
        odd = np.array([not text.isascii() for text in texts], dtype=bool)
        mended = texts.copy()
        mended[odd] = [fix_encoding(text) for text in texts[odd]]
        changed = (mended != texts)[codes]
        if changed.any():
            frame[column] = pd.Series(mended[codes], index=frame.index, dtype="str")
            first = int(np.flatnonzero(changed)[0])
            before, after = (words[codes[first]] for words in (texts, mended))
            message = (
                f"{int(changed.sum()):,} cells of the column {column} were saved by a program that took UTF-8 for "
                f"something else, and were mended ({quoted(_around(before, after))})"
            )
            problems.note(table.file, int(table.rows[first]), f"mended {column}", message)


def _around(before: str, after: str) -> str:
    """The first mended word."""
    words = zip(before.split(), after.split(), strict=False)
    return next((f"{old} -> {new}" for old, new in words if old != new), after[:20])


def empty_placeholders(frame: pd.DataFrame, columns: Sequence[str], table: Table, problems: Problems) -> None:
    """Empty the cells, in place, in which a program has written that there is nothing; noted once for each column."""
    for column in columns:
        codes, distinct = pd.factorize(frame[column])
        # One product may be called None; a program that means nothing writes it again and again.
        repeated = np.bincount(codes, minlength=len(distinct)) > 1
        nothing = np.array([text.lower() in _NOTHING for text in distinct], dtype=bool)
        nothing = (nothing & repeated)[codes]
        if nothing.any():
            example = quoted(frame[column][nothing].iloc[0])
            frame[column] = frame[column].where(~nothing, "")
            message = f"{int(nothing.sum()):,} cells of the column {column} say {example}; they count as empty"
            problems.note(table.file, int(table.rows[nothing][0]), f"no {column}", message)


def fill_words(frame: pd.DataFrame, table: Table, problems: Problems) -> None:
    """Where a text column is empty, take the next column that may be meant by it; noted, with a count.

    In a table of our own format, which says item_id, empty cells stay empty.
    """
    if table.read.get("item_id") == "item_id":
        return
    for column in TEXT_COLUMNS:
        for name in table.also.get(column, ()):
            fills = frame[column].eq("") & frame[name].str.strip().ne("")
            if fills.any():
                frame[column] = frame[column].where(~fills, frame[name].str.strip())
                ours = table.read.get(column, column)
                message = f"{int(fills.sum()):,} rows have no {quoted(ours)}; their {quoted(name)} was read as {column}"
                problems.note(table.file, None, f"other {column}", message)
