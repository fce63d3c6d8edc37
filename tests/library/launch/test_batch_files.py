"""Files of planned products made to harm: rows that can run do, and the rest is said in one sentence."""

import os
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mamex.errors import MamexError
from mamex.launch.batch_files import planned_rows
from tests.support.peak_memory import peak_memory


def refusal(path):
    with pytest.raises(MamexError) as caught, planned_rows(path):
        pass
    message = str(caught.value)
    assert message.endswith(".")
    assert message.isprintable()
    return message


def table(folder, content, name="planned.csv"):
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_a_table_whose_lines_end_in_carriage_returns_alone_is_read(tmp_path):
    with planned_rows(table(tmp_path, "title;description\rMug;Holds tea\rThrow;Warm\r")) as rows:
        assert [(row.row, row.title, row.description) for row in rows] == [
            (2, "Mug", "Holds tea"),
            (3, "Throw", "Warm"),
        ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\n" * 200_000, "more than 100,000 lines"),
        (b"title\n" + b"a," * 1_100_000, "more than 1,000,000 fields"),
        (b"title," + b",".join(b"c%d" % place for place in range(200_000)) + b"\na\n", "200,001 columns or more"),
        (b"title;" + b";".join(b"c%d" % place for place in range(200_000)) + b"\na\n", "200,001 columns or more"),
        (b"ti\rtle,image\nMug,\n", "no column 'title'"),
        (b'"' + b"x" * 200_000 + b'",tit\na,b\n', "no column 'title'"),
        (b"\xff\xfe\xfd,b\na,b", "UTF-16"),
        (b"a\x1b[2J\xff,b\na,b\n", "no column 'title'"),
        (b"title\n" + b"x" * 21 * 2**20, "larger than 20 MB"),
    ],
)
def test_what_can_not_be_a_table_is_named(tmp_path, content, words):
    assert words in refusal(table(tmp_path, content))


def test_a_text_far_too_long_costs_its_row_only(tmp_path):
    with planned_rows(table(tmp_path, "title,description\nMug," + "x " * 60_000 + "\nThrow,Warm\n")) as rows:
        assert ["more than 100,000 characters" in row.fault for row in rows] == [True, False]


def test_what_is_no_plain_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    assert "is not a plain file" in refusal(tmp_path / "pipe.csv")
    assert "There is no file 'gone.csv'" in refusal(tmp_path / "gone.csv")
    (tmp_path / "folder.csv").mkdir()
    assert "is a folder" in refusal(tmp_path / "folder.csv")


def test_a_table_of_commas_in_a_zip_takes_little_memory(tmp_path):
    with zipfile.ZipFile(tmp_path / "planned.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("planned.csv", "title\n" + "," * (20 * 2**20 - 10))
    code = "with planned_rows(path):\n    pass"
    start = "from mamex.launch.batch_files import planned_rows"
    megabytes, sentence = peak_memory(start, code, tmp_path / "planned.zip")
    assert "more than 1,000,000 fields" in sentence
    assert megabytes < 150


def test_what_was_unpacked_lies_in_the_scratch_folder_and_goes(tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with planned_rows(table(tmp_path, "title\nMug\n"), scratch=scratch) as rows:
        assert rows[0].title == "Mug"
        assert len(list(scratch.iterdir())) == 1
    assert not list(scratch.iterdir())


WORDS = ("title", "description", "image", "id", "\r\n", '""', "../x", "=1+1", "x" * 300)
PIECES = st.sampled_from([*WORDS, *',,;\t\n\n\r"aé\x00\ufeff\u2028\udcff'])


@given(st.binary(max_size=120) | st.lists(PIECES, max_size=50).map(lambda parts: "".join(["title,image\n", *parts])))
@settings(max_examples=200)
def test_any_bytes_are_rows_or_one_sentence(content):
    with tempfile.TemporaryDirectory() as name:
        data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogateescape")
        path = table(Path(name), data)
        try:
            with planned_rows(path) as rows:
                assert all(row.fault or row.title or row.description for row in rows)
        except MamexError as error:
            assert str(error).endswith(".")
