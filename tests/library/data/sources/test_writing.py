"""What all sources share: k-core, writing the folder, a full disk, and the command line's options."""

from __future__ import annotations

import errno
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mamex.data.check import check_dataset
from mamex.data.dataset import read_dataset
from mamex.data.sources.writing import copy_pictures, k_core, picture_name, write_dataset
from mamex.errors import SourceError
from tests.support.source_files import failure, mamex, picture, write_movielens

PAIRS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=40)


@given(PAIRS, st.integers(0, 3))
def test_k_core_against_brute_force(pairs: list[tuple[int, int]], core: int) -> None:
    frame = pd.DataFrame(pairs, columns=["user_id", "item_id"])
    kept = list(pairs)
    while True:
        users = {user: {i for u, i in kept if u == user} for user, _ in kept}
        items = {item: {u for u, i in kept if i == item} for _, item in kept}
        rest = [(u, i) for u, i in kept if len(users[u]) >= core and len(items[i]) >= core]
        if rest == kept:
            break
        kept = rest
    if kept:
        found = k_core(frame.astype("category"), core)
        assert list(found.itertuples(index=False, name=None)) == kept
    else:
        with pytest.raises(SourceError, match="No interaction is left"):
            k_core(frame, core)


TEXT = st.text(max_size=12)


@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=6))
def test_any_text_can_be_written_and_is_accepted(tmp_path_factory: pytest.TempPathFactory, rows: list) -> None:
    folder = tmp_path_factory.mktemp("shop")
    items = pd.DataFrame(rows, columns=["title", "description", "note"])
    items.insert(0, "item_id", [f"i{n}" for n in range(len(items))])
    items.insert(3, "image", "")
    bought = pd.DataFrame({"user_id": ["u\ud800"] * len(items), "item_id": items["item_id"]})
    write_dataset(folder, items, bought)
    report = check_dataset(folder)
    assert report.ok, [str(problem) for problem in report.problems]
    assert read_dataset(folder).n_items == len(items)


def test_what_other_tables_were_there_makes_way(tmp_path: Path) -> None:
    items = pd.DataFrame([{"item_id": "a", "title": "A", "description": "", "image": ""}])
    bought = pd.DataFrame([{"user_id": "u", "item_id": "a"}])
    for name in ("items.csv", "items.csv.gz", "interactions.csv", "interactions.csv.gz"):
        (tmp_path / name).write_text("old")
    said = str(write_dataset(tmp_path, items, bought, ("Mind this.",)))
    assert sorted(path.name for path in tmp_path.iterdir()) == ["interactions.csv.gz", "items.csv"]
    assert check_dataset(tmp_path).ok
    assert said.splitlines() == [
        f"Written to {tmp_path}: 1 items (0 with a picture), 1 users, 1 interactions.",
        "Mind this.",
        f"Check it with: python -m mamex check {tmp_path}",
    ]


def test_when_writing_fails_the_old_tables_stay(tmp_path: Path) -> None:
    items = pd.DataFrame([{"item_id": "a", "title": "A", "description": "", "image": ""}])
    write_dataset(tmp_path, items, pd.DataFrame([{"user_id": "u", "item_id": "a"}]))
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    class Unwritable:
        def __str__(self) -> str:
            raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "interactions.csv").write_text("user_id,item_id\nu,a\n")  # another hand's, until ours is whole
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(OSError, match="No space left"):
        write_dataset(tmp_path, items, pd.DataFrame([{"user_id": Unwritable(), "item_id": "a"}]))
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("item", "source", "name"),
    [
        ("B00", "http://a/b.JPEG", "images/B00.jpeg"),
        ("B00", "http://a/b", "images/B00.jpg"),
        ("../x", "p.png", "images/..%2Fx.png"),
        ("..", "p.tiff", "images/...jpg"),
    ],
)
def test_a_picture_never_leaves_its_folder(item: str, source: str, name: str) -> None:
    assert picture_name(item, source) == name


def test_a_picture_that_changed_is_copied_anew(tmp_path: Path) -> None:
    source = tmp_path / "a.jpg"
    for colour in ("red", "blue"):
        source.write_bytes(picture(colour) + colour.encode())
        copy_pictures([(source, "images/a.jpg")], tmp_path / "out", lambda *_: None)
        assert (tmp_path / "out/images/a.jpg").read_bytes() == source.read_bytes()


def test_a_full_disk_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("shutil.copyfile", full)
    ratings, posters, plots = write_movielens(tmp_path)
    paths = ("--ratings", ratings, "--posters", posters, "--plots", plots, "--out", tmp_path / "out", "--k-core", 0)
    assert "is full; free some space and run the same command again" in failure("movielens", *paths)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["nothing"],
        ["amazon", "--out", "x"],
        ["amazon", "--out", "x", "--name", "Baby", "--workers", "0"],
        ["amazon", "--out", "x", "--name", "Baby", "--rate", "0"],
        ["amazon", "--out", "x", "--name", "Baby", "--release", "2016"],
        ["hm", "--from", "x"],
        ["hm", "--from", "x", "--out", "y", "--users", "many"],
    ],
)
def test_wrong_usage_is_exit_status_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        mamex("prepare", *words)
    assert caught.value.code == 2
