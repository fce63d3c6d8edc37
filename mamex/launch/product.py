"""Reading a planned product: its picture and words become features, and what was lost is said in words."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch import Tensor

from mamex.checkpoint.checkpoint import Checkpoint
from mamex.encoders import Encoder, load_encoder
from mamex.encoders.memory import FeatureMemory, Remembered, Remembrable
from mamex.errors import EncoderError, LaunchError
from mamex.files.markup import SIGNS, has_markup, without_markup
from mamex.files.pictures.picture import Picture, Source
from mamex.files.words import whole_characters
from mamex.modalities import IMAGE, TEXT, label, one
from mamex.progress import Marks

#: Longer texts are a mistake (a pasted page); encoders read a few hundred words at most.
MOST_CHARACTERS = 20_000


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


class TrainedEncoder:
    """The encoder that a checkpoint was trained with, loaded at first use.

    Args:
        checkpoint: says which one.
        encoder: it, if it is loaded already.

    Raises:
        EncoderError: ``encoder`` is another one.
    """

    def __init__(self, checkpoint: Checkpoint, encoder: Encoder | None = None) -> None:
        self._checkpoint, self._encoder = checkpoint, encoder
        if encoder is not None:
            _check_encoder(encoder, checkpoint)

    def get(self) -> Encoder:
        """The encoder.

        Raises:
            EncoderError: it can't be had here, or its weights are others than those trained with.
        """
        if self._encoder is None:
            encoder = load_encoder(self._checkpoint.encoder_identity["name"])
            _check_encoder(encoder, self._checkpoint)
            self._encoder = encoder
        return self._encoder


class Words:
    """A product's words on their way to the encoder; ``key`` names them."""

    def __init__(self, text: str) -> None:
        self.opened = text
        self.key = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def encode_product(
    checkpoint: Checkpoint,
    encoder: TrainedEncoder,
    image: Source | Picture | None,
    text: str | None,
    features: Mapping[str, np.ndarray],
    marks: Marks,
    memory: FeatureMemory,
) -> PlannedProduct:
    """Raw features of each modality that the product has, and warnings in words.

    Args:
        checkpoint: says which modalities are read.
        encoder: the checkpoint's; loaded only if something must be encoded.
        image, text: as for ``Launcher.launch``.
        features: modality -> features (d_m,) that exist already; they take the place of encoding.
        marks: is told when each modality was read.
        memory: what was encoded before, and is not encoded again.

    Raises:
        LaunchError: no modality that the checkpoint reads was given, the text is too long, or features have the wrong
            length or are no finite numbers.
        PictureError: the picture can't be read.
        EncoderError: the encoder can't be had here.
    """
    warnings: list[str] = []
    words = _words(text, warnings) if text else ""
    inputs: dict[str, Callable[[], Remembrable]] = {}
    if isinstance(image, Picture):
        inputs[IMAGE] = lambda: image
    elif image is not None and image != "":
        inputs[IMAGE] = partial(Picture, image)
    if words:
        inputs[TEXT] = partial(Words, words)
    modalities = list(checkpoint.data.features)
    raw = {modality: _given(modality, features[modality]) for modality in modalities if modality in features}
    encoded: dict[str, Remembered] = {}
    if wanted := [modality for modality in modalities if modality in inputs and modality not in features]:
        loaded = encoder.get()
        marks.append(("load_encoder", time.perf_counter()))  # seconds at the first launch, nothing afterwards
        encoded = memory.read(loaded, {modality: inputs[modality]() for modality in wanted}, marks)
    for modality in modalities:
        if modality in encoded:
            raw[modality] = encoded[modality][0]
            warnings += encoded[modality][1]
        elif modality not in raw:
            warnings.append(f"The product has no {modality}; the prediction rests on the rest alone.")
    unread = [modality for modality in {**inputs, **features} if modality not in modalities]
    warnings += [f"{never_read(modality, checkpoint)}; it was left out." for modality in unread]
    if not raw:
        raise LaunchError(_nothing_read(checkpoint, unread))
    _check_widths(raw, checkpoint)
    return PlannedProduct({modality: raw[modality] for modality in modalities if modality in raw}, warnings)


def never_read(modality: str, checkpoint: Checkpoint) -> str:
    """Why a checkpoint makes nothing of a modality, as the beginning of a sentence."""
    if checkpoint.summary.get("left_out", {}).get(modality) == "alike":
        return f"This checkpoint was trained where the {label(modality)} of all products was the same"
    return f"This checkpoint has never seen {one(modality)}"


def _nothing_read(checkpoint: Checkpoint, unread: list[str]) -> str:
    """What is wrong with a product of which only ``unread`` modalities were given."""
    modalities = list(checkpoint.data.features)
    if not unread:
        return f"Give the product at least one of: {', '.join(modalities)}."
    wanted = " or ".join(map(one, modalities))
    return f"{never_read(unread[0], checkpoint)}, so {one(unread[0])} alone tells it nothing; give it {wanted}."


def _check_widths(raw: Mapping[str, Tensor], checkpoint: Checkpoint) -> None:
    for modality, values in raw.items():
        expected = checkpoint.data.features[modality].shape[1]
        if values.shape[1] != expected:
            raise LaunchError(f"The {modality} features must be {expected} numbers, not {values.shape[1]}.")


def _words(text: str, warnings: list[str]) -> str:
    """The text on one line, without what no text can hold."""
    if not isinstance(text, str):
        raise LaunchError("The text must be words; give them as a str.")
    if len(text) > MOST_CHARACTERS:
        raise LaunchError(
            f"The text is {len(text):,} characters long; keep it under {MOST_CHARACTERS:,}. "
            "A title and a few sentences work best."
        )
    if not SIGNS.isdisjoint(text) and has_markup(text):
        warnings.append("The text held HTML; its tags and entities were taken out before it was read.")
        text = without_markup(text)
    whole = text if text.isascii() else whole_characters(text)
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


def _check_encoder(encoder: Encoder, checkpoint: Checkpoint) -> None:
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
