"""Which item a row of interactions.csv means, however an export has written its id."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from mamex.config import DataConfig
from mamex.data.contents.columns import EXAMPLES, Column, Rows, listed
from mamex.data.contents.items import Items
from mamex.data.items.identifiers import meaning_one
from mamex.files.words import quoted

#: How spreadsheets write long numbers in a cell that isn't text: 4.00638E+12, or with a decimal comma.
ROUNDED = r"[0-9][.,][0-9]+[eE]\+[0-9]{2}"
#: Digits that a spreadsheet keeps of a number; those after them become zeros.
KEPT_DIGITS = 15
#: Numbers of so many digits are long, and end by chance in so many zeros only once in a million.
LONG_NUMBER, MANY_ZEROS = 12, 6
#: One id that looks rounded, in a smaller share of the rows than this, may be meant so.
LONE = 0.01
#: Above this share of rows, unknown items are a fault of the table and not products that were discontinued.
MOST_UNKNOWN = 0.5


def find_items(bought: Column, others: Sequence[Column], items: Items, settings: DataConfig, rows: Rows) -> np.ndarray:
    """(n,) int64 positions in ``items`` of the items that the rows name, -1 for rows that are left out.

    An id as it stands comes first, then another identifier of the item (its sku, say) and its title, then any of these
    without what spreadsheets and programs add to it or take away (see ``SPELLINGS``), where only one item fits. Each
    other way of writing is noted once. Rows of other items are an error, or left out (``unknown_items``).

    Args:
        bought: the column of item ids.
        others: further columns that name the item, looked at for rows that the first doesn't lead to an item.
        items: every item there is.
        settings: what is done with rows of other items.
        rows: for what is told.
    """
    tell_rounded(Column.of(items.frame["item_id"]), Rows(items.file, items.rows, rows.problems))
    rounded = tell_rounded(bought, rows)
    found: np.ndarray = _look_up(bought, items, rows)[bought.codes]
    for other in others:
        if not (found < 0).any():
            break
        found = _look_up_too(other, found, items, rows)
    empty, unknown = (found < 0) & bought.is_empty, (found < 0) & ~bought.is_empty & ~rounded
    if empty.any():
        _tell_empty(empty, settings, rows)
    if unknown.any():
        _tell_unknown(bought, unknown, items, settings, rows)
    return found


def _look_up_too(other: Column, found: np.ndarray, items: Items, rows: Rows) -> np.ndarray:
    """``found``, with the items that another column names where it has none; noted."""
    missing = found < 0
    named = other.only(missing)
    positions = _look_up(named, items, rows)[named.codes]
    hit = missing & (positions >= 0)
    if hit.any():
        message = f"{rows.share(hit)} name no known item in item_id; theirs is found by {quoted(other.name)}"
        rows.tell("note", f"items by the column {other.name}", hit, message)
    return np.where(hit, positions, found)


def _look_up(bought: Column, items: Items, rows: Rows) -> np.ndarray:
    """(m,) int64: the position of each distinct name, -1 where no item has it."""
    ids = items.frame["item_id"]
    named = ids[ids.ne("") & ~ids.duplicated()]
    places = named.index.to_numpy(dtype=np.int64)
    found = pd.Index(named).get_indexer(pd.Index(bought.values))
    positions = np.where(found >= 0, places[found] if len(places) else -1, -1).astype(np.int64)
    if not len(_unresolved(bought, positions)):
        return positions
    titles = meaning_one(zip(items.frame["title"].str.strip().tolist(), range(len(items.frame)), strict=True))
    for known in (items.other_ids, titles):
        resolved = _resolve(bought, positions, _unresolved(bought, positions), known)
        if len(resolved):
            _tell_other_identifier(bought, positions, resolved, items, rows)
    for known in (dict(zip(named.tolist(), places.tolist(), strict=True)), items.other_ids, titles):
        _respell(bought, positions, known, ids, rows)
    return positions


def _unresolved(bought: Column, positions: np.ndarray) -> np.ndarray:
    return np.flatnonzero((positions < 0) & bought.values.ne("").to_numpy(dtype=bool))


def _tell_empty(empty: np.ndarray, settings: DataConfig, rows: Rows) -> None:
    if settings.unknown_items == "drop" and not empty.all():
        message = f"has no item_id, as {rows.share(empty)}; left out"
        rows.leave_out("warning", "empty item_id", empty, message)
        return
    message = f"has no item_id, as {rows.share(empty)}; fill it in"
    message += "" if empty.all() else ", or leave these rows out with --set data.unknown_items=drop"
    rows.tell("error", "empty item_id", empty, message)


def _resolve(bought: Column, positions: np.ndarray, left: np.ndarray, known: Mapping[str, int]) -> np.ndarray:
    """Fill in the positions of the names ``left`` that are known; returns those names' places."""
    names = bought.values.to_numpy(dtype=object)[left]
    found = np.array([known.get(name, -1) for name in names], dtype=np.int64)
    positions[left[found >= 0]] = found[found >= 0]
    return left[found >= 0]


