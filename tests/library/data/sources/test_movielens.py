"""``prepare movielens``: ml-1m's own format, posters by movie id, plots in CSV or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from mamex.data.dataset import read_dataset
from tests.support.source_files import as_typed, failure, prepared_and_checked, write_movielens


def arguments(folder: Path, *more: object) -> tuple[object, ...]:
    ratings, posters, plots = folder / "ml-1m", folder / "posters", folder / "plots.csv"
    call = ("movielens", "--ratings", ratings, "--posters", posters, "--plots", plots, "--out", folder / "out")
    return (*call, "--k-core", "2", *more)


def test_positives_posters_and_plots(tmp_path: Path) -> None:
    write_movielens(tmp_path)
    said, checked = as_typed(*arguments(tmp_path))
    # User 3's rating of film 1 is below 4; film 3 has no poster; user 4 has one positive only.
    assert "3 items (3 with a picture), 3 users, 8 interactions" in said
    assert "Positives: ratings of 4 and above. Films without a plot: 1." in said
    assert "3 items, 3 with a picture" in checked
    dataset = read_dataset(tmp_path / "out")
    assert dataset.items.to_numpy().tolist() == [
        ["1", "Toy Story", "Toys live, in secret.", "images/1.jpg", "Animation", "Animation|Children's|Comedy", "1995"],
        ["2", "Star Wars: Episode IV - A New Hope", "Far away", "images/2.png", "Action", "Action|Sci-Fi", "1977"],
        ["4", "Usual Suspects, The", "", "images/4.jpg", "Crime", "Crime", "1995"],
    ]
    bought = {user: [] for user in dataset.user_ids}
    for row in dataset.interactions.itertuples():
        bought[dataset.user_ids[row.user]].append(dataset.items["item_id"][row.item])
    # A user's own times run against the film numbers.
    assert bought == {"1": ["4", "2", "1"], "2": ["4", "2", "1"], "3": ["4", "2"]}
    assert set(dataset.interactions["rating"]) == {5.0}


def test_films_without_poster_can_stay_and_plots_can_be_json(tmp_path: Path) -> None:
    write_movielens(tmp_path)
    plots = tmp_path / "plots.json"
    plots.write_text(json.dumps({"1": "Toys", "4": "Crime"}))
    said, _ = prepared_and_checked(*arguments(tmp_path, "--plots", plots, "--keep-without-poster", "--threshold", 3))
    assert "4 items (3 with a picture), 3 users, 12 interactions" in said
    items = read_dataset(tmp_path / "out").items
    assert items["title"].tolist()[2] == "Mis\u00e9rables, Les" and items["image"].tolist()[2] == ""
    assert items["description"].tolist() == ["Toys", "", "", "Crime"]


def test_without_a_core_every_positive_stays(tmp_path: Path) -> None:
    write_movielens(tmp_path)
    said, _ = prepared_and_checked(*arguments(tmp_path, "--k-core", 0))
    assert "4 users, 9 interactions" in said


def test_copied_posters_are_not_copied_again(tmp_path: Path) -> None:
    write_movielens(tmp_path)
    prepared_and_checked(*arguments(tmp_path))
    (tmp_path / "out/images/1.jpg").unlink()
    before = (tmp_path / "out/images/4.jpg").stat()
    prepared_and_checked(*arguments(tmp_path))
    after = (tmp_path / "out/images/4.jpg").stat()
    assert (tmp_path / "out/images/1.jpg").is_file()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda root: (root / "ml-1m/ratings.dat").unlink(), "There is no ratings.dat in"),
        (lambda root: (root / "ml-1m/movies.dat").unlink(), "There is no movies.dat in"),
        (lambda root: (root / "ml-1m/ratings.dat").write_text("userId,movieId\n1,2\n"), "is not UserID::MovieID"),
        (lambda root: (root / "ml-1m/ratings.dat").write_text("1::2::five::3\n"), "is not UserID::MovieID"),
        (lambda root: (root / "ml-1m/ratings.dat").write_text(""), "ratings.dat is empty"),
        (lambda root: (root / "ml-1m/movies.dat").write_text("1::A (1995)\n"), "line 1 is not MovieID::Title::Genres"),
        (lambda root: [path.unlink() for path in (root / "posters").glob("[0-9]*")], "no posters in"),
        (lambda root: (root / "plots.csv").unlink(), "There is no"),
        (lambda root: (root / "plots.csv").write_text("a,b\n1,2\n"), "the columns movie_id and plot"),
        (lambda root: (root / "plots.csv").write_bytes(b"movie_id,plot\n1,caf\xe9\n"), "can't be read as plots"),
    ],
)
def test_wrong_files_are_one_sentence(tmp_path: Path, spoil: Callable[[Path], object], says: str) -> None:
    write_movielens(tmp_path)
    spoil(tmp_path)
    assert says in failure(*arguments(tmp_path))
    assert not (tmp_path / "out/items.csv").exists()


def test_too_high_a_core_leaves_nothing(tmp_path: Path) -> None:
    write_movielens(tmp_path)
    assert "set --k-core lower" in failure(*arguments(tmp_path, "--k-core", 4))
