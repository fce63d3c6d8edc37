"""``prepare amazon`` end to end against a server on this machine: both releases, broken files, kill and resume."""

from __future__ import annotations

import gzip
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from mamex.data.dataset import read_dataset
from mamex.data.sources.amazon import read_metadata, read_reviews
from mamex.data.sources.download import Downloader
from mamex.errors import SourceError
from tests.support.shops.builders import hear_interrupts
from tests.support.source_files import (
    as_typed,
    command,
    failure,
    json_lines,
    literal_lines,
    metadata_2014,
    metadata_2018,
    picture,
    prepared_and_checked,
    review,
    surroundings,
)
from tests.support.source_server import Fault, SourceServer, running_server

REVIEWS = [review(user, item, 1252800000 + 86400 * day) for day, (user, item) in enumerate(
    [("u0", "A0"), ("u1", "A1"), ("u0", "A1"), ("u1", "A2"), ("u2", "A3"), ("u2", "A0")]
)]  # fmt: skip
REVIEWS_2014, METADATA_2014 = "/reviews_Baby_5.json.gz", "/meta_Baby.json.gz"
REVIEWS_2018 = "/categoryFilesSmall/Clothing_Shoes_and_Jewelry_5.json.gz"
METADATA_2018 = "/metaFiles2/meta_Clothing_Shoes_and_Jewelry.json.gz"


