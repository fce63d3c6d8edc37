"""Fusion weights that a person chose in the place of equation 5."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from mamex.errors import LaunchError


def with_share(fusion: Mapping[str, float], given: list[str], modality: str, share: float) -> dict[str, float] | None:
    """Give one modality a share of the product; the others keep their proportions among themselves.

    Args:
        fusion: modality -> the model's own weight alpha.
        given: the modalities that the product has.
        modality: which of them gets ``share``.
        share: 0 to 1.

    Returns:
        modality -> weight, sum 1; None where there is nothing to choose, because the product lacks the modality or has
        no other. Where the model gave all others nothing, they share equally.

    Raises:
        LaunchError: ``share`` is not between 0 and 1.
    """
    if not 0 <= share <= 1:
        raise LaunchError("A share is a number between 0 and 1.")
    others = [name for name in given if name != modality]
    if modality not in given or not others:
        return None
    total = sum(fusion[name] for name in others)
    rest = {name: fusion[name] / total if total > 0 else 1 / len(others) for name in others}
    return {modality: share, **{name: (1 - share) * part for name, part in rest.items()}}


@dataclass(frozen=True)
class Change:
    """What was done to a product beside its picture and words.

    Attributes:
        removed: modalities that were taken away.
        modality: whose share of the product is forced.
        share: that share, 0 to 1; None lets the model decide.
    """

    removed: tuple[str, ...] = ()
    modality: str = ""
    share: float | None = None
