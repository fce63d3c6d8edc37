"""The check of a dataset folder: each fault named with file and row, all at once; nothing makes it crash."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from mamex.data.check import CheckReport, check_dataset, format_report
from mamex.data.dataset import read_dataset
from mamex.errors import DatasetError
from tests.support.shops.builders import write_tiny_dataset
from tests.support.shops.small_shop import BOUGHT, ITEMS, red_picture, shop


def found(report: CheckReport) -> list[tuple[str, int | None, str, str]]:
    return [(problem.file, problem.row, problem.severity, problem.kind) for problem in report.problems]


def test_a_sound_folder_has_nothing_to_report(tmp_path: Path) -> None:
    report = check_dataset(shop(tmp_path))
    assert report.problems == [] and report.ok
    assert report.summary == {
        "items": 3,
        "with_picture": 1,
        "with_words": 3,
        "users": 2,
        "interactions": 3,
        "duplicates_merged": 0,
        "pictures_opened": 1,
    }
    assert format_report(report).splitlines()[-1] == (
        f"{tmp_path} can be used, but its 3 items are too few: a training needs 10 at least: 0 errors and 0 warnings."
    )


def test_the_tiny_shop_only_warns_of_items_without_words(tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    report = check_dataset(
        write_tiny_dataset(tmp_path), progress=lambda stage, done, total: seen.append((stage, done, total))
    )
    assert found(report) == [("items.csv", row, "warning", "empty text") for row in (11, 24, 37, 50)]
    assert (
        report.ok
        and report.summary["with_picture"] == 55
        and seen == [("opening pictures", n, 55) for n in range(1, 56)]
    )


def test_everything_is_reported_at_once(tmp_path: Path) -> None:
    items = (
        "item_id,title,description,image\n"
        'a,Hat,"two\nlines",images/a.png\n'  # rows 2 and 3
        "a,Again,,\n"  # row 4
        ",No id,,\n"
        "d,,,\n"
        "e,Far,,../../etc/passwd\n"
        "f,Far,,/etc/passwd\n"
        "g,Gone,,images/gone.png\n"
        "h,Broken,,images/broken.png\n"
        "i,Web,,https://example.org/i.png\n"
        "j,Long,,,,\n"  # row 12
        "k,Short\n"
        "l,,,images/a.png\n"
        "m\n"
    )
    bought = (
        "user_id,item_id,timestamp,rating\n"
        "u,a,2024-01-01,5\nu,a,2024-01-02,5\n,a,,\nu,,,\nu,zzz,,\nu,d,someday,\nu,e,,good\nu,nope\nu,j,,\n"
    )
    folder = shop(tmp_path, items, bought)
    (folder / "images" / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnot really")
    report = check_dataset(folder)
    assert sorted(found(report), key=str) == sorted(
        [
            ("items.csv", 4, "error", "duplicate id"),
            ("items.csv", 5, "error", "empty id"),
            ("items.csv", 6, "warning", "no modality"),
            ("items.csv", 7, "error", "picture outside"),
            ("items.csv", 8, "error", "picture outside"),
            ("items.csv", 9, "warning", "missing picture"),
            ("items.csv", 10, "warning", "unreadable picture"),
            ("items.csv", 11, "warning", "picture address"),
            ("items.csv", 12, "error", "number of fields"),
            ("items.csv", 13, "error", "number of fields"),
            ("items.csv", 14, "warning", "empty text"),
            ("items.csv", 15, "error", "number of fields"),
            ("interactions.csv", 4, "warning", "empty user_id"),
            ("interactions.csv", None, "warning", "one user"),
            ("interactions.csv", 5, "error", "empty item_id"),
            ("interactions.csv", 6, "error", "unknown item"),
            ("interactions.csv", 7, "warning", "unreadable timestamp"),
            ("interactions.csv", 8, "warning", "unreadable rating"),
            ("interactions.csv", 9, "error", "number of fields"),
        ],
        key=str,
    )
    assert not report.ok
    assert report.summary == {
        "items": 11,  # a and d to m: neither the second a nor the row without an id
        "with_picture": 2,
        "with_words": 8,
        "users": 1,
        "interactions": 4,
        "duplicates_merged": 1,
        "pictures_opened": 1,
    }
    with pytest.raises(DatasetError) as caught:
        read_dataset(folder)
    errors = [f"  {problem}" for problem in report.problems if problem.severity == "error"]
    assert sorted(str(caught.value).splitlines()[1:]) == sorted(errors), "one parser for both"


@pytest.mark.parametrize(
    ("items", "bought", "wanted"),
    [
        (b"", BOUGHT, ("items.csv", None, "empty file")),
        (b"\xef\xbb\xbf \r\n", BOUGHT, ("items.csv", None, "empty file")),
        (ITEMS, b"", ("interactions.csv", None, "empty file")),
        ("item_id,title,description,image\n", BOUGHT, ("items.csv", None, "no records")),
        (ITEMS, "user_id,item_id\n", ("interactions.csv", None, "no records")),
        ("item_id,price,stock\na,1,2\n", BOUGHT, ("items.csv", None, "missing column")),
        (ITEMS, "user_id,thing\nu,a\n", ("interactions.csv", 1, "missing column")),
        ("item_id,title,description,image,Title\na,b,c,,d\n", BOUGHT, ("items.csv", 1, "column twice")),
        (ITEMS.encode() + "d,café,,\n".encode() + b"e,caf\xe9,,\n", BOUGHT, ("items.csv", 6, "encoding")),
        (ITEMS, BOUGHT.encode() + "ü,a,,\n".encode() + b"\xff\xfe,a,,\n", ("interactions.csv", 6, "encoding")),
        (ITEMS + "d,a\x00b,,\n", BOUGHT, ("items.csv", 5, "nul")),
        (ITEMS, BOUGHT + "u\x00,a,,\n", ("interactions.csv", 5, "nul")),
        (ITEMS.encode("utf-16")[:-1], BOUGHT, ("items.csv", None, "foreign file")),
        # Without the time, which would make another test of it for each process that collects it.
        (gzip.compress(ITEMS.encode(), mtime=0), BOUGHT, ("items.csv", None, "foreign file")),
        (b"PK\x03\x04abc", BOUGHT, ("items.csv", None, "foreign file")),
        (ITEMS + 'd,"never closed,,\ne,f,g,\n', BOUGHT, ("items.csv", 5, "open quotation mark")),
        (ITEMS, BOUGHT + '"u,a,,\n', ("interactions.csv", 5, "open quotation mark")),
        ('"item_id', BOUGHT, ("items.csv", 1, "open quotation mark")),
        (ITEMS, BOUGHT + "u,a\n", ("interactions.csv", 5, "number of fields")),
        (ITEMS, BOUGHT + "u,a,,,,\n", ("interactions.csv", 5, "number of fields")),
        (ITEMS, BOUGHT + "\n\nu,q,,\n", ("interactions.csv", 7, "unknown item")),
        (ITEMS + "d,,,C:\\pictures\\d.png\n", BOUGHT, ("items.csv", 5, "picture outside")),
        (ITEMS + "d,,,..\\..\\d.png\n", BOUGHT, ("items.csv", 5, "picture outside")),
        (ITEMS + "d,,,images/../..\n", BOUGHT, ("items.csv", 5, "picture outside")),
    ],
)
def test_each_error_has_its_file_and_row(
    tmp_path: Path, items: str | bytes, bought: str | bytes, wanted: tuple[str, int | None, str]
) -> None:
    report = check_dataset(shop(tmp_path, items, bought))
    file, row, kind = wanted
    assert (file, row, "error", kind) in found(report)
    assert not report.ok and "can't be used as it is" in format_report(report)
    with pytest.raises(DatasetError):
        read_dataset(tmp_path)


def test_a_bad_byte_does_not_hide_other_faults_nor_cause_any(tmp_path: Path) -> None:
    report = check_dataset(
        shop(tmp_path, ITEMS.replace("Warm", "Wärme").encode() + b"d,caf\xe9,,\n,x,,\n", BOUGHT + "w,d,,\n")
    )
    assert [line for line in found(report) if line[2] == "error"] == [
        ("items.csv", 5, "error", "encoding"),
        ("items.csv", 6, "error", "empty id"),
    ]
    assert "0xE9 at position 6" in report.problems[0].message


def test_a_missing_column_does_not_make_every_interaction_wrong(tmp_path: Path) -> None:
    report = check_dataset(shop(tmp_path, ITEMS.replace("item_id", "shelf"), BOUGHT))
    assert found(report) == [("items.csv", 1, "error", "missing column")]


def test_a_quotation_mark_left_open_does_not_make_the_swallowed_items_unknown(tmp_path: Path) -> None:
    report = check_dataset(shop(tmp_path, ITEMS.replace("b,Scarf", 'b,"Scarf')))
    assert found(report) == [("items.csv", 3, "error", "open quotation mark")]


def test_a_nul_is_only_a_nul(tmp_path: Path) -> None:
    report = check_dataset(shop(tmp_path, ITEMS + 'd,"\x00end of file\x00",,\n'))
    assert found(report) == [("items.csv", 5, "error", "nul")]


def test_very_long_texts_are_read(tmp_path: Path) -> None:
    before = csv.field_size_limit()
    dataset = read_dataset(shop(tmp_path, ITEMS + 'd,"' + "long, " * 50_000 + '",,\n'))
    assert len(dataset.items.loc[3, "title"]) == 6 * 50_000 - 1 and csv.field_size_limit() == before


def test_lost_leading_zeros_are_recognised(tmp_path: Path) -> None:
    report = check_dataset(shop(tmp_path, ITEMS + "0108775,Top,,\n", BOUGHT + "u,108775,,\n"))
    assert found(report) == [("interactions.csv", 5, "note", "item ids: leading zeros lost or added")]
    assert report.summary["interactions"] == 4


def test_pictures_reached_by_symbolic_links(tmp_path: Path) -> None:
    red_picture(tmp_path / "elsewhere.png")
    folder = shop(tmp_path / "shop", ITEMS + "d,D,,images/link.png\ne,E,,images/inside.png\nf,F,,other/elsewhere.png\n")
    (folder / "images/link.png").symlink_to(tmp_path / "elsewhere.png")
    (folder / "images/inside.png").symlink_to(folder / "images/a.png")
    (folder / "other").symlink_to(tmp_path)
    report = check_dataset(folder)
    assert found(report) == [("items.csv", row, "error", "picture outside") for row in (5, 7)]
    (tmp_path / "alias").symlink_to(folder)
    shop(folder)
    assert check_dataset(tmp_path / "alias").problems == [], "the folder itself may be reached by a link"


@pytest.mark.parametrize("name", ["images", "images/", ".", "images/" + "x" * 5000, "images/a.png/b.png", "\x01\x02"])
def test_a_listed_picture_that_is_none_counts_as_missing(tmp_path: Path, name: str) -> None:
    report = check_dataset(shop(tmp_path, ITEMS + f"d,D,,{name}\n"))
    assert found(report) == [("items.csv", 5, "warning", "missing picture")] and report.ok
    assert all(character.isprintable() for character in str(report.problems[0]))
    assert read_dataset(tmp_path).image_paths()[3] is None


def test_missing_folders_and_files(tmp_path: Path) -> None:
    assert found(check_dataset(tmp_path / "nowhere")) == [(str(tmp_path / "nowhere"), None, "error", "missing folder")]
    (tmp_path / "file").write_text("x")
    assert not check_dataset(tmp_path / "file").ok
    assert not check_dataset("bad\x00name").ok
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/Items.csv").write_text(ITEMS)
    (tmp_path / "shop/interactions.csv").mkdir()
    report = check_dataset(tmp_path / "shop")
    assert ("Items.csv", None, "note", "file name") in found(report)
    assert ("interactions.csv", None, "error", "unreadable file") in found(report)
    (tmp_path / "shop/Items.csv").rename(tmp_path / "shop/items.xlsx")
    (missing,) = [problem for problem in check_dataset(tmp_path / "shop").problems if problem.file == "items.csv"]
    assert "save 'items.xlsx' as 'CSV UTF-8', named items.csv" in missing.message


def test_both_plain_and_compressed(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    (folder / "items.csv.gz").write_bytes(gzip.compress(ITEMS.encode()))
    assert found(check_dataset(folder)) == [("items.csv", None, "error", "two files")]
    (folder / "items.csv").unlink()
    assert check_dataset(folder).ok


@pytest.mark.parametrize("damage", [lambda data: data[:-9], lambda data: data[:30] + b"?" + data[31:], lambda _: b"no"])
def test_damaged_gzip(tmp_path: Path, damage: Callable[[bytes], bytes]) -> None:
    folder = shop(tmp_path)
    (folder / "items.csv").unlink()
    (folder / "items.csv.gz").write_bytes(damage(gzip.compress(ITEMS.encode())))
    assert found(check_dataset(folder)) == [("items.csv.gz", None, "error", "unreadable file")]


def test_many_problems_are_summed_up_in_print_but_all_in_the_report(tmp_path: Path) -> None:
    report = check_dataset(shop(tmp_path, ITEMS + "a,Again,,\n" * 3000))
    assert len(report.problems) == 3000 and report.problems[-1].row == 3004
    lines = format_report(report).splitlines()
    assert lines[0] == "Errors:" and lines[1].startswith("items.csv row 5: item_id 'a' is already used")
    assert lines[6] == "items.csv: and 2,995 more of this kind (duplicate id)"
    verdict = "can't be used as it is: 3,000 errors and 0 warnings; repair the errors and check again."
    assert lines[-1] == f"{tmp_path} {verdict}"


def test_a_picture_shown_by_two_items_is_opened_once_and_reported_twice(tmp_path: Path) -> None:
    folder = shop(tmp_path, ITEMS.replace("b,Scarf,,", "b,Scarf,,images/a.png"))
    (folder / "images/a.png").write_bytes(b"no picture")
    calls: list[int] = []
    report = check_dataset(folder, progress=lambda _, done, __: calls.append(done))
    assert [problem.row for problem in report.problems] == [2, 3, None] and calls == [1]
    assert check_dataset(folder, open_pictures=False).problems == []


def test_tables_that_nothing_was_read_of_are_named(tmp_path):
    folder = shop(tmp_path, ITEMS, BOUGHT)
    (folder / "interactions (1).csv").write_text(BOUGHT)
    (folder / "notes.txt").write_text("no table")
    told = [problem.message for problem in check_dataset(folder).problems if problem.kind == "tables not read"]
    assert len(told) == 1 and "'interactions (1).csv'" in told[0] and "notes" not in told[0]


def test_names_of_files_and_columns_steer_no_terminal(tmp_path):
    steering = "\x1b[31mred"
    folder = shop(
        tmp_path, ITEMS.replace("image\n", f"image,{steering}\n", 1), BOUGHT.replace("rating\n", f"{steering}\n", 1)
    )
    (folder / f"other {steering}.csv").write_text("a,b\n1,2\n")
    report = check_dataset(folder)
    text = format_report(report)
    assert text.count("?[31mred") >= 2 and "\x1b" not in text
    assert all("\x1b" not in str(problem) for problem in report.problems)
    assert all(report.found[problem.file, problem.kind, problem.severity] for problem in report.problems)
