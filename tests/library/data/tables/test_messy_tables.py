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
from mamex.data.tables.careful import parse_carefully
from mamex.data.tables.dialect import DELIMITERS, Dialect
from mamex.data.tables.plain import parse_plain
from mamex.data.tables.table import Records
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


def fields(records: Records, coded: bool = False) -> list[list[str]]:
    """Header and body, read in one of the two ways in which columns can be."""
    columns = []
    for position in range(len(records.headers)):
        if coded:
            codes, distinct = records.columns.coded(position)
            assert len(set(distinct)) == len(distinct)
            assert [code for place, code in enumerate(codes) if code not in codes[:place]] == list(range(len(distinct)))
            columns.append([distinct[code] for code in codes])
        else:
            columns.append(records.columns.texts(position))
    return [records.headers, *map(list, zip(*columns, strict=True))]


FIELD = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r\n\ufeff"), max_size=30)
ROWS = st.lists(st.tuples(FIELD, FIELD, FIELD), min_size=1, max_size=8)
QUOTING = st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])


@given(ROWS, st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(list(DELIMITERS)), QUOTING, st.booleans())
@settings(max_examples=200, deadline=None)
def test_fast_and_careful_path_agree(
    rows: list[tuple[str, str, str]], end: str, delimiter: str, quoting: int, says_so: bool
) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator=end, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    writer.writerows([("x", "y", "z"), *rows])
    first = f"sep={delimiter}{end}" if says_so else ""
    data, problems, dialect = (first + stream.getvalue()).encode(), Problems(), Dialect(delimiter, int(says_so))
    careful = parse_carefully(data, "items.csv", dialect, problems)
    kept = [list(row) for row in rows if any(field.strip() for field in row)]
    assert fields(careful) == fields(careful, coded=True) == [["x", "y", "z"], *kept]
    assert not problems and not careful.faults
    plain = parse_plain(data, dialect)
    if plain is None:
        assert any('"' in field or delimiter in field for row in rows for field in row), "it gave up on a sound file"
    else:
        assert fields(plain) == fields(plain, coded=True) == fields(careful)
        assert plain.rows.tolist() == careful.rows.tolist()
        assert plain.header_row == careful.header_row and not plain.damaged.any() and not careful.damaged.any()


@given(MESSY.filter(lambda data: b"\x00" not in data), st.sampled_from(list(DELIMITERS)))
@settings(max_examples=200, deadline=None)
def test_what_the_fast_path_reads_the_careful_one_reads_alike(data: bytes, delimiter: str) -> None:
    data = data.decode("utf-8", "replace").encode()
    plain = parse_plain(data, Dialect(delimiter))
    if plain is not None:
        careful = parse_carefully(data, "items.csv", Dialect(delimiter), Problems())
        assert not careful.faults
        assert fields(plain) == fields(plain, coded=True) == fields(careful)
        assert plain.rows.tolist() == careful.rows.tolist()
