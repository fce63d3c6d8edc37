"""Fetching over HTTP: what a server can do wrong, and that no byte is fetched twice without need."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from PIL import Image

from mamex.data.sources.download import Downloader, DownloadError, _retry_after
from mamex.data.sources.pictures.download import UNREACHABLE_IN_A_ROW, Wanted, fetch_pictures
from mamex.data.sources.rate_limit import RateLimit
from mamex.errors import MamexError, SourceError
from tests.support.source_server import Fault, SourceServer, running_server

BODY = bytes(range(256)) * 800  # several chunks


@pytest.fixture()
def server() -> Iterator[SourceServer]:
    with running_server() as server:
        server.files["/file"] = BODY
        yield server


@pytest.fixture()
def downloader() -> Iterator[Downloader]:
    with Downloader(rate=1000, attempts=3, first_wait=0.01, timeout=5) as downloader:
        yield downloader


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_fetched_whole_with_progress(tmp_path: Path, server: SourceServer, downloader: Downloader) -> None:
    seen: list[tuple[str, int, int]] = []
    downloader.fetch(f"{server.url}/file", tmp_path / "a", progress=lambda *step: seen.append(step))
    assert (tmp_path / "a").read_bytes() == BODY
    assert seen[-1] == ("fetching a", len(BODY), len(BODY)) and len(seen) > 1
    assert left(tmp_path) == ["a"]


def test_a_transfer_that_breaks_off_goes_on_where_it_stopped(
    tmp_path: Path, server: SourceServer, downloader: Downloader
) -> None:
    server.faults["/file"] = [Fault(cut=1000), Fault(cut=500), Fault(cut=7)] + [Fault(cut=100)] * 3
    downloader.fetch(f"{server.url}/file", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == BODY
    # More breaks than attempts, but each gained something.
    starts = [1000, 1500, 1507, 1607, 1707, 1807]
    assert server.requests("/file") == ["", *(f"bytes={start}-" for start in starts)]


def test_a_later_run_goes_on_with_what_an_earlier_one_left(tmp_path: Path, server: SourceServer) -> None:
    server.faults["/file"] = [Fault(cut=5000), Fault(status=500)]
    with Downloader(rate=1000, attempts=1) as first, pytest.raises(DownloadError, match="the connection broke off"):
        first.fetch(f"{server.url}/file", tmp_path / "a")
    assert left(tmp_path) == [".a.part", ".a.part.version"]
    with Downloader(rate=1000, attempts=2, first_wait=0.01) as second:
        second.fetch(f"{server.url}/file", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == BODY and left(tmp_path) == ["a"]
    assert server.requests("/file") == ["", "bytes=5000-", "bytes=5000-"]


def test_parts_of_two_versions_are_never_put_together(
    tmp_path: Path, server: SourceServer, downloader: Downloader
) -> None:
    server.faults["/file"] = [Fault(cut=5000)]
    with Downloader(rate=1000, attempts=1) as first, pytest.raises(DownloadError):
        first.fetch(f"{server.url}/file", tmp_path / "a")
    server.files["/file"] = BODY[::-1]
    downloader.fetch(f"{server.url}/file", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == BODY[::-1]


def test_parts_of_two_addresses_are_never_put_together(
    tmp_path: Path, server: SourceServer, downloader: Downloader
) -> None:
    server.files["/other"] = server.files["/file"]  # the same ETag, as two files may share their Last-Modified
    server.faults["/file"] = [Fault(cut=5000)]
    with Downloader(rate=1000, attempts=1) as first, pytest.raises(DownloadError):
        first.fetch(f"{server.url}/file", tmp_path / "a")
    downloader.fetch(f"{server.url}/other", tmp_path / "a")
    assert server.requests("/other") == [""] and (tmp_path / "a").read_bytes() == BODY


def test_without_a_version_a_broken_transfer_begins_again(
    tmp_path: Path, server: SourceServer, downloader: Downloader
) -> None:
    server.with_etag = False
    server.faults["/file"] = [Fault(cut=5000)]
    downloader.fetch(f"{server.url}/file", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == BODY
    assert server.requests("/file") == ["", ""]


def test_a_run_killed_between_the_last_byte_and_the_rename_fetches_nothing_more(
    tmp_path: Path, server: SourceServer, downloader: Downloader
) -> None:
    server.faults["/file"] = [Fault(cut=5000)]
    with Downloader(rate=1000, attempts=1) as first, pytest.raises(DownloadError):
        first.fetch(f"{server.url}/file", tmp_path / "a")
    (tmp_path / ".a.part").write_bytes(BODY)
    downloader.fetch(f"{server.url}/file", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == BODY
    assert server.requests("/file")[1:] == [f"bytes={len(BODY)}-"]


def test_a_part_longer_than_the_file_is_thrown_away(
    tmp_path: Path, server: SourceServer, downloader: Downloader
) -> None:
    server.faults["/file"] = [Fault(cut=5000)]
    with Downloader(rate=1000, attempts=1) as first, pytest.raises(DownloadError):
        first.fetch(f"{server.url}/file", tmp_path / "a")
    (tmp_path / ".a.part").write_bytes(BODY + b"more")
    downloader.fetch(f"{server.url}/file", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == BODY


def test_a_busy_server_is_asked_again_after_the_time_it_names(
    tmp_path: Path, server: SourceServer, downloader: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(downloader._rate, "pause", pauses.append)
    server.faults["/file"] = [Fault(status=429, headers={"Retry-After": "7"}), Fault(status=503)]
    downloader.fetch(f"{server.url}/file", tmp_path / "a")
    assert (tmp_path / "a").read_bytes() == BODY
    assert pauses == [7.0] and len(server.requests("/file")) == 3


def test_it_gives_up_after_so_many_failures_in_a_row(
    tmp_path: Path, server: SourceServer, downloader: Downloader
) -> None:
    server.faults["/file"] = [Fault(status=503)] * 9
    with pytest.raises(DownloadError, match=r"/file can't be fetched \(the server answers 503 .*3 times\); try later"):
        downloader.fetch(f"{server.url}/file", tmp_path / "a")
    assert len(server.requests("/file")) == 3 and not (tmp_path / "a").exists()


def test_a_server_that_asks_for_an_hour_is_left_in_peace(
    tmp_path: Path, server: SourceServer, downloader: Downloader
) -> None:
    server.faults["/file"] = [Fault(status=429, headers={"Retry-After": "3600"})]
    with pytest.raises(DownloadError, match="asks to wait 3,600 seconds"):
        downloader.fetch(f"{server.url}/file", tmp_path / "a")
    assert len(server.requests("/file")) == 1


def test_what_will_not_change_is_asked_once(tmp_path: Path, server: SourceServer, downloader: Downloader) -> None:
    with pytest.raises(DownloadError, match=r"/gone can't be fetched: the server answers 404 .*is the address right"):
        downloader.fetch(f"{server.url}/gone", tmp_path / "a")
    assert len(server.requests("/gone")) == 1 and left(tmp_path) == []


@pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://example.org/a", "no address", "http://a:port/", ""])
def test_only_web_addresses_are_fetched(tmp_path: Path, downloader: Downloader, url: str) -> None:
    with pytest.raises(DownloadError, match="is not an address"):
        downloader.fetch(url, tmp_path / "a")


def test_without_a_network_it_says_so(tmp_path: Path, downloader: Downloader) -> None:
    with pytest.raises(DownloadError, match=r"no connection: Connection refused, .*check the network") as caught:
        downloader.fetch("http://127.0.0.1:9/a", tmp_path / "a")
    assert caught.value.unreachable


def test_a_refused_file_is_thrown_away(tmp_path: Path, server: SourceServer, downloader: Downloader) -> None:
    def refuse(path: Path) -> None:
        assert path.read_bytes() == BODY
        raise MamexError("no")

    with pytest.raises(MamexError, match="no"):
        downloader.fetch(f"{server.url}/file", tmp_path / "a", check=refuse)
    assert left(tmp_path) == []


def test_stopping_ends_a_wait_at_once(tmp_path: Path, server: SourceServer) -> None:
    server.faults["/file"] = [Fault(status=503)]
    with Downloader(rate=1000, first_wait=3600) as downloader:
        downloader.stop()
        with pytest.raises(DownloadError, match="stopped"):
            downloader.fetch(f"{server.url}/file", tmp_path / "a")


def test_retry_after_is_seconds_or_a_date() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90))
    assert _retry_after("12") == 12.0
    assert 80 < (_retry_after(later) or 0) <= 90
    assert _retry_after("Wed, 21 Oct 2015 07:28:00 GMT") == 0.0
    assert _retry_after(None) is None and _retry_after("soon") is None


def test_the_rate_is_shared_and_can_be_paused() -> None:
    now = [100.0]
    slept: list[float] = []
    limit = RateLimit(4, sleep=slept.append, clock=lambda: now[0])
    for _ in range(3):
        limit.wait()
    assert slept == [0.25, 0.5]  # the third caller waits for the second's turn to pass too
    limit.pause(10)
    limit.wait()
    assert slept[-1] == 10.0
    now[0] = 200.0
    limit.wait()
    assert len(slept) == 3, "nobody waits after a quiet time"


def picture(colour: str = "red") -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (16, 16), colour).save(stream, "JPEG")
    return stream.getvalue()


def test_pictures_that_fail_are_left_out_and_others_come(
    tmp_path: Path, server: SourceServer, downloader: Downloader
) -> None:
    whole = picture()
    server.files |= {"/a.jpg": whole, "/page.jpg": b"<html>sorry</html>", "/cut.jpg": whole[:200], "/b.png": whole}
    server.faults["/b.png"] = [Fault(cut=100)]
    urls = {
        "a": ("/a.jpg",),
        "page": ("/page.jpg",),
        "cut": ("/cut.jpg",),
        "gone": ("/gone.jpg",),
        "b": ("/gone.png", "/b.png"),
        "../c": ("/a.jpg",),
    }
    wanted = [Wanted(item, tuple(server.url + path for path in paths)) for item, paths in urls.items()]
    steps: list[tuple[int, int]] = []
    there = fetch_pictures(wanted, tmp_path, downloader, 3, lambda _, done, total: steps.append((done, total)))
    assert there == {"a": "images/a.jpg", "b": "images/b.png", "../c": "images/..%2Fc.jpg"}
    assert left(tmp_path / "images") == ["..%2Fc.jpg", "a.jpg", "b.png"]
    assert [(tmp_path / name).read_bytes() for name in there.values()] == [whole] * 3
    assert steps == [(n, 6) for n in range(1, 7)]
    before = len(server.log)
    again = fetch_pictures(wanted, tmp_path, downloader, 3, lambda *_: None)
    assert again == there
    assert {path for path, _ in server.log[before:]} == {"/page.jpg", "/cut.jpg", "/gone.jpg"}


def test_when_no_server_answers_any_more_it_stops(tmp_path: Path) -> None:
    wanted = [Wanted(str(item), (f"http://127.0.0.1:9/{item}.jpg",)) for item in range(500)]
    tried: list[int] = []
    with (
        Downloader(rate=10_000, attempts=1) as downloader,
        pytest.raises(SourceError, match=f"{UNREACHABLE_IN_A_ROW} pictures in a row can't be reached"),
    ):
        fetch_pictures(wanted, tmp_path, downloader, 2, lambda _, done, __: tried.append(done))
    assert len(tried) == UNREACHABLE_IN_A_ROW - 1


def test_a_full_disk_is_not_taken_for_a_bad_picture(
    tmp_path: Path, server: SourceServer, downloader: Downloader, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(downloader, "fetch", full)
    with pytest.raises(OSError, match="No space left"):
        fetch_pictures([Wanted("a", (f"{server.url}/a.jpg",))], tmp_path, downloader, 1, lambda *_: None)


def test_many_workers_keep_to_one_rate(tmp_path: Path, server: SourceServer) -> None:
    server.files |= {f"/{n}.jpg": picture() for n in range(12)}
    wanted = [Wanted(str(n), (f"{server.url}/{n}.jpg",)) for n in range(12)]
    begin = time.monotonic()
    with Downloader(rate=40) as downloader:
        fetch_pictures(wanted, tmp_path, downloader, 6, lambda *_: None)
    # A lower bound holds on a machine of any speed: eleven pauses of 25 ms.
    assert time.monotonic() - begin >= 11 / 40
