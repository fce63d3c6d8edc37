"""A checkpoint whose hashes fit can still be nonsense: each kind is one sentence, before anything of it is shown."""

import json
import os
import shutil
import warnings

import pytest
import torch

from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.checkpoint.manifest import MANIFEST
from mamex.errors import CheckpointError
from tests.support.shops.foreign_checkpoints import change_manifest, change_table, change_tensors, seal

NAN, INFINITE = float("nan"), float("inf")


@pytest.fixture
def folder(tiny_checkpoint, tmp_path):
    """A copy of the tiny checkpoint, beside its shop, that a test may change."""
    shutil.copytree(tiny_checkpoint.parent / "shop", tmp_path / "shop")
    return shutil.copytree(tiny_checkpoint, tmp_path / "copy")


def refusal(folder):
    with pytest.raises(CheckpointError) as caught:
        load_checkpoint(folder)
    message = str(caught.value)
    assert "\n" not in message and len(message) < 600 + 2 * len(str(folder))
    return message


def put(name, value, place=(0, 0)):
    return lambda tensors: tensors[name].__setitem__(place, value)


@pytest.mark.parametrize("value", [NAN, INFINITE, -INFINITE])
@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("model.safetensors", "users"),
        ("model.safetensors", "tower.mixtures.image.expert_weight"),
        ("model.safetensors", "tower.mixtures.text.kernel.landmarks"),
        ("features.safetensors", "features.image"),
        ("map.safetensors", "coordinates"),
        ("audience.safetensors", "reach"),
    ],
)
def test_a_number_that_is_none_is_refused(folder, file, name, value):
    change_tensors(folder, file, put(name, value))
    assert file in refusal(folder)


@pytest.mark.parametrize("value", [NAN, INFINITE, 1e30])
def test_a_threshold_that_no_list_has_is_refused(folder, value):
    change_tensors(folder, "audience.safetensors", put("thresholds", value, (0, 2)))
    assert "thresholds" in refusal(folder)


def test_minus_infinity_is_the_threshold_of_a_list_that_is_not_full(folder):
    change_tensors(folder, "audience.safetensors", put("thresholds", -INFINITE, (0, 2)))
    assert load_checkpoint(folder).thresholds[0, 2] == -INFINITE


@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_reach_is_a_share(folder, value):
    change_tensors(folder, "audience.safetensors", put("reach", value))
    assert "no share of users" in refusal(folder)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("model.safetensors", "users"),
        ("model.safetensors", "tower.mixtures.image.expert_bias"),
        ("model.safetensors", "tower.mixtures.image.kernel.projection"),
        ("features.safetensors", "features.text"),
        ("features.safetensors", "present"),
        ("audience.safetensors", "thresholds"),
        ("audience.safetensors", "reach"),
        ("map.safetensors", "coordinates"),
    ],
)
@pytest.mark.parametrize(
    "change",
    [lambda v: v[:-1], lambda v: v[..., :-1], lambda v: torch.cat([v, v]), lambda v: v.double(), lambda v: v[None]],
    ids=["shorter", "narrower", "longer", "doubles", "deeper"],
)
def test_a_tensor_of_another_shape_or_type_is_named(folder, file, name, change):
    change_tensors(folder, file, lambda tensors: tensors.update({name: change(tensors[name])}))
    assert file in refusal(folder)


@pytest.mark.parametrize("file", ["model", "features", "audience", "map"])
def test_a_tensor_that_is_missing_or_too_many_is_named(folder, file):
    change_tensors(folder, f"{file}.safetensors", lambda tensors: tensors.update({"more": torch.zeros(1)}))
    assert "holds more" in refusal(folder)
    change_tensors(folder, f"{file}.safetensors", lambda tensors: [tensors.pop(name) for name in list(tensors)])
    assert "lacks" in refusal(folder)


def test_features_of_a_modality_that_an_item_lacks_are_refused(folder):
    change_tensors(folder, "features.safetensors", put("features.image", 1.0, (4, 0)))
    assert "without image" in refusal(folder)


