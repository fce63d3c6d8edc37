"""Two versions side by side: what is said of the change is what a plain recount finds."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from mamex.encoders.memory import FeatureMemory
from mamex.errors import LaunchError
from mamex.insight.comparison import compare
from mamex.launch.change import with_share
from mamex.launch.launcher import Launcher

RED, TEXT = (200, 40, 40), "Crimson piece. A crimson warm wool jumper."


@pytest.fixture(scope="module")
def launcher(tiny_checkpoint):
    return Launcher.load(tiny_checkpoint)


@pytest.fixture(scope="module")
def picture():
    return Image.new("RGB", (48, 48), RED)


@pytest.fixture(scope="module")
def versions(launcher, picture):
    other = "Navy piece. A navy waterproof jacket for rain and wind."
    return launcher.launch(picture, TEXT), launcher.launch(picture, other)


def test_won_lost_and_kept_are_a_recount_of_both_audiences(launcher, versions):
    before, after = versions
    compared = compare(launcher, before, after)
    old, new = set(before.audience_users.tolist()), set(after.audience_users.tolist())
    assert set(compared.won.tolist()) == new - old
    assert set(compared.lost.tolist()) == old - new
    assert compared.kept == len(old & new)
    assert compared.won.size and compared.lost.size  # else the rest of this file tests nothing
    assert compared.reach_change[20] == pytest.approx((len(new) - len(old)) / launcher.checkpoint.data.n_users)


def test_every_change_of_a_score_adds_up(launcher, versions):
    before, after = versions
    compared = compare(launcher, before, after)
    users = launcher.checkpoint.users.double().numpy()
    for moved in compared.won_members + compared.lost_members:
        own = users[moved.member.position]
        assert moved.before == pytest.approx(float(own @ before.embedding), abs=1e-5)
        assert moved.after == pytest.approx(float(own @ after.embedding), abs=1e-5)
        parts = sum(sum(split) for split in moved.change.values())
        assert parts == pytest.approx(moved.after - moved.before, abs=1e-5)


def test_the_described_are_ranked_as_their_launch_ranks_them(launcher, versions):
    before, after = versions
    compared = compare(launcher, before, after, described=40)
    for members, version in ((compared.won_members, after), (compared.lost_members, before)):
        ranks = {member.position: member.rank for member in version.audience}
        for moved in members:
            assert moved.member.rank == ranks[moved.member.position] <= 20
            assert moved.member.margin > 0
    assert {moved.member.position for moved in compared.won_members} == set(compared.won.tolist())


def test_those_with_the_clearest_margin_come_first(launcher, versions):
    before, after = versions
    everyone = compare(launcher, before, after, described=40).won_members
    norms = launcher.checkpoint.users.norm(dim=1).numpy()
    margins = [moved.member.margin / norms[moved.member.position] for moved in everyone]
    assert margins == sorted(margins, reverse=True)
    first = compare(launcher, before, after, described=2).won_members
    assert [moved.member.position for moved in first] == [moved.member.position for moved in everyone[:2]]


def test_neighbours_gained_and_lost_are_the_difference_of_both_lists(launcher, versions):
    before, after = versions
    compared = compare(launcher, before, after)
    for space in ("fused", "image", "text"):
        old, new = ([item.position for item in version.neighbours[space]] for version in versions)
        assert [item.position for item in compared.gained_neighbours[space]] == [i for i in new if i not in old]
        assert [item.position for item in compared.lost_neighbours[space]] == [i for i in old if i not in new]
    assert compared.gained_neighbours["image"] == []  # the picture is the same


def test_swapping_the_versions_swaps_won_and_lost(launcher, versions):
    there, back = compare(launcher, *versions), compare(launcher, *versions[::-1])
    np.testing.assert_array_equal(there.won, back.lost)
    np.testing.assert_array_equal(there.lost, back.won)
    assert there.kept == back.kept


def test_a_version_beside_itself_changes_nothing(launcher, versions):
    compared = compare(launcher, versions[0], versions[0])
    assert compared.unchanged and not compared.read_again
    assert not len(compared.won) and not len(compared.lost)
    assert compared.kept == versions[0].audience_size
    assert not any(compared.gained_neighbours.values())


def test_a_modality_taken_away_loses_its_neighbours(launcher, versions):
    bare = launcher.score(versions[0].product.without("image"))
    compared = compare(launcher, versions[0], bare)
    assert compared.gained_neighbours["image"] == []
    assert compared.lost_neighbours["image"] == versions[0].neighbours["image"]
    for moved in compared.won_members + compared.lost_members:
        parts = sum(sum(split) for split in moved.change.values())
        assert parts == pytest.approx(moved.after - moved.before, abs=1e-5)


class CountingEncoder:
    """The encoder, counting what it reads."""

    def __init__(self, encoder):
        self.encoder, self.read = encoder, []

    def __getattr__(self, name):
        return getattr(self.encoder, name)

    def encode(self, modality, inputs):
        self.read += [modality] * len(inputs)
        return self.encoder.encode(modality, inputs)


def test_changing_only_words_encodes_only_words(launcher, tmp_path):
    path = tmp_path / "red.png"
    Image.new("RGB", (48, 48), RED).save(path)
    counting = CountingEncoder(launcher.encoder)
    counted, memory = Launcher(launcher.checkpoint, counting), FeatureMemory()
    before = counted.launch(path, TEXT, memory=memory)
    assert sorted(counting.read) == ["image", "text"]
    counting.read.clear()
    after = counted.launch(path, TEXT + " Washable.", memory=memory)
    assert counting.read == ["text"]
    assert compare(counted, before, after).read_again == ["text"]
    counting.read.clear()
    counted.score(after.product, fusion={"image": 0.9, "text": 0.1})
    assert counting.read == []


def test_different_list_lengths_are_refused(launcher, versions, picture):
    with pytest.raises(LaunchError, match="same list length"):
        compare(launcher, versions[0], launcher.launch(picture, TEXT, list_length=10))


def test_the_json_has_the_numbers(launcher, versions):
    compared = compare(launcher, *versions)
    value = json.loads(json.dumps(compared.to_json()))
    assert value["won"] == len(compared.won) and value["lost"] == len(compared.lost)
    assert value["won_members"][0]["member"]["user_id"] == compared.won_members[0].member.user_id
    assert value["after"]["reach"]["20"] == versions[1].reach[20]


def test_the_json_has_no_infinities(launcher, versions):
    compared = compare(launcher, *versions)
    first = compared.won_members[0]
    room = replace(first, member=replace(first.member, threshold=-np.inf, margin=np.inf))  # as where the list has room
    value = json.loads(json.dumps(replace(compared, won_members=[room]).to_json(), allow_nan=False))
    assert value["won_members"][0]["member"]["threshold"] is None


# A share that a person chose


@pytest.mark.parametrize(
    ("fusion", "given", "share", "expected"),
    [
        ({"image": 0.5, "text": 0.5}, ["image", "text"], 0.8, {"image": 0.8, "text": 0.2}),
        ({"image": 1.0, "text": 0.0}, ["image", "text"], 0.25, {"image": 0.25, "text": 0.75}),
        (
            {"image": 0.5, "text": 0.4, "audio": 0.1},
            ["image", "text", "audio"],
            0.5,
            {"image": 0.5, "text": 0.4, "audio": 0.1},
        ),
        (
            {"image": 1.0, "text": 0.0, "audio": 0.0},
            ["image", "text", "audio"],
            0.4,
            {"image": 0.4, "text": 0.3, "audio": 0.3},
        ),
        ({"image": 0.5, "text": 0.5, "audio": 0.0}, ["image", "text"], 1.0, {"image": 1.0, "text": 0.0}),
    ],
)
def test_a_share_leaves_the_others_their_proportions(fusion, given, share, expected):
    assert with_share(fusion, given, "image", share) == pytest.approx(expected)


def test_where_there_is_nothing_to_choose_the_model_decides():
    assert with_share({"image": 1.0, "text": 0.0}, ["image"], "image", 0.3) is None
    assert with_share({"image": 0.0, "text": 1.0}, ["text"], "image", 0.3) is None
    with pytest.raises(LaunchError, match="between 0 and 1"):
        with_share({"image": 0.5, "text": 0.5}, ["image", "text"], "image", 1.2)
