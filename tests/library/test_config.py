"""Settings from the command line and from files: what is taken, and what is refused in words."""

import json

import pytest
from pydantic import ValidationError

from mamex.config import Config, DataConfig, ModelConfig, override, parse_config, setting_names
from mamex.errors import ConfigError

#: Settings that any word will do for.
WORDS = {"encoder", "data.group_column", "data.exclude_users", "model.modalities"}


def test_overriding_settings_of_each_kind():
    config = override(
        Config(),
        [
            "model.experts=6",
            "model.center=false",
            "data.train_share=0.7",
            "model.fusion=softmax",
            "encoder=features",
        ],
    )
    assert config.model.experts == 6
    assert config.model.center is False
    assert config.data.train_share == 0.7
    assert config.model.fusion == "softmax"
    assert config.encoder == "features"
    assert config.model.dimension == Config().model.dimension  # the rest stays


def test_overriding_keeps_the_given_config_and_what_it_had():
    base = override(Config(), ["model.experts=8"])
    later = override(base, ["model.active_experts=3"])
    assert (later.model.experts, later.model.active_experts) == (8, 3)
    assert base.model.active_experts == Config().model.active_experts
    assert override(base, []) == base


def test_the_last_assignment_wins_and_values_may_hold_an_equals_sign():
    config = override(Config(), ["model.experts=5", "model.experts=6", "data.group_column=a=b"])
    assert config.model.experts == 6
    assert config.data.group_column == "a=b"


def test_lists():
    assert override(Config(), ["model.modalities=image,text,audio"]).model.modalities == (
        "image",
        "text",
        "audio",
    )
    assert override(Config(), ["model.modalities=text"]).model.modalities == ("text",)


@pytest.mark.parametrize("value", ["", "image,", ",image"])
def test_a_modality_needs_a_name(value):
    with pytest.raises(ConfigError, match=r"model\.modalities"):
        override(Config(), [f"model.modalities={value}"])


def test_spaces_around_the_entries_of_a_list_do_not_count():
    assert override(Config(), ["model.modalities=image, text"]).model.modalities == ("image", "text")


@pytest.mark.parametrize(
    ("assignment", "suggestion"),
    [
        ("model.expert=6", "model.experts"),
        ("modl.experts=6", "model.experts"),
        ("experts=6", "model.experts"),
        ("data.kcore=2", "data.k_core"),
        ("Encoder=features", "encoder"),
        ("training.sed=1", "training.seed"),
    ],
)
def test_an_unknown_name_gets_the_nearest_known_one(assignment, suggestion):
    with pytest.raises(ConfigError) as caught:
        override(Config(), [assignment])
    name = assignment.split("=")[0]
    assert str(caught.value) == f"There is no setting '{name}'; did you mean '{suggestion}'?"


@pytest.mark.parametrize("name", ["model", "", "model.experts.more", "."])
def test_what_is_no_single_setting_is_refused(name):
    with pytest.raises(ConfigError, match="There is no setting"):
        override(Config(), [f"{name}=1"])


def test_an_assignment_needs_its_equals_sign():
    with pytest.raises(ConfigError, match="NAME=VALUE"):
        override(Config(), ["model.experts"])


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("model.experts=six", ["model.experts", "six", "integer"]),
        ("model.experts=0", ["model.experts", "greater than or equal to 1"]),
        ("model.experts=2.5", ["model.experts", "integer"]),
        ("model.center=maybe", ["model.center", "boolean"]),
        ("model.fusion=hardmax", ["model.fusion", "sparsemax", "softmax"]),
        ("data.train_share=1.2", ["data.train_share", "less than 1"]),
        ("data.train_share=nan", ["data.train_share"]),
        ("data.train_share=0.95", ["train_share", "test"]),
        ("model.active_experts=9", ["model.active_experts", "model.experts"]),
        ("model.modalities=image,image", ["model.modalities", "twice"]),
        ("evaluation.candidates=warm", ["evaluation.candidates", "cold_test"]),
        ("training.seed=-1", ["training.seed"]),
    ],
)
def test_a_wrong_value_is_named_in_one_sentence(assignment, words):
    with pytest.raises(ConfigError) as caught:
        override(Config(), [assignment])
    message = str(caught.value)
    assert all(word in message for word in words), message
    assert "\n" not in message
    assert message.endswith(".")
    assert ".." not in message
    assert "pydantic" not in message


