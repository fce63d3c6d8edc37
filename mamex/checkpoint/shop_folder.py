"""Where a checkpoint's shop is: its pictures are not copied, and either folder may have been moved since.

A checkpoint from somewhere else must not make the page show what it points at: pictures are only read from a folder
that is a shop's, and there only from inside it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from mamex.checkpoint.checks import is_no_shop
from mamex.checkpoint.manifest import MANIFEST
from mamex.errors import CheckpointError
from mamex.files.words import printable


@dataclass(frozen=True)
class ShopFolder:
    """The folder with the pictures of a checkpoint's shop.

    Attributes:
        path: where it is; where it would be if it is gone.
        name: what the folder is called.
        gone: "" or one sentence that it is not here, and where to put it.
    """

    path: Path
    name: str
    gone: str = ""


def written_folder(shop: Path, checkpoint: Path) -> str:
    """What the manifest says: the way from the checkpoint, so that a folder with both can be moved."""
    shop = shop.resolve()
    try:
        # With slashes, which are understood everywhere.
        return os.path.relpath(shop, checkpoint.resolve()).replace(os.sep, "/")
    except ValueError:
        return str(shop)  # no way leads from one drive of Windows to another


def find_shop(checkpoint: Path, written: str) -> ShopFolder:
    """Look for the shop where the manifest says, then beside the checkpoint under the same name.

    Raises:
        CheckpointError: the manifest names a folder that is here and no shop's.
    """
    checkpoint = checkpoint.resolve()
    places = [] if _is_of_another_system(written) else _places(checkpoint, written)
    name = PureWindowsPath(written).name if "\\" in written or not places else Path(written).name
    beside = [checkpoint.parent / name] if name not in ("", "..") else []
    for place in places:
        if _is_shop(place, checkpoint):
            return ShopFolder(place, place.name)
    for place in beside:
        if _is_shop(place, checkpoint) and not _is_checkpoint(place):
            return ShopFolder(place.resolve(), name)
    for place in places:
        if is_no_shop(place, checkpoint):
            raise CheckpointError(f"the shop's folder {place} has no table of items, so no pictures are shown from it")
    if not places:  # below a file nothing can be: there are no pictures, whatever is there
        return ShopFolder(checkpoint / MANIFEST / "shop", name or "shop", _gone(written, beside))
    return ShopFolder(places[-1], places[-1].name, _gone(str(places[-1]), list(dict.fromkeys([places[-1], *beside]))))


def _places(checkpoint: Path, written: str) -> list[Path]:
    """Where the manifest may mean: as it stands, and with Windows' separators as they are here."""
    places = [(checkpoint / written).resolve()]
    if os.sep != "\\" and "\\" in written:
        places.append((checkpoint / written.replace("\\", "/")).resolve())
    return places


def _is_of_another_system(written: str) -> bool:
    """Whether it is on a drive where there are none, or on another machine, which nobody is to be made to call."""
    drive = PureWindowsPath(written).drive
    return written.startswith("\\\\") or drive.startswith("\\\\") or (bool(drive) and os.name != "nt")


def _is_shop(folder: Path, checkpoint: Path) -> bool:
    try:
        return folder.exists() and not is_no_shop(folder, checkpoint)
    except OSError:
        return False


def _is_checkpoint(folder: Path) -> bool:
    """Checkpoints have a table of items too, and no pictures."""
    return (folder / MANIFEST).exists()


def _gone(shown: str, places: list[Path]) -> str:
    where = " or ".join("there" if str(place) == shown else f"at {printable(str(place))}" for place in places)
    advice = f"; put it {where} to see them" if where else ""
    return f"The shop's folder {printable(shown)} is not here, so its products are shown without pictures{advice}."
