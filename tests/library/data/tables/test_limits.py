"""Tables made to fill the memory: each is refused by name, before the work, and what fits is read."""

import gzip

import pytest

from mamex.data.check import check_dataset, format_report
from mamex.data.contents import interactions as dataset_interactions
from mamex.data.dataset import read_dataset
from mamex.data.problems import MOST_OF_A_KIND
from mamex.data.tables import limits as dataset_limits
from mamex.data.tables.limits import DatasetLimits, machine_memory
from mamex.data.tables.table_bytes import count_lines
from mamex.errors import DatasetError
from mamex.files.words import quoted
from tests.support.peak_memory import peak_memory
from tests.support.shops.small_shop import BOUGHT, ITEMS, shop

SMALL = DatasetLimits(memory_megabytes=40, megabytes=2, rows=5000, columns=20, characters=1000)
FIRST = "from mamex.data.check import check_dataset\nfrom mamex.data.tables.limits import DatasetLimits"


def refusals(folder, limits=SMALL):
    report = check_dataset(folder, limits=limits)
    assert format_report(report)
    with pytest.raises(DatasetError):
        read_dataset(folder, limits=limits)
    return [str(problem) for problem in report.problems if problem.severity == "error"]


def test_within_the_limits_nothing_changes(tmp_path):
    folder = shop(tmp_path)
    assert check_dataset(folder, limits=SMALL).problems == check_dataset(folder).problems
    assert read_dataset(folder, limits=SMALL).items.equals(read_dataset(folder).items)


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("d,e,f,\n" * 400_000, "is larger than 2 MB unpacked"),
        ("d,e,f,\n" * 200_000, "takes about"),
        ("".join(f"d{row},e,f,\n" for row in range(6000)), "has 6,003 rows or more, and 5,000 are read at most"),
        ('"d","e","f",\n' * 5100, "has 5,103 rows or more, and 5,000 are read at most"),
        ("d,e," + "x" * 5000 + ",\n", "has a field of more than 1,000 characters"),
        ("d,e," + "x" * 1001 + ",\n", "items.csv row 5: has a field of more than 1,000 characters"),
        ('d,e,"' + "x," * 600 + '",\n', "items.csv row 5: has a field of more than 1,000 characters"),
    ],
)
def test_what_is_over_a_limit_is_named(tmp_path, rest, words):
    assert any(words in line for line in refusals(shop(tmp_path, ITEMS + rest)))


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
@pytest.mark.parametrize("before", ["", "\n\n", ",,,\r\n"])
@pytest.mark.parametrize("quotes", [False, True])
def test_a_header_of_200000_columns_is_refused_at_once(tmp_path, end, before, quotes):
    names = [f'"c{place}"' if quotes else f"c{place}" for place in range(200_000)]
    text = before + ",".join(names) + end + "," * 199_999 + end
    folder = shop(tmp_path, text)
    assert any("200,000 columns or more, and 1,000 are read" in line for line in refusals(folder, None))