@pytest.mark.parametrize("name", sorted(set(setting_names()) - WORDS))
@pytest.mark.parametrize("value", ["1e30", "inf", "-inf", "nan", "9" * 30, "9" * 5000])
def test_no_setting_takes_a_number_that_nothing_could_work_with(name, value):
    with pytest.raises(ConfigError) as caught:
        override(Config(), [f"{name}={value}"])
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("setting", ["model.dimension", "training.seed", "training.align", "data.train_share"])
def test_a_truth_value_is_no_number(setting):
    section, key = setting.split(".")
    with pytest.raises(ConfigError, match=f"{setting} can't be true"):
        parse_config({section: {key: True}})


def test_a_model_that_no_machine_holds_is_refused_before_it_is_made():
    with pytest.raises(ConfigError, match="weights a modality; lower one of them"):
        override(Config(), ["model.dimension=16384", "model.experts=1024"])


@pytest.mark.parametrize("name", ["../../secrets", "a.b", "a/b", "x" * 65, "\udcff", "keys", "type", "forward"])
def test_a_modality_is_called_what_a_file_and_a_part_of_the_model_can_be_called(name):
    with pytest.raises(ConfigError, match=r"model\.modalities can't name a modality"):
        override(Config(), [f"model.modalities={name}"])


@pytest.mark.parametrize("assignment", ["x" * 1_000_000, "x" * 1_000_000 + "=1", "model.experts=" + "6" * 1_000_000])
def test_a_message_repeats_only_the_beginning_of_what_is_long(assignment):
    with pytest.raises(ConfigError) as caught:
        override(Config(), [assignment])
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize("assignment", ["model.dimension=\udcff", "\udcff=1", "encoder=\udcff", "a\nb"])
def test_a_message_can_be_printed_anywhere(assignment):
    with pytest.raises(ConfigError) as caught:
        override(Config(), [assignment])
    assert str(caught.value).encode().count(b"\n") == 0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"model": {"expert": 3}}, "There is no setting 'model.expert'; did you mean 'model.experts'?"),
        ({"encodr": "compact"}, "There is no setting 'encodr'; did you mean 'encoder'?"),
    ],
)
def test_files_with_unknown_names(settings, message):
    with pytest.raises(ConfigError) as caught:
        parse_config(settings)
    assert str(caught.value) == message


@pytest.mark.parametrize("settings", [{"model": 3}, {"model": {"modalities": []}}, {"encoder": None}, {"data": None}])
def test_files_with_values_of_the_wrong_kind(settings):
    with pytest.raises(ConfigError, match=r"The setting .* can't be"):
        parse_config(settings)


def test_round_trip_through_json():
    config = override(Config(), ["model.modalities=text,audio", "data.k_core=5", "training.seed=3"])
    assert parse_config(json.loads(json.dumps(config.model_dump()))) == config
    assert parse_config(json.loads(config.model_dump_json())) == config
    assert parse_config({}) == Config()


def test_every_setting_has_a_description_and_can_be_named():
    names = setting_names()
    assert len(names) == len(set(names))
    assert {"encoder", "model.experts", "data.k_core", "evaluation.candidates"} <= set(names)
    for name in names:
        section, _, key = name.rpartition(".")
        fields = type(getattr(Config(), section)).model_fields if section else Config.model_fields
        assert fields[key].description, f"{name} has no description"


def test_settings_are_immutable():
    with pytest.raises(ValidationError):
        ModelConfig().experts = 3
    with pytest.raises(ValidationError):
        DataConfig(unknown=1)


@pytest.mark.parametrize(
    ("assignments", "says"),
    [
        (["model.modalities=image,image"], "names a modality twice; name each once."),
        (["model.experts=2", "model.active_experts=3"], "can't be larger than model.experts; lower it."),
        (["data.train_share=0.8", "data.validation_share=0.2"], "some items for test; give less than 1 in all."),
        (["model.modalities=image,forward"], "keeps for itself; rename it."),
    ],
)
def test_settings_that_do_not_go_together_say_what_to_do(assignments, says):
    with pytest.raises(ConfigError) as caught:
        override(Config(), assignments)
    assert str(caught.value).endswith(says)
