"""Ratings as programs and people write them, and which of them say that somebody liked an item.

A rating has a meaning: one star is no purchase that went well. A rating below the middle of its scale is no
interaction, and the scale is found from what the column holds: 1 to 5 (also with half stars), 0 to 10, 1 to 10, 0 to
100, from below to above zero, 0 or 1, and words such as like and dislike. Ratings that are all alike, or of which none
lies below the middle, leave nothing out; nor do those whose scale can't be told, which is a warning. A row without a
rating is a purchase that nobody has rated, and counts. Each row is judged for itself: a user who has rated an item
several times has an interaction with it if any of these ratings is high enough.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mamex.data.contents.columns import Column, Rows
from mamex.files.words import quoted

_LIKE_WORDS = (
    "like,liked,likes,love,loved,yes,y,true,t,up,thumbs up,thumb up,upvote,positive,recommended,\U0001f44d,\u2764,"
    "ja,oui,si,sí"
)
_DISLIKE_WORDS = (
    "dislike,disliked,dislikes,hate,hated,no,n,false,f,down,thumbs down,thumb down,downvote,negative,not recommended,"
    "\U0001f44e,nein,non"
)
_LIKES, _DISLIKES = frozenset(_LIKE_WORDS.split(",")), frozenset(_DISLIKE_WORDS.split(","))
_NUMBER = r"([0-9]{1,6}(?:[.,][0-9]{1,6})?)"
_OUT_OF = re.compile(_NUMBER + r" ?(?:/|of|out of|von|sur|de|su) ?([0-9]{1,3})(?: ?(?:stars?|points?))?")
_STARS = re.compile(_NUMBER + r"[ -]?(?:stars?|sterne?|étoiles?|estrellas?|stelle|\u2605|\u2b50)")
_DRAWN = re.compile("([\u2605\u2b50]{1,10})([\u2606\u2729\u2730]{0,10})")
_STAR_SCALE = 5.0
#: A bound for files that give each row a rating of its own; what is longer is no rating.
_LONGEST = 40


@dataclass(frozen=True)
class Scale:
    """From the worst to the best rating; those below ``middle`` say that somebody didn't like an item."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """Halfway between both."""
        return (self.low + self.high) / 2

    def __str__(self) -> str:
        return f"{self.low:g} to {self.high:g}"


@dataclass(frozen=True)
class Ratings:
    """The ratings of a column: for each distinct value its number, NaN where there is none.

    ``tops`` is the best that could be given where the value says so ("3/5"), NaN elsewhere. ``as_words`` says that the
    column likes and dislikes, as 1 and 0.
    """

    numbers: np.ndarray
    tops: np.ndarray
    as_words: bool = False


def parse_ratings(values: pd.Series) -> np.ndarray:
    """(n,) float64; NaN where there is no finite number."""
    ratings = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(ratings), ratings, np.nan)


def read_ratings(column: Column) -> Ratings:
    """What the values of a column say; words count only where more rows hold words than numbers."""
    texts = column.values
    numbers, tops, words = parse_ratings(texts), np.full(len(texts), np.nan), np.full(len(texts), np.nan)
    for place in np.flatnonzero(np.isnan(numbers) & texts.ne("").to_numpy(dtype=bool)):
        numbers[place], tops[place], words[place] = _written(texts.iloc[place])
    counts = column.counts()
    if counts[~np.isnan(words)].sum() > counts[~np.isnan(numbers)].sum():
        return Ratings(words, np.full(len(texts), np.nan), as_words=True)
    return Ratings(numbers, tops)


def _written(text: str) -> tuple[float, float, float]:
    """A number, the best there is, and 1 or 0 for a word; NaN for what a text doesn't say."""
    missing = float("nan")
    text = text[: _LONGEST + 1].replace("\ufe0f", "").casefold()
    text = re.sub(r"[\s_]+", " ", text)
    if len(text) > _LONGEST:
        return missing, missing, missing
    if re.fullmatch(r"[+-]?[0-9]{1,9},[0-9]{1,9}", text):
        return float(text.replace(",", ".")), missing, missing
    if found := _OUT_OF.fullmatch(text):
        number, top = float(found[1].replace(",", ".")), float(found[2])
        return (number, top, missing) if number <= top and top > 1 else (missing, missing, missing)
    if found := _STARS.fullmatch(text):
        number = float(found[1].replace(",", "."))
        return (number, _STAR_SCALE, missing) if number <= _STAR_SCALE else (missing, missing, missing)
    if found := _DRAWN.fullmatch(text):
        return float(len(found[1])), float(len(found[1] + found[2])) if found[2] else _STAR_SCALE, missing
    return missing, missing, 1.0 if text in _LIKES else 0.0 if text in _DISLIKES else missing


