"""``prepare mmrec``: MMRec's and LATTICE's layouts; what comes out is what the ``features`` encoder reads."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mamex.data.dataset import read_dataset
from mamex.encoders.precomputed import PrecomputedFeatures
from tests.support.source_files import as_typed, failure, prepared_and_checked

IMAGE = np.arange(12, dtype=np.float64).reshape(4, 3)
TEXT = np.arange(8, dtype=np.float32).reshape(4, 2) / 10
INTER = """userID\titemID\trating\ttimestamp\tx_label
0\t2\t5.0\t1370000000\t0
0\t0\t4.0\t1370086400\t2
1\t2\t3.0\t1360000000\t0
1\t1\t5.0\t1360000001\t1
"""


@pytest.fixture()
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "baby"
    folder.mkdir()
    np.save(folder / "image_feat.npy", IMAGE)
    np.save(folder / "text_feat.npy", TEXT)
    (folder / "baby.inter").write_text(INTER)
    return folder


def arguments(source: Path) -> tuple[object, ...]:
    return "mmrec", "--from", source, "--out", source.parent / "out"


def test_mmrec(source: Path) -> None:
    (source / "i_id_mapping.csv").write_text("asin\titemID\nB002\t2\nB000\t0\nB001\t1\nB003\t3\n")
    said, checked = as_typed(*arguments(source))
    assert "4 items (0 with a picture), 2 users, 4 interactions" in said
    assert "--set encoder=features model.modalities=image,text" in said
    assert "4 items" in checked
    out = source.parent / "out"
    dataset = read_dataset(out)
    assert dataset.items["item_id"].tolist() == ["0", "1", "2", "3"], "item 3, which nobody bought, included"
    assert dataset.items["original_id"].tolist() == ["B000", "B001", "B002", "B003"]
    assert dataset.interactions[["user", "item", "rating"]].to_numpy().tolist() == [
        [0, 2, 5.0],
        [0, 0, 4.0],
        [1, 2, 3.0],
        [1, 1, 5.0],
    ]
    assert str(dataset.interactions["timestamp"][0]) == "2013-05-31 11:33:20"
    encoder = PrecomputedFeatures(out)
    assert encoder.dimensions == {"image": 3, "text": 2}
    assert encoder.stored_features(out, ["2", "0"], "image").tolist() == [[6, 7, 8], [0, 1, 2]]
    np.testing.assert_array_equal(encoder.stored_features(out, list("0123"), "text"), TEXT)


def test_a_third_modality_and_a_file_without_times(source: Path) -> None:
    np.save(source / "audio_feat.npy", np.eye(4, 5, dtype=np.float32))
    (source / "baby.inter").write_text("userID\titemID\tx_label\n7\t3\t0\n7\t1\t1\n")
    said, _ = prepared_and_checked(*arguments(source))
    assert "model.modalities=audio,image,text" in said
    dataset = read_dataset(source.parent / "out")
    assert dataset.user_ids.tolist() == ["7"] and dataset.interactions["timestamp"].isna().all()


@pytest.mark.parametrize("below", ["", "5-core"])
def test_lattice(source: Path, below: str) -> None:
    (source / "baby.inter").unlink()
    (source / below).mkdir(exist_ok=True)
    parts = {"train": {"0": [2, 0], "1": [2]}, "val": {"0": [], "1": [1]}, "test": {"0": [3], "1": []}}
    for name, part in parts.items():
        (source / below / f"{name}.json").write_text(json.dumps(part))
    said, _ = prepared_and_checked(*arguments(source))
    assert "2 users, 5 interactions" in said
    pairs = read_dataset(source.parent / "out").interactions[["user", "item"]].to_numpy().tolist()
    assert sorted(pairs) == [[0, 0], [0, 2], [0, 3], [1, 1], [1, 2]]


def _objects(path: Path) -> None:
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (lambda folder: [path.unlink() for path in folder.glob("*.npy")], "no image_feat.npy or text_feat.npy"),
        (lambda folder: (folder / "baby.inter").unlink(), "neither NAME.inter nor train.json"),
        (lambda folder: (folder / "b.inter").write_text(INTER), "2 .inter files"),
        (lambda folder: (folder / "baby.inter").write_text(INTER.replace("\t", ",")), "is not tab separated"),
        (lambda folder: (folder / "baby.inter").write_text(INTER.replace("1\t2", "one\t2")), "is not tab separated"),
        (lambda folder: (folder / "baby.inter").write_text(""), "is not tab separated"),
        (
            lambda folder: (folder / "baby.inter").write_text(INTER + "1\t4\t1\t1\t0\n"),
            "items 0 to 4, its features are of items 0 to 3",
        ),
        (lambda folder: (folder / "baby.inter").write_text(INTER + "1\t-1\t1\t1\t0\n"), "items -1 to 2, its"),
        (lambda folder: (folder / "baby.inter").write_text(INTER[:38]), "no interactions"),
        (lambda folder: np.save(folder / "text_feat.npy", TEXT[:3]), "different numbers of rows"),
        (lambda folder: np.save(folder / "text_feat.npy", TEXT[0]), "must be a two-dimensional array"),
        (lambda folder: (folder / "text_feat.npy").write_bytes(b"no"), "is not a plain NumPy array"),
        (lambda folder: (folder / "text_feat.npy").write_bytes(pickle.dumps([1])), "is not a plain NumPy array"),
        (lambda folder: _objects(folder / "text_feat.npy"), "is not a plain NumPy array"),
        (lambda folder: (folder / "i_id_mapping.csv").write_text("a,b\n"), "columns asin and itemID"),
        (lambda folder: (folder / "i_id_mapping.csv").write_text(""), "columns asin and itemID"),
        (lambda folder: (folder / "i_id_mapping.csv").write_text("asin\titemID\na\tb\tc\td\n1\t2\t3\t4\t5\n"), "asin"),
    ],
)
def test_wrong_files_are_one_sentence(source: Path, spoil: Callable[[Path], object], says: str) -> None:
    spoil(source)
    assert says in failure(*arguments(source))
    assert not (source.parent / "out/items.csv").exists()


@pytest.mark.parametrize("text", ["", "[1]", '{"0": 3}', '{"0": ["x"]}', '{"u": [1]}', '{"0": []}'])
def test_wrong_json_is_one_sentence(source: Path, text: str) -> None:
    (source / "baby.inter").unlink()
    (source / "train.json").write_text(text)
    said = failure(*arguments(source))
    assert "is not a JSON object of user to [items]" in said or "hold no interactions" in said
