"""What every encoder offers: equation 2 of the paper, h_m = E_m(x_m), before centring."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np


class Encoder(ABC):
    """Turns raw inputs of each modality into feature vectors.

    Attributes:
        identity: what names this encoder for good: its name, a hash of its weights, its dimensions, its context
            length and its preprocessing. A checkpoint stores it and refuses any other.
        dimensions: modality name -> number of features d_m, in the order in which modalities are fused.
    """

    identity: dict[str, Any]
    dimensions: dict[str, int]

    @abstractmethod
    def encode(self, modality: str, inputs: Sequence[Any]) -> np.ndarray:
        """Encode a batch of inputs of one modality.

        Args:
            modality: a key of ``dimensions``.
            inputs: RGB ``PIL.Image`` pictures for ``IMAGE``, strings for ``TEXT``.

        Returns:
            float32 array (len(inputs), d_m).

        Raises:
            EncoderError: this encoder does not read that modality.
        """

    def stored_features(self, folder: Path, item_ids: Sequence[str], modality: str) -> np.ndarray | None:
        """Features (len(item_ids), d_m) that exist already, NaN rows where missing; None if they must be encoded."""
        return None

    def tokens_cut(self, text: str) -> int:
        """How many tokens at the end of ``text`` the encoder does not read (0 if it reads all)."""
        return 0

    def unknown_share(self, texts: Sequence[str]) -> np.ndarray:
        """(n,) of each text the share that the encoder has no words for, 0 to 1; 0 where it can't tell."""
        return np.zeros(len(texts))

    @property
    def context_length(self) -> int | None:
        """Number of tokens read at most, or None where there is no limit."""
        return self.identity.get("context_length")
