"""Reading a planned product: its picture and words become features, and what was lost is said in words."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from mamex.checkpoint.checkpoint import Checkpoint
from mamex.encoders import Encoder
from mamex.encoders.memory import FeatureMemory, memory_key
from mamex.encoders.modalities import READERS
from mamex.errors import EncoderError, LaunchError
from mamex.files.pictures.picture import Picture, Source
from mamex.files.words import whole_characters
from mamex.modalities import IMAGE, TEXT

#: Longer texts are a mistake (a pasted page); encoders read a few hundred words at most.
MOST_CHARACTERS = 20_000


class Clock:
    """Milliseconds spent in each stage."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def mark(self, stage: str) -> None:
        """The time since the last mark was spent on ``stage``."""
        now = time.perf_counter()
        self.milliseconds[stage] = (now - self._last) * 1000
        self._last = now


@dataclass(frozen=True)
class PlannedProduct:
    """A product that does not exist yet, as the encoder read it.

    Attributes:
        features: modality -> raw encoder features (1, d_m), only of the modalities that it has.
        warnings: what was lost or is missing, in words.
    """

    features: dict[str, Tensor]
    warnings: list[str]

    def without(self, modality: str) -> PlannedProduct:
        """The same product with one modality taken away.

        Raises:
            LaunchError: nothing would be left.
        """
        rest = {name: values for name, values in self.features.items() if name != modality}
        if not rest:
            raise LaunchError(f"Without its {modality} nothing is left of the product.")
        return PlannedProduct(rest, [*self.warnings, f"The {modality} was taken away."])


def encode_product(
    checkpoint: Checkpoint,
    encoder: Callable[[], Encoder],
    image: Source | Picture | None,
    text: str | None,
    features: Mapping[str, np.ndarray],
    clock: Clock,
    memory: FeatureMemory,
) -> PlannedProduct:
    """Raw features of each modality that the product has, and warnings in words.

    Args:
        checkpoint: says which modalities are read.
        encoder: gives the checkpoint's encoder; called only if something must be encoded.
        image, text: as for ``Launcher.launch``.
        features: modality -> features (d_m,) that exist already; they take the place of encoding.
        clock: is told how long each modality took.
        memory: what was encoded before, and is not encoded again.

    Raises:
        LaunchError: no modality that the checkpoint reads was given, the text is too long, or features have the wrong
            length or are no finite numbers.
        PictureError: the picture can't be read.
        EncoderError: the encoder can't be had here.
    """
    inputs: dict[str, Any] = {}
    if image is not None and image != "":
        inputs[IMAGE] = image if isinstance(image, Picture) else Picture(image)
    warnings: list[str] = []
    if text and (words := _words(text, warnings)):
        inputs[TEXT] = words
    modalities = list(checkpoint.data.features)
    if any(modality in modalities and modality not in features for modality in inputs):
        encoder()
        clock.mark("load_encoder")  # seconds at the first launch, nothing afterwards
    raw: dict[str, Tensor] = {}
    for modality in modalities:
        if modality in features:
            raw[modality] = _given(modality, features[modality])
        elif modality in inputs:
            raw[modality] = _encode(encoder(), modality, inputs[modality], warnings, memory)
            clock.mark(f"encode_{modality}")
        else:
            warnings.append(f"The product has no {modality}; the prediction rests on the rest alone.")
    unread = [modality for modality in inputs if modality not in modalities]
    warnings += [f"This checkpoint does not read {modality}; it was left out." for modality in unread]
    if not raw:
        raise LaunchError(f"Give the product at least one of: {', '.join(modalities)}.")
    for modality, values in raw.items():
        expected = checkpoint.data.features[modality].shape[1]
        if values.shape[1] != expected:
            raise LaunchError(f"The {modality} features must be {expected} numbers, not {values.shape[1]}.")
    return PlannedProduct(raw, warnings)


def _words(text: str, warnings: list[str]) -> str:
    """The text on one line, without what no text can hold."""
    if not isinstance(text, str):
        raise LaunchError("The text must be words; give them as a str.")
    if len(text) > MOST_CHARACTERS:
        raise LaunchError(
            f"The text is {len(text):,} characters long; keep it under {MOST_CHARACTERS:,}. "
            "A title and a few sentences work best."
        )
    whole = whole_characters(text)
    if whole.count("\ufffd") > text.count("\ufffd"):
        warnings.append("The text held bytes that are no characters in UTF-8; each was read as a question mark.")
    return " ".join(whole.split())


def _given(modality: str, features: np.ndarray) -> Tensor:
    """Features (1, d_m) that were computed elsewhere."""
    array = np.asarray(features)
    if array.dtype.kind not in "fiu":
        raise LaunchError(f"The {modality} features must be plain numbers, not {array.dtype}.")
    if array.size == 0:
        raise LaunchError(f"The {modality} features are empty; give those of one product.")
    with np.errstate(over="ignore"):  # said below
        values = torch.from_numpy(array.astype(np.float32)).reshape(-1, array.shape[-1] if array.ndim else 1)
    if len(values) != 1:
        raise LaunchError(f"The {modality} features must be those of one product, not of {len(values):,}.")
    if not bool(torch.isfinite(values).all()):
        raise LaunchError(f"The {modality} features hold numbers that are not finite; give finite ones.")
    return values


def _encode(encoder: Encoder, modality: str, value: Any, warnings: list[str], memory: FeatureMemory) -> Tensor:
    reader = READERS[modality]
    key = memory_key(encoder.identity, modality, reader.key(value))
    known = memory.recall(key)
    if known is None:
        opened = reader.open(value)
        lost = reader.lost(opened, encoder)
        known = torch.from_numpy(encoder.encode(modality, [opened])), lost
        memory.keep(key, *known)
    warnings += known[1]
    return known[0]


def check_encoder(encoder: Encoder, checkpoint: Checkpoint) -> None:
    """Make sure that an encoder gives the features that a checkpoint was trained on.

    Raises:
        EncoderError: it does not.
    """
    expected = checkpoint.encoder_identity
    if expected["name"] == "features" == encoder.identity["name"]:
        return  # features computed elsewhere; their widths are checked at each launch
    for key, value in expected.items():
        # The name may be a path, and the same weights may lie elsewhere; their hash is what counts.
        if key != "name" and encoder.identity.get(key) != value:
            raise EncoderError(
                f"This checkpoint was trained with the encoder {expected['name']}, whose {key} differs from the one "
                "here; install the versions of requirements.txt, or train again."
            )
