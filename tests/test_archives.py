"""Zip files from strangers: what is in them comes out, and nothing reaches outside or fills the disk."""

import zipfile

import pytest

from mamex.archives import ArchiveLimits, unpack
from mamex.errors import ArchiveError

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