@pytest.mark.parametrize(
    ("file", "change"),
    [
        ("interactions.csv.gz", lambda lines: [*lines[:-1], "40,0,"]),
        ("interactions.csv.gz", lambda lines: [lines[0], "-1,0,", *lines[2:]]),
        ("interactions.csv.gz", lambda lines: [*lines[:-1], "39,60,"]),
        ("interactions.csv.gz", lambda lines: [*lines, lines[-1]]),
        ("interactions.csv.gz", lambda lines: [lines[0], *lines[:0:-1]]),
        ("interactions.csv.gz", lambda lines: [*lines[:-1], "39.5,1,"]),
        ("interactions.csv.gz", lambda lines: [*lines[:-1], "39,1,yesterday"]),
        ("interactions.csv.gz", lambda lines: [*lines[:-1], "9999999999999999999999,1,"]),
        ("interactions.csv.gz", lambda lines: lines[:1]),
        ("interactions.csv.gz", lambda lines: ["user,thing,timestamp", *lines[1:]]),
        ("users.csv", lambda lines: lines[:-1]),
        ("users.csv", lambda lines: [*lines[:-1], lines[-2]]),
        ("users.csv", lambda lines: [*lines[:-1], '""']),
        ("users.csv", lambda lines: ["name", *lines[1:]]),
        ("items.csv", lambda lines: lines[:-1]),
        ("items.csv", lambda lines: [*lines[:-1], lines[-2]]),
        ("items.csv", lambda lines: [lines[0].replace("image", "picture"), *lines[1:]]),
        ("split.csv", lambda lines: lines[:-1]),
        ("split.csv", lambda lines: [*lines[:-1], lines[-1].rpartition(",")[0] + ",holdout"]),
        ("split.csv", lambda lines: [line.replace("train", "test") for line in lines]),
        ("split.csv", lambda lines: [line.replace("test", "train") for line in lines]),
    ],
)
def test_tables_that_do_not_fit_each_other_are_refused(folder, file, change):
    change_table(folder, file, change)
    assert "can't be read" in refusal(folder)


@pytest.mark.parametrize("content", [b"", b"no gzip", b"\x1f\x8b\x08\x00broken"])
def test_interactions_that_are_no_gzip_are_refused(folder, content):
    (folder / "interactions.csv.gz").write_bytes(content)
    seal(folder)
    assert "can't be read" in refusal(folder)


def test_interactions_that_would_fill_the_memory_are_refused(folder):
    change_table(folder, "interactions.csv.gz", lambda lines: [*lines, "0" * 300_000_000])
    assert "unpacks to more than" in refusal(folder)


WRONG = [None, [], {}, "x", -1, 1e30, NAN, True, [[1]]]
FIELDS = [
    *("config", "encoder", "modalities", "list_lengths", "dataset_folder", "about", "summary", "hashes"),
    *("config.model", "config.model.dimension", "config.model.experts", "config.training.seed", "encoder.name"),
    *("encoder.dimensions", "encoder.weights", "encoder.context_length", "summary.best_epoch", "summary.fusion"),
    *("summary.validation", "summary.identifier", "summary.familiarity_limits", "summary.familiarity_limits.image"),
    *("modalities.image", "hashes.users.csv", "summary.expert_use.image", "schema_version", "format"),
]


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_of_the_manifest_of_another_kind_is_one_sentence(folder, name):
    *path, last = name.split(".", 1) if name.startswith("hashes.") else name.split(".")
    whole = (folder / MANIFEST).read_text()
    before = json.loads(whole)
    for part in path:
        before = before[part]
    allowed = {"encoder.name": ["x"], "encoder.weights": ["x", {}], "encoder.context_length": [None]}
    allowed |= {"dataset_folder": ["x"], "about": [{}], "summary.familiarity_limits.image": [-1]}
    for value in WRONG:
        if value in allowed.get(name, []):
            continue

        def change(manifest, value=value):
            for part in path:
                manifest = manifest[part]
            manifest[last] = value

        (folder / MANIFEST).write_text(whole)
        change_manifest(folder, change)
        refusal(folder)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(list_lengths=[10, 20]),
        lambda manifest: manifest.update(list_lengths=[50, 20, 10]),
        lambda manifest: manifest.update(modalities=dict(reversed(manifest["modalities"].items()))),
        lambda manifest: manifest["modalities"].pop("text"),
        lambda manifest: manifest["modalities"].update(image=1279),
        lambda manifest: manifest["config"]["model"].update(modalities=["image"]),
        lambda manifest: manifest["config"]["model"].update(dimension=17),
        lambda manifest: manifest["config"]["model"].update(router="joint"),
        lambda manifest: manifest["config"]["model"].update(kernel_components=16_384),
        lambda manifest: manifest["encoder"]["dimensions"].pop("image"),
        lambda manifest: manifest["summary"]["familiarity_limits"].pop("image"),
        lambda manifest: manifest["summary"].update(best_epoch=99),
        lambda manifest: manifest["hashes"].update({"../../etc/passwd": "0" * 64}),
        lambda manifest: manifest.update(more=1),
        lambda manifest: manifest["about"].update(item=""),
    ],
)
def test_a_manifest_that_contradicts_itself_or_the_files_is_refused(folder, change):
    change_manifest(folder, change)
    assert "can't be read" in refusal(folder)


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{" * 5, '{"a":' * 50_000, "9" * 100_000, '"\\ud800"', " " * 2_000_000]
)
def test_a_manifest_that_is_too_deep_or_too_large_is_not_ours(folder, text):
    (folder / MANIFEST).write_text(text)
    assert "not written by MAMEX" in refusal(folder)


