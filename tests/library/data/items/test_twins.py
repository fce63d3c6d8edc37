"""One product in several sizes: found by title and picture, with the column that holds the sizes together."""

from pathlib import Path

import pandas as pd
import pytest

from mamex.data.items.twins import find_twins, tell_twins
from mamex.data.problems import Problems

FRAME = pd.DataFrame(
    {
        "item_id": list("abcdef"),
        "title": ["Mug", "mug ", "Throw", "Throw", "Lamp", ""],
        "description": ["", "", "Warm", "Warm", "", ""],
        "image": "",
        "category": ["kitchen"] * 2 + ["living"] * 4,
        "style": ["s1", "s1", "s2", "s2", "s3", "s4"],
        "size": list("SMSMSM"),
    },
    dtype="str",
)
MUG, LAMP = Path("mug.png"), Path("lamp.png")


def test_items_of_one_title_and_one_picture_are_twins():
    twins = find_twins(FRAME, [MUG, MUG, None, None, LAMP, LAMP])
    assert twins.groups == [[0, 1], [2, 3]]
    assert twins.count == 4 and twins.column == "style", "a category holds them together too, but is shared by others"


def test_other_pictures_or_other_words_tell_items_apart():
    frame = FRAME.assign(description=["", "", "Warm", "Soft", "", ""])
    assert find_twins(frame, [MUG, LAMP, None, None, LAMP, LAMP]).groups == []


@pytest.mark.parametrize(
    ("column", "wanted"), [("style", "data.group_column=style"), ("", "write what holds them together into a column")]
)
def test_the_remedy_is_named(column, wanted):
    frame = FRAME if column else FRAME.drop(columns=["style", "category"])
    twins = find_twins(frame, [MUG, MUG, None, None, LAMP, LAMP])
    problems = Problems()
    tell_twins(twins, "items.csv", (FRAME.index + 2).to_numpy(), problems)
    assert [problem.kind for problem in problems] == ["twins"] and twins.column == column
    assert wanted in problems[0].message and "rows 2 and 3" in problems[0].message
    tell_twins(
        find_twins(frame[4:].reset_index(drop=True), [LAMP, LAMP]), "items.csv", FRAME.index.to_numpy(), problems
    )
    assert len(problems) == 1, "no twins, nothing to say"
