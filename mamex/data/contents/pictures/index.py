"""The files of a dataset folder, by what a name that is written a little differently has in common with them."""

from __future__ import annotations

import difflib
import os
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from mamex.data.contents.pictures.names import ending, folded, misread, without_ending

#: Beyond it no name is looked up that isn't exact.
MOST_FILES = 500_000
MOST_DEPTH = 20
#: Last parts of a path by which its file is known, besides all of them.
_LAST_PARTS = 3
#: Files of one name that are told apart by their endings and letters.
_MOST_ALIKE = 50
#: Names that are looked through for the nearest, and characters of each.
_MOST_COMPARED, _COMPARED_CHARACTERS = 20_000, 100
#: Folders of arrays and of clutter.
_NO_FOLDERS = ("features", "__MACOSX")
_NO_PICTURES = ("items.csv", "interactions.csv", "items.csv.gz", "interactions.csv.gz", "dataset.json")


class PictureIndex:
    """All files below a folder; symbolic links to folders are not followed."""

    def __init__(self, folder: Path) -> None:
        self.files: list[str] = []
        self.complete = True
        self._by_ending: dict[str, tuple[int, ...]] = {}
        self._misread: dict[str, list[int]] = defaultdict(list)
        for name in _files(folder):
            if len(self.files) == MOST_FILES:
                self.complete = False
                return
            self._add(name)

    def _add(self, name: str) -> None:
        number, parts = len(self.files), _key(name)
        self.files.append(name)
        for key in _endings_of(parts):
            self._by_ending[key] = (*self._by_ending.get(key, ()), number)[: _MOST_ALIKE + 1]
        if not name.isascii() or "#U" in name:
            for other in misread(without_ending(name.rpartition("/")[2])):
                self._misread[folded(other)].append(number)

    def fitting(self, name: str) -> list[str]:
        """The files that fit a name best, at most some; one: it is found, several: nobody can tell which is meant.

        Letter case, endings and folders are ignored, but where several files fit, those that fit better in one of
        these are preferred: the folder first, then the ending, then the letters.
        """
        parts = _key(name)
        if not parts or not self.complete:
            return []
        for key in _endings_of(parts):
            if numbers := self._by_ending.get(key):
                return self._best([self.files[number] for number in numbers], name, parts)
        last = name.rpartition("/")[2]
        found = set(self._misread.get(parts[-1], ()))
        for other in misread(without_ending(last)):
            found.update(self._by_ending.get(folded(other), ()))
        return self._best([self.files[number] for number in sorted(found)], name, parts) if found else []

    @staticmethod
    def _best(files: list[str], name: str, parts: list[str]) -> list[str]:
        if len(files) > _MOST_ALIKE:
            return files
        last = name.rpartition("/")[2]
        for preferred in (
            [file for file in files if _key(file) == parts],
            [file for file in files if ending(file) == ending(last) != ""],
            [file for file in files if without_ending(file.rpartition("/")[2]) == without_ending(last)],
        ):
            files = [file for file in files if file in preferred] or files
        return files

    def nearest(self, name: str) -> str:
        """The file whose name is most like another, "" if none is."""
        wanted = folded(name.replace("\\", "/").rpartition("/")[2])[:_COMPARED_CHARACTERS]
        names = {folded(file.rpartition("/")[2])[:_COMPARED_CHARACTERS]: file for file in self.files[:_MOST_COMPARED]}
        found = difflib.get_close_matches(wanted, names, n=1, cutoff=0.7)
        return names[found[0]] if found else ""


def _files(folder: Path) -> Iterator[str]:
    """Their paths relative to the folder, in an order of their own."""
    for place, folders, files in os.walk(folder):
        relative = os.path.relpath(place, folder).replace(os.sep, "/")
        depth = 0 if relative == "." else relative.count("/") + 1
        kept = (name for name in folders if not name.startswith(".") and name not in _NO_FOLDERS)
        folders[:] = sorted(kept) if depth < MOST_DEPTH else []
        for name in sorted(files):
            if not name.startswith(".") and not (depth == 0 and name in _NO_PICTURES):
                yield name if depth == 0 else f"{relative}/{name}"


def _key(name: str) -> list[str]:
    """The parts of a path, folded, without the ending of a picture."""
    parts = [part for part in folded(name).split("/") if part not in ("", ".")]
    return [*parts[:-1], without_ending(parts[-1])] if parts else []


def _endings_of(parts: list[str]) -> Iterator[str]:
    """The ends of a path by which it is known, the longest first."""
    if len(parts) > _LAST_PARTS:
        yield "/".join(parts)
    for count in range(min(len(parts), _LAST_PARTS), 0, -1):
        yield "/".join(parts[-count:])
