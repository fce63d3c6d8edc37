"""Zip files from strangers: what is in them comes out, and nothing reaches outside or fills the disk."""

import io
import os
import random
import struct
import tempfile
import warnings
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mamex.errors import ArchiveError
from mamex.files.archives import ArchiveLimits, unpack
from tests.support.peak_memory import peak_memory

LIMITS = ArchiveLimits(files=5, megabytes=1)


def zipped(path, entries):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path


def test_the_contents_come_out(tmp_path):
    archive = zipped(tmp_path / "a.zip", {"items.csv": "a", "images/1.jpg": "b"})
    folder = unpack(archive, tmp_path / "out", LIMITS)
    assert (folder / "items.csv").read_text() == "a"
    assert (folder / "images" / "1.jpg").read_text() == "b"


def test_a_zipped_folder_is_entered_and_clutter_is_left_out(tmp_path):
    archive = zipped(
        tmp_path / "a.zip", {"shop/items.csv": "a", "__MACOSX/shop/._items.csv": "b", "shop/.DS_Store": "c"}
    )
    folder = unpack(archive, tmp_path / "out", LIMITS)
    assert folder.name == "shop"
    assert [path.name for path in folder.iterdir()] == ["items.csv"]


@pytest.mark.parametrize("name", ["../evil.csv", "a/../../evil.csv", "/etc/evil", "C:/evil", "..\\evil.csv"])
def test_a_path_that_leads_outside_is_refused(tmp_path, name):
    archive = zipped(tmp_path / "a.zip", {"items.csv": "a", name: "b"})
    with pytest.raises(ArchiveError, match="leads outside"):
        unpack(archive, tmp_path / "out", LIMITS)
    assert {path.name for path in tmp_path.iterdir()} == {"a.zip"}


def test_a_link_is_refused(tmp_path):
    link = zipfile.ZipInfo("items.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ArchiveError, match="leads outside"):
        unpack(tmp_path / "a.zip", tmp_path / "out", LIMITS)


def test_too_many_files_and_too_much_are_refused(tmp_path):
    with pytest.raises(ArchiveError, match="holds 6 files; at most 5"):
        unpack(zipped(tmp_path / "a.zip", {f"{i}.csv": "a" for i in range(6)}), tmp_path / "out", LIMITS)
    with pytest.raises(ArchiveError, match="more than 1 MB"):
        unpack(zipped(tmp_path / "b.zip", {"bomb.csv": "0" * (2**20 + 1)}), tmp_path / "out", LIMITS)


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path):
    archive = zipped(tmp_path / "a.zip", {"bomb.csv": "0" * 2**22})
    true, lie = (2**22).to_bytes(4, "little"), (10).to_bytes(4, "little")
    archive.write_bytes(archive.read_bytes().replace(true, lie))
    with pytest.raises(ArchiveError):
        unpack(archive, tmp_path / "out", LIMITS)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x03\x04 cut short"])
def test_what_is_no_zip_file_is_said_so(tmp_path, content):
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(ArchiveError, match="can't be unpacked"):
        unpack(tmp_path / "a.zip", tmp_path / "out", LIMITS)


def test_a_damaged_file_inside_is_said_so(tmp_path):
    archive = zipped(tmp_path / "a.zip", {"items.csv": "hello " * 2000})
    content = bytearray(archive.read_bytes())
    content[50:60] = b"\0" * 10
    archive.write_bytes(content)
    with pytest.raises(ArchiveError, match="can't be unpacked"):
        unpack(archive, tmp_path / "out", LIMITS)
    assert not (tmp_path / "out").exists()


def directory_of(entries: int) -> bytes:
    """The list of a zip file's contents: so many entries, and where it ends."""
    header = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0)
    listed = (header + b"a") * entries
    return listed + struct.pack(
        "<4s4H2LH", b"PK\5\6", 0, 0, min(entries, 65535), min(entries, 65535), len(listed), 0, 0
    )


@pytest.mark.parametrize("stated", [5, 65535])
def test_a_zip_of_two_million_entries_is_refused_before_they_are_read(tmp_path, stated):
    path = tmp_path / "many.zip"
    content = bytearray(directory_of(2_000_000))
    struct.pack_into("<2H", content, len(content) - 14, stated, stated)  # the number may be a lie
    path.write_bytes(content)
    code = "unpack(path, path.parent / 'out', ArchiveLimits(30_000, 1024))"
    megabytes, sentence = peak_memory("from mamex.files.archives import ArchiveLimits, unpack", code, path)
    assert megabytes < 60
    assert "at most 30,000 are read here" in sentence