def test_a_manifest_of_a_gigabyte_is_not_read(folder):
    os.truncate(folder / MANIFEST, 2**30)
    assert "not written by MAMEX" in refusal(folder)


@pytest.mark.parametrize(
    "place", ["/", "/etc", "../../../../../../etc", "..", "../../..", "\\Windows", "//a/b", "a\0b"]
)
def test_pictures_are_shown_from_the_folder_of_a_shop_alone(folder, place):
    change_manifest(folder, lambda manifest: manifest.update(dataset_folder=place))
    assert "can't be read" in refusal(folder)


@pytest.mark.parametrize("table", ["products_export_1.csv", "Items.CSV", "export/products.csv"])
def test_pictures_are_shown_from_the_folder_of_an_export_as_it_came(folder, tmp_path, table):
    (tmp_path / "shop" / table).parent.mkdir(exist_ok=True)
    (tmp_path / "shop" / "items.csv").rename(tmp_path / "shop" / table)
    change_manifest(folder, lambda manifest: manifest.update(dataset_folder="../shop"))
    assert load_checkpoint(folder).dataset.image_paths()[0].is_file()


def test_a_table_that_came_with_the_checkpoint_makes_no_shop_of_what_lies_around_it(folder, tmp_path):
    shutil.move(folder, tmp_path / "shop" / "deep" / "copy")
    shutil.rmtree(tmp_path / "shop" / "images")
    for table in (tmp_path / "shop").glob("*.csv*"):
        table.unlink()
    moved = tmp_path / "shop" / "deep" / "copy"
    (moved.parent / "products.csv").write_text("item_id,title\n")
    change_manifest(moved, lambda manifest: manifest.update(dataset_folder="../.."))
    assert "no table of items" in refusal(moved)
    change_manifest(moved, lambda manifest: manifest.update(dataset_folder=".."))
    assert load_checkpoint(moved).dataset.folder == moved.parent


def test_a_picture_outside_the_shop_is_not_shown(folder, tmp_path):
    shutil.copy(next((tmp_path / "shop" / "images").iterdir()), tmp_path / "private.png")
    change_table(
        folder,
        "items.csv",
        lambda lines: [lines[0], *(line.replace("images/00000.png", "../private.png") for line in lines[1:])],
    )
    checkpoint = load_checkpoint(folder)
    assert checkpoint.dataset.items["image"][0] == "../private.png"
    assert checkpoint.dataset.image_paths()[0] is None


@pytest.mark.parametrize("time", ["yesterday", "2020-13-45", "9999999999999999999", "32/01/2020"])
def test_a_time_that_is_none_is_one_sentence_without_a_warning(folder, time):
    change_table(folder, "interactions.csv.gz", lambda lines: [*lines[:-1], lines[-1].rpartition(",")[0] + "," + time])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert "no table of user, item and timestamp" in refusal(folder)
