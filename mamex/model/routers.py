"""The other routers of Table 3 and Figure 3: what MAMEX's own routers and own experts are compared with.

======== ======================================= ================================= =================
router   gate                                    experts                           fusion step
======== ======================================= ================================= =================
modality one a modality, reads h_m               K a modality                      equations 5 and 6
shared   one a modality, reads h_m               K common ones                     equations 5 and 6
joint    one, reads all h_m side by side         K common ones, read the same      none
======== ======================================= ================================= =================

All three give the same ``ItemForward``, so losses, explanations and checkpoints know nothing of routers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, cast

import torch
from torch import Tensor, nn

from mamex.config import ModelConfig
from mamex.model.paper import ItemTower, ModalityFeatures, equal_weights, keep_top, reset_maps


def item_tower(config: ModelConfig, dimensions: Mapping[str, int]) -> ItemTower:
    """The item tower that ``config.router`` asks for; see ``ItemTower`` for the arguments."""
    towers: tuple[type[ItemTower], ...] = (ItemTower, SharedExpertsTower, JointRouterTower)
    return next(tower for tower in towers if tower.router == config.router)(config, dimensions)


class ProjectedModality(ModalityFeatures):
    """One modality of ``SharedExpertsTower``: its own gate, and a map P_m to the width that all experts read."""

    def __init__(self, features: int, config: ModelConfig) -> None:
        super().__init__(features, config)
        self.gate = nn.Linear(self.width, config.experts)
        self.projection = nn.Parameter(torch.empty(self.width, config.dimension))  # P_m (d_m, d)

    def reset(self) -> None:
        """Draw all weights anew from torch's global generator."""
        self.gate.reset_parameters()
        reset_maps(self.projection)


class SharedExpertsTower(ItemTower):
    """Table 3's "modality-specific router": a gate for each modality, one common set of experts.

    z_m = sum over k of g_m^k E^k(h_m P_m), where P_m (d_m, d) brings modalities of different widths to one.
    """

    router: ClassVar[str] = "shared"
    mixture_type: ClassVar[type[ModalityFeatures]] = ProjectedModality

    def __init__(self, config: ModelConfig, dimensions: Mapping[str, int]) -> None:
        super().__init__(config, dimensions)
        self.expert_weight = nn.Parameter(torch.empty(config.experts, config.dimension, config.dimension))
        self.expert_bias = nn.Parameter(torch.empty(config.experts, config.dimension))
        self.reset()

    def reset(self) -> None:
        super().reset()
        reset_maps(self.expert_weight)
        nn.init.zeros_(self.expert_bias)

    def modality(self, name: str) -> ProjectedModality:
        """The gate and the projection of one modality."""
        return cast(ProjectedModality, self.mixtures[name])

    def gates(self) -> list[tuple[nn.Linear, tuple[str, ...]]]:
        return [(self.modality(m).gate, (m,)) for m in self.config.modalities]

    def set_maps(self, maps: Mapping[str, Tensor]) -> None:
        """The projections become the maps; every expert starts by passing on what it is given."""
        for name in self.config.modalities:
            self.modality(name).projection.copy_(maps[name] * len(maps))
        self.expert_weight.copy_(torch.eye(self.config.dimension).expand_as(self.expert_weight))

    def scale_maps(self, factor: float) -> None:
        for name in self.config.modalities:
            self.modality(name).projection.mul_(factor)

    def mix(self, prepared: Mapping[str, Tensor], present: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        dense = torch.stack([gate(prepared[m]).softmax(dim=-1) for gate, (m,) in self.gates()], dim=1)
        active = keep_top(dense, self.config.active_experts)
        return torch.einsum("nmk,nmkd->nmd", active, self.readings(prepared, present)), dense, active

    def readings(self, prepared: Mapping[str, Tensor], present: Tensor) -> Tensor:
        projected = torch.stack([prepared[m] @ self.modality(m).projection for m in self.config.modalities], dim=1)
        return torch.einsum("nmf,kfd->nmkd", projected, self.expert_weight) + self.expert_bias


class ExpertBlock(ModalityFeatures):
    """One modality of ``JointRouterTower``: the rows W_m^k of every joint expert's map that read this modality."""

    def __init__(self, features: int, config: ModelConfig) -> None:
        super().__init__(features, config)
        self.expert_weight = nn.Parameter(torch.empty(config.experts, self.width, config.dimension))

    def reset(self) -> None:
        """Draw all weights anew from torch's global generator."""
        reset_maps(self.expert_weight)


class JointRouterTower(ItemTower):
    """Table 3's "joint router": all modalities side by side, one gate, one set of experts, no fusion step.

    e_i = sum over k of g^k E^k(h_1 || ... || h_M) with E^k(h) = sum over m of h_m W_m^k + b^k; a missing modality is
    zero on both sides. The experts being linear, e_i is exactly the mean over the modalities of

        z_m = sum over k of g^k (|M_i| h_m W_m^k + b^k),    |M_i| = how many modalities item i has,

    and that is what is shown and aligned: z_m as a modality's part, 1 / |M_i| as fusion weight whatever
    ``model.fusion`` says, and the one gate beside each modality (equation 4 counts it once for each).
    """

    router: ClassVar[str] = "joint"
    mixture_type: ClassVar[type[ModalityFeatures]] = ExpertBlock

    def __init__(self, config: ModelConfig, dimensions: Mapping[str, int]) -> None:
        super().__init__(config, dimensions)
        self.fusion_gate = nn.Sequential()
        self.gate = nn.Linear(sum(self.widths.values()), config.experts)
        self.expert_bias = nn.Parameter(torch.empty(config.experts, config.dimension))
        self.reset()

    def reset(self) -> None:
        super().reset()
        self.gate.reset_parameters()
        nn.init.zeros_(self.expert_bias)

    def gates(self) -> list[tuple[nn.Linear, tuple[str, ...]]]:
        return [(self.gate, self.config.modalities)]

    def set_maps(self, maps: Mapping[str, Tensor]) -> None:
        """What the modalities say is summed, not weighted."""
        for name in self.config.modalities:
            self.mixture(name).expert_weight.copy_(maps[name])

    def mix(self, prepared: Mapping[str, Tensor], present: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        h = torch.cat([prepared[m] * present[:, i : i + 1] for i, m in enumerate(self.config.modalities)], dim=1)
        gate = self.gate(h).softmax(dim=-1).unsqueeze(1)
        dense, active = (
            weights.expand(-1, present.shape[1], -1) for weights in (gate, keep_top(gate, self.config.active_experts))
        )
        return torch.einsum("nmk,nmkd->nmd", active, self.readings(prepared, present)), dense, active

    def readings(self, prepared: Mapping[str, Tensor], present: Tensor) -> Tensor:
        blocks = [
            torch.einsum("nf,kfd->nkd", prepared[m], self.mixture(m).expert_weight) for m in self.config.modalities
        ]
        count = present.sum(dim=1).view(-1, 1, 1, 1)
        return count * torch.stack(blocks, dim=1) + self.expert_bias

    def fuse(self, z: Tensor, present: Tensor) -> Tensor:
        return equal_weights(present).to(z.dtype)
