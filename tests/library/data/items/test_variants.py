"""Rows that are no product of their own become part of the one that they belong to, and their numbers lead to it."""

from pathlib import Path

import pandas as pd
import pytest

from mamex.data.check import check_dataset
from mamex.data.dataset import read_dataset

SHOPIFY = """Handle,Title,Body (HTML),Vendor,Variant SKU,Variant Barcode,Image Src
red-mug,Red mug,<p>Holds 350&nbsp;ml.</p>,Example,MUG-S,40001,
red-mug,,,,MUG-L,40002,
red-mug,,,,,,
throw,Wool throw,"<ul><li>Warm</li><li>Soft</li></ul>",Example,THROW,40003,
"""
WOOCOMMERCE = """ID,Type,SKU,Name,Description,Parent,Images
10,variable,MUG,Red mug,Holds 350 ml.\\nDishwasher safe.,,
11,variation,MUG-S,"Red mug, small",,id:10,
12,variation,MUG-L,"Red mug, large",,MUG,
13,simple,,Wool throw,Warm.,,
14,variation,LOST,Lid,,id:99,
"""


def shop(folder: Path, items: str, bought: list[str]) -> Path:
    (folder / "items.csv").write_text(items)
    rows = "".join(f"u{number},{name}\n" for number, name in enumerate(bought))
    (folder / "interactions.csv").write_text(f"user_id,item_id\n{rows}")
    return folder


def kinds(folder: Path) -> set[tuple[str, str]]:
    return {(problem.severity, problem.kind) for problem in check_dataset(folder).problems}


@pytest.mark.parametrize("name", ["MUG-S", "MUG-L", "40002", "red-mug"])
def test_all_numbers_of_a_product_lead_to_it(tmp_path, name):
    folder = shop(tmp_path, SHOPIFY, [name, "THROW"])
    dataset = read_dataset(folder)
    assert list(dataset.items["title"]) == ["Red mug", "Wool throw"]
    assert list(dataset.items["description"]) == ["Holds 350 ml.", "Warm Soft"]
    assert sorted(dataset.interactions["item"]) == [0, 1]
    assert ("note", "variants") in kinds(folder) and ("note", "markup") in kinds(folder)


def test_variations_follow_their_parent_by_number_and_by_name(tmp_path):
    dataset = read_dataset(shop(tmp_path, WOOCOMMERCE, ["MUG-S", "MUG-L", "MUG", "13", "LOST"]))
    assert list(dataset.items["title"]) == ["Red mug", "Wool throw", "Lid"], "a variation of nothing stays an item"
    assert dataset.items["description"].iloc[0] == "Holds 350 ml. Dishwasher safe."
    assert list(dataset.items["item_id"]) == ["MUG", "13", "LOST"], "a product without a sku goes by its number"
    assert list(dataset.interactions["item"]) == [0, 0, 0, 1, 2]


def test_a_number_of_two_products_leads_to_neither(tmp_path):
    folder = shop(tmp_path, "item_id,title,barcode\na,Mug,1\nb,Throw,1\nc,Lamp,3\n", ["a", "b", "3", "1"])
    report = check_dataset(folder)
    assert [problem.kind for problem in report.problems if problem.severity == "error"] == ["unknown item"]


def test_a_table_of_our_own_stays_as_it_is(tmp_path):
    items = "item_id,title,description,image,category,sku\na,Mug,,,kitchen,1\nb,,,,kitchen,1\nc,,,,,2\n"
    dataset = read_dataset(shop(tmp_path, items, ["a", "b", "c"]))
    assert list(dataset.items["item_id"]) == ["a", "b", "c"]
    assert list(dataset.items.columns) == ["item_id", "title", "description", "image", "sku", "category"]
    pd.testing.assert_series_equal(dataset.items["sku"], pd.Series(["1", "1", "2"], name="sku", dtype="str"))


def test_a_row_that_repeats_an_item_with_other_words_is_still_an_error(tmp_path):
    folder = shop(tmp_path, "item_id,title\na,Mug\na,Throw\n", ["a"])
    assert ("error", "duplicate id") in kinds(folder)
