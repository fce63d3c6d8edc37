"""Any text at all: it is read, or refused in one sentence, and never crashes the tokenizer."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mamex.data.dataset import join_words
from mamex.errors import LaunchError
from mamex.files.words import whole_characters
from mamex.launch.launcher import Launcher
from mamex.launch.product import MOST_CHARACTERS


@pytest.fixture(scope="module")
def launcher(tiny_checkpoint):
    return Launcher.load(tiny_checkpoint)


def test_halves_are_joined_or_replaced():
    assert whole_characters("mug \ud83d\ude00 \ud83d \udcff é") == "mug 😀 \ufffd \ufffd é"
    assert join_words("a \ud800", "b") == "a \ufffd. b"


@pytest.mark.parametrize("text", ["mug \ud800", "\udcff mug", "\ud800", "mug" + "\udfff" * 300])
def test_halves_of_characters_are_read_as_question_marks_and_this_is_said(launcher, text):
    result = launcher.launch(text=text)
    assert any("no characters in UTF-8" in warning for warning in result.warnings)
    json.dumps(result.to_json(), ensure_ascii=False).encode()
    sound = launcher.launch(text=whole_characters(text))
    np.testing.assert_array_equal(result.embedding, sound.embedding)
    assert not any("UTF-8" in warning for warning in sound.warnings)
    launcher.encoder.encode("text", [text])  # as leaving out words does, without a launch
    assert launcher.encoder.tokens_cut(text) >= 0


def test_a_text_is_bounded_in_the_library_too(launcher):
    launcher.launch(text="mug " * (MOST_CHARACTERS // 4))
    with pytest.raises(LaunchError, match=f"{MOST_CHARACTERS + 1:,} characters long; keep it under"):
        launcher.launch(text="x" * (MOST_CHARACTERS + 1))


@given(st.text(st.characters(), max_size=60))
@settings(max_examples=150)
def test_any_text_is_read_or_refused(launcher, text):
    try:
        launcher.read(text=text)
    except LaunchError as error:
        assert str(error).endswith(".")
        assert not text.split()


@pytest.mark.parametrize(
    ("features", "words"),
    [
        (np.full(1280, np.nan), "not finite"),
        (np.full(1280, 1e39), "not finite"),
        (np.array(["a"] * 1280), "plain numbers"),
        (np.array([None] * 1280), "plain numbers"),
        (np.full(1280, 1j), "plain numbers"),
        (np.zeros((2, 1280)), "must be those of one product, not of 2"),
    ],
)
def test_features_that_are_no_finite_numbers_are_refused(launcher, features, words):
    with pytest.raises(LaunchError, match=words):
        launcher.launch(features={"image": features})
