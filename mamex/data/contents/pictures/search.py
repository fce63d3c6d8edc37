"""Finding a picture by a name that is written a little differently than its file."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mamex.data.contents.pictures.finder import PictureFinder
from mamex.data.contents.pictures.index import PictureIndex
from mamex.data.contents.pictures.names import NO_PICTURE, ending, folded, forms, is_up, names_in, without_ending

#: What may be ignored, in words.
SEVERAL = "with several names in one cell, of which the first that is there was taken"
NO_FOLDER, OTHER_FOLDER = "without folder", "with another folder"
_MOST_TELLING = ("outside", "ambiguous", "address", "missing")


@dataclass(frozen=True)
class Found:
    """What a cell of the image column leads to.

    Attributes:
        path: the picture; None if there is none.
        name: it relative to the folder, with slashes; "" if there is none.
        ignored: what was ignored to find it, in words; none if the cell is its name as it is written.
        fault: "" or what is wrong: "outside", "address", "missing" or "ambiguous".
        alike: of what is missing, the nearest file if any is near; of what is ambiguous, two that fit.
    """

    path: Path | None
    name: str = ""
    ignored: tuple[str, ...] = ()
    fault: str = ""
    alike: tuple[str, ...] = ()


class PictureSearch:
    """Finds pictures by what cells of items.csv say; the folder is looked through once, when that is first needed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._finder = PictureFinder(folder)

    @cached_property
    def index(self) -> PictureIndex:
        """All files of the folder."""
        return PictureIndex(self._folder)

    def find(self, cell: str) -> Found:
        """The picture that a cell names: as it is written, or the one file that fits but for what may be ignored."""
        path, fault = self._finder.find(cell)
        if path is not None or not cell:
            return Found(path, cell)
        if folded(cell) in NO_PICTURE:
            return Found(None)
        if cell.lower().startswith("data:"):
            return Found(None, fault=fault)
        names = names_in(cell)
        if len(names) < 2:
            return self._find_one(names[0] if names else cell, fault, is_cell=names == [cell])
        whole = self._find_one(cell, "missing", is_cell=True)  # a comma may be part of a name
        if whole.path is not None and not {*whole.ignored} & {NO_FOLDER, OTHER_FOLDER}:
            return whole
        results = []
        for name in names:
            results.append(self._find_one(name, self._finder.find(name)[1], (SEVERAL,)))
            if results[-1].path is not None:
                return results[-1]
        return min(results, key=lambda result: _MOST_TELLING.index(result.fault))

    def _find_one(self, name: str, fault: str, ignored: tuple[str, ...] = (), is_cell: bool = False) -> Found:
        if not is_cell and (path := self._finder.find(name)[0]):
            return Found(path, name, ignored or ("in quotation marks",))
        if is_up(name):
            return Found(None, fault=fault or "missing")
        for form, further in forms(name):
            files = self._inside(self.index.fitting(form))
            if len(files) == 1:
                ((file, path),) = files.items()
                return Found(path, file, (*ignored, *further, *_differences(form, file)))
            if files:
                return Found(None, fault="ambiguous", alike=tuple(files)[:2])
        return Found(None, fault=fault or "missing")

    def _inside(self, files: list[str]) -> dict[str, Path]:
        """Those that may be read: no symbolic link to somewhere else, and with a name that can be written down."""
        paths = {name: self._finder.find(name)[0] for name in files if _can_be_written(name)}
        return {name: path for name, path in paths.items() if path is not None}

    def nearest(self, cell: str) -> str:
        """The file whose name is most like the first that a cell names, "" if none is."""
        names = names_in(cell)
        return self.index.nearest(names[0]) if names else ""


def _can_be_written(name: str) -> bool:
    return name.isascii() or not any("\ud800" <= character <= "\udfff" for character in name)


def _differences(name: str, file: str) -> tuple[str, ...]:
    """What a name has otherwise than the file that it was taken for."""
    (*folders, last), (*file_folders, file_last) = _parts(name), _parts(file)
    found = []
    if [*map(folded, folders)] != [*map(folded, file_folders)]:
        found.append(OTHER_FOLDER if folders else NO_FOLDER)
        folders = file_folders = []
    if ending(last) != ending(file_last):
        found.append("with another ending" if ending(last) else "without ending")
        last, file_last = without_ending(last), without_ending(file_last)
    written, there = "/".join([*folders, last]), "/".join([*file_folders, file_last])
    if folded(written) != folded(there):
        found.append("in another code page")
    elif unicodedata.normalize("NFC", written) != unicodedata.normalize("NFC", there):
        found.append("with other capitals")
    elif written != there:
        found.append("with accents written in another way")
    return tuple(found)


def _parts(path: str) -> list[str]:
    return [part for part in path.split("/") if part not in ("", ".")]
