"""Small files of a dataset folder made to harm: about.json, arrays of features, truth tables and public data."""

import io
import json
import math
import struct
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mamex.benchmark.gate_truth import gate_truth
from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.data.about import ABOUT, read_about
from mamex.data.check import check_dataset
from mamex.data.contents.ratings import parse_ratings
from mamex.data.contents.times import parse_timestamps
from mamex.data.sources.amazon import read_reviews
from mamex.data.sources.json_lines import read_records
from mamex.data.sources.mmrec import read_features, read_json_parts
from mamex.data.sources.movielens import read_plots
from mamex.encoders import load_encoder
from mamex.errors import DatasetError, EncoderError, MamexError, SourceError
from mamex.files.words import quoted
from mamex.progress import silent
from tests.support.peak_memory import peak_memory
from tests.support.shops.builders import write_tiny_dataset
from tests.support.shops.small_shop import shop


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[" * 50_000, "not a JSON object"),
        (b'{"name": ' + b'{"a": ' * 9000, "not a JSON object"),
        (b'{"name": "' + b"x" * 70_000 + b'"}', "not a JSON object"),
        (b'{"name": "a", "name": "b"}', "the entry 'name' twice"),
        (b'{"name": ' + b"9" * 5000 + b"}", "not a JSON object"),
        (b'{"name": null}', "entry 'name' of about.json can't"),
        (b'{"name": ["a"]}', "entry 'name' of about.json can't"),
        (b'{"simulated": 1e999}', "entry 'simulated' of about.json can't"),
        (b'{"item": "a\\u202eb"}', "characters that can't be shown"),
        (b'{"item": "a\\ud800"}', "can't be used"),
        (b'{"a\\u001b[2J": 1}', "can't be used"),
        (b"null", "can't be used"),
        (b"\xff\xfe{}", "not a JSON object"),
        (b"", "not a JSON object"),
    ],
)
def test_about_is_read_or_refused_in_one_sentence(tmp_path, content, words):
    (tmp_path / ABOUT).write_bytes(content)
    with pytest.raises(DatasetError, match=words) as caught:
        read_about(tmp_path)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=30), lambda inner: st.lists(inner, max_size=3)
)
ENTRIES = st.dictionaries(st.sampled_from(["name", "item", "users", "simulated", "x"]) | st.text(max_size=5), VALUES)


@given(st.binary(max_size=60) | ENTRIES.map(lambda entries: json.dumps(entries).encode()))
@settings(max_examples=100)
def test_any_bytes_as_about(content):
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / ABOUT).write_bytes(content)
        try:
            assert len(read_about(Path(name)).name) <= 80
        except DatasetError as error:
            assert str(error).endswith(".")


def with_header(header: str, data: bytes = b"\0" * 64) -> bytes:
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode() + data


def saved(array: np.ndarray, **options) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


ARRAYS = {
    "huge": with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000, 512), }\n"),
    "overflowing": with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 4), }\n"),
    "negative": with_header("{'descr': '<f4', 'fortran_order': False, 'shape': (-4, 4), }\n"),
    "objects": saved(np.array([[None]]), allow_pickle=True),
    "complex": saved(np.ones((3, 2), dtype=complex)),
    "texts": saved(np.array([["a", "b"]])),
    "dates": saved(np.zeros((2, 2), dtype="datetime64[s]")),
    "records": saved(np.zeros((2, 2), dtype=[("a", "f4")])),
    "one dimension": saved(np.zeros(4)),
    "no columns": saved(np.zeros((4, 0))),
    "deep header": with_header("(" * 9000 + "\n"),
    "open header": with_header("{'descr': '<f4', 'shape\n"),
    "no header": b"\x93NUMPY",
    "empty": b"",
    "pickle": b"\x80\x04N.",
}


@pytest.mark.parametrize("name", ARRAYS)
def test_arrays_are_checked_before_they_are_loaded(tmp_path, name):
    (tmp_path / "features").mkdir()
    (tmp_path / "features" / "image.npy").write_bytes(ARRAYS[name])
    with pytest.raises(EncoderError) as caught:
        load_encoder("features", tmp_path)
    assert str(caught.value).startswith("image.npy ")
    (tmp_path / "image_feat.npy").write_bytes(ARRAYS[name])
    with pytest.raises(SourceError):
        read_features(tmp_path)


def test_an_array_in_fortran_order_is_read_right(tmp_path):
    array = np.arange(12, dtype=np.float64).reshape(4, 3)
    (tmp_path / "features").mkdir()
    np.save(tmp_path / "features" / "image.npy", np.asfortranarray(array))
    np.testing.assert_array_equal(load_encoder("features", tmp_path)._arrays["image"], array)


@given(st.binary(max_size=80).map(lambda data: b"\x93NUMPY\x01\x00" + data) | st.binary(max_size=40))
@settings(max_examples=100)
def test_any_bytes_as_an_array(content):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "features"
        folder.mkdir()
        (folder / "image.npy").write_bytes(content)
        with pytest.raises(EncoderError):
            load_encoder("features", Path(name))


