"""Features of a dataset: each content is encoded once on this machine, and what is missing is marked."""

import sqlite3
import subprocess
import sys

import numpy as np
import pytest
import torch
from PIL import Image

from mamex.data.dataset import Dataset, read_dataset
from mamex.encoders import Encoder
from mamex.encoders.cache import FeatureCache, cache_folder, content_key
from mamex.encoders.features import BATCH, item_features
from mamex.errors import EncoderError
from tests.support.shops.builders import write_csv, write_tiny_dataset

BOTH = ("image", "text")


class CountingEncoder(Encoder):
    """Reads a picture's mean colour and a text's length and first letter; counts what it is asked."""

    def __init__(self, weights: str = "one") -> None:
        self.dimensions = {"image": 3, "text": 2}
        self.identity = {
            "name": "counting",
            "weights": weights,
            "dimensions": self.dimensions,
            "context_length": 5,
        }
        self.asked: dict[str, list] = {"image": [], "text": []}

    def encode(self, modality, inputs):
        self.asked[modality] += inputs
        assert len(inputs) <= BATCH
        if modality == "image":
            rows = [np.asarray(picture).reshape(-1, 3).mean(axis=0) for picture in inputs]
        else:
            rows = [[len(text), ord(text[0])] for text in inputs]
        return np.array(rows, dtype=np.float32).reshape(len(inputs), self.dimensions[modality])

    def tokens_cut(self, text):
        return max(0, len(text.split()) - 5)

    @property
    def counts(self) -> list[int]:
        return [len(self.asked[modality]) for modality in BOTH]


def shop(folder, items: list[tuple[str, str]]) -> Dataset:
    """A dataset of (title, image file) items."""
    rows = [[f"{place:03d}", title, "", image] for place, (title, image) in enumerate(items)]
    write_csv(folder / "items.csv", ["item_id", "title", "description", "image"], rows)
    write_csv(folder / "interactions.csv", ["user_id", "item_id"], [["u", "000"]])
    return read_dataset(folder)


def save_colour(path, colour: str) -> None:
    Image.new("RGB", (4, 4), colour).save(path)


def test_rows_follow_the_items_and_missing_modalities_are_zero(tmp_path):
    for colour in ("red", "lime"):
        save_colour(tmp_path / f"{colour}.png", colour)
    dataset = shop(tmp_path, [("cup", "lime.png"), ("", "red.png"), ("a lamp", "")])
    features = item_features(dataset, CountingEncoder(), BOTH)
    assert features.values["image"].tolist() == [[0, 255, 0], [255, 0, 0], [0, 0, 0]]
    assert features.values["text"].tolist() == [[3, ord("c")], [0, 0], [6, ord("a")]]
    assert features.present.tolist() == [[True, True], [True, False], [False, True]]
    assert all(values.dtype == torch.float32 for values in features.values.values())
    assert features.warnings == []


def test_columns_follow_the_modalities_asked_for(tmp_path):
    save_colour(tmp_path / "red.png", "red")
    dataset = shop(tmp_path, [("cup", "red.png"), ("", "red.png")])
    features = item_features(dataset, CountingEncoder(), ("text", "image"))
    assert list(features.values) == ["text", "image"]
    assert features.present.tolist() == [[True, True], [False, True]]
    assert item_features(dataset, CountingEncoder(), ("text",)).present.tolist() == [[True], [False]]


def test_a_second_call_encodes_nothing(tmp_path):
    dataset = read_dataset(write_tiny_dataset(tmp_path / "shop", n_items=80))
    first = CountingEncoder()
    features = item_features(dataset, first, BOTH)
    assert first.counts == [int(features.present[:, 0].sum()), int(features.present[:, 1].sum())]
    second = CountingEncoder()
    again = item_features(dataset, second, BOTH)
    assert second.counts == [0, 0]
    for modality in BOTH:
        assert torch.equal(again.values[modality], features.values[modality])
    assert torch.equal(again.present, features.present)


def test_another_identity_shares_nothing(tmp_path):
    dataset = read_dataset(write_tiny_dataset(tmp_path / "shop", n_items=12))
    item_features(dataset, CountingEncoder("one"), BOTH)
    other = CountingEncoder("two")
    item_features(dataset, other, BOTH)
    assert other.counts == [11, 11]
    assert len(list((cache_folder() / "features").glob("*.sqlite"))) == 2


