"""A planned product: what is shown adds up exactly, and every way to ask wrongly is answered in words."""

import dataclasses
import io
import json

import numpy as np
import pytest
import torch
from PIL import Image

from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.config import ModelConfig
from mamex.encoders import load_encoder
from mamex.errors import EncoderError, LaunchError, PictureError
from mamex.launch.launcher import Launcher

RED = (200, 40, 40)


@pytest.fixture(scope="module")
def launcher(tiny_checkpoint):
    return Launcher.load(tiny_checkpoint)


@pytest.fixture(scope="module")
def result(launcher):
    return launcher.launch(Image.new("RGB", (48, 48), RED), "Crimson piece. A crimson warm wool jumper.", members=40)


def test_contributions_sum_to_the_score(result):
    assert result.audience
    for member in result.audience:
        total = sum(sum(parts) for parts in member.contributions.values())
        assert total == pytest.approx(member.score, abs=1e-5)


def test_the_audience_is_who_would_see_it_by_brute_force(launcher, result):
    checkpoint = launcher.checkpoint
    data = checkpoint.data
    warm = data.warm_items
    embeddings = checkpoint.tower(data.features, data.present).embeddings.double()
    product = torch.from_numpy(result.embedding).double()
    expected, ranks = [], {}
    for user in range(data.n_users):
        owned = set(data.histories[user].indices)
        scores = [float(checkpoint.users[user].double() @ embeddings[item]) for item in warm if item not in owned]
        own = float(checkpoint.users[user].double() @ product)
        rank = 1 + sum(score > own for score in scores)
        if rank <= result.list_length:
            expected.append(user)
            ranks[user] = rank
    assert result.audience_users.tolist() == expected
    assert {member.position: member.rank for member in result.audience}.items() <= ranks.items()
    assert result.reach[20] == pytest.approx(len(expected) / data.n_users)


def test_members_come_by_rank_with_what_they_bought(launcher, result):
    ranks = [member.rank for member in result.audience]
    assert ranks == sorted(ranks)
    for member in result.audience:
        owned = set(launcher.checkpoint.data.histories[member.position].indices)
        assert {neighbour.position for neighbour in member.alike} <= owned
        assert member.bought == len(owned)
        assert member.margin == pytest.approx(member.score - member.threshold, abs=1e-6)
        assert member.margin > 0


def test_weights_are_distributions(result):
    assert sum(result.fusion.values()) == pytest.approx(1, abs=1e-6)
    for routing in result.routing.values():
        assert sum(routing.dense) == pytest.approx(1, abs=1e-6)
        assert sum(routing.active) == pytest.approx(1, abs=1e-6)
        assert sum(weight > 0 for weight in routing.active) == ModelConfig().active_experts


def test_longer_lists_reach_more_shoppers(result):
    assert result.reach[10] <= result.reach[20] <= result.reach[50]
    assert all(0 <= standing <= 1 for standing in result.reach_standing.values())


def test_json_has_the_promised_keys(result):
    value = json.loads(json.dumps(result.to_json()))
    assert set(value["routing"]) == {"image", "text"}
    assert set(value["routing"]["image"]) == {"dense", "active"}
    assert set(value["fusion"]) == {"image", "text"}
    assert set(value["reach"]) == {"10", "20", "50"}
    assert set(value["neighbours"]) == {"fused", "image", "text"}
    assert value["audience"] and value["timings"] and value["warnings"] == result.warnings


def test_json_has_no_infinities(result):
    member = dataclasses.replace(result.audience[0], threshold=-np.inf, margin=np.inf)  # as where the list has room
    value = json.loads(json.dumps(dataclasses.replace(result, audience=[member]).to_json(), allow_nan=False))
    assert value["audience"][0]["threshold"] is None and value["audience"][0]["margin"] is None
    assert value["audience"][0]["score"] == member.score


def test_an_existing_product_is_its_own_nearest_neighbour(launcher):
    checkpoint = launcher.checkpoint
    position = int(checkpoint.data.warm_items[7])
    path, text = checkpoint.dataset.image_paths()[position], checkpoint.dataset.texts()[position]
    found = launcher.launch(path, text).neighbours
    for space in ("fused", "image", "text"):
        assert found[space][0].similarity == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize(("image", "text", "absent"), [(True, None, "text"), (False, "A crimson jumper", "image")])