def _tell_other_identifier(
    bought: Column, positions: np.ndarray, resolved: np.ndarray, items: Items, rows: Rows
) -> None:
    """Note by which columns of items.csv the rows name their items."""
    remaining = resolved
    for column in [name for name in items.frame.columns if name != "item_id"]:
        written = items.frame[column].iloc[positions[remaining]].str.strip().to_numpy(dtype=object)
        fits = written == bought.values.to_numpy(dtype=object)[remaining]
        if fits.any():
            _tell_identifier(bought, positions, remaining[fits], column, items, rows)
        remaining = remaining[~fits]
    if len(remaining):
        _tell_identifier(bought, positions, remaining, "variants or other numbers", items, rows)


def _tell_identifier(
    bought: Column, positions: np.ndarray, places: np.ndarray, column: str, items: Items, rows: Rows
) -> None:
    chosen = np.isin(np.arange(len(bought.values)), places)
    name, item_id = bought.values.iloc[places[0]], items.frame["item_id"].iloc[positions[places[0]]]
    in_rows = bought.rows_of(chosen)
    message = f"{rows.share(in_rows)} name items by their {column}: {quoted(name)} is item"
    rows.tell("note", f"items by {column}", in_rows, f"{message} {quoted(item_id)}")


def _unwrapped(name: str) -> str:
    """Without the ="..." or the apostrophe that tells a spreadsheet that it is text."""
    found = re.fullmatch(r"=?([\"'])(.*)\1", name, flags=re.DOTALL)
    return found[2].strip() if found else name.removeprefix("'")


def _without_spaces(name: str) -> str:
    return re.sub(r"[\s\u200b\u2060\ufeff]+", "", name)


def _in_one_case(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def _whole(name: str) -> str:
    return re.sub(r"^([+-]?[0-9]+)[.,]0+$", r"\1", name)


def _ungrouped(name: str) -> str:
    grouped = re.fullmatch(r"[0-9]{1,3}(?:[,.'\u2019][0-9]{3})+", name)
    return re.sub(r"[^0-9]", "", name) if grouped else name


def _unpadded(name: str) -> str:
    return name.lstrip("0") or name


#: What exports do to ids, from the least to the most; each is tried on top of those before it.
SPELLINGS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ('quotation marks or ="" around it', _unwrapped),
    ("other spaces", _without_spaces),
    ("another case", _in_one_case),
    ("'.0' behind it", _whole),
    ("separators of thousands", _ungrouped),
    ("leading zeros lost or added", _unpadded),
)


def _respell(bought: Column, positions: np.ndarray, known: Mapping[str, int], ids: pd.Series, rows: Rows) -> None:
    """Fill in the positions of names that fit exactly one item once both are spelt alike, and note how many."""
    left = _unresolved(bought, positions)
    names = bought.values.iloc[left].tolist()
    keys = list(known)
    targets = list(known.values())
    for how, spell in SPELLINGS:
        if not names:
            return
        names, keys = [spell(name) for name in names], [spell(key) for key in keys]
        unique = meaning_one(zip(keys, targets, strict=True))
        found = np.array([unique.get(name, -1) for name in names], dtype=np.int64)
        hit = found >= 0
        if hit.any():
            positions[left[hit]] = found[hit]
            chosen = np.isin(np.arange(len(bought.values)), left[hit])
            name, item_id = bought.values.iloc[left[hit][0]], ids.iloc[found[hit][0]]
            in_rows = bought.rows_of(chosen)
            message = f"the item_id {quoted(name)} is read as {quoted(item_id)}: {how} ({rows.share(in_rows)})"
            rows.tell("note", f"item ids: {how}", in_rows, message)
            names = [name for name, done in zip(names, hit, strict=True) if not done]
            left = left[~hit]


