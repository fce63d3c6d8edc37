"""Zip files from strangers, unpacked so that they can't reach outside a folder nor fill a disk or the memory."""

from __future__ import annotations

import errno
import io
import os
import shutil
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath, PureWindowsPath

from mamex.errors import ArchiveError
from mamex.files.plain_files import NotPlainError, open_plain
from mamex.files.words import STEERING, quoted

#: What programs add to a zip without being asked.
CLUTTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")
#: Entries for each file that may be unpacked: a folder and clutter may come with every one.
_ENTRIES_A_FILE, _FURTHER_ENTRIES = 3, 100
#: Bytes that describe one entry: 46, its name, and what programs add.
_ENTRY_BYTES, _ENTRY_BEGINNING = 500, b"PK\x01\x02"
#: Folders within each other, characters of one name, and of all: what every file system can take.
MOST_DEPTH, MOST_NAME, MOST_PATH = 20, 255, 1000
#: Any other can take all memory there is, or is unknown to most programs.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_OTHER_METHODS = {9: "deflate64", 12: "bzip2", 14: "LZMA", 93: "Zstandard", 95: "XZ", 98: "PPMd"}


@dataclass(frozen=True)
class ArchiveLimits:
    """How large the contents may be."""

    files: int
    megabytes: int


def unpack(archive: Path, folder: Path, limits: ArchiveLimits) -> Path:
    """Unpack a zip file into a new folder.

    Args:
        archive: the zip file.
        folder: where to; is made, and removed again if anything is wrong.
        limits: for all files together, unpacked.

    Returns:
        the folder that holds the contents: ``folder``, or the only folder in it, as most programs zip a folder with
        its name.

    Raises:
        ArchiveError: no zip file, damaged, encrypted, compressed in an unusual way, too large, or with names that lead
            out of the folder, come twice, or fit no file system; or the disk is full.
    """
    try:
        with _opened(archive, limits) as opened:
            names = _check(opened.infolist(), limits)
            folder.mkdir(parents=True)
            _extract(opened, names, folder, limits.megabytes * 2**20)
    except ArchiveError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    # Damaged archives make zipfile raise nearly everything; all of it means the same to the user.
    except Exception as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise _refusal(archive, error) from error
    return _innermost(folder)


def _refusal(archive: Path, error: Exception) -> ArchiveError:
    name = quoted(archive.name)
    if isinstance(error, FileNotFoundError):
        return ArchiveError(f"There is no zip file {name}; choose it again.")
    if isinstance(error, NotPlainError):
        return ArchiveError(f"{name} can't be unpacked: it {error}; choose a zip file.")
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return ArchiveError(f"{name} can't be unpacked: the disk is full; make room, or try again later.")
    return ArchiveError(f"{name} can't be unpacked: it is damaged, or not a zip file; zip the folder again.")


@contextmanager
def _opened(archive: Path, limits: ArchiveLimits) -> Iterator[zipfile.ZipFile]:
    with open_plain(archive) as stream:
        source = _Source(stream, limits.files)
        with zipfile.ZipFile(source) as opened:
            source.listed = True
            yield opened


class _Source(io.RawIOBase):
    """A zip file's bytes. The list of its contents is read in one go, and looked at before ``zipfile`` takes it apart.

    What a zip states about the length of its list may be a lie; what is read of it isn't.
    """

    def __init__(self, stream: io.BufferedReader, files: int) -> None:
        super().__init__()
        self._stream, self._files = stream, files
        self._size = os.fstat(stream.fileno()).st_size
        self.listed = False

    def read(self, size: int = -1) -> bytes:
        most = self._files * _ENTRIES_A_FILE + _FURTHER_ENTRIES
        if not self.listed and min(size, self._size) > most * _ENTRY_BYTES:
            raise ArchiveError(f"The zip file holds too many files; at most {self._files:,} are read here.")
        data = self._stream.read(size)
        if not self.listed and (found := data.count(_ENTRY_BEGINNING)) > most:
            raise ArchiveError(f"The zip file holds {found:,} entries; at most {self._files:,} files are read here.")
        return data

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()


def _check(entries: list[zipfile.ZipInfo], limits: ArchiveLimits) -> dict[PurePosixPath, zipfile.ZipInfo]:
    """Each file's place in the folder."""
    files = [entry for entry in entries if not _slashed(entry).endswith("/") and not _is_clutter(_slashed(entry))]
    if len(files) > limits.files:
        raise ArchiveError(f"The zip file holds {len(files):,} files; at most {limits.files:,} are read here.")
    if sum(entry.file_size for entry in files) > limits.megabytes * 2**20:
        raise ArchiveError(f"The zip file holds more than {limits.megabytes:,} MB unpacked; make the pictures smaller.")
    places: dict[PurePosixPath, zipfile.ZipInfo] = {}
    for entry in files:
        path, shown = PurePosixPath(_slashed(entry)), quoted(entry.orig_filename)
        _check_place(entry, path, shown)
        if path in places:
            raise ArchiveError(f"The zip file holds {shown} twice; zip the folder again.")
        places[path] = entry
    for path in places:
        if any(parent in places for parent in path.parents):
            raise ArchiveError(
                f"The zip file holds a file and a folder of one name, at {quoted(str(path))}; rename one."
            )
    return places


def _slashed(entry: zipfile.ZipInfo) -> str:
    return entry.filename.replace("\\", "/")


def _is_clutter(name: str) -> bool:
    return any(part in CLUTTER for part in PurePosixPath(name).parts)


def _check_place(entry: zipfile.ZipInfo, path: PurePosixPath, shown: str) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    is_plain = kind in (0, stat.S_IFREG)
    if not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or not is_plain:
        raise ArchiveError(f"The zip file holds the path {shown}, which leads outside; zip plain files.")
    if STEERING.search(entry.orig_filename):
        raise ArchiveError(f"The zip file holds the name {shown}, with characters that can't be shown; rename it.")
    too_long = any(len(part.encode()) > MOST_NAME for part in path.parts) or len(entry.filename.encode()) > MOST_PATH
    if too_long or len(path.parts) > MOST_DEPTH:
        raise ArchiveError(f"The zip file holds the name {shown}, which is too long or too deep; make it shorter.")
    if PureWindowsPath(path).is_reserved():
        raise ArchiveError(f"The zip file holds the name {shown}, which means a device on Windows; rename it.")
    if entry.flag_bits & 0x1:
        raise ArchiveError("The zip file is protected by a password; zip the folder without one.")
    if entry.compress_type not in _METHODS:
        way = _OTHER_METHODS.get(entry.compress_type, f"method {entry.compress_type}")
        raise ArchiveError(f"The zip file is compressed in an unusual way ({way}); zip the folder with 'deflate'.")


def _extract(
    opened: zipfile.ZipFile, places: dict[PurePosixPath, zipfile.ZipInfo], folder: Path, most_bytes: int
) -> None:
    """Copy entry by entry, counting what really comes out: the sizes that a zip file states can be lies."""
    left = most_bytes
    for path, entry in places.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        # Never onto another file, as names that differ by case alone would be on some file systems.
        with opened.open(entry) as source, target.open("xb") as sink:
            while block := source.read(1 << 20):
                left -= len(block)
                if left < 0:
                    raise ArchiveError("The zip file unpacks to more than it says; zip the folder again.")
                sink.write(block)


def _innermost(folder: Path) -> Path:
    inside = list(folder.iterdir())
    return _innermost(inside[0]) if len(inside) == 1 and inside[0].is_dir() else folder
