"""What a harmful file would do."""

from pathlib import Path


class Mischief:
    """An object whose unpickling writes a file."""

    def __init__(self, path: Path) -> None:
        self.path = str(path)

    def __reduce__(self):
        return open, (self.path, "w")
