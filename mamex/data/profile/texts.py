"""What the words of a catalogue are like: how long, in which scripts and languages."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mamex.data.profile.languages import SAMPLE, Share, languages, scripts
from mamex.files.words import whole_characters

#: Texts whose lengths are counted; of larger catalogues as many, evenly spread.
MOST_COUNTED = 20_000
#: Pieces that text towers cut a word into, on the average of product descriptions (an English word makes 1.3).
PIECES_OF_A_WORD = 1.3
#: Pieces that the encoders read; those of open_clip that are not named read as many as CLIP.
PIECES = {"compact": 256, "features": 0}
PIECES_OF_CLIP = 77


@dataclass(frozen=True)
class Texts:
    """Titles and descriptions taken together, as an encoder reads them.

    Attributes:
        number: items that have words.
        median_words, most_words: of those texts; in scripts without spaces, their letters.
        cut: how many are longer than the encoder reads, about.
        read_words: about how many words the encoder reads; 0 if it reads features in their place.
        scripts, languages: shares of a sample of ``sampled`` texts; the languages of ``told`` of them could be guessed.
    """

    number: int
    median_words: int
    most_words: int
    cut: int
    read_words: int
    scripts: tuple[Share, ...]
    languages: tuple[Share, ...]
    sampled: int
    told: int


def texts_of(titles: pd.Series, descriptions: pd.Series, encoder: str) -> Texts:
    """The texts of the items; both series have the same index."""
    joined = titles.to_numpy(dtype=object) + " " + descriptions.to_numpy(dtype=object)
    filled = np.flatnonzero((titles != "").to_numpy() | (descriptions != "").to_numpy())
    words = np.array([_length(joined[place]) for place in spread(filled, MOST_COUNTED)], dtype=np.int64)
    sample = [whole_characters(joined[place]) for place in spread(filled, SAMPLE)]
    spoken, told = languages(sample)
    pieces = PIECES.get(encoder, PIECES_OF_CLIP)
    longer = (words * PIECES_OF_A_WORD > pieces).mean() if len(words) and pieces else 0.0
    return Texts(
        number=len(filled),
        median_words=int(np.median(words)) if len(words) else 0,
        most_words=int(words.max(initial=0)),
        cut=round(float(longer) * len(filled)),
        read_words=int(pieces / PIECES_OF_A_WORD),
        scripts=scripts(sample),
        languages=spoken,
        sampled=len(sample),
        told=told,
    )


def spread(places: np.ndarray, most: int) -> np.ndarray:
    """At most so many of the places, evenly spread, always the same ones."""
    if len(places) <= most:
        return places
    chosen: np.ndarray = places[np.linspace(0, len(places) - 1, most).astype(np.int64)]
    return chosen


def _length(text: str) -> int:
    """Its words; a text without spaces, as Thai and Chinese are written, has as many as letters."""
    words = len(text.split())
    return words if text.isascii() else max(words, sum(character > "\u0e00" for character in text))
