"""What every source has in common: its error, and what it says when it is done."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mamex.errors import SourceError


@dataclass(frozen=True)
class Prepared:
    """A dataset folder that was written.

    ``with_picture`` counts the items whose picture is there; ``notes`` are sentences on what the reader should know.
    """

    folder: Path
    items: int
    with_picture: int
    users: int
    interactions: int
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        written = (
            f"Written to {self.folder}: {self.items:,} items ({self.with_picture:,} with a picture), "
            f"{self.users:,} users, {self.interactions:,} interactions."
        )
        return "\n".join([written, *self.notes, f"Check it with: python -m mamex check {self.folder}"])


def require_file(folder: Path, name: str, layout: str) -> Path:
    """The path of a file that a source can't do without; ``layout`` says what the folder should be.

    Raises:
        SourceError: it isn't there.
    """
    path = folder / name
    if not path.is_file():
        raise SourceError(f"There is no {name} in {folder}; give {layout}.")
    return path
