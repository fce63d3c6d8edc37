"""Features that somebody computed before: arrays in the dataset folder, never pickles."""

import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch

from mamex.config import DataConfig
from mamex.data.dataset import read_dataset
from mamex.encoders import PrecomputedFeatures, load_encoder
from mamex.encoders.features import item_features
from mamex.errors import EncoderError
from tests.support.mischief import Mischief
from tests.support.shops.builders import write_csv, write_tiny_dataset


@pytest.fixture
def shop(tmp_path) -> Path:
    folder = write_tiny_dataset(tmp_path / "shop", n_items=20)
    (folder / "features").mkdir()
    return folder


def array_of(rows: int, columns: int = 3) -> np.ndarray:
    return np.arange(rows * columns, dtype=np.float64).reshape(rows, columns)


def test_precomputed_features_of_any_modality(shop):
    audio = array_of(20)
    audio[4] = np.nan
    audio[7, 1] = np.nan  # one NaN in a row is enough
    np.save(shop / "features" / "audio.npy", audio)
    np.save(shop / "features" / "image.npy", array_of(20, 2))
    encoder = load_encoder("features", shop)
    assert encoder.dimensions == {"audio": 3, "image": 2}
    features = item_features(read_dataset(shop), encoder, ("image", "audio"))
    assert features.present[:, 0].all()
    assert torch.nonzero(~features.present[:, 1]).flatten().tolist() == [4, 7]
    assert features.values["audio"][[4, 7]].tolist() == [[0, 0, 0]] * 2
    assert features.values["audio"][5].tolist() == [15, 16, 17]
    assert features.values["audio"].dtype == torch.float32


def test_precomputed_rows_are_found_by_id_when_items_were_filtered_out(shop):
    np.save(shop / "features" / "text.npy", array_of(20))
    pairs = [["u1", "00003"], ["u2", "00003"], ["u1", "00011"], ["u2", "00011"], ["u1", "00005"]]
    write_csv(shop / "interactions.csv", ["user_id", "item_id"], pairs)
    dataset = read_dataset(shop, DataConfig(k_core=2))
    assert list(dataset.items["item_id"]) == ["00003", "00011"]
    features = item_features(dataset, load_encoder("features", shop), ("text",))
    assert features.values["text"][:, 0].tolist() == [9, 33]


@pytest.mark.parametrize(
    "table",
    [
        "item_id,title\n a ,one\nb ,two\nc,three\n",
        "Item ID,title\na,one\nb,two\nc,three\n",
        "item_id,title\na,one\n,\nb,two\nc,three\n,\n",
        "\ufeffitem_id,title\r\na,one\r\n\r\nb,two\r\nc,three\r\n",
    ],
    ids=[
        "spaces round ids",
        "another spelling of item_id",
        "rows of commas",
        "mark and blank line of Windows",
    ],
)
def test_precomputed_rows_follow_items_csv_as_the_dataset_reads_it(table, tmp_path):
    header, rest = table.split("\n", 1)
    blank = "\r" if header.endswith("\r") else ""
    header = header.removesuffix("\r") + ",description,image"
    lines = [line.removesuffix("\r") + ",," + blank for line in rest.split("\n")[:-1]]
    (tmp_path / "items.csv").write_text("\n".join([header + blank, *lines, ""]), encoding="utf-8", newline="")
    write_csv(tmp_path / "interactions.csv", ["user_id", "item_id"], [["u", "a"]])
    (tmp_path / "features").mkdir()
    np.save(tmp_path / "features" / "text.npy", np.array([[1.0], [2.0], [3.0]]))
    dataset = read_dataset(tmp_path)
    assert list(dataset.items["item_id"]) == ["a", "b", "c"]
    features = item_features(dataset, load_encoder("features", tmp_path), ("text",))
    assert features.values["text"].flatten().tolist() == [1, 2, 3]


def test_precomputed_features_with_the_wrong_number_of_rows(shop):
    np.save(shop / "features" / "text.npy", array_of(19))
    with pytest.raises(EncoderError, match=r"text\.npy has 19 rows and items\.csv has 20"):
        item_features(read_dataset(shop), load_encoder("features", shop), ("text",))


def test_a_modality_without_a_file(shop):
    np.save(shop / "features" / "text.npy", array_of(20))
    encoder = load_encoder("features", shop)
    with pytest.raises(EncoderError, match=r"reads text, not image"):
        item_features(read_dataset(shop), encoder, ("image",))
    with pytest.raises(EncoderError, match=r"no features/image\.npy"):
        encoder.stored_features(shop, ["00001"], "image")
    with pytest.raises(EncoderError, match="precomputed features"):
        encoder.encode("text", ["cup"])


def write_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.npy", b"")


def write_half(path: Path) -> None:
    np.save(path, array_of(20))
    path.write_bytes(path.read_bytes()[:-50])


@pytest.mark.parametrize(
    "write",
    [
        lambda path: path.write_bytes(pickle.dumps([1, 2])),
        lambda path: np.save(path, np.array([[{}], [{}]], dtype=object), allow_pickle=True),
        lambda path: np.save(path, np.arange(20.0)),
        lambda path: np.save(path, np.full((20, 2), "words")),
        lambda path: path.write_bytes(b""),
        lambda path: path.write_text("0.5,0.25\n"),
        lambda path: np.save(path, np.full((20, 2), np.inf)),
        lambda path: np.save(path, np.full((20, 2), 1e300)),
        write_zip,
        write_half,
    ],
    ids=[
        "pickle",
        "pickled array",
        "one axis",
        "words",
        "empty",
        "csv",
        "infinite",
        "infinite in 32 bits",
        "npz",
        "cut short",
    ],
)
def test_what_is_no_plain_array_is_refused(write, shop):
    write(shop / "features" / "text.npy")
    with pytest.raises(EncoderError, match=r"^text\.npy .*\.$"):
        load_encoder("features", shop)


def test_a_pickle_is_never_opened(shop, tmp_path):
    traces = tmp_path / "traces"
    (shop / "features" / "text.npy").write_bytes(pickle.dumps(Mischief(traces)))
    with pytest.raises(EncoderError):
        load_encoder("features", shop)
    assert not traces.exists()


def test_a_folder_without_features(tmp_path):
    with pytest.raises(EncoderError, match=r"MODALITY\.npy"):
        load_encoder("features", tmp_path)


def test_the_identity_follows_the_arrays(shop):
    identities = []
    for value in (1.0, 1.0, 2.0):
        np.save(shop / "features" / "text.npy", np.full((20, 2), value))
        identities.append(PrecomputedFeatures(shop).identity)
    assert identities[0] == identities[1] != identities[2]