def scale_of(numbers: np.ndarray) -> Scale | None:
    """The scale that finite ratings of a column are given on; None if it can't be told."""
    low, high = float(numbers.min()), float(numbers.max())
    if low < 0 < high:
        reach = max(-low, high)
        return Scale(-reach, reach) if reach <= 10 else None
    if low < 0:
        return None
    if set(numbers.tolist()) <= {0.0, 1.0}:
        return Scale(0, 1)
    lowest = 1.0 if low >= 1 else 0.5 if low >= 0.5 else 0.0
    for top, least in ((5.0, 3.0), (10.0, 7.0), (100.0, 50.0)):
        if least < high <= top:
            return Scale(0.0 if top == 100 else lowest, top)
    return None


def liked_rows(column: Column, ratings: Ratings, least: float | None, rows: Rows) -> np.ndarray:
    """(n,) bool: the rows whose rating is high enough, or that have none.

    Args:
        column: the ratings as written.
        ratings: what they say.
        least: the lowest rating that counts (``data.min_rating``): None for the middle of the scale, 0 for all.
        rows: for what is told.
    """
    rated = column.rows_of(~np.isnan(ratings.numbers))
    if not rated.any() or least == 0:
        return np.ones(len(rated), dtype=bool)
    if least is None:
        low = _below_the_middle(column, ratings, rated, rows)
    else:
        low = column.rows_of(np.nan_to_num(ratings.numbers, nan=np.inf) < least)
        if low.any():
            message = f"{_part(low, rated)} are below data.min_rating={least:g}: left out"
            rows.leave_out("note", "low rating", low, message)
    bare = ~rated
    if low.any() and bare.any():
        rows.tell("note", "no rating", bare, f"has no rating, as {rows.share(bare)}; these count as interactions")
    return ~low


def _below_the_middle(column: Column, ratings: Ratings, rated: np.ndarray, rows: Rows) -> np.ndarray:
    numbers, used = ratings.numbers, column.counts() > 0
    present = used & ~np.isnan(numbers)
    unrated = (numbers == -1) & (numbers[present].min() == -1) & (numbers[present].max() > 1)  # as some programs write
    present &= ~unrated
    low, scales = np.zeros(len(numbers), dtype=bool), []
    differ = ratings.as_words or np.ptp(numbers[present]) > 0
    for top in np.unique(ratings.tops[present]) if differ else ():  # NaN, for plain numbers, is the last
        group = present & (np.isnan(ratings.tops) if np.isnan(top) else ratings.tops == top)
        scale = _scale_of_group(numbers[group], top)
        if scale is not None:
            low |= group & (numbers < scale.middle)
            scales.append(scale)
        elif np.ptp(numbers[group]) > 0:
            _tell_no_scale(numbers[group], rows)
    if column.rows_of(unrated).any():
        chosen = column.rows_of(unrated)
        rows.tell("note", "rating -1", chosen, f"the rating -1 is read as none in {rows.share(chosen)}; these count")
    chosen = column.rows_of(low)
    if chosen.any():
        _tell_low(column, ratings, low, scales, rated, rows)
    return chosen


def _scale_of_group(numbers: np.ndarray, top: float) -> Scale | None:
    if not np.isnan(top):
        return Scale(0.0 if numbers.min() < 1 or top > 10 else 1.0, top)
    return scale_of(numbers)


def _tell_no_scale(numbers: np.ndarray, rows: Rows) -> None:
    message = f"the scale of the ratings, {numbers.min():g} to {numbers.max():g}, can't be told: every row counts, the "
    message += "lowest too; --set data.min_rating=… leaves out those below a number (and 0 none, without this warning)"
    rows.tell("warning", "scale of ratings", None, message)


def _tell_low(
    column: Column, ratings: Ratings, low: np.ndarray, scales: list[Scale], rated: np.ndarray, rows: Rows
) -> None:
    chosen = column.rows_of(low)
    if ratings.as_words:
        example = quoted(column.most_common(chosen)[0][0])
        message = f"{_part(chosen, rated)} are dislikes such as {example}: left out"
    else:
        bounds = " or ".join(f"{scale.middle:g}, the middle of {scale}" for scale in scales)
        message = f"{_part(chosen, rated)} are below {bounds}: left out"
        zeros = column.rows_of(low & (ratings.numbers == 0))
        if zeros.any() and max(scale.high for scale in scales) > 1:
            message += f" ({zeros.sum():,} of them are 0: if that means not rated, leave the cell empty)"
    rows.leave_out("warning", "low rating", chosen, f"{message}; --set data.min_rating=0 counts every row")


def _part(chosen: np.ndarray, rated: np.ndarray) -> str:
    return f"{int(chosen.sum()):,} of {int(rated.sum()):,} ratings"
