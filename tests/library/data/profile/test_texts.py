"""What is said of texts: lengths, scripts, and languages as far as they can be guessed."""

from __future__ import annotations

import pandas as pd
import pytest

from mamex.data.profile.languages import SAMPLE, Share, languages, scripts
from mamex.data.profile.texts import MOST_COUNTED, texts_of


def texts(titles: list[str], descriptions: list[str] | None = None, encoder: str = "compact"):
    return texts_of(pd.Series(titles, dtype="str"), pd.Series(descriptions or [""] * len(titles), dtype="str"), encoder)


@pytest.mark.parametrize(
    ("text", "language", "script"),
    [
        ("A warm jacket of blue wool with two pockets", "English", "Latin"),
        ("Eine warme Jacke aus blauer Wolle mit zwei Taschen", "German", "Latin"),
        ("Une veste chaude en laine bleue avec deux poches", "French", "Latin"),
        ("Zapatos de cuero para hombre, hechos a mano", "Spanish", "Latin"),
        ("Тёплая куртка из синей шерсти с двумя карманами", "Russian", "Cyrillic"),
        ("เสื้อกันหนาวผ้าขนสัตว์", "Thai", "Thai"),
        ("蓝色羊毛保暖夹克", "Chinese", "Chinese"),
        ("青いウールの暖かいジャケット", "Japanese", "Japanese"),
    ],
)
def test_languages_and_scripts(text: str, language: str, script: str) -> None:
    assert languages([text]) == ((Share(language, 1.0),), 1)
    assert scripts([text]) == (Share(script, 1.0),)


def test_what_is_too_short_or_no_word_is_not_guessed() -> None:
    assert languages(["Hat", "4006381333931", ""]) == ((), 0)
    assert scripts(["4006381333931", ""]) == ()


def test_rare_languages_are_summed_up() -> None:
    english = ["A warm jacket of blue wool with two pockets"] * 99
    shares, told = languages([*english, "Eine warme Jacke aus blauer Wolle mit zwei Taschen"])
    assert told == 100 and shares == (Share("English", 0.99), Share("others", 0.01))


def test_lengths_are_those_of_titles_and_descriptions_together() -> None:
    found = texts(["Hat", "", "Blue coat"], ["", "", "of wool"])
    assert (found.number, found.median_words, found.most_words, found.cut) == (2, 2, 4, 0)


def test_texts_longer_than_the_encoder_reads_are_counted() -> None:
    long = " ".join(["word"] * 100)
    assert texts([long, "short"]).cut == 0
    assert texts([long, "short"], encoder="ViT-B-32/laion").cut == 1
    assert texts([long, "short"], encoder="features").cut == 0
    assert texts(["เ" * 300]).cut == 1, "without spaces, letters count"


def test_large_catalogues_are_sampled_in_the_same_way_each_time() -> None:
    titles = [f"Warm blue jacket number {n}" for n in range(MOST_COUNTED + 10)]
    assert texts(titles) == texts(titles) and texts(titles).sampled == SAMPLE and texts(titles).number == len(titles)


def test_halves_of_characters_are_no_error() -> None:
    assert texts(["\ud83d a warm jacket of blue wool"]).told == 1
