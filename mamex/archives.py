"""Zip files from strangers, unpacked so that they can't reach outside a folder nor fill a disk."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from mamex.errors import ArchiveError

#: What programs add to a zip without being asked.
CLUTTER = ("__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini")


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
        ArchiveError: no zip file, damaged, encrypted, too large, or with paths that lead out of the folder.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            entries = [entry for entry in opened.infolist() if not entry.is_dir() and not _is_clutter(entry.filename)]
            _check(entries, limits)
            folder.mkdir(parents=True)
            _extract(opened, entries, folder, limits.megabytes * 2**20)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise ArchiveError(
            f"{archive.name} can't be unpacked: it is damaged, encrypted, or not a zip file; zip the folder again."
        ) from error
    except ArchiveError:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return _innermost(folder)


def _is_clutter(name: str) -> bool:
    return any(part in CLUTTER for part in PurePosixPath(name).parts)


def _check(entries: list[zipfile.ZipInfo], limits: ArchiveLimits) -> None:
    if len(entries) > limits.files:
        raise ArchiveError(f"The zip file holds {len(entries):,} files; at most {limits.files:,} are read here.")
    if sum(entry.file_size for entry in entries) > limits.megabytes * 2**20:
        raise ArchiveError(f"The zip file holds more than {limits.megabytes:,} MB unpacked; make the pictures smaller.")
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
        if not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0] or is_link:
            raise ArchiveError(f"The zip file holds the path '{entry.filename}', which leads outside; zip plain files.")


def _extract(opened: zipfile.ZipFile, entries: list[zipfile.ZipInfo], folder: Path, most_bytes: int) -> None:
    """Copy entry by entry, counting what really comes out: the sizes that a zip file states can be lies."""
    left = most_bytes
    for entry in entries:
        target = folder / entry.filename.replace("\\", "/")
        target.parent.mkdir(parents=True, exist_ok=True)
        with opened.open(entry) as source, target.open("wb") as sink:
            while block := source.read(1 << 20):
                left -= len(block)
                if left < 0:
                    raise ArchiveError("The zip file unpacks to more than it says; zip the folder again.")
                sink.write(block)


def _innermost(folder: Path) -> Path:
    inside = list(folder.iterdir())
    return _innermost(inside[0]) if len(inside) == 1 and inside[0].is_dir() else folder
