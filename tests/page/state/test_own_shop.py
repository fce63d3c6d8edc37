"""A visitor's own dataset: taken, checked, trained on in the background, and gone afterwards."""

import shutil
import time
from dataclasses import replace

import pytest

from app.state import own_shop
from app.state.own_shop import OwnShop, OwnShopError, allowed
from app.state.training_job import TrainingJob
from app.state.visit import Visit
from app.tabs.your_shop.training import started
from mamex.config import Config, override
from mamex.errors import ArchiveError, DatasetError
from mamex.launch.launcher import Launcher
from mamex.progress import silent
from tests.support.shops.builders import write_tiny_dataset

QUICK = override(Config(), ["training.epochs=3", "model.dimension=16"])
LONG = override(Config(), ["training.epochs=5000", "training.patience=5000", "model.dimension=16"])


@pytest.fixture
def archive(tmp_path):
    write_tiny_dataset(tmp_path / "tiny", n_items=30)
    return shutil.make_archive(str(tmp_path / "tiny"), "zip", tmp_path, "tiny")


@pytest.fixture
def own(archive):
    taken = OwnShop.take(archive, "", silent)
    yield taken
    taken.delete()


def finished(job, seconds=120):
    job.wait(seconds)
    assert job.finished
    return job


def until(condition, seconds=120):
    end = time.monotonic() + seconds
    while not condition() and time.monotonic() < end:
        time.sleep(0.05)
    assert condition()


@pytest.mark.parametrize(
    ("switch", "space", "expected"),
    [
        ("", "", "upload"),
        ("", "someone/mamex", "off"),
        ("off", "", "off"),
        ("upload", "someone/mamex", "upload"),
        ("local", "", "local"),
    ],
)
def test_what_a_page_allows(monkeypatch, switch, space, expected):
    monkeypatch.setenv("MAMEX_OWN_SHOP", switch)
    monkeypatch.setenv("SPACE_ID", space)
    assert allowed() == expected


def test_a_switch_that_means_nothing_is_said_so(monkeypatch):
    monkeypatch.setenv("MAMEX_OWN_SHOP", "yes")
    with pytest.raises(OwnShopError, match="'yes'; set it to off, upload or local"):
        allowed()


def test_an_upload_is_checked_trained_and_deleted(own):
    assert own.report.ok
    job = finished(TrainingJob(own.dataset, own.checkpoint, own.workspace / "cache", QUICK))
    assert job.error == ""
    assert [record.epoch for record in job.records] == [0, 1, 2, 3]
    assert Launcher.load(own.checkpoint).checkpoint.dataset.n_items == own.report.summary["items"]
    assert any((own.workspace / "cache").rglob("*.sqlite")), "features must lie where they are deleted"
    assert own.packed().is_file()
    own.delete()
    assert not own.workspace.exists()
    with pytest.raises(OwnShopError, match="no trained checkpoint"):
        own.packed()


def test_features_of_uploads_stay_out_of_the_users_cache(own, monkeypatch, tmp_path):
    monkeypatch.setenv("MAMEX_CACHE", str(tmp_path / "shared"))
    finished(TrainingJob(own.dataset, own.checkpoint, own.workspace / "cache", QUICK))
    assert not (tmp_path / "shared").exists()


def test_stopping_keeps_the_best_epoch_so_far(own):
    job = TrainingJob(own.dataset, own.checkpoint, own.workspace / "cache", LONG)
    until(lambda: len(job.records) >= 2)
    job.stop()
    finished(job)
    assert job.error == ""
    best = [record for record in job.records if record.best][-1]
    assert Launcher.load(own.checkpoint).checkpoint.summary["best_epoch"] == best.epoch


def test_one_training_at_a_time(own):
    job = TrainingJob(own.dataset, own.checkpoint, own.workspace / "cache", LONG)
    with pytest.raises(OwnShopError, match="Another shop is being trained"):
        TrainingJob(own.dataset, own.workspace / "other", own.workspace / "cache", QUICK)
    job.abandon()
    assert "nothing was kept" in finished(job).error
    assert finished(TrainingJob(own.dataset, own.workspace / "third", own.workspace / "cache", QUICK)).error == ""


