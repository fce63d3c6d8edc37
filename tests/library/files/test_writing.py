"""A write that fails half way leaves the old file, and nothing beside it."""

import hashlib
import json
import os
import pickle
import resource
import stat

import pytest
import torch
from safetensors.torch import save_file

from mamex.errors import MamexError, StorageError
from mamex.files.writing import atomic_path, file_hash, write_json, write_text
from tests.support.plain_user import plain_user


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


def test_what_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path):
    (tmp_path / "read-only").mkdir(mode=0o555)
    with plain_user(tmp_path), pytest.raises(StorageError, match=r"can't be written \(Permission denied\)"):
        write_text(tmp_path / "read-only" / "note.txt", "text")
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="can't be written"):
        write_text(tmp_path / "file" / "note.txt", "text")
    assert not any((tmp_path / "read-only").iterdir())


@pytest.mark.parametrize("write", ["text", "tensors"])
def test_a_full_disk_is_one_sentence_and_the_old_file_stays(tmp_path, write):
    path = tmp_path / "weights"
    path.write_bytes(b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, before[1]))
    try:
        with pytest.raises(StorageError, match=r"weights can't be written \(.*(too large|size).*\); make room"):
            if write == "text":
                write_text(path, "x" * 10_000)
            else:
                with atomic_path(path) as temporary:
                    save_file({"a": torch.zeros(10_000)}, temporary)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["weights"]


def test_a_storage_error_crosses_from_a_worker_process():
    error = pickle.loads(pickle.dumps(StorageError("it can't be written")))
    assert str(error) == "it can't be written" and isinstance(error, MamexError) and isinstance(error, OSError)
