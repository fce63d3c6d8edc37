"""Reading a dataset folder: positions, order, merging, the k-core, and the formats that exports come in."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mamex.config import DataConfig
from mamex.data.contents.ratings import parse_ratings
from mamex.data.contents.times import parse_timestamps
from mamex.data.dataset import Dataset, join_words, k_core_filter, merge_repeated, read_dataset
from mamex.errors import DatasetError
from tests.support.shops.builders import ITEM_HEADER, write_csv, write_tiny_dataset

REAL_DATA = Path(__file__).resolve().parents[4] / "shared" / "data"


def write_shop(folder: Path, items: list[list[str]], bought: list[list[str]]) -> Path:
    write_csv(folder / "items.csv", ["item_id", "title", "description", "image"], items)
    write_csv(folder / "interactions.csv", ["user_id", "item_id", "timestamp", "rating"][: len(bought[0])], bought)
    return folder


def small_shop(folder: Path, bought: list[list[str]]) -> Path:
    return write_shop(folder, [[item, f"Item {item}", "", ""] for item in "abcde"], bought)


def ids(dataset: Dataset) -> list[tuple[str, str]]:
    items = dataset.items["item_id"].to_numpy()
    pairs = dataset.interactions[["user", "item"]].to_numpy()
    return [(str(dataset.user_ids[user]), str(items[item])) for user, item in pairs]


def test_reads_the_tiny_shop(tmp_path: Path) -> None:
    dataset = read_dataset(write_tiny_dataset(tmp_path / "tiny"))
    assert (dataset.name, dataset.n_items, dataset.n_users, len(dataset.interactions)) == (
        "tiny",
        60,
        40,
        400,
    )
    assert list(dataset.items.columns) == ITEM_HEADER
    assert dataset.items.loc[3, "item_id"] == "00003", "leading zeros belong to the id"
    assert list(dataset.user_ids) == sorted(dataset.user_ids) and all(type(user) is str for user in dataset.user_ids)
    assert dataset.interactions.dtypes.astype(str).to_dict() == {
        "user": "int64",
        "item": "int64",
        "timestamp": "datetime64[us]",
        "rating": "float64",
    }
    assert dataset.interactions["timestamp"].dt.year.between(2023, 2025).all()
    assert set(dataset.interactions["rating"]) == {4.0, 5.0}
    paths, texts = dataset.image_paths(), dataset.texts()
    assert paths[4] is None and paths[3] == (tmp_path / "tiny/images/00003.png").resolve()
    assert texts[9] == "" and texts[0] == "Crimson piece 0. A crimson warm wool jumper for winter evenings."


def test_the_builder_is_deterministic_and_its_colours_tell_the_taste(tmp_path: Path) -> None:
    first, second = write_tiny_dataset(tmp_path / "a"), write_tiny_dataset(tmp_path / "b")
    files = sorted(path.relative_to(first) for path in first.rglob("*") if path.is_file())
    assert len(files) > 50 and all((first / file).read_bytes() == (second / file).read_bytes() for file in files)
    dataset = read_dataset(first)
    same = dataset.interactions["item"].to_numpy() % 4 == dataset.interactions["user"].to_numpy() % 4
    assert 0.8 < same.mean() < 1


def test_positions_follow_the_files_order_and_interactions_are_sorted(tmp_path: Path) -> None:
    shop = small_shop(
        tmp_path,
        [
            ["u2", "e", "2024-01-02"],
            ["u1", "b", ""],
            ["u1", "c", "2024-03-01"],
            ["u1", "a", "2024-03-01"],
            ["u1", "d", "2024-02-01"],
            ["u2", "a", "2024-01-01"],
        ],
    )
    dataset = read_dataset(shop)
    assert list(dataset.items["item_id"]) == list("abcde")
    assert ids(dataset) == [("u1", "d"), ("u1", "a"), ("u1", "c"), ("u1", "b"), ("u2", "a"), ("u2", "e")]
    assert dataset.interactions["timestamp"].isna().tolist() == [False, False, False, True, False, False]


def test_repeated_interactions_keep_the_earliest(tmp_path: Path) -> None:
    shop = small_shop(
        tmp_path,
        [
            ["u", "a", "2024-05-01", "1"],
            ["u", "a", "", "2"],
            ["u", "a", "2024-04-01", "3"],
            ["u", "b", "", "4"],
            ["u", "b", "", "5"],
        ],
    )
    dataset = read_dataset(shop)
    assert ids(dataset) == [("u", "a"), ("u", "b")]
    assert dataset.interactions["rating"].tolist() == [3.0, 4.0]


def test_timestamp_and_rating_may_be_absent(tmp_path: Path) -> None:
    dataset = read_dataset(small_shop(tmp_path, [["u", "b"], ["u", "a"]]))
    assert ids(dataset) == [("u", "a"), ("u", "b")]
    assert dataset.interactions["timestamp"].isna().all() and dataset.interactions["rating"].isna().all()


def test_names_that_pandas_takes_for_missing_survive(tmp_path: Path) -> None:
    names = ["NA", "null", "nan", "None", "007", "1e5", "-"]
    write_shop(tmp_path, [[name, name, name, ""] for name in names], [[name, name] for name in names])
    dataset = read_dataset(tmp_path)
    assert list(dataset.items["item_id"]) == names == list(dataset.items["title"])
    # As the name of a user, most of them say that nobody is known.
    assert ids(dataset) == [(name, name) for name in sorted(["007", "1e5"])]
    assert "names no user, as 5 of 7 rows do" in dataset.warnings[0]


def test_export_oddities_are_accepted(tmp_path: Path) -> None:
    header = b"\xef\xbb\xbf Item ID ,TITLE,Description,Image,Price \r\n"
    items = header + b'007,"A ""fine"" hat","two\r\nlines",,3\r\n\r\n8,B,,,\r\n,,,,\r\n'
    (tmp_path / "items.csv").write_bytes(items)
    (tmp_path / "interactions.csv.gz").write_bytes(gzip.compress(b"USER_ID,item_id\r\nu, 007\r\nu,8\r\n\r\n"))
    dataset = read_dataset(tmp_path)
    assert list(dataset.items.columns) == ["item_id", "title", "description", "image", "Price"]
    assert dataset.texts() == ['A "fine" hat. two lines', "B"]
    assert ids(dataset) == [("u", "007"), ("u", "8")]


@pytest.mark.parametrize(
    ("title", "description", "text"),
    [
        ("Hat", "Warm.", "Hat. Warm."),
        ("Hat.", "Warm.", "Hat. Warm."),
        ("Hat!", "Warm", "Hat! Warm"),
        ("", "Warm", "Warm"),
        ("Hat", "", "Hat"),
        ("", "", ""),
        (" Hat ", "very\n warm", "Hat. very warm"),
    ],
)
def test_join_words(title: str, description: str, text: str) -> None:
    assert join_words(title, description) == text


def test_timestamps_in_every_accepted_form() -> None:
    day = "2024-05-31"
    forms = {
        day: day,
        "20240531": day,
        "2024-05-31T10:00:00": f"{day} 10:00",
        "2024-05-31 10:00:00.5": f"{day} 10:00:00.5",
        "2024-05-31T10:00:00Z": f"{day} 10:00",
        "2024-05-31T12:00:00+02:00": f"{day} 10:00",
        "1717149600": f"{day} 10:00",
        "1717149600000": f"{day} 10:00",
        "1717149600.0": f"{day} 10:00",
        "7": "1970-01-01 00:00:07",
        "978301563": "2000-12-31 22:26:03",
        "-1": "1969-12-31 23:59:59",
        "20240531.0": day,  # as programs write numbers of a column with gaps
        "+20240531": day,
        "31/05/2024": day,
    }
    parsed = parse_timestamps(pd.Series(list(forms), dtype="str"))
    assert parsed.dtype == "datetime64[us]"
    assert parsed.tolist() == [pd.Timestamp(wanted).to_pydatetime() for wanted in forms.values()]
    bad = [
        "",
        "now",
        "today",
        "32/05/2024",
        "2024-13-01",
        "NaN",
        "inf",
        "1e30",
        "9" * 25,
        "2024-02-30",
        "yesterday",
    ]
    assert pd.isna(parse_timestamps(pd.Series(bad, dtype="str"))).all()


def test_ratings_are_finite_numbers_or_missing() -> None:
    ratings = parse_ratings(pd.Series(["4", "4.5", "-1", "", "inf", "nan", "good"], dtype="str"))
    np.testing.assert_array_equal(ratings, [4, 4.5, -1, *[np.nan] * 4])


def k_core_by_hand(pairs: set[tuple[int, int]], k_core: int) -> set[tuple[int, int]]:
    """Throw out one offender at a time until there is none."""
    rest = set(pairs)
    while True:
        offender = next((("user", u) for u, _ in rest if sum(x == u for x, _ in rest) < k_core), None) or next(
            (("item", i) for _, i in rest if sum(y == i for _, y in rest) < k_core), None
        )
        if offender is None:
            return rest
        side, name = offender
        rest = {pair for pair in rest if pair[0 if side == "user" else 1] != name}


@given(st.sets(st.tuples(st.integers(0, 7), st.integers(0, 6)), max_size=40), st.integers(1, 4))
@settings(max_examples=100, deadline=None)
def test_k_core_equals_its_brute_force_twin(pairs: set[tuple[int, int]], k_core: int) -> None:
    frame = pd.DataFrame(sorted(pairs), columns=["user", "item"], dtype=np.int64)
    users, items = k_core_filter(frame, 8, 7, k_core)
    kept = {(user, item) for user, item in pairs if users[user] and items[item]}
    assert kept == k_core_by_hand(pairs, k_core)
    assert set(np.flatnonzero(users)) == {user for user, _ in kept}
    assert set(np.flatnonzero(items)) == {item for _, item in kept}


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.integers(0, 3), st.none() | st.integers(0, 5)),
        min_size=1,
        max_size=30,
    )
)
@settings(max_examples=100, deadline=None)
def test_merging_equals_its_brute_force_twin(rows: list[tuple[int, int, int | None]]) -> None:
    times = np.array(["NaT" if when is None else f"1970-01-0{when + 1}" for *_, when in rows], dtype="datetime64[us]")
    columns = {"user": [row[0] for row in rows], "item": [row[1] for row in rows], "timestamp": times}
    merged = merge_repeated(pd.DataFrame(columns | {"rating": np.arange(len(rows), dtype=float)}))
    best: dict[tuple[int, int], tuple[float, int]] = {}
    for number, (user, item, when) in enumerate(rows):
        key = (np.inf if when is None else float(when), number)
        best[user, item] = min(best.get((user, item), key), key)
    wanted = sorted((user, when, item, number) for (user, item), (when, number) in best.items())
    assert merged["user"].tolist() == [row[0] for row in wanted]
    assert merged["item"].tolist() == [row[2] for row in wanted]
    assert merged["rating"].tolist() == [row[3] for row in wanted]


def test_k_core_drops_items_and_renumbers(tmp_path: Path) -> None:
    bought = [["u1", "b"], ["u1", "d"], ["u2", "b"], ["u2", "d"], ["u3", "d"], ["u3", "e"], ["u0", "a"]]
    shop = small_shop(tmp_path, bought)
    assert read_dataset(shop).n_items == 5, "without a k-core, never-bought items stay"
    dataset = read_dataset(shop, DataConfig(k_core=2))
    assert list(dataset.items["item_id"]) == ["b", "d"] and list(dataset.items.index) == [0, 1]
    assert list(dataset.user_ids) == ["u1", "u2"]
    assert ids(dataset) == [("u1", "b"), ("u1", "d"), ("u2", "b"), ("u2", "d")]
    with pytest.raises(DatasetError, match=r"Nothing of .* is left.*k_core"):
        read_dataset(shop, DataConfig(k_core=3))


def test_one_message_lists_all_errors(tmp_path: Path) -> None:
    shop = small_shop(tmp_path, [["u", f"x{number}"] for number in range(30)])
    with (shop / "items.csv").open("a") as stream:
        stream.write("a,Again,,\n" * 9)
    with pytest.raises(DatasetError) as caught:
        read_dataset(shop)
    lines = str(caught.value).splitlines()
    assert len(lines) == 8 and "items.csv row 7: item_id 'a' is already used in row 2" in lines[1]
    assert "interactions.csv row 2: item_id 'x0'" in lines[6], "one sentence for all of them"
    assert lines[-1].strip() == f"and 4 more; run python -m mamex check {shop}"


def test_the_message_is_short_even_if_everything_is_wrong(tmp_path: Path) -> None:
    rows = [["", "x", "1", "1", "1"], ["", "x", "1", "1", "1", "1"], ["u", "", "", ""], ["", "y", "", ""]] * 9
    shop = small_shop(tmp_path, [["u", "x", "", ""], *rows])
    items = (shop / "items.csv").read_bytes()
    (shop / "items.csv").write_bytes(items + b"a,,,\n,,,x\nz,,,../z\nz\xff,,,\n" * 9)
    with pytest.raises(DatasetError) as caught:
        read_dataset(shop)
    lines = str(caught.value).splitlines()
    assert len(lines) == 22 and "more; run python -m mamex check" in lines[-1]


def test_a_missing_folder_is_a_dataset_error(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="there is no such folder"):
        read_dataset(tmp_path / "nowhere")


@pytest.mark.heavy
@pytest.mark.skipif(not REAL_DATA.exists(), reason="needs the real data sets")
@pytest.mark.parametrize(("name", "size"), [("hm", (1110, 4328, 18841)), ("movielens", (6034, 3052, 569220))])
def test_real_data(name: str, size: tuple[int, int, int]) -> None:
    dataset = read_dataset(REAL_DATA / name)
    assert (dataset.n_users, dataset.n_items, len(dataset.interactions)) == size
    assert None not in dataset.image_paths() and "" not in dataset.texts()
