"""`prepare pictures`: addresses become files, what is there is taken along, what can't be had is counted."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from PIL import Image

from mamex.data.dataset import read_dataset
from tests.support.shops.small_shop import shop
from tests.support.source_files import failure, mamex, prepared_and_checked
from tests.support.source_server import SourceServer, running_server


def png(colour: str) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (9, 9), colour).save(stream, "PNG")
    return stream.getvalue()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SourceServer]:
    monkeypatch.setenv("NO_PROXY", "*")
    with running_server() as source:
        source.files |= {"/red.png": png("red"), "/blue": png("blue"), "/page.jpg": b"<html>no picture</html>"}
        yield source


def export(folder: Path, server: SourceServer) -> Path:
    rows = (
        f"a,Hat,,{server.url}/red.png?v=1\n"
        f"b,Scarf,,{server.url}/blue\n"
        f'c,Gloves,,"{server.url}/gone.png, {server.url}/red.png"\n'
        f"d,Belt,,{server.url}/page.jpg\n"
        f"e,Coat,,{server.url}/red.png?v=1\n"
        "f,Boots,,images/a.PNG\n"
        "g,Socks,,ftp://shop.example/x.png\n"
        "h,Shirt,,\n"
    )
    return shop(folder, "item_id,title,description,image\n" + rows)


def test_addresses_become_files(tmp_path: Path, server: SourceServer) -> None:
    server.files["/red.png?v=1"] = png("green")
    source, out = export(tmp_path / "in", server), tmp_path / "out"
    said, checked = prepared_and_checked("pictures", "--from", source, "--out", out)
    assert "8 rows of items; 3 of 4 pictures were fetched, 1 were in the folder already." in said
    assert "1 could not be fetched and are left empty" in said and "1 cells are neither" in said
    images = pd.read_csv(out / "items.csv", dtype=str, keep_default_na=False)["image"].tolist()
    assert images[0].startswith("images/") and images[0] == images[4] != "images/a.png", "not over the shop's own"
    assert images[1:4] == ["images/b.jpg", "images/c.png", ""]
    assert images[5:] == ["images/a.png", "ftp://shop.example/x.png", ""]
    assert (out / "interactions.csv").read_bytes() == (source / "interactions.csv").read_bytes()
    assert [bool(path) for path in read_dataset(out).image_paths()] == [True] * 3 + [False] + [True] * 2 + [False] * 2
    assert "5 with a picture" in checked
    before = len(server.log)
    mamex("prepare", "pictures", "--from", source, "--out", out)
    assert {path for path, _ in server.log[before:]} == {"/page.jpg"}, "what is there is not fetched anew"


def test_what_is_refused(tmp_path: Path, server: SourceServer) -> None:
    source = export(tmp_path / "in", server)
    assert "give another one" in failure("pictures", "--from", source, "--out", source)
    assert "has no table of items" in failure("pictures", "--from", tmp_path / "nowhere", "--out", tmp_path / "out")
    empty = shop(tmp_path / "empty", "item_id,title,description,image\na,Hat,,\n")
    assert "names no picture" in failure("pictures", "--from", empty, "--out", tmp_path / "out")


def test_a_picture_that_does_not_end_is_given_up(tmp_path: Path, server: SourceServer) -> None:
    from mamex.data.sources.download import Downloader
    from mamex.data.sources.pictures.shop import prepare_pictures

    server.files["/red.png?v=1"] = server.files["/red.png"] = b"\x89PNG" + bytes(3_000_000)
    with Downloader(most_bytes=2_000_000) as downloader:
        fetched = prepare_pictures(tmp_path / "out", export(tmp_path / "in", server), downloader, lambda *_: None)
    assert (fetched.wanted, fetched.fetched) == (4, 1)
