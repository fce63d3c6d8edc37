"""MAMEX: every equation of the paper (sections 3.2-3.4) in one file, in the paper's order.

Try it on random features::

    python -c "import torch; from mamex.config import ModelConfig; from mamex.model.paper import ItemTower; \
    tower = ItemTower(ModelConfig(), {'image': 1280, 'text': 384}); \
    print(tower({'image': torch.randn(5, 1280), 'text': torch.randn(5, 384)}).fusion)"

Shapes: N items, M modalities, d_m features of modality m, d embedding, K experts, k active experts, U users. A modality
that an item lacks takes no part: its embedding z_m is zero, its fusion logit is minus infinity, and the remaining
fusion weights sum to one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from mamex.config import ModelConfig
from mamex.model.kernel_components import KernelComponents


@dataclass(frozen=True)
class ItemForward:
    """All that the forward pass computes for N items; the demo shows it, the losses train it."""

    embeddings: Tensor  # (N, d)     e_i, equation 6
    modality_embeddings: Tensor  # (N, M, d)  z_m, equation 3
    fusion: Tensor  # (N, M)     alpha, equation 5; rows sum to 1
    dense_gates: Tensor  # (N, M, K)  g_m over all experts; rows sum to 1
    active_gates: Tensor  # (N, M, K)  top-k of g_m, renormalised to sum 1
    present: Tensor  # (N, M)     which modalities each item has


class ModalityFeatures(nn.Module):
    """Equation 2 after the encoder, for one modality: from its raw features to h_m.

    Args:
        features: number of raw features.
        config: the model's settings.
    """

    center: Tensor

    def __init__(self, features: int, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("center", torch.zeros(features))
        components = config.kernel_components
        self.kernel = KernelComponents(features, components, config.kernel_gamma) if components else None
        self.width = components or features  # d_m

    def scale(self, raw: Tensor) -> Tensor:
        """Raw features (N, F), centred and of unit length."""
        h = raw - self.center if self.config.center else raw
        return functional.normalize(h, dim=-1) if self.config.normalise else h

    def prepare(self, raw: Tensor) -> Tensor:
        """Raw features (N, F) -> h_m (N, d_m), scaled, and bent by the kernel if there is one."""
        return self.scale(raw) if self.kernel is None else self.kernel(self.scale(raw))

    def fit(self, raw: Tensor, seed: int) -> None:
        """Learn the centre and the kernel's components from the training items that have the modality (n, F)."""
        if len(raw):
            self.center.copy_(raw.mean(dim=0))
            if self.kernel is not None:
                self.kernel.fit(self.scale(raw), seed)


