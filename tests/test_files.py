"""A write that fails half way leaves the old file, and nothing beside it."""

import hashlib
import json
import os
import stat

import pytest

from mamex.files import atomic_path, file_hash, write_json, write_text


def test_text_and_json_are_written_whole_in_folders_that_did_not_exist(tmp_path):
    write_text(tmp_path / "a" / "b" / "note.txt", "größer")
    assert (tmp_path / "a" / "b" / "note.txt").read_text(encoding="utf-8") == "größer"
    write_json(tmp_path / "a" / "value.json", {"ä": [1, None]})
    text = (tmp_path / "a" / "value.json").read_text(encoding="utf-8")
    assert json.loads(text) == {"ä": [1, None]}
    assert "ä" in text
    assert text.endswith("\n")


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path):
    path = tmp_path / "weights.bin"
    path.write_bytes(b"old")
    with pytest.raises(RuntimeError), atomic_path(path) as temporary:
        temporary.write_bytes(b"half")
        raise RuntimeError
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["weights.bin"]  # noqa: PTH208


def test_the_old_file_stays_until_the_new_one_is_complete(tmp_path):
    path = tmp_path / "weights.bin"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        with atomic_path(path) as temporary:
            temporary.write_bytes(b"new")
            assert path.read_bytes() == b"old"
            assert temporary.parent == path.parent  # a rename across file systems would not be atomic
        assert reader.read() == b"old"  # whoever was reading goes on reading the whole old file
    assert path.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["weights.bin"]  # noqa: PTH208


def test_files_get_ordinary_permissions(tmp_path):
    write_text(tmp_path / "ours", "")
    (tmp_path / "ordinary").write_text("")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("ours", "ordinary")]
    assert modes[0] == modes[1]


def test_file_hash_is_sha256(tmp_path):
    content = os.urandom(3_000_000)  # more than one read of the digest's buffer
    (tmp_path / "blob").write_bytes(content)
    assert file_hash(tmp_path / "blob") == hashlib.sha256(content).hexdigest()
