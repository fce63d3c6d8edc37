"""Many planned products from one file: good rows give what a launch gives, bad ones are named, nothing stays behind."""

import csv
import io
import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from mamex.errors import ArchiveError, BatchError
from mamex.launch.batch import BATCH, ranked, run_batch, write_batch
from mamex.launch.batch_files import TEMPLATE, planned_rows
from mamex.launch.launcher import Launcher

HEADER = "item_id,title,description,image\n"
RED, BLUE = (200, 40, 40), (40, 70, 200)


@pytest.fixture(scope="module")
def launcher(tiny_checkpoint):
    return Launcher.load(tiny_checkpoint)


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Where temporary folders are made; empty again after each run."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def png(colour):
    stream = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(stream, "PNG")
    return stream.getvalue()


def table(tmp_path, text, name="planned.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding) if isinstance(text, str) else text)
    return path


def archive(tmp_path, files):
    path = tmp_path / "planned.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return path


def read(path):
    with planned_rows(path) as rows:
        return rows


# Reading


def test_the_template_can_be_read(tmp_path):
    rows = read(table(tmp_path, TEMPLATE))
    assert [(planned.row, planned.item_id, planned.title) for planned in rows] == [
        (2, "P-1", "Stoneware mug"),
        (3, "P-2", "Wool throw"),
    ]
    assert rows[0].warnings and "did not come with the CSV" in rows[0].warnings[0]
    assert not rows[1].warnings and not rows[1].fault


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Name;Text\nCrimson jumper;Warm, and soft\n", "utf-8"),
        ("\ufeffname;text\r\nCrimson jumper;Warm, and soft\r\n", "utf-8"),
        ('Title\tDescription\nCrimson jumper\t"Warm, and soft"\n', "utf-8"),
        ('PRODUCT NAME,Details\nCrimson jumper,"Warm, and soft"\n', "utf-8"),
    ],
)
def test_usual_headers_and_separators_are_understood(tmp_path, text, encoding):
    (planned,) = read(table(tmp_path, text, encoding=encoding))
    assert (planned.row, planned.title, planned.description) == (2, "Crimson jumper", "Warm, and soft")


def test_a_name_beside_a_title_is_a_number(tmp_path):
    (planned,) = read(table(tmp_path, "name,title\nA7,Crimson jumper\n"))
    assert (planned.item_id, planned.title) == ("A7", "Crimson jumper")


def test_texts_over_several_lines_keep_their_row(tmp_path):
    rows = read(table(tmp_path, 'title;description\nOne;"first\nsecond"\nTwo;plain\n'))
    assert [(planned.row, planned.title) for planned in rows] == [(2, "One"), (4, "Two")]


