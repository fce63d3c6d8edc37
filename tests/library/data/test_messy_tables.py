"""Any bytes at all as a dataset: never a crash, and both ways of reading agree."""

from __future__ import annotations

import csv
import io
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mamex.data.check import check_dataset, format_report
from mamex.data.dataset import read_dataset
from mamex.data.problems import Problems
from mamex.data.tables.reader import _decode, _parse_carefully, _parse_plain
from mamex.errors import DatasetError
from tests.support.shops.small_shop import BOUGHT, ITEMS, shop

FRAGMENTS = st.sampled_from(
    [
        "item_id",
        "user_id",
        "title",
        "description",
        "image",
        ",",
        ",",
        ",",
        "\n",
        "\n",
        "\r\n",
        "\r",
        '"',
        '""',
        "a",
        "b",
        "007",
        " ",
        "images/a.png",
        "../x",
        "2024-01-01",
        "1e400",
        "-5",
        "nan",
        "é",
        "\u2028",
        "\x00",
        "\x1a",
        "\ufeff",
        ";",
    ]
)
MESSY = st.binary(max_size=200) | st.lists(FRAGMENTS, max_size=60).map(lambda parts: "".join(parts).encode())
ITEM_ROWS = MESSY.map(lambda tail: ITEMS.encode() + tail)
BOUGHT_ROWS = MESSY.map(lambda tail: BOUGHT.encode() + tail)


@given(MESSY | ITEM_ROWS, MESSY | BOUGHT_ROWS, st.booleans())
@settings(max_examples=100, deadline=None)
def test_no_bytes_make_it_crash(items: bytes, bought: bytes, compressed: bool) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = shop(Path(name), items, bought, pictures=False)
        if compressed:
            (folder / "items.csv").rename(folder / "items.csv.gz")
        report = check_dataset(folder)
        lines = items.count(b"\n") + items.count(b"\r") + bought.count(b"\n") + bought.count(b"\r") + 1
        assert all(problem.row is None or 1 <= problem.row <= lines for problem in report.problems)
        assert format_report(report)
        if report.ok:
            read_dataset(folder)
        else:
            with pytest.raises(DatasetError):
                read_dataset(folder)


FIELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\n\ufffd\ufeff"), max_size=6)


@given(st.lists(st.tuples(FIELD, FIELD, FIELD), min_size=1, max_size=8), st.sampled_from(["\n", "\r\n"]))
@settings(max_examples=80, deadline=None)
def test_fast_and_careful_path_agree(rows: list[tuple[str, str, str]], end: str) -> None:
    stream = io.StringIO()
    csv.writer(stream, lineterminator=end).writerows([("x", "y", "z"), *rows])
    data, problems = stream.getvalue().encode(), Problems()
    text = _decode(data, "items.csv", problems)
    assert text is not None and not problems
    careful = _parse_carefully(text, "items.csv", problems)
    kept = [list(row) for row in rows if any(field.strip() for field in row)]
    assert careful.frame.values.tolist() == [["x", "y", "z"], *kept] and not problems
    plain = _parse_plain(data, text, "items.csv")
    if plain is None:
        assert '"' in text or len(kept) < len(rows), "the fast path gave up on a sound file"
    else:
        assert plain.frame.values.tolist() == careful.frame.values.tolist()
        assert plain.rows.tolist() == careful.rows.tolist() and not plain.damaged.any()
        assert plain.frame.dtypes.tolist() == careful.frame.dtypes.tolist()
