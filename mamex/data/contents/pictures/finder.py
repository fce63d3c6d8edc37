"""Finding a picture by its name as it is written."""

from __future__ import annotations

import re
from pathlib import Path, PureWindowsPath


class PictureFinder:
    """Finds the pictures that items.csv names, and only pictures inside the dataset folder."""

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()
        self._real_folders: dict[Path, Path] = {}

    def find(self, name: str) -> tuple[Path | None, str]:
        """Its path (None if there is none), and "" or what is wrong: "outside", "address" or "missing"."""
        if not name:
            return None, ""
        if re.match(r"(https?|ftp|data|s3|gs):|//[^/]|www\.[^/]+/", name, flags=re.IGNORECASE):
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