@pytest.mark.parametrize(
    ("piece", "words"), [(b"0", "has a field of more than"), (b"0,0,0,\n", "is larger than 64 MB unpacked")]
)
def test_a_gzip_bomb_is_unpacked_no_further_than_the_limit(tmp_path, piece, words):
    folder = shop(tmp_path)
    (folder / "items.csv").unlink()
    with gzip.open(folder / "items.csv.gz", "wb") as stream:
        stream.write(ITEMS.encode())
        for _ in range(400):
            stream.write(piece * (2**20 // len(piece)))
    code = "report = check_dataset(path, limits=DatasetLimits(memory_megabytes=400, megabytes=64))"
    megabytes, sentence = peak_memory(FIRST, f"{code}\nraise MamexError(str(report.problems[0]))", folder)
    assert words in sentence
    assert megabytes < 130


def test_on_a_machine_with_enough_memory_one_field_alone_is_refused_before_it_is_parsed(tmp_path):
    folder = shop(tmp_path, ITEMS + "d," + "x" * 100_000_000 + ",,\n")
    megabytes, sentence = peak_memory(FIRST, "check_dataset(path)", folder)
    assert not sentence
    assert megabytes < 350
    assert any("has a field of more than 1,000,000 characters" in line for line in refusals(folder, None))


def test_millions_of_faults_are_counted_and_not_kept(tmp_path):
    rows = MOST_OF_A_KIND + 5000
    folder = shop(tmp_path, bought=BOUGHT + "u,nothing\n" * rows)
    report = check_dataset(folder, limits=None)
    assert MOST_OF_A_KIND <= len(report.problems) <= 3 * MOST_OF_A_KIND
    assert report.found["interactions.csv", "number of fields", "error"] == rows
    assert f"{rows - 5:,} more of this kind (number of fields)" in format_report(report)
    with pytest.raises(DatasetError, match=r"and [0-9,]+ more; run python -m mamex check") as caught:
        read_dataset(folder)
    assert f"{rows - 5:,} more" in str(caught.value)


@pytest.mark.parametrize(
    ("items", "bought", "kinds"),
    [
        (ITEMS + "a,x,,\n" * 300_000, BOUGHT, {("items.csv", "duplicate id", "error"): 300_000}),
        (ITEMS + ",x,,\n" * 300_000, BOUGHT, {("items.csv", "empty id", "error"): 300_000}),
        (
            ITEMS,
            "user_id,item_id,timestamp,rating\n" + "".join(f"u,a,x{row},y{row}\n" for row in range(300_000)),
            {
                ("interactions.csv", "unreadable timestamp", "warning"): 300_000,
                ("interactions.csv", "unreadable rating", "warning"): 300_000,
            },
        ),
    ],
)
def test_faults_of_every_row_are_put_into_words_no_further_than_they_are_kept(
    tmp_path, monkeypatch, items, bought, kinds
):
    worded = []
    monkeypatch.setattr(dataset_interactions, "quoted", lambda value: worded.append(value) or quoted(value))
    report = check_dataset(shop(tmp_path, items, bought))
    for kind, count in kinds.items():
        assert report.found[kind] == count
        assert sum((problem.file, problem.kind, problem.severity) == kind for problem in report.problems) == 10_000
    assert len(worded) <= 2 * MOST_OF_A_KIND


@pytest.mark.parametrize(
    ("content", "lines"),
    [
        (b"", (0, 0)),
        (b"a,b\n1,2\n", (2, 0)),
        (b"a,b\r\n\r\n1,2", (2, 1)),
        (b"a\r\rb\r", (2, 1)),
        (b"\n,,,\n \t\nx", (1, 3)),
        (b",,", (0, 0)),
        (b"a" * 2**20 + b"b\n" + b"\n" * 2**20, (1, 2**20)),
    ],
)
def test_blank_lines_are_counted(content, lines):
    assert count_lines(content) == lines


@pytest.mark.parametrize("blank", ["\n", ",,,\n", "\r\n", "\r", " \n"])
def test_a_table_of_blank_lines_is_refused_before_they_are_taken_apart(tmp_path, blank):
    folder = shop(tmp_path, bought=BOUGHT + blank * 3_000_000)
    megabytes, sentence = peak_memory(
        FIRST, "report = check_dataset(path)\nraise MamexError(str(report.problems[-1]))", folder
    )
    assert "has 3,000,000 lines that are blank or of commas alone" in sentence
    assert "remove the blank ones" in sentence
    assert megabytes < 150


def test_the_blank_rows_of_a_whole_spreadsheet_do_no_harm(tmp_path):
    report = check_dataset(shop(tmp_path, bought=BOUGHT + ",,\n" * 1_048_000))
    assert report.problems == check_dataset(shop(tmp_path / "sound")).problems


def test_what_unpacks_to_more_than_a_table_does_is_read_no_further(tmp_path):
    folder = shop(tmp_path)
    (folder / "items.csv").unlink()
    line = b"a,Hat,Warm,images/a.png\n"
    (folder / "items.csv.gz").write_bytes(
        gzip.compress(ITEMS.encode()) + gzip.compress(line * (10 * 2**20 // len(line))) * 60
    )
    megabytes, sentence = peak_memory(
        FIRST, "report = check_dataset(path)\nraise MamexError(str(report.problems[0]))", folder
    )
    assert "unpacks to more than 100 times its size; unpack it" in sentence
    assert megabytes < 250


def test_a_table_of_what_is_no_text_is_given_up(tmp_path):
    folder = shop(tmp_path, bought=BOUGHT + "\0\n" * 200_000)
    report = check_dataset(folder)
    assert {problem.kind for problem in report.problems if problem.file == "interactions.csv"} == {"nul"}
    assert MOST_OF_A_KIND <= len(report.problems) <= MOST_OF_A_KIND + 10


def test_the_machine_decides_how_much_is_read(tmp_path, monkeypatch):
    whole = machine_memory()
    assert 2**28 < whole < 2**46
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(dataset_limits, "_CONTAINER", limit)
    limit.write_text("max\n")
    assert machine_memory() >= whole  # the machine's own, where this test runs in a container
    limit.write_text(f"{2**28}\n")
    assert machine_memory() == 2**28
    assert DatasetLimits.of_this_machine().memory_megabytes == 128
    folder = shop(tmp_path / "shop", ITEMS + "d,e,f,\n" * 1_000_000)
    report = check_dataset(folder)
    assert any("and 128 MB may be used; leave rows or columns out" in str(problem) for problem in report.problems)
