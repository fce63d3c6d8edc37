"""Zip files of whole shops, as they are uploaded to the page."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path

from app.state.own_shop import OwnShop
from mamex.config.sections import DataConfig
from mamex.data.check import format_report
from mamex.data.dataset import read_dataset
from mamex.progress import silent
from tests.strangers.exports import shopify
from tests.strangers.reading import Reading, read_rightly
from tests.strangers.registry import Outcome, situation
from tests.strangers.shop import Shop, item_rows, make_shop, save_pictures, write_shop

PART = "uploads"


def uploaded(archive: Path, judge: Callable[[Reading], Outcome]) -> Outcome:
    """What the page makes of a zip file."""
    own = OwnShop.take(str(archive), "", silent)
    try:
        dataset = read_dataset(own.dataset, DataConfig()) if own.report.ok else None
        return judge(Reading(own.dataset, own.report, format_report(own.report), dataset, ""))
    finally:
        own.delete()


def packed(folder: Path, inside: str = "", beside: dict[str, bytes] | None = None) -> Path:
    """The folder as a zip file, in a folder of the archive, with further entries."""
    archive = folder.parent / "shop.zip"
    with zipfile.ZipFile(archive, "w") as file:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                file.write(path, inside + path.relative_to(folder).as_posix())
        for name, data in (beside or {}).items():
            file.writestr(name, data)
    return archive


def accented(folder: Path, letter: bytes) -> Outcome:
    """Names of pictures with an ü, written in the bytes of some old program, without the mark of UTF-8."""
    shop = make_shop()
    stand_in = "Q" * len(letter)
    items = [row | {"image": row["image"].replace("images/", "images/für-")} for row in item_rows(shop)]
    write_shop(folder, shop, items)
    for path in sorted((folder / "images").iterdir()):
        path.rename(path.with_name(f"f{stand_in}r-{path.name}"))
    archive = packed(folder)
    archive.write_bytes(archive.read_bytes().replace(f"/f{stand_in}r-".encode(), b"/f" + letter + b"r-"))
    return uploaded(archive, lambda reading: read_rightly(reading, shop, 24))


@situation(PART)
def names_of_an_old_windows(folder: Path) -> Outcome:
    """ü is the byte 0x81, as in code page 437 and 850."""
    return accented(folder, b"\x81")


@situation(PART)
def names_of_a_mac_without_the_mark(folder: Path) -> Outcome:
    """ü is two bytes of UTF-8, and nothing says so."""
    return accented(folder, "ü".encode())


@situation(PART)
def a_folder_packed_by_a_mac(folder: Path) -> Outcome:
    """One folder deep, with __MACOSX and .DS_Store."""
    shop = make_shop()
    write_shop(folder, shop)
    beside = {"__MACOSX/My shop/._items.csv": b"\0\5\x16\7", "My shop/.DS_Store": b"\0\0\0\1Bud1"}
    return uploaded(packed(folder, "My shop/", beside), lambda reading: read_rightly(reading, shop, 24))


def addressed() -> Shop:
    """A shop whose users are mail addresses."""
    return make_shop(names=[f"person{index:02d}@example.com" for index in range(30)])


@situation(PART)
def a_shop_systems_export(folder: Path) -> Outcome:
    """products_export_1.csv, orders_export_1.csv and a folder of pictures."""
    shop = addressed()
    save_pictures(shop, shopify.export(folder, shop) / "images")
    return uploaded(packed(folder), lambda reading: read_rightly(reading, shop, 24))
