"""Words of items: out of their markup, without what programs write for nothing, each told once."""

from pathlib import Path

from mamex.data.check import check_dataset
from mamex.data.dataset import read_dataset

BOUGHT = "user_id,item_id\nu,a\nv,b\nw,c\n"


def shop(folder: Path, items: str) -> Path:
    (folder / "items.csv").write_text(items)
    (folder / "interactions.csv").write_text(BOUGHT)
    return folder


def test_markup_is_taken_out_and_counted(tmp_path):
    items = "item_id,title,description\na,Mug &amp; lid,<p>Holds <b>350</b> ml</p>\nb,Throw,a < b\nc,<b>Lamp</b>,\n"
    folder = shop(tmp_path, items)
    dataset = read_dataset(folder)
    assert dataset.texts() == ["Mug & lid. Holds 350 ml", "Throw. a < b", "Lamp"]
    told = [str(problem) for problem in check_dataset(folder).problems if problem.kind == "markup"]
    assert told == ["items.csv row 2: the words of 2 items hold HTML; its tags and entities were taken out"]
    assert dataset.notes == tuple(told)


def test_what_stands_for_nothing_counts_as_empty_when_it_is_repeated(tmp_path):
    dataset = read_dataset(shop(tmp_path, "item_id,title,description\na,Mug,NULL\nb,None,nan\nc,Lamp,NULL\n"))
    assert list(dataset.items["description"]) == ["", "nan", ""]
    assert dataset.items["title"].iloc[1] == "None", "one product may be called so"
    assert dataset.notes == ("items.csv row 2: 2 cells of the column description say 'NULL'; they count as empty",)


def test_characters_that_were_saved_twice_are_mended(tmp_path):
    dataset = read_dataset(shop(tmp_path, "item_id,title,description\na,Mug,fÃ¼r mÃ¼de FÃ¼ÃŸe\nb,Café,für\nc,Lamp,\n"))
    assert list(dataset.items["description"]) == ["für müde Füße", "für", ""]
    assert len(dataset.notes) == 1 and "fÃ¼r -> für" in dataset.notes[0] and "row 2" in dataset.notes[0]


def test_a_description_is_filled_from_the_next_column_unless_the_table_is_of_our_own_format(tmp_path):
    cells = "title,Description,Short description\na,Mug,,Warm\nb,Cup,Cold,\nc,X,,\n"
    assert list(read_dataset(shop(tmp_path, "item_id," + cells)).items["description"]) == ["", "Cold", ""]
    dataset = read_dataset(shop(tmp_path, "sku," + cells))
    assert list(dataset.items["description"]) == ["Warm", "Cold", ""]
    assert any("Short description" in note and "1 rows" in note for note in dataset.notes)