def test_equal_content_is_encoded_once_and_changed_content_again(tmp_path):
    for name in ("one.png", "two.png"):
        save_colour(tmp_path / name, "red")
    dataset = shop(tmp_path, [("cup", "one.png"), ("cup", "two.png")])
    encoder = CountingEncoder()
    assert item_features(dataset, encoder, BOTH).values["image"].tolist() == [[255, 0, 0]] * 2
    assert encoder.counts == [1, 1]
    save_colour(tmp_path / "two.png", "blue")
    assert item_features(dataset, encoder, BOTH).values["image"].tolist() == [
        [255, 0, 0],
        [0, 0, 255],
    ]
    assert encoder.counts == [2, 1]


def test_unreadable_and_absent_pictures_are_missing_and_told(tmp_path):
    save_colour(tmp_path / "good.png", "red")
    (tmp_path / "broken.png").write_bytes((tmp_path / "good.png").read_bytes()[:40])
    dataset = shop(tmp_path, [("cup", "good.png"), ("mug", "broken.png"), ("jug", "")])
    features = item_features(dataset, CountingEncoder(), BOTH)
    assert features.present[:, 0].tolist() == [True, False, False]
    assert features.values["image"][1:].tolist() == [[0, 0, 0]] * 2
    assert len(features.warnings) == 1
    assert features.warnings[0].startswith("Unreadable picture files: 1;")


def test_a_batch_of_nothing_but_unreadable_pictures(tmp_path):
    for place in range(BATCH + 2):
        (tmp_path / f"{place}.png").write_bytes(b"not a picture %d" % place)
    dataset = shop(tmp_path, [("cup", f"{place}.png") for place in range(BATCH + 2)])
    features = item_features(dataset, CountingEncoder(), ("image",))
    assert not features.present.any()
    assert features.warnings[0].startswith(f"Unreadable picture files: {BATCH + 2};")


def test_a_repaired_picture_is_read_the_next_time(tmp_path):
    (tmp_path / "a.png").write_bytes(b"broken")
    dataset = shop(tmp_path, [("cup", "a.png")])
    assert not item_features(dataset, CountingEncoder(), ("image",)).present.any()
    save_colour(tmp_path / "a.png", "red")
    assert item_features(dataset, CountingEncoder(), ("image",)).present.all()


def test_cut_texts_are_told(tmp_path):
    dataset = shop(tmp_path, [("one two three four five six", ""), ("short", ""), ("a b c d e f g", "")])
    warnings = item_features(dataset, CountingEncoder(), ("text",)).warnings
    assert len(warnings) == 1
    assert warnings[0].startswith("Texts longer than the 5 tokens the encoder reads: 2;")


def test_a_modality_that_the_encoder_does_not_read(tmp_path):
    dataset = shop(tmp_path, [("cup", "")])
    with pytest.raises(EncoderError, match=r"counting reads image, text, not audio; .*'features'"):
        item_features(dataset, CountingEncoder(), ("text", "audio"))


def test_progress_is_told_up_to_the_end(tmp_path):
    dataset = read_dataset(write_tiny_dataset(tmp_path / "shop", n_items=2 * BATCH + 5, missing=False))
    calls = []
    item_features(dataset, CountingEncoder(), ("text",), lambda *call: calls.append(call))
    total = 2 * BATCH + 5
    assert calls == [("Encoding text", done, total) for done in (BATCH, 2 * BATCH, total)]


