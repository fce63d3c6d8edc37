"""In which scripts and languages texts are written: a guess from some of them."""

from __future__ import annotations

import threading
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

#: Texts that are looked at, evenly spread; of each so many characters.
SAMPLE, CHARACTERS = 500, 400
#: Letters that a text must have for its language to be guessed, and how sure of it the guess must be.
FEWEST_LETTERS, SUREST = 16, 0.3
#: A language or script of fewer texts is summed up, as it may be a mistake.
RARE = 0.02
#: Languages that are told apart: those in which shops are written. More would be mistaken for each other.
NAMES = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "bn": "Bengali",
    "ca": "Catalan",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "et": "Estonian",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "hy": "Armenian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ka": "Georgian",
    "kk": "Kazakh",
    "km": "Khmer",
    "ko": "Korean",
    "lt": "Lithuanian",
    "lv": "Latvian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "ta": "Tamil",
    "te": "Telugu",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "ur": "Urdu",
    "vi": "Vietnamese",
    "zh": "Chinese",
}
#: What Unicode's names of letters begin with, where a reader knows the script by another word.
_SCRIPTS = {"Cjk": "Chinese", "Hiragana": "Japanese", "Katakana": "Japanese", "Hangul": "Korean"}
OTHERS = "others"
_LOADING = threading.Lock()


@dataclass(frozen=True)
class Share:
    """One language or script, and the share of the texts that are written in it."""

    name: str
    share: float


def scripts(texts: Sequence[str]) -> tuple[Share, ...]:
    """The scripts of the texts by the names of their letters, the most frequent first."""
    found = Counter(script for text in texts if (script := _script(text[:CHARACTERS])))
    return _shares(found)


def languages(texts: Sequence[str]) -> tuple[tuple[Share, ...], int]:
    """The languages of the texts, the most frequent first, and how many texts could be told."""
    found: Counter[str] = Counter()
    for text in texts:
        text = text[:CHARACTERS]
        letters = sum(character.isalpha() for character in text)
        wide = sum(character > "\u2e80" for character in text)  # one of them says as much as several Latin letters
        language, sure = _identifier()(text) if letters + 3 * wide >= FEWEST_LETTERS else ("", 0.0)
        if sure >= SUREST:
            found[NAMES[language]] += 1
    return _shares(found), found.total()


def _script(text: str) -> str:
    letters = Counter(script for character in text if (script := _script_of(character)))
    return letters.most_common(1)[0][0] if letters else ""


@cache
def _script_of(character: str) -> str:
    if not character.isalpha():
        return ""
    first = unicodedata.name(character, "").split(" ")[0].title()
    return _SCRIPTS.get(first, first)


def _shares(found: Counter[str]) -> tuple[Share, ...]:
    """Shares in falling order; rare ones together at the end."""
    total = found.total()
    usual = [(name, number) for name, number in found.most_common() if number >= RARE * total]
    rest = total - sum(number for _, number in usual)
    return tuple(Share(name, number / total) for name, number in [*usual, (OTHERS, rest)] if number)


def prepare() -> None:
    """Begin to load what tells languages, beside what else is done; much of it lets other threads run."""
    threading.Thread(target=_identifier, daemon=True).start()


def _identifier() -> Callable[[str], tuple[str, float]]:
    """Tells the likeliest language and how sure it is; loaded once, whichever thread comes first."""
    with _LOADING:
        return _loaded()


@cache
def _loaded() -> Callable[[str], tuple[str, float]]:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # half a second

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(NAMES)
    classify: Callable[[str], tuple[str, float]] = identifier.classify
    return classify