def test_either_modality_may_be_missing(launcher, image, text, absent):
    result = launcher.launch(Image.new("RGB", (40, 40), RED) if image else None, text)
    assert result.fusion[absent] == 0
    assert result.routing[absent] is None
    assert result.neighbours[absent] == []
    assert any(f"no {absent}" in warning for warning in result.warnings)
    for member in result.audience:
        assert not any(member.contributions[absent])


@pytest.mark.parametrize(("image", "text"), [(None, None), ("", "   "), (None, "\n\t")])
def test_neither_is_an_error_in_words(launcher, image, text):
    with pytest.raises(LaunchError, match="at least one of"):
        launcher.launch(image, text)


def test_a_long_text_is_cut_and_the_user_told(launcher):
    warnings = launcher.launch(None, "wool " * 400).warnings
    assert any("cut at 256 tokens" in warning for warning in warnings)


def test_the_odd_one_out_is_noticed(launcher):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (300, 300, 3), dtype=np.uint8))
    warnings = launcher.launch(noise, "Regulation of the interbank lending market in 1931").warnings
    assert any("unlike anything" in warning for warning in warnings)


def test_a_broken_picture_is_an_error_in_words(launcher):
    with pytest.raises(PictureError, match="can't be read"):
        launcher.launch(b"not a picture", "words")


def test_pictures_as_bytes_paths_and_objects_are_the_same(launcher, tmp_path):
    picture = Image.new("RGB", (50, 50), RED)
    picture.save(tmp_path / "red.png")
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    embeddings = [launcher.launch(source).embedding for source in (picture, tmp_path / "red.png", buffer.getvalue())]
    np.testing.assert_array_equal(embeddings[0], embeddings[1])
    np.testing.assert_array_equal(embeddings[0], embeddings[2])


def test_features_take_the_place_of_encoding(launcher, result):
    encoder = launcher.encoder
    features = {"image": encoder.encode("image", [Image.new("RGB", (48, 48), RED)])[0]}
    text = "Crimson piece. A crimson warm wool jumper."
    again = launcher.launch(text=text, features=features)
    np.testing.assert_allclose(again.embedding, result.embedding, atol=1e-6)
    with pytest.raises(LaunchError, match="must be 1280 numbers"):
        launcher.launch(features={"image": np.zeros(3)})


def test_list_lengths_without_thresholds_are_refused(launcher):
    with pytest.raises(LaunchError, match="10, 20, 50"):
        launcher.launch(None, "words", list_length=7)


def test_another_encoder_is_refused(tiny_checkpoint):
    encoder = load_encoder("compact")
    encoder.identity = {**encoder.identity, "weights": "0" * 64}
    with pytest.raises(EncoderError, match="weights differs"):
        Launcher(load_checkpoint(tiny_checkpoint), encoder)


def test_another_encoder_is_refused_however_often_one_asks(tiny_checkpoint):
    launcher = Launcher.load(tiny_checkpoint)
    launcher.checkpoint.encoder_identity = {**launcher.checkpoint.encoder_identity, "weights": "0" * 64}
    for _ in range(2):
        with pytest.raises(EncoderError, match="weights differs"):
            launcher.launch(text="Crimson piece")


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"members": -1}, "number of members must be a whole number"),
        ({"members": None}, "number of members must be a whole number"),
        ({"members": 1e30}, "number of members must be a whole number"),
        ({"neighbours": [5]}, "number of neighbours must be a whole number"),
        ({"neighbours": True}, "number of neighbours must be a whole number"),
        ({"list_length": [20]}, "list length must be one of"),
        ({"list_length": True}, "list length must be one of"),
        ({"text": 5}, "must be words"),
        ({"text": ["a", "hat"]}, "must be words"),
        ({"features": {"text": np.ones((2, 192))}}, "must be those of one product, not of 2"),
        ({"features": {"text": np.full(384, np.nan)}}, "not finite"),
    ],
)
def test_arguments_of_another_kind_are_one_sentence(launcher, wrong, words):
    with pytest.raises(LaunchError, match=words):
        launcher.launch(**{"text": "Navy coat", **wrong})
