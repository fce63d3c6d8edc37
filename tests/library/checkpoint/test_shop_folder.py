"""The shop of a checkpoint is found again wherever one of the two went, or said to be gone; and no other folder is."""

import os
import shutil

import pytest

from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.checkpoint.shop_folder import find_shop, written_folder
from mamex.cli.launch_text import format_launch
from mamex.launch.launcher import Launcher
from tests.support.shops.foreign_checkpoints import change_manifest


@pytest.fixture
def folder(tiny_checkpoint, tmp_path):
    """A copy of the tiny checkpoint two folders below its shop's neighbourhood: a/shop and b/runs/copy."""
    shutil.copytree(tiny_checkpoint.parent / "shop", tmp_path / "a" / "shop")
    copy = shutil.copytree(tiny_checkpoint, tmp_path / "b" / "runs" / "copy")
    return say(copy, "../../../a/shop")


def say(folder, place):
    change_manifest(folder, lambda manifest: manifest.update(dataset_folder=place))
    return folder


def pictures(checkpoint):
    return [path for path in checkpoint.dataset.image_paths() if path is not None]


@pytest.mark.parametrize("written", ["../../../a/shop", "..\\..\\..\\a\\shop", "..\\../..\\a/shop"])
def test_it_is_found_where_the_manifest_says_whatever_system_wrote_it(folder, tmp_path, written):
    checkpoint = load_checkpoint(say(folder, written))
    assert checkpoint.dataset.folder == tmp_path / "a" / "shop" and checkpoint.dataset.name == "shop"
    assert pictures(checkpoint) and checkpoint.notes == ()


GONE = ["../../gone/shop", "..\\gone\\shop", "C:\\data\\shop", "D:/data/shop", "\\\\server\\share\\data\\shop"]


@pytest.mark.parametrize("written", GONE)
def test_it_is_found_beside_the_checkpoint(folder, tmp_path, written):
    shutil.move(tmp_path / "a" / "shop", folder.parent / "shop")
    checkpoint = load_checkpoint(say(folder, written))
    assert checkpoint.dataset.folder == folder.parent / "shop" and pictures(checkpoint) and checkpoint.notes == ()


@pytest.mark.parametrize("written", GONE)
def test_one_that_is_gone_is_said_once_and_nothing_is_shown(folder, written, monkeypatch):
    monkeypatch.chdir(folder)
    checkpoint = load_checkpoint(say(folder, written))
    assert checkpoint.dataset.name == "shop" and not pictures(checkpoint)
    (note,) = checkpoint.notes
    assert "is not here, so its products are shown without pictures" in note and str(folder.parent / "shop") in note
    launcher = Launcher(checkpoint)
    text = format_launch(launcher.launch(text="Navy wool coat", list_length=10), checkpoint)
    assert text.count(f"Note: {note}") == 1


@pytest.mark.parametrize("written", GONE)
def test_a_folder_of_the_same_name_that_is_no_shop_is_not_taken(folder, written):
    (folder.parent / "shop").mkdir()
    (folder.parent / "shop" / "private.png").write_bytes(b"")
    assert load_checkpoint(say(folder, written)).notes


def test_neither_another_checkpoint_nor_itself_is_taken_for_the_shop(folder):
    shutil.copytree(folder, folder.parent / "shop")
    assert load_checkpoint(say(folder, "../../gone/shop")).notes
    assert load_checkpoint(say(folder, "../../gone/copy")).notes


def test_a_shop_without_pictures_misses_none(folder, tmp_path):
    checkpoint = load_checkpoint(say(folder, "../gone"))
    checkpoint.dataset.items["image"] = ""
    checkpoint.save(tmp_path / "saved")
    assert load_checkpoint(tmp_path / "saved").notes == ()


def test_what_was_saved_far_from_its_shop_finds_it(folder, tmp_path):
    assert written_folder(tmp_path / "a" / "shop", folder) == "../../../a/shop"
    assert find_shop(folder, written_folder(tmp_path / "a" / "shop", folder)).path == tmp_path / "a" / "shop"


def test_between_two_drives_the_whole_path_is_written(tmp_path, monkeypatch):
    def no_way(*_):
        raise ValueError("path is on mount 'D:', start on mount 'C:'")

    monkeypatch.setattr(os.path, "relpath", no_way)
    assert written_folder(tmp_path / "shop", tmp_path / "run") == str(tmp_path / "shop")
