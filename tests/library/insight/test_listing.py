"""The audience as a list: order, search, pages, and a file that no spreadsheet runs."""

import csv
from dataclasses import replace

import numpy as np
import pytest

from mamex.errors import LaunchError
from mamex.files.spreadsheet import cell
from mamex.insight.listing import ORDERS, arranged, page_of, write_members
from mamex.insight.user_groups import UserGroups
from mamex.launch.launcher import Launcher


@pytest.fixture(scope="module")
def launcher(tiny_checkpoint):
    return Launcher.load(tiny_checkpoint)


@pytest.fixture(scope="module")
def result(launcher):
    return launcher.launch(text="Navy coat. A navy waterproof jacket for rain and wind.")


@pytest.fixture(scope="module")
def ranked(launcher, result):
    return launcher.members.rank(result.reading.forward.embeddings[0], result.list_length)


def test_orders_are_a_sort_by_each_key(launcher, ranked):
    user_ids, histories = launcher.checkpoint.dataset.user_ids, launcher.checkpoint.data.histories
    rows = range(len(ranked.users))
    keys = {
        "place": lambda row: ranked.ranks[row],
        "margin": lambda row: ranked.thresholds[row] - ranked.scores[row],
        "bought": lambda row: -len(histories[ranked.users[row]].indices),
        "name": lambda row: user_ids[ranked.users[row]],
    }
    assert len(rows) > 5 and set(keys) == set(ORDERS)
    for order, key in keys.items():
        assert arranged(launcher.checkpoint, ranked, order).tolist() == sorted(rows, key=key)
    with pytest.raises(LaunchError, match="Sort by one of place, margin, bought, name"):
        arranged(launcher.checkpoint, ranked, "age")


@pytest.mark.parametrize("search", ["U00", "navy  PIECE", "DRESS", "nothing like that"])
def test_a_search_finds_names_titles_and_categories(launcher, ranked, search):
    dataset, histories = launcher.checkpoint.dataset, launcher.checkpoint.data.histories
    wanted = " ".join(search.lower().split())
    expected = []
    for row, user in enumerate(ranked.users.tolist()):
        bought = histories[user].indices
        texts = [dataset.user_ids[user], *dataset.items["title"][bought], *dataset.items["category"][bought]]
        if any(wanted in text.lower() for text in texts):
            expected.append(row)
    assert arranged(launcher.checkpoint, ranked, "place", search).tolist() == expected
    assert (search == "nothing like that") == (not expected)


def test_pages_hold_every_row_once():
    rows = np.arange(100, 125)
    pages = [page_of(rows, number) for number in (1, 2, 3)]
    assert np.concatenate([page.rows for page in pages]).tolist() == rows.tolist()
    assert [(page.number, page.first, page.pages, page.found) for page in pages] == [
        (1, 1, 3, 25), (2, 13, 3, 25), (3, 25, 3, 25)
    ]  # fmt: skip
    assert page_of(rows, 9).number == 3 and page_of(rows, -2).number == 1
    empty = page_of(rows[:0], 1)
    assert (empty.pages, empty.found, len(empty.rows)) == (1, 0, 0)


def test_the_file_holds_every_member_with_parts_that_add_up(launcher, result, ranked, tmp_path):
    path = tmp_path / "audience.csv"
    groups = UserGroups(launcher.checkpoint)
    write_members(path, launcher.checkpoint, groups, result.reading, ranked)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert len(rows) == result.audience_size
    described = launcher.members.describe(result.reading, ranked, np.arange(len(rows)))
    for row, member in zip(rows, described, strict=True):
        assert (row["user_id"], int(row["place"]), int(row["bought"])) == (member.user_id, member.rank, member.bought)
        assert float(row["score"]) == pytest.approx(member.score, rel=1e-6)
        assert float(row["threshold"]) == pytest.approx(member.threshold, rel=1e-6)
        assert row["favourites"] == " and ".join(groups.favourites(member.position))
        parts = [float(value) for name, value in row.items() if "_expert_" in name]
        assert sum(parts) == pytest.approx(member.score, abs=1e-4)
        for modality, values in member.contributions.items():
            written = [float(row[f"{modality}_expert_{expert + 1}"]) for expert in range(len(values))]
            assert written == pytest.approx(values, rel=1e-5, abs=1e-6)


def test_names_that_would_be_formulas_are_not(launcher, result, ranked, tmp_path):
    dataset = launcher.checkpoint.dataset
    evil = replace(launcher.checkpoint, dataset=replace(dataset, user_ids=dataset.user_ids.copy()))
    evil.dataset.user_ids[ranked.users[0]] = "=HYPERLINK(1)"
    path = tmp_path / "audience.csv"
    write_members(path, evil, UserGroups(evil), result.reading, ranked)
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert next(csv.DictReader(stream))["user_id"] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", " =1", "\n=1"])
def test_a_cell_that_begins_like_a_formula_gets_an_apostrophe(text):
    assert cell(text) == "'" + text


@pytest.mark.parametrize("text", ["", "Mug", "a=b", "shopper-0001", "3.5"])
def test_other_cells_stay_as_they_are(text):
    assert cell(text) == text
