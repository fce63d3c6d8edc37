"""What is said of a catalogue: what items show, what they cost, what groups them, which are alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from mamex.data.check import check_dataset
from mamex.data.profile.catalogue import Alike, Catalogue, Groups, Price, _amount
from tests.support.shops.small_shop import BOUGHT, shop


def catalogue(folder: Path, items: str) -> Catalogue:
    found = check_dataset(shop(folder, items, BOUGHT)).profile.catalogue
    assert found is not None
    return found


def test_what_items_show_adds_up(tmp_path: Path) -> None:
    items = "item_id,title,description,image\na,,,images/a.png\nb,Hat,,images/a.png\nc,,Long,images/gone.png\nd,,,\n"
    found = catalogue(tmp_path, items)
    assert (found.items, found.both, found.picture_only, found.words_only, found.neither) == (4, 1, 1, 1, 1)
    assert found.lost_pictures == 1


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("12.5", 12.5),
        ("€ 1.299,00", 1299),
        ("1,299.00 USD", 1299),
        ("12,90", 12.9),
        ("1,299", 1299),
        ("1.234.567", 1234567),
        ("1'299.95 CHF", 1299.95),
        ("$ 7.", 7),
        ("3.999", 3.999),
    ],
)
def test_amounts_as_shops_write_them(text: str, amount: float) -> None:
    assert _amount(text) == pytest.approx(amount)


def test_no_amount_is_none() -> None:
    assert _amount("on request") != _amount("on request")


def test_prices_have_a_range(tmp_path: Path) -> None:
    items = 'item_id,title,description,image,Regular price\na,A,,,"9,95"\nb,B,,,\nc,C,,,19.95 EUR\n'
    assert catalogue(tmp_path, items).price == Price("Regular price", 2, 9.95, pytest.approx(14.95), 19.95)


def test_a_column_of_other_words_is_no_price(tmp_path: Path) -> None:
    items = "item_id,title,description,image,price\na,A,,,cheap\nb,B,,,dear\nc,C,,,3\n"
    assert catalogue(tmp_path, items).price is None


def test_a_column_that_groups_variants_is_proposed(tmp_path: Path) -> None:
    rows = "".join(f"i{n},Tee {n},,,g{n // 2}\n" for n in range(40))
    found = catalogue(tmp_path, "item_id,title,description,image,style_code\na,A,,,\nb,B,,,\nc,C,,,\n" + rows)
    assert found.groups == Groups("style_code", 20, 40, 2)


def test_a_category_is_no_group(tmp_path: Path) -> None:
    rows = "".join(f"i{n},Tee {n},,,g{n % 3}\n" for n in range(40))
    assert catalogue(tmp_path, "item_id,title,description,image,style\na,A,,,\nb,B,,,\nc,C,,,\n" + rows).groups is None


def test_twins_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"i{n},Tee,In size {n},images/a.png\n" for n in range(2))
    found = catalogue(tmp_path, "item_id,title,description,image\na,A,,\nb,B,,\nc,C,,\n" + rows)
    assert found.twins == 2 and found.alike == (Alike("Tee", 2, 3),)