@pytest.fixture()
def server() -> Iterator[SourceServer]:
    with running_server() as server:
        server.files = {
            REVIEWS_2014: json_lines(REVIEWS),
            METADATA_2014: literal_lines(metadata_2014(server.url)),
            REVIEWS_2018: json_lines(REVIEWS),
            METADATA_2018: json_lines(metadata_2018(server.url)),
            "/A0.jpg": picture("red"),
            "/A1.png": picture("blue", "PNG"),
            "/A2_US40_.jpg": picture("green"),
        }
        yield server


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process nobody waits; processes of their own do."""
    monkeypatch.setattr(Downloader, "_sleep", lambda *_: None)


def arguments(server: SourceServer, out: Path, *more: object) -> tuple[object, ...]:
    return ("amazon", "--name", "Baby", "--base-url", server.url, "--rate", 500, "--out", out, *more)


def test_the_2014_release(tmp_path: Path, server: SourceServer) -> None:
    server.files["/A2.jpg"] = b"<html>a page, not a picture</html>"
    said, checked = as_typed(*arguments(server, tmp_path))
    assert "4 items (2 with a picture), 3 users, 6 interactions" in said
    assert (
        "1 of 3 pictures could not be fetched and are left empty" in said
        and "items without the address of one: 1." in said
    )
    assert "4 items, 2 with a picture, 4 with words (2 pictures opened)" in checked
    dataset = read_dataset(tmp_path)
    assert dataset.items.iloc[0].to_dict() == {
        "item_id": "A0",
        "title": 'Girls\' "Tutu" & Wings',
        "description": "Line one. Caf\u00e9, soft",
        "image": "images/A0.jpg",
        "category": "Clothing",
        "price": "3.17",
        "brand": "Coxlures",
        "categories": "Baby > Clothing > Dresses",
    }
    assert dataset.items["image"].tolist() == ["images/A0.jpg", "images/A1.png", "", ""]
    assert dataset.items["category"].tolist() == ["Clothing", "Baby", "Socks", "Baby"]
    first = dataset.interactions.iloc[0]
    assert (first["user"], first["item"], first["rating"]) == (0, 0, 5.0)
    assert first["timestamp"] == pd.Timestamp("2009-09-13"), "unixReviewTime 1252800000"
    assert server.requests("/X9.jpg") == [], "nobody reviewed X9"


def test_the_2018_release(tmp_path: Path, server: SourceServer) -> None:
    more = ["--name", "Clothing", "--release", "2018"]
    said, _ = prepared_and_checked(*arguments(server, tmp_path, *more))
    assert (
        "4 items (3 with a picture)" in said
        and "All 3 pictures were fetched; items without the address of one: 1." in said
    )
    items = read_dataset(tmp_path).items.set_index("item_id")
    assert items["price"].tolist() == ["1299.99", "5.00", "", ""]
    assert items["title"].tolist() == ["Dress", "Hat", "", "Bag"], "the first record of A1 counts"
    assert items.loc["A0", "description"] == "Soft Warm & light"
    assert items.loc["A0", "categories"] == "Clothing, Shoes & Jewelry > Women > Dresses"
    assert server.requests("/A2.jpg") and (tmp_path / items.loc["A2", "image"]).read_bytes() == picture("green")
    assert not server.requests("/A0_US40_.jpg"), "the large picture came"


def test_without_pictures_and_then_with_them(tmp_path: Path, server: SourceServer) -> None:
    said, _ = prepared_and_checked(*arguments(server, tmp_path, "--no-pictures"))
    assert "4 items (0 with a picture)" in said and "--pictures" in said and not server.requests("/A0.jpg")
    said, _ = prepared_and_checked(*arguments(server, tmp_path))
    assert "4 items (2 with a picture)" in said
    assert len(server.requests(REVIEWS_2014)) == len(server.requests(METADATA_2014)) == 1, "fetched once"
    before = {path: path.read_bytes() for path in tmp_path.glob("*.csv*")}
    prepared_and_checked(*arguments(server, tmp_path))
    assert {path: path.read_bytes() for path in tmp_path.glob("*.csv*")} == before


def test_files_of_ones_own_plain_or_packed(tmp_path: Path, server: SourceServer) -> None:
    reviews = tmp_path / "mine.json"
    reviews.write_bytes(gzip.decompress(server.files[REVIEWS_2014]))
    more = ["--reviews", reviews, "--metadata", server.url + METADATA_2014, "--no-pictures", "--k-core", 1]
    said, _ = prepared_and_checked(*arguments(server, tmp_path / "out", *more))
    assert "4 items" in said and reviews.exists()
    assert server.requests(REVIEWS_2014) == []


def test_items_without_metadata_stay_and_are_named(tmp_path: Path, server: SourceServer) -> None:
    server.files[METADATA_2014] = literal_lines(metadata_2014(server.url)[:2])
    said, _ = prepared_and_checked(*arguments(server, tmp_path))
    assert "4 items" in said and "Items without metadata, and so without words and picture: 2." in said


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda data: data[:-20], id="cut short"),
        pytest.param(lambda data: data[:40] + bytes([data[40] ^ 255]) + data[41:], id="altered"),
        pytest.param(lambda data: data[:-8] + b"\0\0\0\0" + data[-4:], id="wrong check sum"),
        pytest.param(lambda _: b"<html>Please log in</html>", id="a page"),
        pytest.param(lambda _: b"\x80\x81\x82", id="noise"),
    ],
)
@pytest.mark.parametrize("path", [REVIEWS_2014, METADATA_2014])
def test_a_damaged_file_is_named_deleted_and_fetched_again(
    tmp_path: Path, server: SourceServer, damage: Callable[[bytes], bytes], path: str
) -> None:
    whole = server.files[path]
    server.files[path] = damage(whole)
    said = failure(*arguments(server, tmp_path, "--no-pictures"))
    assert path[1:] in said and "It was deleted; run the same command again." in said
    assert not (tmp_path / "items.csv").exists()
    server.files[path] = whole
    prepared_and_checked(*arguments(server, tmp_path, "--no-pictures"))
    assert server.requests(path) == ["", ""]


def test_a_damaged_file_of_ones_own_is_left_alone(tmp_path: Path, server: SourceServer) -> None:
    mine = tmp_path / "mine.json.gz"
    mine.write_bytes(server.files[REVIEWS_2014][:-30])
    said = failure(*arguments(server, tmp_path / "out", "--reviews", mine))
    assert "mine.json.gz is not a whole gzip file" in said and "deleted" not in said and mine.exists()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--name", "Babby"], "404 Not Found; is the address right? Or fetch the file by other means and give it with"),
        (["--release", "2018"], "The 2018 release has no category Baby; use --release 2014"),
        (["--reviews", "/nowhere.json"], "There is no file /nowhere.json"),
        (["--metadata", "{reviews}"], "is not an item with an asin; give the metadata file"),
        (["--reviews", "{metadata}"], "is not a review with reviewerID"),
        (["--base-url", "http://127.0.0.1:9", "--no-pictures"], "no connection"),
        (["--k-core", "4"], "No interaction is left to write; set --k-core lower"),
        (["--out", "{reviews}"], "is a file; give a folder"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    tmp_path: Path, server: SourceServer, more: list[str], says: str
) -> None:
    places = {"reviews": tmp_path / "reviews.gz", "metadata": tmp_path / "metadata.gz"}
    places["reviews"].write_bytes(server.files[REVIEWS_2014])
    places["metadata"].write_bytes(server.files[METADATA_2014])
    assert says in failure(*arguments(server, tmp_path / "out", *[word.format(**places) for word in more]))
    assert not (tmp_path / "out" / "items.csv").exists()


def test_a_killed_run_goes_on_and_fetches_nothing_twice(tmp_path: Path, server: SourceServer) -> None:
    records = [{"asin": f"B{n}", "title": f"T{n}", "imUrl": f"{server.url}/B{n}.jpg"} for n in range(12)]
    server.files |= {f"/B{n}.jpg": picture() for n in range(12)}
    server.files[REVIEWS_2014] = json_lines(review(f"u{n % 3}", f"B{n}", n) for n in range(12))
    server.files[METADATA_2014] = literal_lines(records)
    half = len(server.files[METADATA_2014]) // 2
    call = arguments(server, tmp_path, "--workers", 1)

    server.faults[METADATA_2014] = [Fault(cut=half, hang=True)]
    kill_when(call, lambda: (tmp_path / "download/2014/.meta_Baby.json.gz.part").exists()
              and (tmp_path / "download/2014/.meta_Baby.json.gz.part").stat().st_size == half)  # fmt: skip
    server.faults["/B5.jpg"] = [Fault(hang=True)]
    kill_when(call, lambda: bool(server.requests("/B5.jpg")))
    assert not (tmp_path / "items.csv").exists() and len(list((tmp_path / "images").glob("B*"))) == 5 + 2  # 10, 11

    said, _ = prepared_and_checked(*call)
    assert "12 items (12 with a picture)" in said
    assert server.requests(REVIEWS_2014) == [""]
    assert server.requests(METADATA_2014) == ["", f"bytes={half}-"]
    counts = {n: len(server.requests(f"/B{n}.jpg")) for n in range(12)}
    assert counts == {n: 2 if n == 5 else 1 for n in range(12)}
    assert not list(tmp_path.rglob("*.part*"))


def test_interrupting_it_is_no_traceback(tmp_path: Path, server: SourceServer) -> None:
    server.faults["/A0.jpg"] = [Fault(status=429, headers={"Retry-After": "200"})]
    with subprocess.Popen(
        command("prepare", *arguments(server, tmp_path)),
        **surroundings(),
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_interrupts,
    ) as process:
        wait_until(lambda: bool(server.requests("/A0.jpg")))
        process.send_signal(signal.SIGINT)
        try:
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130 and "Stopped; the same command goes on" in said and "Traceback" not in said


def kill_when(call: tuple[object, ...], ready: Callable[[], bool]) -> None:
    """Start a command and kill it (SIGKILL, so that nothing is tidied up) as soon as it got so far."""
    with subprocess.Popen(command("prepare", *call), **surroundings(), stderr=subprocess.DEVNULL) as process:
        wait_until(ready)
        process.kill()


def wait_until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not ready():
        assert time.monotonic() < deadline, "the command never got that far"
        time.sleep(0.02)


def test_reviews_are_read_in_order_with_repeated_ones(tmp_path: Path) -> None:
    path = tmp_path / "r.json.gz"
    path.write_bytes(json_lines([review("b", "X", 20, 4.0), review("a", "X", 10, 1.0), review("b", "X", 30, 2.0)]))
    frame = read_reviews(path, lambda *_: None)
    assert frame.astype({"user_id": str, "item_id": str}).to_numpy().tolist() == [
        ["b", "X", 20, 4.0],
        ["a", "X", 10, 1.0],
        ["b", "X", 30, 2.0],
    ]


def test_metadata_is_parsed_and_never_run(tmp_path: Path) -> None:
    path, witness = tmp_path / "m.json", tmp_path / "witness"
    path.write_text(f"{{'asin': 'A', 'title': open({str(witness)!r}, 'w').name}}\n")
    with pytest.raises(SourceError, match="line 1 is not a record"):
        read_metadata(path, frozenset("A"), lambda *_: None)
    assert not witness.exists()


@pytest.mark.parametrize("line", ["[" * 100_000, "{'asin': 'A', 'x': " + "(" * 5000, '{"asin": "A"', "17", "None"])
def test_no_line_makes_it_crash(tmp_path: Path, line: str) -> None:
    path = tmp_path / "m.json"
    path.write_text(f"{{'asin': 'A'}}\n\n{line}\n")
    with pytest.raises(SourceError, match="line 3 is not a record"):
        read_metadata(path, frozenset("A"), lambda *_: None)
