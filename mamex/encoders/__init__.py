"""Encoders E_m of equation 2: what turns pictures, words and anything else into features."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mamex.encoders.base import Encoder
from mamex.encoders.precomputed import PrecomputedFeatures

if TYPE_CHECKING:
    import torch

__all__ = ["Encoder", "PrecomputedFeatures", "load_encoder"]


def load_encoder(name: str, folder: Path | None = None, device: torch.device | None = None) -> Encoder:
    """Load an encoder by name.

    Args:
        name: ``compact`` (the default, no download), ``features`` (arrays in the dataset folder), or an open_clip model
            as ``MODEL/TAG`` or ``MODEL/PATH-TO-WEIGHTS``.
        folder: the dataset folder; only ``features`` reads it.
        device: where the towers run; the CPU if None.

    Raises:
        EncoderError: there is no such encoder, or its weights can't be had here.
    """
    if name == "features":
        return PrecomputedFeatures(folder)
    # open_clip and transformers take seconds to import; commands that encode nothing should not wait for them.
    import torch

    device = device or torch.device("cpu")
    if name == "compact":
        from mamex.encoders.compact import load_compact

        return load_compact(device)
    from mamex.encoders.openclip import load_open_clip

    return load_open_clip(name, device)
