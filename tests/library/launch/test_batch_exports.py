"""Planned products as shop systems and spreadsheets export them: read, and said how."""

import pytest

from mamex.launch.batch_files import planned_rows
from tests.library.launch.test_batch import RED, archive, png, read, table

SHOPIFY = (
    "Handle,Title,Body (HTML),Vendor,Type,Option1 Value,Variant SKU,Variant Price,Image Src,Image Position,Status\n"
    'mug,Red mug,"<p>Holds 350&nbsp;ml, <b>dishwasher</b> safe.</p>",Us,Mugs,Small,MUG-S,9,red.png,1,active\n'
    "mug,,,,,Large,MUG-L,12,,,\n"
    "mug,,,,,,,,blue.png,2,\n"
    "throw,Wool throw,,Us,Throws,,THROW,40,,,active\n"
)


def test_an_export_of_a_shop_system_is_read_and_said_to_be(tmp_path):
    with planned_rows(archive(tmp_path, {"products_export.csv": SHOPIFY, "red.png": png(RED)})) as rows:
        mug, large, picture, throw = rows
        assert (mug.item_id, mug.title, mug.description) == ("MUG-S", "Red mug", "Holds 350 ml, dishwasher safe.")
        assert mug.picture.name == "red.png" and not mug.fault
    assert large.fault == "is a further variant of row 2"
    assert picture.fault == "only adds a picture to row 2"
    assert (throw.item_id, throw.warnings) == ("THROW", ())
    said = " ".join(mug.warnings)
    assert '"Body (HTML)" as description' in said
    assert said.count("not read: Vendor, Type, Option1 Value, Variant Price") == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "ID;Type;SKU;Name;Short description;Description;Images\n1;simple;W-1;Mug;Nice;Holds tea; \n",
            ("W-1", "Mug", "Holds tea"),
        ),
        (
            "id\ttitle\tdescription\tlink\timage_link\tgtin\n7\tMug\tHolds tea\thttps://a.b/c\t\t1",
            ("7", "Mug", "Holds tea"),
        ),
        ("sku|name|description|base_image\nM-1|Mug|Holds tea|\n", ("M-1", "Mug", "Holds tea")),
        ('sep=;\r\nitem_id;title;text\r\n="007";Mug;Holds tea\r\n', ("007", "Mug", "Holds tea")),
        ('item_id,title,text\n1,"Mug, 12\\" tall",x\n', ("1", 'Mug, 12" tall', "x")),
    ],
)
def test_exports_in_other_dialects_are_read(tmp_path, text, expected):
    (planned,) = read(table(tmp_path, text))
    assert (planned.item_id, planned.title, planned.description) == expected
    assert not planned.fault


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp1252", "mac_roman"])
def test_other_encodings_are_read_and_said(tmp_path, encoding):
    text = "title;text\nGrüner Becher;Schöne Größe für Tee\nGelber Löffel;Für Müsli und schöne Süßspeisen\n"
    rows = read(table(tmp_path, text.encode(encoding)))
    assert [planned.title for planned in rows] == ["Grüner Becher", "Gelber Löffel"]
    assert "planned.csv: was read as " in " ".join(rows[0].warnings)
