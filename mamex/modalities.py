"""The one list of the modalities that MAMEX knows by name: what each is called, and where an item keeps it.

A checkpoint may read any number of others, as arrays of features that were computed elsewhere; how a source of one of
these becomes features is written in ``mamex.encoders.modalities``.
"""

from __future__ import annotations

from dataclasses import dataclass

IMAGE, TEXT, AUDIO = "image", "text", "audio"


@dataclass(frozen=True)
class Modality:
    """One modality.

    Attributes:
        name: in settings, checkpoints and results.
        label: what a person calls it.
        one: what an item has that has it, "a picture" say.
        columns: of ``items.csv`` from which an item's source is read; none if only arrays of features are.
    """

    name: str
    label: str
    one: str
    columns: tuple[str, ...] = ()


#: By name, in the order in which they are fused unless the settings say otherwise.
MODALITIES = {
    modality.name: modality
    for modality in (
        Modality(IMAGE, "picture", "a picture", ("image",)),
        Modality(TEXT, "words", "words", ("title", "description")),
        Modality(AUDIO, "sound", "sound"),
    )
}
#: Where an item's picture lies is written in this column.
(PICTURE_COLUMN,) = MODALITIES[IMAGE].columns
TEXT_COLUMNS = MODALITIES[TEXT].columns


def label(name: str) -> str:
    """``image`` -> ``picture``; an unknown modality keeps its name."""
    return MODALITIES[name].label if name in MODALITIES else name


def one(name: str) -> str:
    """``image`` -> ``a picture``; an unknown modality keeps its name."""
    return MODALITIES[name].one if name in MODALITIES else name
