"""A picture is found by a name written a little differently, if only one file fits; never outside the folder."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mamex.data.contents.pictures import PictureSearch, index
from mamex.data.contents.pictures.names import forms, misread, names_in


def folder_of(root: Path, *names: str) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(name.encode("utf-8", "surrogateescape"))
    return root


FILES = ("images/mug-red.png", "images/my lamp.jpeg", "images/m/b/mb01.jpg", "images/Mütze.png", "top.gif")


@pytest.mark.parametrize(
    ("cell", "file", "ignored"),
    [
        ("images/mug-red.png", "images/mug-red.png", ()),
        ("images\\mug-red.png", "images\\mug-red.png", ()),
        ("images/MUG-RED.PNG", "images/mug-red.png", ("with other capitals",)),
        ("Images/mug-red.png", "images/mug-red.png", ("with other capitals",)),
        ("images/mug-red", "images/mug-red.png", ("without ending",)),
        ("images/mug-red.jpg", "images/mug-red.png", ("with another ending",)),
        ("images/mug-red.PNG", "images/mug-red.png", ("with other capitals",)),
        ("mug-red.png", "images/mug-red.png", ("without folder",)),
        ("pub/media/mug-red.png", "images/mug-red.png", ("with another folder",)),
        ("MUG-RED", "images/mug-red.png", ("without folder", "without ending", "with other capitals")),
        ("/m/b/mb01.jpg", "images/m/b/mb01.jpg", ("with a leading slash or drive", "with another folder")),
        ("C:\\shop\\mb01.jpg", "images/m/b/mb01.jpg", ("with a leading slash or drive", "with another folder")),
        ("file:///home/me/images/mug-red.png", "images/mug-red.png", None),
        ("images/my%20lamp.jpeg", "images/my lamp.jpeg", ("with %20 and the like",)),
        ("images/my+lamp.jpeg", "images/my lamp.jpeg", ("with %20 and the like",)),
        ("images/M%C3%BCtze.png", "images/Mütze.png", ("with %20 and the like",)),
        ("images/M%FCtze.png", "images/Mütze.png", ("with %20 and the like",)),
        ("images/mug-red.png?v=1690", "images/mug-red.png", ("with ? or # and more behind it",)),
        ("images/mug-red.png#front", "images/mug-red.png", ("with ? or # and more behind it",)),
        ("'images/mug-red.png'", "images/mug-red.png", ("in quotation marks",)),
        ("images/mug-red.png, images/b.png", "images/mug-red.png", None),
        ("images/mug-red.png;images/b.png", "images/mug-red.png", None),
        ("images/mug-red.png|images/b.png", "images/mug-red.png", None),
        ("images/mug-red.png images/b.png", "images/mug-red.png", None),
        ("images/mug-red|images/b", "images/mug-red.png", None),
        ("images/my lamp.jpeg images/b.png", "images/my lamp.jpeg", None),
        ("images/gone.png, images/mug-red.png", "images/mug-red.png", None),
        ('["images/mug-red.png", "images/b.png"]', "images/mug-red.png", None),
        ("['images/mug-red.png', 'images/b.png']", "images/mug-red.png", None),
        ('[{"position": 1, "src": "images\\/mug-red.png"}]', "images/mug-red.png", None),
        ('<img src="images/mug-red.png" alt="a mug">', "images/mug-red.png", None),
        ('=IMAGE("https://shop.example/mug-red.png")', "images/mug-red.png", None),
        ("https://cdn.shop.example/s/files/MUG-RED.png?v=3", "images/mug-red.png", None),
        ("//cdn.shop.example/s/files/mug-red.png", "images/mug-red.png", None),
        ("images/MA\u0308...", "", None),
        ("images/Mu\u0308tze.png", "images/Mütze.png", ("with accents written in another way",)),
        ("images/MÃ¼tze.png", "images/Mütze.png", ("in another code page",)),
        ("images/M\u2592tze.png", "", None),
        ("images/M├╝tze.png", "images/Mütze.png", ("in another code page",)),
        ("TOP", "top.gif", ("without ending", "with other capitals")),
        ("images/items", "", None),
        ("images/mug-blue.png", "", None),
        ("", "", ()),
        ("no_selection", "", ()),
    ],
)
def test_a_name_that_fits_one_file(tmp_path: Path, cell: str, file: str, ignored: tuple[str, ...] | None) -> None:
    found = PictureSearch(folder_of(tmp_path, *FILES, "items.csv")).find(cell)
    assert found.name == (file or found.name) and bool(found.path) == bool(file)
    if file:
        assert found.path is not None and found.path.is_file() and not found.fault
    if ignored is not None:
        assert found.ignored == ignored


def test_a_file_whose_name_went_through_an_old_zip_program(tmp_path: Path) -> None:
    wanted = "Mütze.png"
    for data, read in (("utf-8", "cp437"), ("cp1252", "cp437"), ("cp1252", "cp850"), ("cp437", "latin-1")):
        name = wanted.encode(data).decode(read)
        search = PictureSearch(folder_of(tmp_path / f"{data}-{read}", f"images/{name}"))
        assert search.find(f"images/{wanted}").name == f"images/{name}", (data, read)
    search = PictureSearch(folder_of(tmp_path / "escaped", "images/M#U00fctze.png"))
    assert search.find(f"images/{wanted}").name == "images/M#U00fctze.png"
    search = PictureSearch(folder_of(tmp_path / "mac", f"images/{unicodedata.normalize('NFD', wanted)}"))
    assert search.find(f"images/{wanted}").ignored == ("with accents written in another way",)


@pytest.mark.parametrize(
    ("files", "cell", "wanted"),
    [
        (("images/a.png", "images/a.jpg"), "images/a", ""),
        (("images/a.png", "images/a.jpg"), "images/A.PNG", "images/a.png"),
        (("images/a.png", "images/a.jpg"), "images/a.webp", ""),
        (("images/a.png", "thumbs/a.png"), "a.png", ""),
        (("images/a.png", "thumbs/a.png"), "images/A.png", "images/a.png"),
        (("images/a.png", "thumbs/a.png"), "images/a.png?v=1", "images/a.png"),
        (("images/A.png", "images/a.png"), "images/A", "images/A.png"),
        (("images/A.png", "images/a.png"), "shop/A.png", "images/A.png"),
        (("images/AB.png", "images/ab.png"), "images/Ab.png", ""),
        (("up/2023/05/a.png", "up/2022/05/a.png"), "/2023/05/a.png", "up/2023/05/a.png"),
        (("images/x/a.png", "images/y/a.png"), "z/a.png", ""),
        (("images/50%20off.png", "images/50 off.png"), "images/50%20off.PNG", "images/50%20off.png"),
        (("images/a,b.png", "images/b.png"), "images/A,B.png", "images/a,b.png"),
    ],
)
def test_several_files_that_fit(tmp_path: Path, files: tuple[str, ...], cell: str, wanted: str) -> None:
    found = PictureSearch(folder_of(tmp_path, *files)).find(cell)
    assert found.name == wanted and found.fault == ("" if wanted else "ambiguous")
    assert wanted or (len(found.alike) == 2 and set(found.alike) <= set(files))


def test_nothing_outside_the_folder_is_found(tmp_path: Path) -> None:
    folder_of(tmp_path, "secret.png", "shop/images/a.png", "elsewhere/b.png")
    shop = tmp_path / "shop"
    (shop / "images/link.png").symlink_to(tmp_path / "secret.png")
    (shop / "other").symlink_to(tmp_path / "elsewhere")
    search = PictureSearch(shop)
    for cell in (
        "../secret.png", "..\\secret.png", "images/../../secret.png", "%2e%2e/secret.png", "/secret.png", "secret",
        "images/%2e%2e%2f%2e%2e%2fsecret.png", "LINK.PNG", "images/link", "B.png", "other/B", "https://x/../secret.png",
        f"{tmp_path}/secret.png", "images/a.png/../../../secret.png", "~/secret.png",
    ):  # fmt: skip
        found = search.find(cell)
        assert found.path is None or found.path == shop / "images/a.png", cell
        assert found.path is None, cell
    assert search.find("../secret.png").fault == "outside" == search.find("images/link.png").fault
    assert search.find(f"{tmp_path}/images/a.png").path == shop / "images/a.png"


def test_a_folder_of_too_many_files_is_not_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "MOST_FILES", 2)
    search = PictureSearch(folder_of(tmp_path, "images/a.png", "images/b.png", "images/c.png"))
    assert search.find("images/c.png").path and search.find("images/A.png").fault == "missing"
    assert not search.index.complete


def test_very_many_files_of_one_name_are_ambiguous_and_cheap(tmp_path: Path) -> None:
    search = PictureSearch(folder_of(tmp_path, *(f"{place}/1.png" for place in range(200))))
    assert search.find("1.png").fault == "ambiguous" and search.find("17/1.PNG").name == "17/1.png"


def test_the_nearest_file(tmp_path: Path) -> None:
    search = PictureSearch(folder_of(tmp_path, *FILES))
    assert search.nearest("images/mug-rod.png") == "images/mug-red.png" and search.nearest("zzzzzz") == ""


@given(st.text(max_size=80))
def test_no_cell_makes_it_fail_or_lead_up(cell: str) -> None:
    for name in [cell, *names_in(cell)]:
        for form, _ in forms(name):
            assert ".." not in form.split("/") and not form.startswith("/")
        misread(name)


@pytest.mark.parametrize("cell", ["," * 100_000, ".png," * 50_000, "[" * 100_000, ".png?" * 50_000, "a " * 50_000])
def test_long_cells_are_cheap(tmp_path: Path, cell: str) -> None:
    assert len(names_in(cell)) <= 10 and PictureSearch(tmp_path).find(cell).path is None
