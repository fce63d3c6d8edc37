"""NumPy arrays from files of strangers: numbers only, in two dimensions, and never larger than their file."""

from __future__ import annotations

from pathlib import Path

import numpy as np


class ArrayError(Exception):
    """What is no such array; the message goes after the file's name: "is not a plain NumPy array; …"."""


def open_array(path: Path) -> np.ndarray:
    """A two-dimensional array of real numbers, left on the disk until it is looked at.

    Raises:
        ArrayError: the file holds anything else, or less than its header says.
    """
    try:
        # Mapped, because NumPy then compares the shape with the file's size before it asks for memory.
        with np.errstate(over="ignore"):
            array = np.load(path, mmap_mode="r", allow_pickle=False)
    # A header is Python text; a damaged one makes NumPy raise nearly everything.
    except Exception as error:
        raise ArrayError("is not a plain NumPy array; save it again with numpy.save.") from error
    if not isinstance(array, np.ndarray) or array.ndim != 2 or array.dtype.kind not in "fiu":
        raise ArrayError("must be a two-dimensional array of numbers, one row an item.")
    if array.shape[1] == 0:
        raise ArrayError("has no columns; save it again with the features in its rows.")
    return array