def test_a_start_that_is_refused_keeps_the_training_before(own):
    visit = Visit(own=own)
    assert finished(started(visit, 1)).error == ""
    other = TrainingJob(own.dataset, own.workspace / "other", own.workspace / "cache", LONG)
    with pytest.raises(OwnShopError, match="Another shop is being trained"):
        started(visit, 1)
    assert Launcher.load(own.checkpoint).checkpoint.config.training.epochs == 1
    other.abandon()
    finished(other)


def test_a_shop_that_is_too_small_to_split_is_refused_at_once(tmp_path):
    write_tiny_dataset(tmp_path / "few", n_items=9, n_users=5, purchases=3)
    with pytest.raises(DatasetError, match=r"has 9 items.* at least 10; add items"):
        OwnShop.take(shutil.make_archive(str(tmp_path / "few"), "zip", tmp_path, "few"), "", silent)


def test_no_fault_shows_where_on_the_server_things_are(tmp_path):
    write_tiny_dataset(tmp_path / "tiny", n_items=20)
    (tmp_path / "tiny" / "about.json").write_text('{"name": 7}')
    own = OwnShop.take(shutil.make_archive(str(tmp_path / "tiny"), "zip", tmp_path, "tiny"), "", silent)
    try:
        assert not own.report.ok
        job = finished(TrainingJob(own.dataset, own.checkpoint, own.workspace / "cache", QUICK))
        faults = [*map(str, own.report.problems), job.error]
        assert sum("about.json" in said for said in faults) == 2
        assert not any(str(own.workspace) in said for said in faults)
    finally:
        own.delete()


def test_a_failure_is_one_sentence_and_frees_the_place(own, tmp_path):
    job = finished(TrainingJob(tmp_path / "nowhere", own.checkpoint, own.workspace / "cache", QUICK))
    assert job.error.startswith("Your dataset")
    assert str(tmp_path) not in job.error
    assert "Traceback" not in job.error
    assert finished(TrainingJob(own.dataset, own.checkpoint, own.workspace / "cache", QUICK)).error == ""


def test_leaving_deletes_everything(own):
    visit = Visit(own=own)
    job = started(visit, 200)
    until(lambda: job.records)
    visit.forget_own_shop()
    finished(job)
    assert visit == Visit(memory=visit.memory)
    until(lambda: not own.workspace.exists())


def test_the_end_of_the_hour_ends_a_training_too(own):
    visit = Visit(own=own)
    job = started(visit, 200)
    until(lambda: job.records)
    own.delete()  # what the timer calls
    assert finished(job).error
    until(lambda: not own.workspace.exists())


def test_a_table_that_takes_too_much_memory_is_refused_before_it_is_read(archive, monkeypatch):
    monkeypatch.setattr(own_shop, "TABLES", replace(own_shop.TABLES, memory_megabytes=0))
    own = OwnShop.take(archive, "", silent)
    own.delete()
    assert not own.report.ok
    assert any("of memory to read" in str(problem) for problem in own.report.problems)


def test_a_shop_is_unpacked_only_into_room_that_is_left(archive, monkeypatch):
    monkeypatch.setattr(own_shop, "megabytes_left", lambda: 0)
    with pytest.raises(OwnShopError, match="no room for another shop right now; try again"):
        OwnShop.take(archive, "", silent)


def test_a_local_folder_is_left_alone(tmp_path):
    write_tiny_dataset(tmp_path / "tiny", n_items=30)
    own = OwnShop.take(None, str(tmp_path / "tiny"), silent)
    own.delete()
    assert (tmp_path / "tiny" / "items.csv").is_file()


def test_nothing_and_nonsense_are_answered_in_words(tmp_path):
    with pytest.raises(OwnShopError, match="Choose a zip file"):
        OwnShop.take(None, "  ", silent)
    with pytest.raises(OwnShopError, match="There is no folder"):
        OwnShop.take(None, str(tmp_path / "none"), silent)
    (tmp_path / "a.zip").write_text("no zip")
    with pytest.raises(ArchiveError):
        OwnShop.take(str(tmp_path / "a.zip"), "", silent)


def test_a_dataset_that_is_too_large_is_refused(archive, monkeypatch):
    monkeypatch.setattr(own_shop, "MOST_ITEMS", 10)
    with pytest.raises(DatasetError, match="trains on 10 at most"):
        OwnShop.take(archive, "", silent)
