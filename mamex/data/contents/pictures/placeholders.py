"""Pictures that say that there is none: one file, or one content, that items of many titles share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mamex.data.contents.pictures.names import folded, without_ending
from mamex.data.problems import Problems
from mamex.files.words import quoted

#: So many items that have little to do with each other, and this share of all, don't show the same thing ...
FEWEST, FEWEST_OF_ALL = 3, 0.05
#: ... nor do so many, whatever their share.
MANY = 50
#: More such pictures than this are a way of photographing: cartons, sets.
MOST_UNNAMED = 3
#: Names that say it, and names that may.
_SAYS = re.compile(
    r"(?<![a-z])(?:no[-_ ]?(?:image|img|photo|foto|pic|picture|pict|thumb|thumbnail|bild)s?(?![a-z])|"
    r"coming[-_ ]?soon|(?:image|photo|picture|img)[-_ ]?(?:is[-_ ]?)?(?:not|un|na)[-_ ]?(?:available|found)|"
    r"(?:missing|without|awaiting|empty|dummy|default)[-_ ]?(?:image|img|photo|picture|product|thumb)|"
    r"(?:image|photo|picture)[-_ ]?(?:missing|pending|awaited)|not[-_ ]?available|"
    r"kein[-_ ]?(?:bild|foto)|ohne[-_ ]?bild|sin[-_ ]?(?:imagen|foto)|pas[-_ ]?(?:d[-_ ]?)?(?:image|photo)|"
    r"geen[-_ ]?(?:afbeelding|foto)|brak[-_ ]?(?:zdjecia|obrazka)|senza[-_ ]?(?:immagine|foto)|"
    r"sem[-_ ]?(?:imagem|foto))|"
    r"place[-_ ]?holder"
)
_MAY = re.compile(
    r"(?:default|missing|blank|empty|dummy|none|null|unknown|noimg|nopic|na|n-a|logo|spacer|dot|pixel)\d*"
)
#: Titles that are compared with each other.
_MOST_TITLES = 500
#: Pairs of letters that two titles have in common, of all that both have, from which on they are of one product.
_ALIKE = 0.5


@dataclass(frozen=True)
class Placeholder:
    """One picture that stands for none.

    Attributes:
        records: (n,) the records that show it.
        reason: why it is taken for one, in words that follow the number of items.
    """

    records: np.ndarray
    reason: str


def find_placeholders(frame: pd.DataFrame, same: np.ndarray, names: Sequence[str]) -> list[Placeholder]:
    """The pictures that say nothing of the items that show them.

    Honest shops share pictures as well: sizes and colours of one product, whose titles are alike, and some sets.

    Args:
        frame: title and description of each record.
        same: (n,) number of each record's picture, the same for the same content; -1 for none.
        names: of each record's picture in the folder.
    """
    shown = np.flatnonzero(same >= 0)
    numbers, counts = np.unique(same[shown], return_counts=True)
    if len(numbers) == 1 and len(shown) >= FEWEST:
        return [Placeholder(shown, "that have a picture all show the same")]
    order = shown[np.argsort(same[shown], kind="stable")]
    groups = np.split(order, np.cumsum(counts)[:-1])
    named, unnamed = [], []
    for records in groups:
        if len(records) < 2:
            continue
        some = records[:_MOST_TITLES].tolist()
        stems = {folded(without_ending(names[record].rpartition("/")[2])) for record in some}
        says, may = any(map(_SAYS.search, stems)), any(map(_MAY.fullmatch, stems))
        titles = _titles(frame, records)
        if says or (may and _unlike(titles, 2) == 2):
            reason = "of different titles show" if _unlike(titles, 2) == 2 else "show"
            named.append(Placeholder(records, f"{reason} the same picture"))
        elif len(records) >= FEWEST:
            share = len(records) >= FEWEST_OF_ALL * len(same)
            wanted = FEWEST if share else MANY
            if _unlike(titles, wanted) == wanted:
                unnamed.append(Placeholder(records, "of different titles show the same picture"))
    return named + (unnamed if len(unnamed) <= MOST_UNNAMED else [])


def tell_placeholders(
    found: Sequence[Placeholder], names: Sequence[str], rows: np.ndarray, file: str, problems: Problems
) -> None:
    """Warn of each once."""
    for placeholder in found:
        records = placeholder.records
        files = sorted({names[record] for record in records.tolist()})
        shown = quoted(files[0]) + (f", also as {quoted(files[1])}" if len(files) > 1 else "")
        shown += f" and {len(files) - 2:,} more" if len(files) > 2 else ""
        message = (
            f"{len(records):,} items {placeholder.reason} ({shown}): it is taken for a placeholder, so these items "
            "have no picture; leave the image empty, or give them pictures of their own"
        )
        problems.warning(file, int(rows[records[0]]), "placeholder picture", message)


def _titles(frame: pd.DataFrame, records: np.ndarray) -> list[str]:
    """What the items are called, or else said to be, each once."""
    some = frame.iloc[records[: 10 * _MOST_TITLES]]
    titles = some["title"].where(some["title"].ne(""), some["description"].str[:100])
    return [title for title in titles.str[:200].str.casefold().unique() if title][:_MOST_TITLES]


def _unlike(titles: Iterable[str], enough: int) -> int:
    """How many of some titles have little to do with each other, counted up to ``enough``."""
    leaders: list[set[str]] = []
    for title in titles:
        pairs = _pairs(title)
        if all(2 * len(pairs & other) < _ALIKE * (len(pairs) + len(other)) for other in leaders):
            leaders.append(pairs)
            if len(leaders) == enough:
                break
    return len(leaders)


def _pairs(title: str) -> set[str]:
    """Its pairs of neighbouring letters, which also languages without spaces between their words have."""
    letters = "".join(re.findall(r"[^\W\d_]+|\d", title))
    return {letters[place : place + 2] for place in range(max(1, len(letters) - 1))}
