"""What is said of the image column: once a way, with counts and examples; nothing found otherwise in silence."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from mamex.data.check import check_dataset
from mamex.data.dataset import read_dataset
from mamex.data.problems import Problem
from tests.support.shops.small_shop import shop

HEADER = "item_id,title,description,image\n"
BOUGHT = "user_id,item_id\nu,p0\nu,p1\nv,p0\n"


def shop_of(folder: Path, cells: list[str], *files: str) -> Path:
    rows = "".join(
        f'p{number},Title {number},Words,"{cell.replace(chr(34), chr(34) * 2)}"\n' for number, cell in enumerate(cells)
    )
    shop(folder, HEADER + rows, BOUGHT, pictures=False)
    for number, file in enumerate(files):
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (8, 8), (number, 0, 0)).save(folder / file)
    return folder


def problems_of(folder: Path) -> list[Problem]:
    found = check_dataset(folder).problems
    problems = [problem for problem in found if "picture" in problem.kind and "at all" not in problem.kind]
    told = {"warning": read_dataset(folder).warnings, "note": read_dataset(folder).notes}
    for problem in {problem.kind: problem for problem in reversed(problems)}.values():
        assert any(str(problem) in line for line in told.get(problem.severity, ())), "training says what check says"
    return problems


def test_each_way_is_told_once_with_its_count_and_an_example(tmp_path: Path) -> None:
    files = [f"images/{name}.png" for name in "abcde"]
    folder = shop_of(tmp_path, ["images/A.PNG", "images/B.PNG", "images/c", "d.png", "images/e.png"], *files)
    (note,) = problems_of(folder)
    assert note.severity == "note" and note.row is None
    assert note.message == (
        "4 pictures were found under a slightly different name: "
        "2 with other capitals (row 2: 'images/A.PNG' -> 'images/a.png'); "
        "1 without ending (row 4: 'images/c' -> 'images/c.png'); "
        "1 without folder (row 5: 'd.png' -> 'images/d.png')"
    )
    dataset = read_dataset(folder)
    assert dataset.items["image"].tolist() == files, "so that they are found again, also by a checkpoint"
    assert [path and path.name for path in dataset.image_paths()] == ["a.png", "b.png", "c.png", "d.png", "e.png"]


def test_lost_pictures_name_the_nearest_file_and_most_of_them_are_told_loudly(tmp_path: Path) -> None:
    cells = [
        "images/mug-rot.png",
        "images/hat",
        "http://shop.example/x.png",
        "https://shop.example/y.png",
        "images/c.png",
    ]
    folder = shop_of(tmp_path, cells, "images/mug-red.png", "images/hat.png", "images/hat.jpg", "images/c.png")
    loud, missing, several, address = problems_of(folder)
    assert loud.message.startswith(
        "4 of 5 items that name a picture lose it (1 not in the folder, 1 fit several files, 2 addresses)"
    )
    assert str(missing).startswith(
        "items.csv row 2: there is no picture 'images/mug-rot.png' in the folder; the nearest"
    )
    assert "the nearest is 'images/mug-red.png' (will be treated as missing)" in str(missing)
    assert str(several).startswith("items.csv row 3: the picture 'images/hat' may be 'images/hat.")
    assert str(address).startswith(
        "items.csv row 4: the picture 'http://shop.example/x.png' is one of 2 addresses; fetch"
    )
    assert "python -m mamex prepare pictures --from DIR --out DIR2" in address.message
    assert [bool(path) for path in read_dataset(folder).image_paths()] == [False, False, False, False, True]


def test_names_of_different_folders_are_not_taken_for_one_picture(tmp_path: Path) -> None:
    folder = shop_of(tmp_path, ["p0/1.jpg", "p1/1.jpg", "images/c.png"], "p0/1.jpg", "images/c.png")
    (missing,) = problems_of(folder)
    assert "no picture 'p1/1.jpg' in the folder; the nearest is 'p0/1.jpg'" in missing.message
    folder = shop_of(tmp_path / "b", ["p0/1.jpg", "p1/1.jpg", "images/c.png"], "images/1.jpg", "images/c.png")
    assert [problem.kind for problem in problems_of(folder)] == [
        "most pictures lost",
        "missing picture",
        "missing picture",
    ]


def test_a_leading_slash_leads_outside_unless_it_means_the_folder_elsewhere(tmp_path: Path) -> None:
    cells = ["/m/a.jpg", "/m/b.jpg", "images/c.png"]
    folder = shop_of(tmp_path, cells, "images/m/a.jpg", "images/c.png")
    assert [(problem.severity, problem.kind) for problem in problems_of(folder)] == [
        ("warning", "missing picture"),
        ("note", "picture found"),
    ]
    folder = shop_of(tmp_path / "b", ["/m/a.jpg", "images/c.png"], "images/c.png")
    (outside,) = check_dataset(folder).problems
    assert (outside.severity, outside.kind) == ("error", "picture outside")


def test_cells_that_say_that_there_is_no_picture(tmp_path: Path) -> None:
    folder = shop_of(tmp_path, ["no_selection", "no_selection", "images/c.png", ""], "images/c.png")
    (note,) = [problem for problem in check_dataset(folder).problems if problem.file == "items.csv"]
    assert note.severity == "note" and "no_selection" in note.message and "2" in note.message


@pytest.mark.parametrize(
    "files",
    [
        ("images/p0.jpg", "images/P1.png", "images/p2.webp"),
        ("images/p0_1.jpg", "images/p1_1.jpg", "images/p1_2.jpg", "images/p2_1.jpg"),
        ("images/01/p0.jpg", "images/01/p1.jpg", "images/02/p2.jpg"),
        ("p0.jpg",),
    ],
)
def test_pictures_that_no_cell_names_are_found_by_id(tmp_path: Path, files: tuple[str, ...]) -> None:
    folder = shop_of(tmp_path, ["", "", "", ""], *files)
    (note,) = problems_of(folder)
    found = min(3, len(files))
    assert note.severity == "note"
    assert note.message == (
        f"no item names a picture, so they were found by item_id: {found} of 4 (row 2: 'p0' -> '{files[0]}')"
    )
    assert [bool(path) for path in read_dataset(folder).image_paths()] == [place < found for place in range(4)]


def test_pictures_that_nobody_names_are_told(tmp_path: Path) -> None:
    (warning,) = problems_of(shop_of(tmp_path, ["", ""], "images/x.png", "images/y.png", "images/z.png"))
    assert warning.severity == "warning" and "the folder holds 3, such as 'images/x.png'" in warning.message


def test_pictures_inside_cells_and_addresses_are_told_apart(tmp_path: Path) -> None:
    cells = ["data:image/png;base64,iVBOR", "https://a.example/b.png", "data:image/png;base64,iVBOR"]
    told = [problem.message for problem in problems_of(shop_of(tmp_path, cells)) if problem.kind == "picture address"]
    assert len(told) == 2 and "holds 2 pictures in the cells" in told[0]
    assert "'https://a.example/b.png' is an address" in told[1] and "prepare pictures" in told[1]
