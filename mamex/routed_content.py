"""How alike two items are to a mixture of experts: the kernel of equation 3 with its gates held fixed.

A mixture of K linear experts under fixed gates is one linear map on the features (g^1 h_m, ..., g^K h_m). If every
expert is a shared map plus a difference of its own, and both are kept small (multi-task ridge: Evgeniou and Pontil,
"Regularized multi-task learning", 2004), what it can learn is given by the products

    k(x, y) = sum over m of  w_m^2 (h_m(x) . h_m(y)) (SHARED + (1 - SHARED) (g_m(x) . g_m(y)) / s_m)  /  sum of w_m^2

with s_m the mean of g_m(x) . g_m(x). Two items count as alike if they look alike and the same experts read them; that
is what makes the mixture more than a linear map.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

#: Share of what the experts of a modality learn that they learn together.
SHARED = 0.3


class RoutedContent:
    """The features of all items, the active gates that read them, and the items that ridge is computed from.

    Args:
        features: modality -> h_m (n_items, d_m), rows of zeros where the item lacks the modality.
        gates: modality -> active gate (n_items, K), rows summing to 1.
        weights: w_m (M,), in the order of ``features``.
        rows: (R,) positions of the items that ridge is computed from.
    """

    def __init__(
        self, features: Mapping[str, Tensor], gates: Mapping[str, Tensor], weights: Tensor, rows: Tensor
    ) -> None:
        self._features, self._gates, self._rows = features, gates, rows
        shares = weights.square() / weights.square().sum()
        self._shares = dict(zip(features, shares.tolist(), strict=True))
        self._sizes = {m: self._gate_size(m) for m in features}

    def _gate_size(self, modality: str) -> float:
        """s_m over the rows that have the modality; 1, which nothing depends on, if none has."""
        here = self._rows[self._features[modality][self._rows].any(dim=1)]
        return float(self._gates[modality][here].square().sum(dim=1).mean()) if len(here) else 1.0

    def kernel(self, positions: Tensor) -> Tensor:
        """k(x, y) between the items at ``positions`` (N,) and those at ``rows``: (N, R)."""
        total = torch.zeros(len(positions), len(self._rows))
        for m, h in self._features.items():
            gate = self._gates[m]
            routing = gate[positions] @ gate[self._rows].T
            routing.mul_((1 - SHARED) / self._sizes[m]).add_(SHARED)
            total.addcmul_(h[positions] @ h[self._rows].T, routing, value=self._shares[m])
        return total

    def expert_maps(self, coefficients: Tensor) -> dict[str, Tensor]:
        """The experts whose mixture, summed over the modalities, is ``kernel(x) @ coefficients``.

        Args:
            coefficients: (R, d).

        Returns:
            Modality -> (K, d_m, d).
        """
        maps = {}
        for m, h in self._features.items():
            read, gate = h[self._rows].T, self._gates[m][self._rows]
            own = torch.stack([read @ (by_expert.unsqueeze(1) * coefficients) for by_expert in gate.T])
            maps[m] = self._shares[m] * (SHARED * (read @ coefficients) + (1 - SHARED) / self._sizes[m] * own)
        return maps

    def embed(self, maps: Mapping[str, Tensor]) -> Tensor:
        """What the mixtures of ``maps``, as of ``expert_maps``, make of all items: (n_items, d)."""
        total = torch.zeros(())
        for m, h in self._features.items():
            for by_expert, expert in zip(self._gates[m].T, maps[m], strict=True):
                total = total + by_expert.unsqueeze(1) * (h @ expert)
        return total
