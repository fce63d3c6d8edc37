"""Tables made to fill the memory: each is refused by name, before the work, and what fits is read."""

import gzip

import pytest
from peak_memory import peak_memory
from small_shop import BOUGHT, ITEMS, shop

from mamex import dataset_limits
from mamex.dataset import read_dataset
from mamex.dataset_check import check_dataset, format_report
from mamex.dataset_limits import DatasetLimits, machine_memory
from mamex.dataset_problems import MOST_OF_A_KIND
from mamex.errors import DatasetError

SMALL = DatasetLimits(memory_megabytes=40, megabytes=2, rows=5000, columns=20, characters=1000)
FIRST = "from mamex.dataset_check import check_dataset\nfrom mamex.dataset_limits import DatasetLimits"


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
        ('"d","e","f",\n' * 5100, "has 5,001 rows or more, and 5,000 are read at most"),
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
