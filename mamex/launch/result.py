"""What a launch returns: plain values that print, plot and serialise."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from torch import Tensor

from mamex.files.plain_json import plain
from mamex.launch.product import PlannedProduct
from mamex.model.paper import ItemForward
from mamex.retrieval.catalogue import Neighbour


@dataclass(frozen=True)
class Routing:
    """Gate weights of one modality, one number an expert (K)."""

    dense: list[float]  # softmax over all experts; sums to 1
    active: list[float]  # the top k, renormalised to sum 1; the rest are 0


@dataclass(frozen=True)
class Member:
    """A user in whose top K the product enters, and why."""

    position: int
    user_id: str
    score: float  # s_ui, equation 9
    rank: int  # the place, from 1, that the product takes in the user's list
    threshold: float  # tau_u(K), the score to beat; -inf where the list has room (None in JSON)
    margin: float  # score - threshold, above 0; inf where the list has room (None in JSON)
    contributions: dict[str, list[float]]  # modality -> one number an expert (K); all of them sum to the score
    bought: int  # items the user bought
    alike: list[Neighbour]  # the bought items most like the product


@dataclass(frozen=True)
class Reading:
    """What equations 2-6 made of one product (N = 1)."""

    prepared: dict[str, Tensor]  # modality -> h_m (1, d_m)
    scaled: dict[str, Tensor]  # modality that it has -> what likeness is measured on (1, F)
    forward: ItemForward


@dataclass(frozen=True)
class LaunchResult:
    """All that one forward pass and one audience look-up say about a planned product.

    Attributes:
        routing: modality -> gate weights, None for a modality that the product lacks.
        fusion: modality -> fusion weight alpha; they sum to 1.
        reach: K -> share of users whose top K it enters.
        reach_standing: K -> share of the items on sale whose reach is lower.
        list_length: K of the audience.
        audience_size: users whose top K it enters.
        audience_users: their positions, ascending (audience_size,).
        audience: the members described, highest rank first.
        neighbours: space ("fused" or a modality) -> nearest items on sale, nearest first.
        warnings: what the reader should know, in words.
        timings: stage -> milliseconds.
        embedding: e_i (d,).
        product: the features it was computed from, for asking again with something changed.
        reading: the forward pass.
    """

    routing: dict[str, Routing | None]
    fusion: dict[str, float]
    reach: dict[int, float]
    reach_standing: dict[int, float]
    list_length: int
    audience_size: int
    audience_users: np.ndarray
    audience: list[Member]
    neighbours: dict[str, list[Neighbour]]
    warnings: list[str]
    timings: dict[str, float]
    embedding: np.ndarray
    product: PlannedProduct
    reading: Reading

    def to_json(self) -> dict[str, Any]:
        """The result as JSON values; arrays of all users and of the model's inside are left out."""
        inside = ("audience_users", "embedding", "product", "reading")
        kept = {field.name: plain(getattr(self, field.name)) for field in fields(self) if field.name not in inside}
        for key in ("reach", "reach_standing"):
            kept[key] = {str(length): value for length, value in kept[key].items()}
        return kept
