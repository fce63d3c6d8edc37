"""Finding the pictures that items.csv names."""

from __future__ import annotations

import re
from pathlib import Path, PureWindowsPath

import pandas as pd

from mamex.data.problems import Problems
from mamex.data.tables.reader import Table
from mamex.files.words import quoted
from mamex.modalities import PICTURE_COLUMN


class PictureFinder:
    """Finds the pictures that items.csv names, and only pictures inside the dataset folder."""

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()
        self._real_folders: dict[Path, Path] = {}

    def find(self, name: str) -> tuple[Path | None, str]:
        """Its path (None if there is none), and "" or what is wrong: "outside", "address" or "missing"."""
        if not name:
            return None, ""
        if re.match(r"(https?|ftp|data|s3|gs):", name, flags=re.IGNORECASE):
            return None, "address"
        name = name.replace("\\", "/")  # exports made on Windows
        if name.startswith("/") or PureWindowsPath(name).drive:
            return None, "outside"
        try:
            path = self._real_path(self._root / name)
            if not path.is_relative_to(self._root):
                return None, "outside"
            return (path, "") if path.is_file() else (None, "missing")
        # Names too long for the file system, loops of symbolic links, folders that may not be read.
        except (OSError, ValueError, RuntimeError):
            return None, "missing"

    def _real_path(self, path: Path) -> Path:
        """Symbolic links and ".." followed: once a folder, as that is slow and most pictures share one."""
        if path.name == ".." or path.is_symlink():
            return path.resolve()
        if path.parent not in self._real_folders:
            self._real_folders[path.parent] = path.parent.resolve()
        return self._real_folders[path.parent] / path.name


def find_pictures(frame: pd.DataFrame, table: Table, finder: PictureFinder, problems: Problems) -> list[Path | None]:
    """The picture of each record, None where there is none; what is wrong with its name is added to ``problems``."""
    pictures: list[Path | None] = []
    for name, row, damaged in zip(frame[PICTURE_COLUMN], table.rows.tolist(), table.damaged.tolist(), strict=True):
        path, fault = (None, "") if damaged else finder.find(name)
        pictures.append(path)
        if fault == "outside":
            message = f"the picture {quoted(name)} is outside the folder; copy it to images/ and name that"
            problems.error(table.file, row, "picture outside", message)
        elif fault == "address":
            message = f"the picture {quoted(name)} is an address; download it (will be treated as missing)"
            problems.warning(table.file, row, "picture address", message)
        elif fault == "missing":
            message = f"there is no picture {quoted(name)} in the folder (will be treated as missing)"
            problems.warning(table.file, row, "missing picture", message)
    return pictures
