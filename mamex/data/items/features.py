"""Arrays of features that somebody computed: what is wrong with them, before an encoder or a checker reads on."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from mamex.data.problems import Problems
from mamex.data.tables.reader import FEATURES
from mamex.files.plain_arrays import ArrayError, open_array
from mamex.files.words import printable

#: Numbers looked at at once; the arrays stay on the disk.
_AT_ONCE = 4_000_000


def check_features(folder: Path, items: int, problems: Problems) -> None:
    """Look through ``features/*.npy`` of a folder with so many items; what is wrong is added to ``problems``."""
    for path in sorted((folder / FEATURES).glob("*.npy")):
        file, modality = f"{FEATURES}/{printable(path.name)}", printable(path.stem)
        try:
            array = open_array(path)
        except ArrayError as error:
            problems.error(file, None, "features", str(error).rstrip("."))
            continue
        if len(array) != items:
            message = f"has {len(array):,} rows and the items file has {items:,}; they must match"
            problems.error(file, None, "features", message)
            continue
        lacking, always, infinite = _faults(array)
        if infinite:
            message = f"{infinite:,} rows hold numbers that are infinite in 32 bits; scale them, or put NaN there"
            problems.error(file, None, "infinite features", message)
        if lacking == items:
            problems.error(file, None, "no features", nobody_has(modality, items, always))
        elif items > 1 and not lacking and not infinite and _is_constant(array):
            message = "has the same numbers in every row, which tell no item from another; compute it again"
            problems.error(file, None, "constant features", message)
        elif lacking:
            problems.note(file, None, "missing features", f"{lacking:,} of {items:,} items lack {modality} (NaN)")


def nobody_has(modality: str, items: int, always: np.ndarray) -> str:
    """That all items lack a modality, and in which columns the fault lies."""
    where = f"column {always[0] + 1}" if len(always) == 1 else "some column"
    if len(always) > 1:
        where = f"columns {', '.join(str(column + 1) for column in always[:5])}{', …' if len(always) > 5 else ''}"
    return (
        f"{items:,} of {items:,} items lack {modality}: {FEATURES}/{modality}.npy has NaN in {where} of every row; "
        f"leave such columns out, or leave {modality} out of model.modalities"
    )


def columns_of_nan(array: np.ndarray) -> np.ndarray:
    """The columns, counted from 0, that are NaN in every row."""
    return _faults(array)[1]


def _is_constant(array: np.ndarray) -> bool:
    step = max(1, _AT_ONCE // array.shape[1])
    return all(bool((array[start : start + step] == array[0]).all()) for start in range(0, len(array), step))


def _faults(array: np.ndarray) -> tuple[int, np.ndarray, int]:
    """Rows with a NaN, columns that are NaN throughout, and rows with a number that is infinite in 32 bits."""
    lacking = infinite = 0
    always = np.ones(array.shape[1], dtype=bool)
    step = max(1, _AT_ONCE // array.shape[1])
    for start in range(0, len(array), step):
        with np.errstate(over="ignore"):
            part = np.asarray(array[start : start + step]).astype(np.float32)
        nan = np.isnan(part)
        lacking += int(nan.any(axis=1).sum())
        infinite += int(np.isinf(part).any(axis=1).sum())
        always &= nan.all(axis=0)
    return lacking, np.flatnonzero(always), infinite