def test_a_bare_carriage_return_in_a_text_stays_in_it(tmp_path):
    rows = read(table(tmp_path, 'title;description\nOne;"first\rsecond"\nTwo;plain\n'))
    assert [(planned.title, planned.description) for planned in rows] == [("One", "first\rsecond"), ("Two", "plain")]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            "colour,price\nred,5\n",
            "has no column 'title', 'description' or 'image'; the columns are: 'colour', 'price'",
        ),
        ("title,title\na,b\n", "column 'title' twice"),
        ("", "is empty"),
        ("title,description\n", "has no rows"),
        ("title\n" + "x\n" * 501, "501 rows; at most 500"),
        (b"\xff\xfet\x00i", "UTF-16"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence(tmp_path, content, sentence):
    with pytest.raises(BatchError) as caught:
        read(table(tmp_path, content))
    assert sentence in str(caught.value) and "\n" not in str(caught.value)


def test_other_files_are_refused(tmp_path):
    with pytest.raises(BatchError, match="neither a CSV nor a zip"):
        read(table(tmp_path, "x", "planned.xlsx"))


def test_bad_rows_are_named_and_good_ones_stay(tmp_path):
    lines = [
        "1,Crimson jumper,Warm,",
        "2,,,",
        "3,Navy jacket,Rain, and wind,",
        "4,Caf\xe9 cup,Hand made,",
        '5,"Green shirt,Linen,',
    ]
    content = (HEADER + "\n".join(lines) + "\n").encode("latin-1").replace(b"Warm", "Wärme".encode())
    rows = read(table(tmp_path, content))
    faults = {planned.row: planned.fault for planned in rows}
    assert list(faults) == [2, 3, 4, 5, 6]
    assert faults[2] == ""
    assert "no title, no description and no picture" in faults[3]
    assert "has 5 fields, the header has 4" in faults[4]
    assert "not UTF-8" in faults[5]
    assert "quotation mark" in faults[6]


def test_pictures_are_found_in_the_zip(tmp_path):
    rows = [
        "1,Beside,,images/red.png",
        "2,By name,,blue.png",
        "3,Windows,,images\\red.png",
        "4,Missing,,none.png",
        "5,,,none.png",
        "6,Address,,https://example.org/a.png",
        "7,Outside,,../red.png",
    ]
    path = archive(
        tmp_path,
        {
            "planned/table.csv": HEADER + "\n".join(rows) + "\n",
            "planned/images/red.png": png(RED),
            "planned/images/more/blue.png": png(BLUE),
            "__MACOSX/planned/._table.csv": "clutter",
            "planned/.DS_Store": "clutter",
        },
    )
    with planned_rows(path) as found:
        by_row = {planned.row: planned for planned in found}
        assert by_row[2].picture.read_bytes() == by_row[4].picture.read_bytes() == png(RED)
        assert by_row[3].picture.read_bytes() == png(BLUE)
    assert by_row[5].picture is None and "no picture 'none.png'" in by_row[5].warnings[0]
    assert "no picture 'none.png'" in by_row[6].fault
    assert "is an address" in by_row[7].warnings[0]
    assert by_row[8].picture is None and "outside" in by_row[8].warnings[0]


@pytest.mark.parametrize(
    ("files", "error", "sentence"),
    [
        ({"a.png": b"x"}, BatchError, "no CSV file"),
        ({"a.csv": HEADER, "b.csv": HEADER}, BatchError, "2 CSV files"),
        ({"../a.csv": HEADER}, ArchiveError, "leads outside"),
    ],
)
def test_a_zip_that_cannot_be_used_is_one_sentence(tmp_path, temporary, files, error, sentence):
    with pytest.raises(error, match=sentence):
        read(archive(tmp_path, files))
    assert not list(temporary.iterdir())


def test_a_zip_bomb_is_not_unpacked(tmp_path, temporary):
    zeros = b"\0" * (30 * 2**20)
    path = archive(tmp_path, {"a.csv": HEADER, **{f"{i}.png": zeros for i in range(9)}})
    assert path.stat().st_size < 2**20
    with pytest.raises(ArchiveError, match="250 MB"):
        read(path)
    assert not list(temporary.iterdir())


# Running


@pytest.fixture
def mixed(tmp_path):
    lines = [f"{i},Crimson piece {i},A crimson warm wool jumper.,red.png" for i in range(BATCH)]
    lines += ["20,Navy jacket,Waterproof,blue.png", "21,,,", "22,Words alone,Linen shirt,", "23,,,red.png"]
    lines += ["24,Broken picture,Linen shirt,broken.png", "25,,,broken.png", f"26,Long,{'wool ' * 300},"]
    files = {"t.csv": HEADER + "\n".join(lines) + "\n", "red.png": png(RED), "blue.png": png(BLUE), "broken.png": "no"}
    return archive(tmp_path, files)


def test_rows_give_what_a_launch_gives(launcher, mixed, temporary):
    with planned_rows(mixed) as rows:
        results = {result.item_id: result for result in run_batch(launcher, rows)}
        paths = {planned.item_id: planned.picture for planned in rows}
        for number, text in (("0", "Crimson piece 0. A crimson warm wool jumper."), ("20", "Navy jacket. Waterproof")):
            direct = launcher.launch(paths[number], text)
            assert results[number].reach == pytest.approx(direct.reach)
            assert results[number].audience[20] == direct.audience_size
            assert results[number].fusion == pytest.approx(direct.fusion, abs=1e-5)
            assert results[number].nearest.position == direct.neighbours["fused"][0].position
            assert list(results[number].warnings) == direct.warnings
    assert len(results) == BATCH + 7
    assert not list(temporary.iterdir())  # the pictures are gone, the results are not


def test_each_row_says_what_it_lost(launcher, mixed):
    with planned_rows(mixed) as rows:
        results = {result.item_id: result for result in run_batch(launcher, rows)}
    assert "no title" in results["21"].fault and results["21"].reach is None
    assert any("no image" in sentence for sentence in results["22"].warnings)
    assert results["23"].fusion["text"] == 0 and not results["23"].fault
    assert any("can't be read as a picture" in sentence for sentence in results["24"].warnings)
    assert "can't be read as a picture" in results["25"].fault
    assert any("cut at 256 tokens" in sentence for sentence in results["26"].warnings)


def test_the_work_can_be_stopped_between_rows(launcher, mixed, temporary):
    with planned_rows(mixed) as rows:
        running = run_batch(launcher, rows)
        assert [next(running).row, next(running).row] == [2, 3]
        running.close()
    assert not list(temporary.iterdir())


def test_the_widest_reach_comes_first_and_bad_rows_last(launcher, mixed):
    with planned_rows(mixed) as rows:
        results = ranked(list(run_batch(launcher, rows)), 20)
    good = [result.reach[20] for result in results if result.reach]
    assert good == sorted(good, reverse=True)
    assert [result.fault != "" for result in results] == [False] * len(good) + [True] * 2


def test_the_csv_holds_every_row(launcher, tmp_path):
    path = table(tmp_path, HEADER + "1,=SUM(A1),Warm wool,\n2,,,\n")
    with planned_rows(path) as rows:
        results = list(run_batch(launcher, rows))
    write_batch(tmp_path / "out.csv", results, launcher.modalities)
    with (tmp_path / "out.csv").open(encoding="utf-8-sig", newline="") as stream:
        first, second = csv.DictReader(stream)
    assert float(first["reach_20"]) == pytest.approx(results[0].reach[20])
    assert int(float(first["audience_50"])) == results[0].audience[50]
    assert float(first["fusion_text"]) == pytest.approx(1) and first["nearest_item_id"]
    assert first["title"] == "'=SUM(A1)"  # a spreadsheet must not run it
    assert second["reach_20"] == "" and "no title" in second["fault"]


def test_the_json_is_plain(launcher, tmp_path):
    with planned_rows(table(tmp_path, HEADER + "1,Jumper,Warm wool,\n2,,,\n")) as rows:
        values = json.loads(json.dumps([result.to_json() for result in run_batch(launcher, rows)]))
    assert set(values[0]["reach"]) == {"10", "20", "50"} and "product" not in values[0]
    assert values[1]["fault"] and values[1]["reach"] == {}


def test_the_folder_is_removed_when_the_work_fails(tmp_path, temporary):
    with pytest.raises(ZeroDivisionError), planned_rows(table(tmp_path, TEMPLATE)):
        assert list(Path(temporary).iterdir())
        _ = 1 / 0
    assert not list(temporary.iterdir())
