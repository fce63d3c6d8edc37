"""Which item a row means, however an export has written its id."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mamex.files.words import quoted
from tests.support.shops.bought_table import read_bought, said, small_items


@pytest.mark.parametrize(
    ("written", "item_id", "how"),
    [
        ("p001", "P001", "another case"),
        ("P 001", "P001", "other spaces"),
        ("P\u00a0001", "P001", "other spaces"),
        ('="P001"', "P001", "quotation marks"),
        ("'P001", "P001", "quotation marks"),
        ("123.0", "123", "'.0' behind it"),
        ("123,00", "123", "'.0' behind it"),
        ("123", "123.0", "'.0' behind it"),
        ("108775", "0108775", "leading zeros"),
        ("0012", "12", "leading zeros"),
        ("12,345", "12345", "thousands"),
        ("12.345", "12345", "thousands"),
        ("1'234'567", "1234567", "thousands"),
        ('="0108775.0"', "108775", "leading zeros"),
        ("Ａ1", "A1", "another case"),
    ],
)
def test_an_id_is_found_in_another_spelling_and_said(written: str, item_id: str, how: str) -> None:
    pairs, problems, _ = read_bought({"user_id": "uvw", "item_id": [written, "a", written]}, ["a", "b", item_id])
    assert pairs == [("u", item_id), ("v", "a"), ("w", item_id)]
    assert [problem.severity for problem in problems] == ["note"]
    assert how in problems[0].message and problems[0].row == 2
    assert f"{quoted(written)} is read as '{item_id}'" in problems[0].message and "(2 of 3 rows)" in problems[0].message


def test_a_spelling_that_fits_two_items_fits_none() -> None:
    pairs, problems, _ = read_bought({"user_id": "uvw", "item_id": ["p1", "a", "b"]}, ["P1", "P 1", "a", "b"])
    assert pairs == [("v", "a"), ("w", "b")]
    assert "item_id 'p1' is not in the items file" in said(problems, "error")["unknown item"]
    assert read_bought({"user_id": "uv", "item_id": ["P1", "p1"]}, ["P1", "p1"])[0] == [("u", "P1"), ("v", "p1")]


def test_an_item_is_found_by_another_of_its_identifiers_or_its_title() -> None:
    known = {"S-1": 0, "S-2": 1, "V-9": 2}
    items = small_items(["1", "2", "3"], ["Red mug", "Blue mug", "Mug"], sku=["S-1", "S-2", ""], other_ids=known)
    names = ["S-1", "S-2", "V-9", "Mug", "red  mug", "1"]
    pairs, problems, _ = read_bought({"user_id": "uvwxyz", "item_id": names}, items)
    assert [item for _, item in pairs] == ["1", "2", "3", "3", "1", "1"]
    notes = said(problems, "note")
    assert "2 of 6 rows name items by their sku: 'S-1' is item '1'" in notes["items by sku"]
    assert "1 of 6 rows name items by their title" in notes["items by title"]
    assert {problem.severity for problem in problems} == {"note"}


def test_a_second_column_names_the_items_of_rows_that_the_first_does_not_lead_to_one() -> None:
    columns = {"user_id": "uvw", "item_id": ["a", "", "zzz"], "Lineitem name": ["B", "B", "C"]}
    items = small_items(["a", "b", "c"], ["A", "B", "C"])
    pairs, problems, _ = read_bought(columns, items, {"item_id": ("Lineitem name",)})
    assert pairs == [("u", "a"), ("v", "b"), ("w", "c")]
    assert "2 of 3 rows name no known item" in said(problems)["items by the column Lineitem name"]
    assert not problems.errors()


@pytest.mark.parametrize("rounded", ["4.00638E+12", "4,00638E+12", "4.00638e+12"])
def test_ids_that_a_spreadsheet_has_rounded_are_one_error(rounded: str) -> None:
    _, problems, _ = read_bought({"user_id": [rounded] * 3, "item_id": "abc"})
    sentence = (
        f"a spreadsheet has rounded the user_id of 3 rows ({rounded}); format the column as text and export again"
    )
    assert said(problems, "error") == {"rounded user_id": f"interactions.csv row 2: {sentence}"}
    _, problems, _ = read_bought({"user_id": "uvw", "item_id": [rounded, "b", "a"]})
    assert list(said(problems, "error")) == ["rounded item_id"], "and not unknown as well"
    _, problems, _ = read_bought({"user_id": "uv", "item_id": ["b", "a"]}, ["a", "b", rounded, rounded])
    assert [(problem.file, problem.kind) for problem in problems.errors()] == [("items.csv", "rounded item_id")]


def test_a_single_id_that_looks_rounded_may_be_meant_so() -> None:
    users = [f"u{number}" for number in range(999)] + ["1.5E+10"]
    pairs, problems, _ = read_bought({"user_id": users, "item_id": ["a"] * 1000})
    assert len(pairs) == 1000 and not problems.errors()
    assert "looks as if a spreadsheet had rounded it" in said(problems, "warning")["rounded user_id"]
    assert not read_bought({"user_id": ["1E10", "5E-3", "v1.2E+10"], "item_id": "aab"})[1]


@pytest.mark.parametrize("ids", [["4006380000000", "4006390000000", "5012340000000"],
                                 ["1234567890123450", "1234567890123560", "1234567890123670"]])  # fmt: skip
def test_numbers_whose_last_digits_were_lost_are_told(ids: list[str]) -> None:
    _, problems, _ = read_bought({"user_id": ids, "item_id": "aab"})
    assert "ends in zeros, as in 3 of 3 rows" in said(problems, "warning")["zeros at the end of user_id"]
    _, problems, _ = read_bought({"user_id": ["734512345678900000"] * 3, "item_id": "abc"})
    assert "ends in zeros, as in 3 of 3 rows" in said(problems, "warning")["zeros at the end of user_id"]
    sound = ["4006381333931", "4006381333930", "4006381000000", "1234567890123456"]
    assert not read_bought({"user_id": sound, "item_id": "aaab"})[1]


def test_unknown_items_are_one_error_with_a_way_out() -> None:
    columns = {"user_id": "uvwxyz", "item_id": ["a", "zz", "b", "yy", "c", "zz"]}
    _, problems, _ = read_bought(columns)
    sentence = said(problems, "error")["unknown item"]
    assert len(problems) == 1 and sentence.startswith("interactions.csv row 3: item_id 'zz' is not in the items file")
    assert "3 of 6 rows, 50%, name 2 unknown items: 'zz', 'yy'" in sentence
    assert "--set data.unknown_items=drop" in sentence
    pairs, problems, _ = read_bought(columns, unknown_items="drop")
    assert pairs == [("u", "a"), ("w", "b"), ("y", "c")] and not problems.errors()
    assert "left out (3 of 6 rows" in said(problems, "warning")["unknown item"]


@pytest.mark.parametrize("setting", ["error", "drop"])
def test_most_items_unknown_is_an_error_that_shows_both_sides(setting: str) -> None:
    _, problems, _ = read_bought({"user_id": "uvwx", "item_id": ["a", "901", "902", "903"]}, unknown_items=setting)
    sentence = said(problems, "error")["unknown item"]
    assert "'901', '902', '903'" in sentence and "its ids look like 'a', 'b', 'c', 'd' …" in sentence
    assert "unknown_items" not in sentence


def test_rows_without_an_item() -> None:
    columns = {"user_id": "uvw", "item_id": ["a", "", "b"]}
    assert "has no item_id, as 1 of 3 rows" in said(read_bought(columns)[1], "error")["empty item_id"]
    pairs, problems, _ = read_bought(columns, unknown_items="drop")
    assert pairs == [("u", "a"), ("w", "b")] and "left out" in said(problems, "warning")["empty item_id"]


IDS = st.lists(st.text("aA0 1.é,'\"=", min_size=1, max_size=5).map(str.strip).filter(bool), min_size=1, max_size=8)


@given(IDS, IDS)
def test_ids_that_are_there_are_never_read_as_others(ids: list[str], further: list[str]) -> None:
    ids = list(dict.fromkeys(ids))
    users = [f"u{place}" for place in range(len(ids) + len(further))]
    pairs, _, _ = read_bought({"user_id": users, "item_id": [*ids, *further]}, ids)
    assert pairs[: len(ids)] == list(zip(users, ids, strict=False))
    assert all(item == name for (_, item), name in zip(pairs, [*ids, *further], strict=False) if name in ids)
