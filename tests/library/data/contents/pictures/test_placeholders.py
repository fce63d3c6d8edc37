"""One picture for many products says nothing of any; sizes, colours and sets that share a photo do."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mamex.data.check import check_dataset
from mamex.data.contents.pictures.placeholders import find_placeholders
from mamex.data.contents.pictures.same import same_pictures
from mamex.data.dataset import read_dataset
from tests.library.data.contents.pictures.test_column import shop_of

WORDS = ("Stoneware mug", "Wool jumper", "Desk lamp", "Canvas tote", "Garden hose", "Kitchen scale", "Velvet cushion")
SIZES = [f"Linen shirt, {colour}, size {size}" for colour in ("white", "black", "blue") for size in "SML"]


def found_in(titles: list[str], pictures: list[int], names: list[str] | None = None) -> list[list[int]]:
    names = names or ["" if number < 0 else f"images/{number}.png" for number in pictures]
    frame = pd.DataFrame({"title": titles, "description": ""})
    placeholders = find_placeholders(frame, np.array(pictures), names)
    return sorted(placeholder.records.tolist() for placeholder in placeholders)


@pytest.mark.parametrize(
    ("titles", "pictures", "wanted"),
    [
        (WORDS, [0, 0, 0, 0, 1, 2, 3], [[0, 1, 2, 3]]),
        (WORDS, [0, 0, 0, 1, 1, 1, 2], [[0, 1, 2], [3, 4, 5]]),
        (WORDS, [0, 0, 1, 1, 2, 2, 3], []),
        (WORDS, [0] * 7, [[0, 1, 2, 3, 4, 5, 6]]),
        (WORDS, [0, 0, 0, -1, -1, -1, -1], [[0, 1, 2]]),
        (WORDS, [-1] * 7, []),
        ([*SIZES, "Wool jumper"], [0] * 9 + [1], []),
        ([*SIZES, "Wool jumper"], [0] * 10, [list(range(10))]),
        ([f"红色杯子{size}" for size in "大中小"] + ["台灯"], [0, 0, 0, 1], []),
        (["红色杯子", "木制台灯", "棉布袋子", "花园水管"], [0, 0, 0, 1], [[0, 1, 2]]),
        (["", "", "", "Lamp"], [0, 0, 0, 1], []),
    ],
)
def test_which_pictures_say_nothing(titles: list[str], pictures: list[int], wanted: list[list[int]]) -> None:
    assert found_in(list(titles), pictures) == wanted


def test_a_small_share_is_a_set_and_very_many_are_not() -> None:
    some = [f"{word} {number}" for number in range(20) for word in WORDS]
    pictures = [0 if place < 3 else place for place in range(len(some))]
    assert found_in(some, pictures) == []
    generator = np.random.default_rng(0)
    many = ["".join(generator.choice(list("abcdefghijklmnopqrstuvwxyz"), 20)) for _ in range(5000)]
    assert found_in(many, [0 if place < 60 else place for place in range(5000)]) == [list(range(60))]
    assert found_in(many, [0 if place < 40 else place for place in range(5000)]) == []


def test_many_shared_pictures_are_a_way_of_photographing() -> None:
    assert found_in(list(WORDS) * 4, [place // 5 for place in range(28)]) == []


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("images/no-image.png", True), ("NO_PHOTO.jpg", True), ("x/noimage2.gif", True), ("placeholder.png", True),
        ("woocommerce-placeholder-600x600.png", True), ("coming soon.jpg", True), ("kein_bild.png", True),
        ("image-not-available.png", True), ("default.png", True), ("images/blank.png", True),
        ("images/piano-picture.png", False), ("images/blanket.png", False), ("casino-photo.png", False),
        ("images/nopicnic.png", False), ("images/defaults-mug.png", False),
    ],
)  # fmt: skip
def test_names_that_say_it_count_sooner(name: str, told: bool) -> None:
    titles = [f"{word} {number}" for number in range(20) for word in WORDS]
    names = [name if place < 2 else f"images/{place}.png" for place in range(len(titles))]
    wanted = [[0, 1]] if told else []
    assert found_in(titles, [0 if place < 2 else place for place in range(len(titles))], names) == wanted


def test_check_and_training_leave_placeholders_out(tmp_path: Path) -> None:
    cells = [f"images/{number}.png" for number in range(7)]
    folder = shop_of(tmp_path, cells, *cells)
    text = (folder / "items.csv").read_text()
    for number, word in enumerate(WORDS):
        text = text.replace(f"Title {number}", word)
    (folder / "items.csv").write_text(text)
    for number in (2, 3, 5):
        (folder / cells[number]).write_bytes((folder / cells[1]).read_bytes())
    report = check_dataset(folder)
    (warning,) = report.problems
    assert warning.kind == "placeholder picture" and warning.row == 3 and report.summary["with_picture"] == 3
    assert warning.message == (
        "4 items of different titles show the same picture ('images/1.png', also as 'images/2.png' and 2 more): it is "
        "taken for a placeholder, so these items have no picture; leave the image empty, or give them pictures of "
        "their own"
    )
    dataset = read_dataset(folder)
    assert [bool(path) for path in dataset.image_paths()] == [True, False, False, False, True, False, True]
    assert str(warning) in dataset.warnings


@given(st.lists(st.one_of(st.none(), st.integers(0, 5)), max_size=12), st.integers(1, 5000))
def test_same_pictures_are_those_of_the_same_content(picked: list[int | None], size: int) -> None:
    """Against the hash of each; sizes and ends are alike where contents differ."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        paths: list[Path | None] = []
        for place, number in enumerate(picked):
            path = None if number is None else Path(folder) / f"{place}.png"
            if path is not None and number is not None:
                path.write_bytes(bytes([number % 3]) * (1 + number // 3) + b"x" * size)
            paths.append(path)
        hashes = [None if path is None else hashlib.sha256(path.read_bytes()).digest() for path in paths]
        first = {hashed: place for place, hashed in reversed(list(enumerate(hashes)))}
        same = same_pictures(paths)
        for place, hashed in enumerate(hashes):
            assert same[place] == (-1 if hashed is None else same[first[hashed]])
        assert len(set(same.tolist()) - {-1}) == len({hashed for hashed in hashes if hashed})


def test_files_that_are_gone_or_empty_are_like_no_other(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"")
    same = same_pictures([tmp_path / "a", tmp_path / "b", tmp_path / "gone", tmp_path / "gone", None])
    assert same.tolist() == [0, 1, 2, 2, -1]
