"""Uploads lie in a folder of the page's own and are deleted by age, however they came there."""

import time

import pytest

from app import page, uploads


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv(uploads.VARIABLE, str(tmp_path))
    return tmp_path


def test_everything_is_gone_within_the_hour():
    assert uploads.EVERY + uploads.KEPT_FOR < 3600
    assert page.CACHE_CHECK + page.CACHE_AGE <= 3600
    assert page.VISIT_AGE <= 3600


def test_old_files_go_and_new_ones_stay(folder, monkeypatch):
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "old.png").write_text("x")
    later = time.time() + uploads.KEPT_FOR
    uploads.delete_old(folder)
    assert (folder / "a" / "b" / "old.png").exists()
    monkeypatch.setattr(uploads.time, "time", lambda: later + 1)
    uploads.delete_old(folder)
    assert list(folder.iterdir()) == []


def test_a_link_is_removed_and_not_followed(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "kept.txt"
    outside.write_text("x")
    (folder / "link").symlink_to(outside)
    uploads.delete_old(folder, age=0)
    assert outside.exists() and not (folder / "link").exists()


def test_a_page_has_a_folder_of_its_own(monkeypatch):
    monkeypatch.delenv(uploads.VARIABLE, raising=False)
    first = uploads.own_folder()
    assert first.is_dir() and uploads.own_folder() == first
    monkeypatch.delenv(uploads.VARIABLE)
    assert uploads.own_folder() != first
