"""The arrays that every method starts from."""

import dataclasses

import numpy as np
import pytest
import torch

from mamex.config import DataConfig
from mamex.data.cold_start import cold_start_data, interaction_matrix
from mamex.data.dataset import ItemFeatures, read_dataset
from mamex.errors import DatasetError
from tests.support.shops.builders import write_csv, write_tiny_dataset
from tests.support.shops.planted import planted_data


def test_interaction_matrix_by_hand():
    matrix = interaction_matrix(np.array([[0, 2], [1, 0], [1, 2]]), 3, 4)
    assert matrix.toarray().tolist() == [[0, 0, 1, 0], [1, 0, 1, 0], [0, 0, 0, 0]]
    assert matrix.dtype == np.float32
    assert interaction_matrix(np.zeros((0, 2), dtype=np.int64), 2, 3).toarray().tolist() == [[0] * 3] * 2


def test_histories_hold_training_purchases_only():
    data = planted_data()
    assert data.histories[:, data.part > 0].nnz == 0
    assert data.histories.nnz == len(data.interactions.train)
    assert data.warm_items.tolist() == [i for i in range(data.n_items) if data.part[i] == 0]


def test_content_is_centred_on_warm_items_and_of_unit_length():
    data = planted_data()
    start = 0
    for column, (modality, raw) in enumerate(data.features.items()):
        block = data.content[:, start : start + raw.shape[1]].numpy()
        start += raw.shape[1]
        here = data.present[:, column].numpy()
        centre = raw.numpy()[here & (data.part == 0)].mean(axis=0)
        expected = raw.numpy() - centre
        expected /= np.linalg.norm(expected, axis=1, keepdims=True)
        np.testing.assert_allclose(block[here], expected[here], atol=1e-5, err_msg=modality)
        assert (block[~here] == 0).all()
    assert start == data.content.shape[1]


def test_content_does_not_depend_on_cold_items():
    data = planted_data()
    warm = torch.from_numpy(data.part == 0)
    changed = {m: torch.where(warm[:, None], values, values + 5) for m, values in data.features.items()}
    other = dataclasses.replace(data, features=changed)
    torch.testing.assert_close(other.content[warm], data.content[warm])


def features_of(n_items: int) -> ItemFeatures:
    return ItemFeatures({"text": torch.randn(n_items, 2)}, torch.ones(n_items, 1, dtype=torch.bool))


def test_no_cold_item_has_a_training_interaction(tmp_path):
    dataset = read_dataset(write_tiny_dataset(tmp_path / "shop"))
    data = cold_start_data(dataset, features_of(dataset.n_items), DataConfig(), seed=3)
    assert (data.part[data.interactions.train[:, 1]] == 0).all()
    assert (data.part[data.interactions.validation[:, 1]] == 1).all()
    assert (data.part[data.interactions.test[:, 1]] == 2).all()
    parts = (data.interactions.train, data.interactions.validation, data.interactions.test)
    assert sum(len(pairs) for pairs in parts) == len(dataset.interactions)


def test_a_split_without_training_interactions_is_refused_in_words(tmp_path):
    folder = write_tiny_dataset(tmp_path / "shop", n_items=12)
    dataset = read_dataset(folder)
    data = cold_start_data(dataset, features_of(12), DataConfig(), seed=0)
    cold = dataset.items["item_id"][int(np.flatnonzero(data.part > 0)[0])]
    write_csv(folder / "interactions.csv", ["user_id", "item_id"], [["u1", cold]])
    with pytest.raises(DatasetError, match="no training interactions"):
        cold_start_data(read_dataset(folder), features_of(12), DataConfig(), seed=0)
