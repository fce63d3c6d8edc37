"""What a dataset calls itself: read, kept in the checkpoint, refused in words."""

import json

import pytest

from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.data.about import About, read_about
from mamex.data.check import check_dataset
from mamex.data.dataset import read_dataset
from mamex.errors import DatasetError
from tests.support.shops.builders import write_tiny_dataset


def test_without_a_file_there_are_shoppers_who_bought_products(tmp_path):
    about = read_about(tmp_path)
    assert (about.user, about.users, about.item, about.items, about.bought, about.simulated) == (
        *("shopper", "shoppers", "product", "products", "bought"),
        False,
    )


def test_a_film_club_has_viewers_who_watched_films(tmp_path):
    write_tiny_dataset(tmp_path, n_items=20)
    words = {"name": "Film club", "user": "viewer", "users": "viewers", "item": "film", "items": "films"}
    (tmp_path / "about.json").write_text(json.dumps({**words, "bought": "watched"}), encoding="utf-8")
    assert read_dataset(tmp_path).about == About(**words, bought="watched")


def test_a_checkpoint_keeps_it(tiny_checkpoint):
    assert load_checkpoint(tiny_checkpoint).dataset.about == About()


@pytest.mark.parametrize(
    ("content", "said"),
    [("no json", "not a JSON object"), ('{"users": 3}', "'users'"), ('{"shoppers": "x"}', "'shoppers'"), ("[]", "''")],
)
def test_a_faulty_file_is_one_sentence_and_the_checker_finds_it(tmp_path, content, said):
    write_tiny_dataset(tmp_path, n_items=20)
    (tmp_path / "about.json").write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError, match=said) as caught:
        read_dataset(tmp_path)
    assert "\n" not in str(caught.value)
    report = check_dataset(tmp_path)
    assert not report.ok
    assert [problem.file for problem in report.problems if problem.severity == "error"] == ["about.json"]