def _tell_unknown(bought: Column, unknown: np.ndarray, items: Items, settings: DataConfig, rows: Rows) -> None:
    """Rows of items that items.csv lacks: an error, or left out with a warning."""
    counts = bought.counts(unknown)
    places = np.flatnonzero(counts)
    examples = bought.values.iloc[places[:EXAMPLES]].tolist()
    what = "item" if len(places) == 1 else "items"
    first = bought.values.iloc[bought.codes[np.argmax(unknown)]]
    begin = f"item_id {quoted(first)} is not in the items file"
    extent = f"({rows.share(unknown)}, {unknown.mean():.0%}, name {len(places):,} unknown {what}: "
    extent += f"{listed(examples, len(places))})"
    if unknown.mean() > MOST_UNKNOWN:
        ids = items.frame["item_id"]
        ids = ids[ids.ne("")]
        example = f"its ids look like {listed(ids.iloc[:EXAMPLES].tolist(), len(ids))}" if len(ids) else "it has no ids"
        message = f"{begin} {extent}; {example}: export both files with the same ids"
        rows.tell("error", "unknown item", unknown, message)
    elif settings.unknown_items == "drop":
        message = f"{begin}; such rows were left out {extent}"
        rows.leave_out("warning", "unknown item", unknown, message)
    else:
        message = f"{begin} {extent}; add the {what}, or leave these rows out with --set data.unknown_items=drop"
        rows.tell("error", "unknown item", unknown, message)


def are_rounded(texts: pd.Series) -> np.ndarray:
    """(n,) bool: numbers such as 1.71715E+12; few texts have their sign where those have it."""
    rounded = np.array([text[-3:-2] == "+" for text in texts.tolist()], dtype=bool)
    rounded[rounded] = texts[rounded].str.fullmatch(ROUNDED).to_numpy(dtype=bool)
    return rounded


def tell_rounded(ids: Column, rows: Rows) -> np.ndarray:
    """(n,) bool: whose ids has a spreadsheet rounded? An error; a warning where a single one might be meant so.

    Numbers that end in zeros where their last digits should be are a warning: they may have been rounded and then
    written out.
    """
    is_rounded = are_rounded(ids.values)
    chosen = ids.rows_of(is_rounded)
    if chosen.any():
        count, example = int(chosen.sum()), ids.values[is_rounded].iloc[0]
        of = f"the {ids.name} of {count:,} {'row' if count == 1 else 'rows'}"
        if is_rounded.sum() == 1 and chosen.mean() < LONE:
            message = f"{quoted(example)}, {of}, looks as if a spreadsheet had rounded it; if so, export it as text"
            rows.tell("warning", f"rounded {ids.name}", chosen, message)
            return np.zeros(len(chosen), dtype=bool)
        message = f"a spreadsheet has rounded {of} ({example}); format the column as text and export again"
        rows.tell("error", f"rounded {ids.name}", chosen, message)
    _tell_zeros(ids, rows)
    return chosen


def _tell_zeros(ids: Column, rows: Rows) -> None:
    """Warn when most long numbers of a column end in zeros from the sixteenth digit, or in many zeros."""
    length = np.array([len(text) for text in ids.values.tolist()], dtype=np.int64)
    places = np.flatnonzero(length >= LONG_NUMBER)
    places = places[ids.values.iloc[places].str.fullmatch(r"[1-9][0-9]+").to_numpy(dtype=bool)]
    zeros = length[places] - ids.values.iloc[places].str.rstrip("0").str.len().to_numpy()
    cut = (zeros >= MANY_ZEROS) | ((length[places] > KEPT_DIGITS) & (zeros >= length[places] - KEPT_DIGITS))
    chosen = ids.rows_of(np.isin(np.arange(len(ids.values)), places[cut]))
    several = cut.sum() >= 3 or (chosen.sum() >= 3 and chosen.mean() > MOST_UNKNOWN)
    if not several or cut.mean() < 0.9:
        return
    message = (
        f"the {ids.name} {quoted(ids.values.iloc[places[cut][0]])} ends in zeros, as in {rows.share(chosen)}: if a "
    )
    message += "spreadsheet has rounded them, different ones are now alike; format the column as text and export again"
    rows.tell("warning", f"zeros at the end of {ids.name}", chosen, message)
