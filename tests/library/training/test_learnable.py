"""A modality of which nothing can be learnt is left out of the run, and that is said."""

from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
import torch

from mamex.config import Config
from mamex.errors import DatasetError
from mamex.training.learnable import learnable
from tests.support.shops.planted import planted_data


def shop(named=0):
    images = ["a.png" if place < named else "" for place in range(90)]
    return SimpleNamespace(folder="shop", items=pd.DataFrame({"image": images}))


def without(data, modality, kept=()):
    """The problem where only some items have a modality."""
    column = list(data.features).index(modality)
    present = data.present.clone()
    here = torch.zeros(data.n_items, dtype=torch.bool)
    here[list(kept)] = True
    present[:, column] = here
    features = {m: v * present[:, i : i + 1] for i, (m, v) in enumerate(data.features.items())}
    return replace(data, features=features, present=present)


def test_what_every_item_could_have_is_left_alone():
    data = planted_data()
    found = learnable(data, Config(), shop(90))
    assert found.data is data and found.config == Config() and not found.left_out and not found.warnings


def test_a_modality_of_no_item_is_left_out_and_the_settings_say_so():
    found = learnable(without(planted_data(), "image"), Config(), shop())
    assert list(found.data.features) == ["text"] and found.data.present.shape == (90, 1)
    assert found.config.model.modalities == ("text",) and found.left_out == {"image": "absent"}
    assert found.warnings[0] == "None of the 90 items has a picture; image is left out."


def test_pictures_that_are_named_and_lost_are_counted():
    found = learnable(without(planted_data(), "image"), Config(), shop(60))
    assert found.warnings[0] == "None of the 90 items has a picture that can be read (60 name one); image is left out."


def test_one_picture_on_sale_is_no_picture_to_learn_from():
    data = planted_data()
    one = [int(data.warm_items[0]), *map(int, data.cold_items)]
    found = learnable(without(data, "image", one), Config(), shop(90))
    assert found.left_out == {"image": "absent"}
    assert found.warnings[0].startswith(f"Only 1 of the {len(data.warm_items)} items to train on has a picture")


def test_items_that_have_nothing_left_are_counted():
    data = without(planted_data(), "image")
    silent = int((~data.present.any(dim=1)).sum())
    assert silent
    assert (
        f"{silent} of 90 items have no words; nothing is known of them." in learnable(data, Config(), shop()).warnings
    )


@pytest.mark.parametrize("rounding", [0.0, 1e-7])
def test_pictures_that_are_all_the_same_tell_nothing(rounding):
    data = planted_data()
    same = torch.ones_like(data.features["image"]) + rounding * torch.randn(data.features["image"].shape)
    data = replace(data, features={**data.features, "image": same * data.present[:, :1]})
    found = learnable(data, Config(), shop(90))
    assert found.left_out == {"image": "alike"}
    assert found.warnings[0] == "The pictures of all items are the same, so they tell nothing; image is left out."


def test_nothing_to_learn_from_is_an_error_that_says_why():
    data = without(without(planted_data(), "image"), "text")
    with pytest.raises(DatasetError, match=r"none of the 90 items has a picture; none .* words\. Give the items"):
        learnable(data, Config(), shop())