@pytest.mark.parametrize(
    "content", [b"", b"\xff", b"item_id\na\n", b"item_id,informative\n0,x\n0,y\n", b'"', b"a\n" * 9]
)
def test_a_truth_table_that_is_none_is_one_sentence(tmp_path, tiny_checkpoint, content):
    (tmp_path / "truth.csv").write_bytes(content)
    with pytest.raises(DatasetError, match=r"truth\.csv") as caught:
        gate_truth(load_checkpoint(tiny_checkpoint), tmp_path / "truth.csv")
    assert str(caught.value).endswith(".")


def review(**changes) -> str:
    record = {"reviewerID": "u", "asin": "a", "overall": 5.0, "unixReviewTime": 1_400_000_000} | changes
    return json.dumps(record)


@pytest.mark.parametrize(
    "line",
    [
        review(unixReviewTime=math.inf),
        review(unixReviewTime=1e30),
        review(unixReviewTime=10**400),
        review(overall=math.nan),
        review(overall=10**400),
        review(overall=None),
        "[" * 100_000,
    ],
)
def test_numbers_without_bounds_are_no_reviews(tmp_path, line):
    (tmp_path / "reviews.json").write_text(line + "\n")
    with pytest.raises(SourceError, match="line 1"):
        read_reviews(tmp_path / "reviews.json", silent)


def test_a_line_without_end_is_not_read_to_its_end(tmp_path):
    path = tmp_path / "reviews.json"
    with path.open("wb") as stream:
        stream.truncate(2 * 10**9)  # takes no room on the disk
    code = "list(read_records(path, silent))"
    first = "from mamex.progress import silent\nfrom mamex.data.sources.json_lines import read_records"
    megabytes, sentence = peak_memory(first, code, path)
    assert "longer than any record" in sentence
    assert megabytes < 500
    assert [number for number, _ in read_records(write_line(tmp_path, review()), silent)] == [1]


def write_line(folder: Path, line: str) -> Path:
    (folder / "one.json").write_text(line + "\n")
    return folder / "one.json"


@pytest.mark.parametrize("content", ['{"1": [1e999]}', '{"1": [' + "9" * 400 + "]}", "[" * 100_000, '{"1": 2}', "[]"])
def test_numbers_of_items_that_are_none(tmp_path, content):
    (tmp_path / "train.json").write_text(content)
    with pytest.raises(SourceError):
        read_json_parts(tmp_path)
    (tmp_path / "plots.json").write_text(content)
    with pytest.raises(SourceError):
        read_plots(tmp_path / "plots.json")


WRITTEN = st.sampled_from(["1e308", "-1e400", "nan", "inf", "Infinity", "9" * 400, "1e19", "-99999999999999999999"]) | (
    st.sampled_from(
        ["9999-12-31T23:59:59.999999-23:59", "0001-01-01T00:00:00+23:59", "2024-02-30", "24:00", "99991231"]
    )
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
    | st.floats().map(str)
)


@given(st.lists(WRITTEN, min_size=1, max_size=6))
@settings(max_examples=200)
def test_any_times_and_ratings_are_numbers_or_missing(texts):
    import pandas as pd

    values = pd.Series(texts, dtype="str").str.strip()
    assert parse_timestamps(values).shape == (len(texts),)
    ratings = parse_ratings(values)
    assert not np.isinf(ratings).any()


NO_TIMES = ["now", "today", "0x10", "1_000", "0000-00-00", "2024-02-30", "10000-01-01", "2024-01-01T00:00:00+99:00"]
NO_NUMBERS = ["0x5", "0b1", "1_0", "inf", "-inf", "1e999", "NaN", "nan", "\u0665", "true", "None", "<NA>", "5%"]


def test_what_is_no_time_and_no_rating_is_told_with_its_row_and_never_dropped_in_silence(tmp_path):
    times = [(value, "5") for value in [*NO_TIMES, *NO_NUMBERS, "1e400", "9" * 22]]
    ratings = [("2024-01-01", value) for value in NO_NUMBERS]
    rows = "".join(f"u,a,{time},{rating}\n" for time, rating in [*times, *ratings])
    folder = shop(tmp_path, bought="user_id,item_id,timestamp,rating\nu,a,,\n" + rows)
    told = {
        (problem.row, problem.kind): problem.message
        for problem in check_dataset(folder).problems
        if problem.kind in ("unreadable timestamp", "unreadable rating")
    }
    assert len(told) == len(times) + len(ratings)
    for row, (time, _) in enumerate(times, start=3):
        assert f"the timestamp {quoted(time)} can't be read; write a date like" in told[row, "unreadable timestamp"]
    for row, (_, rating) in enumerate(ratings, start=3 + len(times)):
        assert f"the rating {quoted(rating)} can't be read; write a number" in told[row, "unreadable rating"]


def test_a_folder_that_is_sound_stays_so(tmp_path):
    folder = write_tiny_dataset(tmp_path)
    (folder / ABOUT).write_text('{"name": "Café 👩‍🍳 “Ö”", "item": "dish"}')
    try:
        assert read_about(folder).item == "dish"
    except MamexError as error:
        pytest.fail(str(error))
