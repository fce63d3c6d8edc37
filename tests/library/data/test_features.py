"""Arrays of features are looked through by the checker, and a modality that nobody has is an error."""

import numpy as np
import pytest

from mamex.data.items.features import check_features
from mamex.data.problems import Problems
from mamex.encoders.precomputed import PrecomputedFeatures
from mamex.errors import EncoderError
from tests.support.shops.benchmark_shop import write_benchmark_shop


def found(folder, values):
    (folder / "features").mkdir(exist_ok=True)
    np.save(folder / "features" / "audio.npy", values)
    problems = Problems()
    check_features(folder, 60, problems)
    return [(problem.severity, problem.message) for problem in problems]


def test_a_column_of_nan_is_named(tmp_path):
    values = np.arange(480, dtype=np.float32).reshape(60, 8)
    assert found(tmp_path, values) == []
    values[:, 3] = np.nan
    ((severity, message),) = found(tmp_path, values)
    assert severity == "error"
    assert message.startswith("60 of 60 items lack audio: features/audio.npy has NaN in column 4 of every row")


@pytest.mark.parametrize(
    ("values", "severity", "part"),
    [
        (np.ones((59, 8)), "error", "has 59 rows and the items file has 60"),
        (np.ones((60, 8)), "error", "has the same numbers in every row"),
        (np.full((60, 8), 1e300), "error", "60 rows hold numbers that are infinite"),
        (np.array([["a"]] * 60), "error", "two-dimensional array of numbers"),
        (np.where(np.arange(60)[:, None] < 5, np.nan, np.ones((60, 8))), "note", "5 of 60 items lack audio"),
        (np.full((60, 8), np.nan), "error", "columns 1, 2, 3, 4, 5, … of every row"),
    ],
)
def test_each_fault_is_a_sentence(tmp_path, values, severity, part):
    ((said, message),) = found(tmp_path, values)
    assert said == severity and part in message


def test_training_says_the_same(tmp_path):
    shop = write_benchmark_shop(tmp_path / "shop")
    np.save(shop / "features" / "image.npy", np.full((200, 3), np.nan))
    with pytest.raises(EncoderError, match="200 of 200 items lack image"):
        PrecomputedFeatures(shop).stored_features(shop, ["000"], "image")
