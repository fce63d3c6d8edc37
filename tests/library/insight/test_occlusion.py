"""What a piece is worth: a new launch without it, word by word and part by part, finds the same."""

import json

import numpy as np
import pytest
from PIL import Image

from mamex.errors import LaunchError
from mamex.insight.occlusion import MOST_PIECES, patch_worth, patches, word_worth
from mamex.launch.launcher import Launcher

TEXT = "Crimson piece. A crimson warm wool jumper."


@pytest.fixture(scope="module")
def launcher(tiny_checkpoint):
    return Launcher.load(tiny_checkpoint)


@pytest.fixture(scope="module")
def picture():
    """Red above, blue below: its parts are worth something."""
    pixels = np.zeros((60, 48, 3), dtype=np.uint8)
    pixels[:30] = (200, 40, 40)
    pixels[30:] = (40, 70, 200)
    return Image.fromarray(pixels)


def recount(launcher, whole, without):
    """Users and mean score that ``whole`` has more than ``without``, from two launches."""
    users = launcher.checkpoint.users.double().numpy()
    audience = whole.audience_users if whole.audience_size else np.arange(len(users))
    score = float((users[audience] @ (whole.embedding - without.embedding)).mean())
    return whole.audience_size - without.audience_size, score


@pytest.mark.parametrize("fusion", [None, {"image": 0.3, "text": 0.7}])
@pytest.mark.parametrize("length", [10, 20])
def test_a_word_is_worth_what_a_launch_without_it_lacks(launcher, picture, fusion, length):
    whole = launcher.launch(picture, TEXT, fusion=fusion, list_length=length)
    found = word_worth(launcher, whole.product, TEXT, fusion, length)
    words = TEXT.split()
    assert [piece.name for piece in found.pieces] == words
    assert (found.audience_size, found.at_once, found.columns) == (whole.audience_size, 1, 0)
    for place, piece in enumerate(found.pieces):
        rest = " ".join(words[:place] + words[place + 1 :])
        without = launcher.launch(picture, rest, fusion=fusion, list_length=length)
        users, score = recount(launcher, whole, without)
        assert piece.users == users
        assert piece.reach == pytest.approx(whole.reach[length] - without.reach[length], abs=1e-6)
        assert piece.score == pytest.approx(score, abs=1e-4)


def test_a_part_is_worth_what_a_launch_with_it_covered_lacks(launcher, picture):
    whole = launcher.launch(picture, TEXT)
    found = patch_worth(launcher, whole.product, picture, grid=3)
    assert found.columns == 3 and len(found.pieces) == 9
    assert found.pieces[5].name == "row 2, column 3"
    pixels = np.asarray(picture).copy()
    mean = np.rint(pixels.reshape(-1, 3).mean(axis=0)).astype(np.uint8)
    pixels[20:40, 32:48] = mean  # row 2, column 3 of a picture 48 wide and 60 high
    users, score = recount(launcher, whole, launcher.launch(Image.fromarray(pixels), TEXT))
    assert found.pieces[5].users == users
    assert found.pieces[5].score == pytest.approx(score, abs=1e-4)
    assert len({round(piece.score, 6) for piece in found.pieces}) > 1


def test_covering_a_uniform_picture_changes_nothing(launcher):
    plain = Image.new("RGB", (50, 40), (200, 40, 40))
    product = launcher.read(plain, TEXT)
    found = patch_worth(launcher, product, plain, grid=2)
    assert all(piece.score == pytest.approx(0, abs=1e-5) and piece.users == 0 for piece in found.pieces)


@pytest.mark.parametrize(("size", "grid"), [((48, 60), 6), ((7, 5), 3), ((101, 33), 6), ((3, 3), 6)])
def test_the_parts_cover_the_picture_once(size, grid):
    covered = np.zeros((size[1], size[0]), dtype=int)
    for left, top, right, bottom in patches(size, grid):
        covered[top:bottom, left:right] += 1
    assert (covered == 1).all()


def test_a_long_text_is_taken_several_words_at_a_time(launcher):
    text = " ".join(f"word{i}" for i in range(MOST_PIECES * 2 + 1))
    found = word_worth(launcher, launcher.read(None, text), text)
    assert found.at_once == 3
    assert " ".join(piece.name for piece in found.pieces) == text
    assert len(found.pieces) <= MOST_PIECES


def test_progress_is_told_and_may_stop(launcher, picture):
    steps = []
    product = launcher.read(picture, TEXT)
    patch_worth(launcher, product, picture, progress=lambda *step: steps.append(step), grid=4)
    assert [done for _, done, _ in steps] == [0, 12, 16] and steps[-1][2] == 16

    def stop(*_step):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        word_worth(launcher, product, TEXT, progress=stop)


def test_what_cannot_be_asked_is_said(launcher, picture):
    with pytest.raises(LaunchError, match="no picture"):
        patch_worth(launcher, launcher.read(None, TEXT), picture)
    with pytest.raises(LaunchError, match="no words"):
        word_worth(launcher, launcher.read(picture, None), TEXT)
    with pytest.raises(LaunchError, match="only one word"):
        word_worth(launcher, launcher.read(picture, "Jumper"), "Jumper")
    with pytest.raises(LaunchError, match="10, 20, 50"):
        word_worth(launcher, launcher.read(picture, TEXT), TEXT, None, 7)


def test_the_json_is_plain(launcher, picture):
    found = word_worth(launcher, launcher.read(picture, TEXT), TEXT)
    value = json.loads(json.dumps(found.to_json()))
    assert value["modality"] == "text"
    assert value["pieces"][0] == {"name": "Crimson", **{k: value["pieces"][0][k] for k in ("users", "reach", "score")}}
