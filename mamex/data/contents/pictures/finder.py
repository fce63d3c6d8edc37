"""Finding a picture by its name as it is written."""

from __future__ import annotations

import re
import stat
from pathlib import Path, PureWindowsPath

_ADDRESS = re.compile(r"(https?|ftp|data|s3|gs):|//[^/]|www\.[^/]+/", flags=re.IGNORECASE)


class PictureFinder:
    """Finds the pictures that items.csv names, and only pictures inside the dataset folder."""

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()
        self._real_folders: dict[str, Path] = {}

    def find(self, name: str) -> tuple[Path | None, str]:
        """Its path (None if there is none), and "" or what is wrong: "outside", "address" or "missing"."""
        if not name:
            return None, ""
        if _ADDRESS.match(name):
            return None, "address"
        name = name.replace("\\", "/")  # exports made on Windows
        if name.startswith("/") or (":" in name and PureWindowsPath(name).drive):
            return None, "outside"
        try:
            path = self._real_path(name)
            if not path.is_relative_to(self._root):
                return None, "outside"
            return (path, "") if stat.S_ISREG(path.lstat().st_mode) else (None, "missing")
        # Names too long for the file system, loops of symbolic links, folders that may not be read.
        except (OSError, ValueError, RuntimeError):
            return None, "missing"

    def _real_path(self, name: str) -> Path:
        """Symbolic links and ".." followed: once a folder, as that is slow and most pictures share one."""
        folder, _, last = name.rpartition("/")
        if folder not in self._real_folders:
            self._real_folders[folder] = (self._root / folder).resolve()
        path = self._real_folders[folder] / last
        return path.resolve() if last in ("", ".", "..") or path.is_symlink() else path
