"""The page of a check: whole in itself, escaped, and the same things that the report for a terminal says."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from PIL import Image

from mamex.cli.main import main
from mamex.data.check import check_dataset, format_report, verdict
from mamex.data.profile.activity import Bar
from mamex.data.profile.charts import area_of, columns_of, lines_of
from mamex.data.profile.page import page_of
from mamex.data.profile.text import duration, percent
from tests.support.shops.builders import write_tiny_dataset
from tests.support.shops.small_shop import BOUGHT, shop

WHEN = datetime(2026, 1, 2, 3, 4)


def test_the_page_is_whole_in_itself_and_small(tmp_path: Path) -> None:
    page = page_of(check_dataset(write_tiny_dataset(tmp_path)), WHEN)
    assert len(page) < 3_000_000 and "data:image/jpeg;base64," in page and "2026-01-02 03:04" in page
    assert "http://" not in page and "https://" not in page and "<script" not in page
    assert "Most users have" in page and "Some of the pictures" in page


def test_what_a_stranger_wrote_is_escaped(tmp_path: Path) -> None:
    items = 'item_id,title,description,image\na,<script>alert(1)</script>,Warm,"images/<b>.png"\nb,Hat,,\nc,,Long,\n'
    page = page_of(check_dataset(shop(tmp_path, items, BOUGHT)), WHEN)
    assert "<script" not in page and "<b>" not in page and "images/&lt;b&gt;.png" in page


def test_a_folder_that_cant_be_read_still_has_a_page(tmp_path: Path) -> None:
    page = page_of(check_dataset(tmp_path), WHEN)
    assert "can&#39;t be used as it is" in page and "Errors" in page


def test_the_command_writes_the_page_and_prints_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, file = shop(tmp_path / "shop"), tmp_path / "page.html"
    assert main(["check", str(folder), "--json", "--html", str(file)]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["ok"] and printed["profile"]["catalogue"]["items"] == 3 and printed["summary"]["users"] == 2
    assert file.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert main(["check", str(folder), "--html", str(tmp_path)]) == 1
    assert "is a folder" in capsys.readouterr().err


def test_most_rows_merged_is_part_of_the_verdict(tmp_path: Path) -> None:
    bought = "user_id,item_id,timestamp\n" + "u,a,2024-01-01\nv,b,2024-01-02\nw,c,2024-01-03\n" * 20
    report = check_dataset(shop(tmp_path, bought=bought))
    assert "shop can be used, but 57 of 60 rows were merged as repeated: " in verdict(report, "shop")


def test_long_lines_are_broken_for_a_terminal(tmp_path: Path) -> None:
    report = check_dataset(write_tiny_dataset(tmp_path / ("long-" * 20)))
    assert all(len(line) <= 100 or " " not in line.strip() for line in format_report(report, 100).splitlines()[:-1])
    assert format_report(report).split() == format_report(report, 100).split()


def test_pictures_that_were_not_opened_may_be_none(tmp_path: Path) -> None:
    folder = shop(tmp_path)
    (folder / "images" / "a.png").write_bytes(b"no picture")
    assert "no picture" in page_of(check_dataset(folder, open_pictures=False), WHEN)
    Image.new("RGB", (900, 300)).save(folder / "images" / "a.png")
    assert "data:image/jpeg" in page_of(check_dataset(folder), WHEN)


def test_charts_are_stretched_to_their_largest_number() -> None:
    chart = columns_of([Bar("2024-01", 2), Bar("2024-02", 0), Bar("2024-03", 4)])
    assert chart is not None and chart.most == 4 and [shape.height for shape in chart.shapes] == ["50.00", "100.00"]
    assert columns_of([]) is None and area_of([]) == "" and area_of([0]) == ""
    assert area_of([4, 2]) == "0,100 0.00,0.00 100.00,50.00 100,100"
    assert [line.width for line in lines_of([Bar("1", 5), Bar("2", 10)])] == ["50.00", "100.00"]


@pytest.mark.parametrize(
    ("share", "words"),
    [(0, "0%"), (1, "100%"), (0.0001, "less than 0.1%"), (0.9999, "more than 99.9%"), (0.5, "50%"), (0.02, "2.0%")],
)
def test_shares_are_never_rounded_to_nothing_or_all(share: float, words: str) -> None:
    assert percent(share) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(3, "10 seconds"), (80, "80 seconds"), (200, "3 minutes"), (9000, "2 hours"), (3e5, "3 days")],
)
def test_durations_are_said_as_a_person_would(seconds: float, words: str) -> None:
    assert duration(seconds) == words