def test_work_that_is_stopped_keeps_the_batches_it_has_done(tmp_path):
    dataset = read_dataset(write_tiny_dataset(tmp_path / "shop", n_items=2 * BATCH, missing=False))

    def stop(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        item_features(dataset, CountingEncoder(), ("text",), stop)
    later = CountingEncoder()
    item_features(dataset, later, ("text",))
    assert later.counts == [0, BATCH]


# --- The cache itself ------------------------------------------------------------------------------


def test_the_cache_gives_back_what_it_was_given():
    cache = FeatureCache({"name": "x"})
    keys = [content_key(str(number).encode()) for number in range(2500)]  # more than one query may name
    vectors = np.random.default_rng(0).normal(size=(2500, 3)).astype(np.float32)
    cache.put("text", keys, vectors)
    found = cache.get("text", [*keys, content_key(b"unknown")])
    assert len(found) == 2500
    np.testing.assert_array_equal(np.stack([found[key] for key in keys]), vectors)
    assert cache.get("image", keys) == {}  # a modality of its own
    assert cache.get("text", []) == {}
    cache.close()


def test_the_identity_of_a_cache_does_not_depend_on_the_order_of_its_entries():
    first = FeatureCache({"name": "x", "weights": "y"})
    first.put("text", [b"key"], np.ones((1, 2)))
    first.close()
    second = FeatureCache({"weights": "y", "name": "x"})
    assert b"key" in second.get("text", [b"key"])
    second.close()


def test_rows_and_keys_must_match_and_then_nothing_is_stored():
    cache = FeatureCache({"name": "x"})
    with pytest.raises(ValueError, match="shorter"):
        cache.put("text", [b"a", b"b"], np.ones((1, 2)))
    assert cache.get("text", [b"a", b"b"]) == {}
    cache.close()


def test_a_cache_that_can_no_longer_be_used_is_one_sentence():
    cache = FeatureCache({"name": "x"})
    cache._connection.execute("PRAGMA query_only = ON")  # as a read-only file, a full disk
    with pytest.raises(EncoderError, match=r"can't be cached in .*MAMEX_CACHE"):
        cache.put("text", [b"a"], np.ones((1, 2)))
    cache._connection.execute("PRAGMA query_only = OFF")
    cache._connection.execute("DROP TABLE features")  # as a damaged file
    with pytest.raises(EncoderError, match=r"can't be cached in .*MAMEX_CACHE"):
        cache.get("text", [b"a"])
    cache.close()


def test_the_cache_outlives_its_process():
    code = (
        "import numpy as np; from mamex.encoders.cache import FeatureCache; "
        "FeatureCache({'name': 'x'}).put('text', [b'key'], np.array([[1.5, -2]]))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # reads MAMEX_CACHE as this process does
    cache = FeatureCache({"name": "x"})
    assert cache.get("text", [b"key"])[b"key"].tolist() == [1.5, -2]
    cache.close()


def test_where_the_cache_lies(tmp_path, monkeypatch):
    monkeypatch.setenv("MAMEX_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"
    monkeypatch.setenv("MAMEX_CACHE", "")
    assert cache_folder().name == "mamex"


@pytest.mark.parametrize(
    "stored", [b"", b"abc", b"\0" * 8, b"\0" * 16, "text", None, 7, np.full(3, np.nan, np.float32).tobytes()]
)
def test_cached_features_that_are_none_are_computed_anew(tmp_path, stored):
    identity = {"name": "x", "dimensions": {"image": 3}}
    cache = FeatureCache(identity, tmp_path)
    cache.put("image", [b"good", b"bad"], np.ones((2, 3)))
    with cache._connection as connection:
        connection.execute("UPDATE features SET vector = ? WHERE content = ?", (stored, b"bad"))
    found = cache.get("image", [b"good", b"bad"])
    assert list(found) == [b"good"] and cache.damaged == 1
    cache.put("image", [b"bad"], np.ones((1, 3)))
    assert len(cache.get("image", [b"good", b"bad"])) == 2


def test_a_dataset_whose_cache_is_damaged_gets_the_same_features_and_a_warning(tmp_path):
    dataset = read_dataset(write_tiny_dataset(tmp_path / "shop", n_items=12, n_users=8))
    encoder = CountingEncoder()
    first = item_features(dataset, encoder, ("text",), cache_folder=tmp_path)
    [path] = (tmp_path / "features").iterdir()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE features SET vector = x'00'")
    again = item_features(dataset, encoder, ("text",), cache_folder=tmp_path)
    assert torch.equal(first.values["text"], again.values["text"])
    assert any("were damaged" in warning for warning in again.warnings)
    assert item_features(dataset, encoder, ("text",), cache_folder=tmp_path).warnings == first.warnings


def test_large_pictures_are_encoded_few_at_a_time(tmp_path, monkeypatch):
    dataset = read_dataset(write_tiny_dataset(tmp_path / "shop"))
    whole = item_features(dataset, CountingEncoder(), ["image"], cache_folder=tmp_path / "whole")
    monkeypatch.setattr("mamex.encoders.features.MOST_PIXELS", 48 * 48 * 3 - 1)
    encoder = CountingEncoder()
    sizes = []
    encode = encoder.encode
    monkeypatch.setattr(encoder, "encode", lambda *given: (sizes.append(len(given[1])), encode(*given))[1])
    parts = item_features(dataset, encoder, ["image"], cache_folder=tmp_path / "parts")
    assert max(sizes) == 3
    torch.testing.assert_close(parts.values["image"], whole.values["image"])