def test_entries_that_are_no_files_are_bounded_too(tmp_path):
    with pytest.raises(ArchiveError, match="holds 200 entries; at most 5 files"):
        unpack(zipped(tmp_path / "a.zip", {f"{i}/": "" for i in range(200)}), tmp_path / "out", LIMITS)
    folder = unpack(
        zipped(tmp_path / "b.zip", {"items.csv": "a", "x/": "", "x/.DS_Store": "", "w\\": ""}), tmp_path / "b", LIMITS
    )
    assert (folder / "items.csv").read_text() == "a"


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, 9, 93, 95, 97])
def test_an_unusual_way_to_compress_is_named(tmp_path, method):
    path = zipped(tmp_path / "a.zip", {"items.csv": "a"})
    content = bytearray(path.read_bytes())
    struct.pack_into("<H", content, 8, method)
    struct.pack_into("<H", content, content.index(b"PK\1\2") + 10, method)
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match=r"compressed in an unusual way \(.+\); zip the folder with 'deflate'"):
        unpack(path, tmp_path / "out", LIMITS)


def test_a_password_is_named(tmp_path):
    path = zipped(tmp_path / "a.zip", {"items.csv": "a"})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    path.write_bytes(content)
    with pytest.raises(ArchiveError, match="protected by a password"):
        unpack(path, tmp_path / "out", LIMITS)


@pytest.mark.parametrize(
    ("names", "words"),
    [
        (["a.csv", "a.csv"], "holds 'a.csv' twice"),
        (["a.csv", "./a.csv"], "twice"),
        (["a", "a/b.csv"], "a file and a folder of one name"),
        (["x" * 300], "too long or too deep"),
        (["a/" * 30 + "b"], "too long or too deep"),
        (["/".join(["x" * 200] * 6)], "too long or too deep"),
        (["a\nb"], "can't be shown"),
        (["a\u202eb.csv"], "can't be shown"),
        (["images/aux.jpg"], "a device on Windows"),
        (["."], "leads outside"),
    ],
)
def test_names_that_no_file_system_takes_are_said_so(tmp_path, names, words):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a name comes twice
        for name in names:
            archive.writestr(name, "a")
    with pytest.raises(ArchiveError, match=words) as caught:
        unpack(tmp_path / "a.zip", tmp_path / "out", LIMITS)
    assert str(caught.value).isprintable()
    assert not (tmp_path / "out").exists()


def test_a_name_cut_short_by_nul_or_not_in_utf8_is_refused(tmp_path):
    for number, (name, bad) in enumerate([(b"abc.csv", b"a\0c.csv"), ("ä.csv".encode(), b"\xc3\x28.csv")]):
        path = zipped(tmp_path / f"{number}.zip", {name.decode(): "a"})
        path.write_bytes(path.read_bytes().replace(name, bad))
        with pytest.raises(ArchiveError):
            unpack(path, tmp_path / "out", LIMITS)


@pytest.mark.parametrize("kind", [0o010000, 0o020000, 0o060000, 0o140000])
def test_devices_and_pipes_are_refused(tmp_path, kind):
    entry = zipfile.ZipInfo("items.csv")
    entry.external_attr = (kind | 0o600) << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(entry, "a")
    with pytest.raises(ArchiveError, match="zip plain files"):
        unpack(tmp_path / "a.zip", tmp_path / "out", LIMITS)


def test_entries_that_share_their_bytes_are_refused(tmp_path):
    # A zip bomb of the kind by Fifield: every entry of the list names the same bytes.
    path = zipped(tmp_path / "a.zip", {"items.csv": "0" * 100_000})
    content = path.read_bytes()
    begin, end = content.index(b"PK\1\2"), content.index(b"PK\5\6")
    listed = b"".join(content[begin:end].replace(b"items.csv", b"items.%03d" % number) for number in range(100))
    ends = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 100, 100, len(listed), begin, 0)
    path.write_bytes(content[:begin] + listed + ends)
    with pytest.raises(ArchiveError):
        unpack(path, tmp_path / "out", ArchiveLimits(files=1000, megabytes=1))


def test_a_full_disk_is_said_so(tmp_path, monkeypatch):
    archive = zipped(tmp_path / "a.zip", {"items.csv": "a"})

    def full(self, mode="r", *arguments):
        if "x" in mode:
            raise OSError(28, os.strerror(28))
        return io.open(self, mode, *arguments)  # noqa: UP020

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(ArchiveError, match="the disk is full"):
        unpack(archive, tmp_path / "out", LIMITS)


def test_what_is_no_plain_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.zip")
    for name, words in (("pipe.zip", "is not a plain file"), ("", "is a folder"), ("gone.zip", "There is no zip file")):
        with pytest.raises(ArchiveError, match=words):
            unpack(tmp_path / name, tmp_path / "out", LIMITS)


@given(st.integers(0, 2**32), st.booleans())
def test_a_damaged_zip_is_unpacked_or_refused(seed, stored):
    chance = random.Random(seed)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as archive:
        for name in ("items.csv", "images/a.png", "ä.txt"):
            archive.writestr(name, name * 20)
    damaged = bytearray(content.getvalue())
    for _ in range(chance.randint(1, 6)):
        damaged[chance.randrange(len(damaged))] = chance.choice((0, 1, 0x50, 0xFF, chance.randrange(256)))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "a.zip").write_bytes(damaged)
        try:
            unpack(folder / "a.zip", folder / "out", LIMITS)
        except ArchiveError as error:
            assert str(error).endswith(".")
            assert not (folder / "out").exists()
        assert {path.name for path in folder.iterdir()} <= {"a.zip", "out"}