class ModalityMixture(ModalityFeatures):
    """Equation 3 for one modality: route its features and mix K linear experts; arguments as of its parent."""

    def __init__(self, features: int, config: ModelConfig) -> None:
        super().__init__(features, config)
        self.gate = nn.Linear(self.width, config.experts)
        self.expert_weight = nn.Parameter(torch.empty(config.experts, self.width, config.dimension))
        self.expert_bias = nn.Parameter(torch.empty(config.experts, config.dimension))
        self.reset()

    def reset(self) -> None:
        """Draw all weights anew from torch's global generator."""
        self.gate.reset_parameters()
        reset_maps(self.expert_weight)
        nn.init.zeros_(self.expert_bias)

    def route(self, h: Tensor) -> tuple[Tensor, Tensor]:
        """Gate of equation 3: h_m (N, d_m) -> dense gate g_m (N, K) and active gate (N, K), k of its entries > 0."""
        dense = self.gate(h).softmax(dim=-1)
        return dense, keep_top(dense, self.config.active_experts)

    def expert_outputs(self, h: Tensor) -> Tensor:
        """Every expert's reading E_m^k(h_m) of every item: (N, d_m) -> (N, K, d)."""
        return torch.einsum("nf,kfd->nkd", h, self.expert_weight) + self.expert_bias

    def forward(self, h: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Equation 3: h_m (N, d_m) -> z_m (N, d), dense gate (N, K), active gate (N, K)."""
        dense, active = self.route(h)
        z = torch.einsum("nk,nkd->nd", active, self.expert_outputs(h))
        return z, dense, active


class ItemTower(nn.Module):
    """Equations 2-6: from the features of an item's modalities to its embedding e_i.

    Table 3's other routers are subclasses; ``mamex.model.routers.item_tower`` makes the tower that a configuration asks
    for.

    Args:
        config: the model's settings.
        dimensions: modality -> number of features d_m; must hold each of ``config.modalities``.
    """

    router: ClassVar[str] = "modality"
    mixture_type: ClassVar[type[ModalityFeatures]] = ModalityMixture

    def __init__(self, config: ModelConfig, dimensions: Mapping[str, int]) -> None:
        super().__init__()
        if config.router != self.router:
            raise ValueError(f"{type(self).__name__} is not the tower of model.router={config.router}")
        self.config = config
        self.mixtures = nn.ModuleDict({m: self.mixture_type(dimensions[m], config) for m in config.modalities})
        width = len(config.modalities) * config.dimension
        layers: list[nn.Module] = []
        if config.fusion_gate == "mlp":
            layers, width = [nn.Linear(width, config.dimension), nn.GELU()], config.dimension
        self.fusion_gate = nn.Sequential(*layers, nn.Linear(width, len(config.modalities)))

    def reset(self) -> None:
        """Draw all weights anew from torch's global generator."""
        for modality in self.config.modalities:
            self.mixture(modality).reset()
        for layer in self.fusion_gate:
            if isinstance(layer, nn.Linear):
                layer.reset_parameters()

    def mixture(self, modality: str) -> ModalityMixture:
        """The experts and the gate of one modality."""
        return cast(ModalityMixture, self.mixtures[modality])

    def gates(self) -> list[tuple[nn.Linear, tuple[str, ...]]]:
        """Every gate of equation 3, with the modalities that it reads."""
        return [(self.mixture(m).gate, (m,)) for m in self.config.modalities]

    def set_maps(self, maps: Mapping[str, Tensor]) -> None:
        """Make all experts of a modality alike, so that e_i = sum over m of h_m maps[m] if fusion weights are equal."""
        for modality in self.config.modalities:
            self.mixture(modality).expert_weight.copy_(maps[modality] * len(maps))

    def scale_maps(self, factor: float) -> None:
        """Multiply what every expert makes of the features (biases aside) by ``factor``."""
        for modality in self.config.modalities:
            self.mixture(modality).expert_weight.mul_(factor)

    @property
    def widths(self) -> dict[str, int]:
        """Modality -> d_m, the number of features that its gate and its experts read."""
        return {m: self.mixture(m).width for m in self.config.modalities}

    def fit_features(self, features: Mapping[str, Tensor], present: Tensor, seed: int) -> None:
        """What equation 2 learns before training: each modality's centre, and its kernel's components.

        Args:
            features: modality -> raw features of the training items (N, F).
            present: (N, M) bool.
            seed: draws what the kernel compares with, where there are very many items.
        """
        for column, modality in enumerate(self.config.modalities):
            self.mixture(modality).fit(features[modality][present[:, column]], seed)

    def scale(self, features: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Raw features of some modalities, centred and of unit length: what likeness of items is measured on."""
        return {m: self.mixture(m).scale(values) for m, values in features.items()}

    def prepare(self, features: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Equation 2 for every modality: raw features -> h_m, (N, d_m) each."""
        return {m: self.mixture(m).prepare(features[m]) for m in self.config.modalities}

    def read(
        self, features: Mapping[str, Tensor], present: Tensor, fusion: Tensor | None = None
    ) -> tuple[dict[str, Tensor], dict[str, Tensor], ItemForward]:
        """Equations 2-6 at once: prepared features, scaled features, and everything.

        Args:
            features: modality -> raw features (N, F).
            present, fusion: as for ``embed``.
        """
        prepared = self.prepare(features)
        return prepared, self.scale(features), self.embed(prepared, present, fusion)

    def forward(self, features: Mapping[str, Tensor], present: Tensor | None = None) -> ItemForward:
        """Raw features -> everything. See ``embed`` for features that are prepared already."""
        return self.embed(self.prepare(features), present)

    def embed(
        self, prepared: Mapping[str, Tensor], present: Tensor | None = None, fusion: Tensor | None = None
    ) -> ItemForward:
        """Equations 3-6 on prepared features.

        Args:
            prepared: modality -> h_m (N, d_m).
            present: (N, M) bool, True where the item has the modality; None if every item has all.
            fusion: weights alpha (N, M) that take the place of equation 5, for asking "what if"; rows sum to 1.
        """
        if present is None:
            first = prepared[self.config.modalities[0]]
            present = torch.ones(len(first), len(self.config.modalities), dtype=torch.bool, device=first.device)
        z, dense, active = self.mix(prepared, present)
        z = torch.where(present.unsqueeze(-1), z, torch.zeros_like(z))
        if fusion is None:
            fusion = self.fuse(z, present)
        return ItemForward(
            embeddings=torch.einsum("nm,nmd->nd", fusion, z),  # equation 6
            modality_embeddings=z,
            fusion=fusion,
            dense_gates=dense,
            active_gates=active,
            present=present,
        )

    def mix(self, prepared: Mapping[str, Tensor], present: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Equation 3 for every modality, missing ones too: z (N, M, d), dense gates and active gates (N, M, K)."""
        outputs = [self.mixture(m)(prepared[m]) for m in self.config.modalities]
        z, dense, active = (torch.stack(parts, dim=1) for parts in zip(*outputs, strict=True))
        return z, dense, active

    def readings(self, prepared: Mapping[str, Tensor], present: Tensor) -> Tensor:
        """E_m^k(h_m) of every modality and expert, (N, M, K, d); its sum over k by the active gates is z_m."""
        return torch.stack([self.mixture(m).expert_outputs(prepared[m]) for m in self.config.modalities], dim=1)

    def fuse(self, z: Tensor, present: Tensor) -> Tensor:
        """Equation 5, alpha = G(z_1 || ... || z_M): (N, M, d) and (N, M) -> fusion weights (N, M)."""
        if self.config.fusion == "average":
            return equal_weights(present).to(z.dtype)
        logits = self.fusion_gate(z.flatten(start_dim=1))
        # An item with no modality at all would have nothing to normalise over; its weights are zeroed below.
        usable = present | ~present.any(dim=-1, keepdim=True)
        logits = logits.masked_fill(~usable, -math.inf)
        weights = sparsemax(logits) if self.config.fusion == "sparsemax" else logits.softmax(dim=-1)
        return weights * present

    def contributions(self, users: Tensor, prepared: Mapping[str, Tensor], items: ItemForward) -> Tensor:
        """The exact split of every score: s_ui = sum over m, k of alpha_m g_m^k (e_u . E_m^k(h_m)).

        Args:
            users: user embeddings e_u (U, d).
            prepared: modality -> h_m (N, d_m) of the items.
            items: what ``embed`` returned for them.

        Returns:
            (U, N, M, K); its sum over M and K is the score ``users @ items.embeddings.T``, equation 9.
        """
        readings = self.readings(prepared, items.present)
        weights = items.fusion.unsqueeze(-1) * items.active_gates  # (N, M, K)
        return torch.einsum("ud,nmkd,nmk->unmk", users, readings, weights)


def equal_weights(present: Tensor) -> Tensor:
    """Plain averaging: the same weight for every modality that an item has, (N, M) bool -> (N, M)."""
    return present / present.sum(dim=-1, keepdim=True).clamp(min=1)


def reset_maps(weight: Tensor) -> None:
    """Draw maps (..., inputs, outputs) from torch's global generator, as torch's Linear does."""
    bound = 1 / math.sqrt(weight.shape[-2])
    nn.init.uniform_(weight, -bound, bound)


def keep_top(gate: Tensor, active: int) -> Tensor:
    """Keep the ``active`` largest entries of each row of a gate (..., K), zero the others, renormalise to sum 1."""
    if active >= gate.shape[-1]:
        return gate
    values, places = gate.topk(active, dim=-1)
    return torch.zeros_like(gate).scatter(-1, places, values / values.sum(dim=-1, keepdim=True))


def sparsemax(logits: Tensor) -> Tensor:
    """Euclidean projection of logits (..., M) onto the simplex: a softmax that can give exact zeros.

    Martins and Astudillo, "From softmax to sparsemax", 2016, algorithm 1. Entries of minus infinity get weight zero;
    each row needs one finite entry.
    """
    # The projection does not change when all logits move alike; this keeps float32 exact where they are large.
    logits = logits - logits.amax(dim=-1, keepdim=True).detach()
    ordered, _ = logits.sort(dim=-1, descending=True)
    ranks = torch.arange(1, logits.shape[-1] + 1, device=logits.device, dtype=logits.dtype)
    total = ordered.cumsum(dim=-1)
    support = (1 + ranks * ordered > total).sum(dim=-1, keepdim=True)  # how many entries stay above zero
    threshold = (total.gather(-1, support - 1) - 1) / support
    return (logits - threshold).clamp(min=0)


def balance_loss(mean: Tensor, direction: str = "paper") -> Tensor:
    """KL divergence between a mean gate (..., C) and the uniform distribution over its C entries.

    Equations 4 and 7 are KL(mean || uniform) = sum p ln(p C), the direction "paper"; "reverse" is KL(uniform || mean).
    """
    classes = mean.shape[-1]
    if direction == "reverse":
        return -(mean.clamp(min=1e-12) * classes).log().mean(dim=-1)
    # Not xlogy: its gradient is NaN at a mean of exactly zero, a modality that no item of the batch has.
    return (mean * (mean.clamp(min=1e-12) * classes).log()).sum(dim=-1)


def adapter_loss(items: ItemForward, direction: str = "paper") -> Tensor:
    """Equation 4, summed over modalities: are all experts of each modality used? Items lacking it don't count."""
    here = items.present.unsqueeze(-1).to(items.dense_gates.dtype)  # (N, M, 1)
    mean = (items.dense_gates * here).sum(dim=0) / here.sum(dim=0).clamp(min=1)  # (M, K)
    used = items.present.any(dim=0)
    return (balance_loss(mean, direction) * used).sum()


def fusion_loss(items: ItemForward, direction: str = "paper") -> Tensor:
    """Equation 7: is every modality used? Only items that have all modalities can tell."""
    complete = items.present.all(dim=-1)
    if not bool(complete.any()):
        return items.fusion.new_zeros(())
    return balance_loss(items.fusion[complete].mean(dim=0), direction)


def alignment_loss(items: ItemForward) -> Tensor:
    """Equation 8: mean over items of the summed squared distances between e_i and each z_m that the item has."""
    distance = (items.embeddings.unsqueeze(1) - items.modality_embeddings).square().sum(dim=-1)  # (N, M)
    return (distance * items.present).sum(dim=-1).mean()


def bpr_loss(positive: Tensor, negative: Tensor) -> Tensor:
    """Equation 10: -ln sigmoid(s_ui - s_uj), averaged over positives (B,) and their negatives (B, S)."""
    return -functional.logsigmoid(positive.unsqueeze(-1) - negative).mean()
