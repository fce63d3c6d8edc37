"""What each word and each part of the picture is worth: leave it out, ask the model again, and subtract.

Every number is a new evaluation of the whole model (no gradient, no sampling). Worth above zero means that the product
does better with the piece than without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageStat
from torch import Tensor

from mamex.errors import LaunchError
from mamex.files.pictures.picture import Picture, Source
from mamex.launch.launcher import Launcher
from mamex.launch.product import PlannedProduct, never_read
from mamex.modalities import IMAGE, TEXT
from mamex.progress import Progress, silent
from mamex.retrieval.thresholds import LIST_LENGTHS, enters

#: Words beyond this many are taken several at a time, so that the longest text costs no more than this many readings.
MOST_PIECES = 60
#: The picture is cut into as many rows and columns.
GRID = 6
#: Texts, or pictures of moderate size, encoded at once; progress is told after each batch.
BATCH = 12
#: Pixels of all pictures of a batch; a phone's picture has about twelve million.
MOST_PIXELS = 24_000_000


@dataclass(frozen=True)
class Piece:
    """One word (or a few), or one part of the picture.

    Attributes:
        name: the words, or the place as "row 2, column 3".
        users: how many more users the product reaches with it than without it.
        reach: the same as a share of all users.
        score: how much higher the mean score s_ui is with it, over the users whom the whole product reaches.
    """

    name: str
    users: int
    reach: float
    score: float


@dataclass(frozen=True)
class Occlusion:
    """The worth of every piece of one modality.

    Attributes:
        modality: ``TEXT`` or ``IMAGE``.
        pieces: in reading order; of a picture row by row.
        columns: pieces in a row of the picture; 0 for words.
        at_once: words left out together, 1 unless there are more than ``MOST_PIECES``.
        list_length: K of the reach.
        audience_size: users reached by the whole product; if there are none, scores are means over all users.
    """

    modality: str
    pieces: list[Piece]
    columns: int
    at_once: int
    list_length: int
    audience_size: int

    def to_json(self) -> dict[str, Any]:
        """The same as JSON values."""
        return asdict(self)


def word_worth(
    launcher: Launcher,
    product: PlannedProduct,
    text: str,
    fusion: Mapping[str, float] | None = None,
    list_length: int = 20,
    progress: Progress = silent,
) -> Occlusion:
    """Leave out one word after the other.

    Args:
        launcher: what the product is scored by.
        product: the product as it was read, with features of ``text``.
        text: the words that the encoder read.
        fusion: forced fusion weights, as for ``Launcher.score``.
        list_length: K of the reach.
        progress: is told after each batch.

    Raises:
        LaunchError: the model reads no words, or the product has none, or only one.
    """
    words = text.split()
    _check_read(launcher, TEXT)
    if TEXT not in product.features:
        raise LaunchError("This version has no words; add a title or a description first.")
    if len(words) < 2:
        raise LaunchError("There is only one word; its worth is that of all words: take the words away and compare.")
    at_once = -(-len(words) // MOST_PIECES)
    spans = [(start, start + at_once) for start in range(0, len(words), at_once)]
    rests = [" ".join(words[:start] + words[end:]) for start, end in spans]
    features = _encoded(launcher, TEXT, len(rests), lambda place: rests[place], BATCH, "Reading the words", progress)
    names = [" ".join(words[start:end]) for start, end in spans]
    return _occlusion(launcher, product, TEXT, names, features, fusion, list_length, columns=0, at_once=at_once)


def patch_worth(
    launcher: Launcher,
    product: PlannedProduct,
    picture: Source,
    fusion: Mapping[str, float] | None = None,
    list_length: int = 20,
    progress: Progress = silent,
    grid: int = GRID,
) -> Occlusion:
    """Cover one part of the picture after the other with the picture's mean colour.

    Args:
        picture: the picture that the encoder read.
        grid: rows, and columns, that the picture is cut into.
        launcher, product, fusion, list_length, progress: as for ``word_worth``.

    Raises:
        LaunchError: the model reads no pictures, or the product has none.
        PictureError: the picture can't be read.
    """
    _check_read(launcher, IMAGE)
    if IMAGE not in product.features:
        raise LaunchError("This version has no picture; add one first.")
    whole = Picture(picture).opened
    boxes = patches(whole.size, grid)
    mean = tuple(round(value) for value in ImageStat.Stat(whole).mean)

    def covered(place: int) -> Image.Image:
        copy = whole.copy()
        copy.paste(mean, boxes[place])
        return copy

    batch = max(1, min(BATCH, MOST_PIXELS // (whole.width * whole.height)))
    features = _encoded(launcher, IMAGE, len(boxes), covered, batch, "Looking at the picture", progress)
    names = [f"row {row + 1}, column {column + 1}" for row in range(grid) for column in range(grid)]
    return _occlusion(launcher, product, IMAGE, names, features, fusion, list_length, columns=grid, at_once=1)


def patches(size: tuple[int, int], grid: int) -> list[tuple[int, int, int, int]]:
    """The boxes (left, top, right, bottom) that a picture of ``size`` is cut into, row by row, in pixels."""
    xs = [round(size[0] * step / grid) for step in range(grid + 1)]
    ys = [round(size[1] * step / grid) for step in range(grid + 1)]
    return [(xs[c], ys[r], xs[c + 1], ys[r + 1]) for r in range(grid) for c in range(grid)]


def _check_read(launcher: Launcher, modality: str) -> None:
    if modality not in launcher.modalities:
        raise LaunchError(f"{never_read(modality, launcher.checkpoint)}, so no piece of it counts.")


def _encoded(
    launcher: Launcher,
    modality: str,
    count: int,
    make: Callable[[int], Any],
    batch: int,
    stage: str,
    progress: Progress,
) -> Tensor:
    """Features (count, d_m) of inputs that are made one batch at a time, as forty pictures would fill the memory."""
    parts: list[np.ndarray] = []
    for start in range(0, count, batch):
        progress(stage, start, count)
        inputs: Sequence[Any] = [make(place) for place in range(start, min(start + batch, count))]
        parts.append(launcher.encoder.encode(modality, inputs))
    progress(stage, count, count)
    return torch.from_numpy(np.concatenate(parts))


def _occlusion(
    launcher: Launcher,
    product: PlannedProduct,
    modality: str,
    names: list[str],
    features: Tensor,
    fusion: Mapping[str, float] | None,
    list_length: int,
    columns: int,
    at_once: int,
) -> Occlusion:
    """Score the whole product (row 0) and every version of it with a piece less, in one pass."""
    if list_length not in LIST_LENGTHS:
        raise LaunchError(f"The list length must be one of {', '.join(map(str, LIST_LENGTHS))}.")
    checkpoint, count = launcher.checkpoint, len(names) + 1
    rows = {}
    for name, stored in checkpoint.data.features.items():
        own = product.features.get(name, torch.zeros(1, stored.shape[1]))
        rows[name] = torch.cat([own, features]) if name == modality else own.expand(count, -1)
    present = torch.tensor([[name in product.features for name in launcher.modalities]]).expand(count, -1)
    forced = None if fusion is None else launcher.reading(product, fusion).forward.fusion.expand(count, -1)
    embeddings = checkpoint.tower.embed(checkpoint.tower.prepare(rows), present, forced).embeddings
    all_scores = checkpoint.users @ embeddings.T  # (U, 1 + pieces)
    entered = enters(all_scores, checkpoint.thresholds[:, LIST_LENGTHS.index(list_length)])
    reached = entered.sum(dim=0).tolist()
    audience = entered[:, 0] if reached[0] else torch.ones(len(checkpoint.users), dtype=torch.bool)
    scores = all_scores[audience].mean(dim=0).tolist()
    pieces = [
        Piece(name, reached[0] - less, (reached[0] - less) / len(checkpoint.users), scores[0] - score)
        for name, less, score in zip(names, reached[1:], scores[1:], strict=True)
    ]
    return Occlusion(modality, pieces, columns, at_once, list_length, reached[0])
