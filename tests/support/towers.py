"""Item towers of any shape, items for them, and forward passes of hand-set parts."""

import torch
from hypothesis import strategies as st

from mamex.config import ModelConfig
from mamex.model.paper import ItemForward, ItemTower
from tests.support.shops.builders import raw_model

MODALITIES = ("image", "text", "audio")


def make_tower(config: ModelConfig, seed: int = 0, width: int = 5) -> tuple[ItemTower, dict[str, int]]:
    """A tower in double precision, every parameter and centre random, so that no term hides behind a zero."""
    generator = torch.Generator().manual_seed(seed)
    dimensions = {modality: width + place for place, modality in enumerate(config.modalities)}
    tower = ItemTower(config, dimensions).double()
    for tensor in [*tower.parameters(), *tower.buffers()]:
        tensor.data.copy_(torch.randn(tensor.shape, generator=generator, dtype=torch.float64))
    return tower, dimensions


def random_items(dimensions: dict[str, int], n: int, seed: int) -> dict[str, torch.Tensor]:
    generator = torch.Generator().manual_seed(seed + 1000)
    return {m: torch.randn(n, d, generator=generator, dtype=torch.float64) for m, d in dimensions.items()}


@st.composite
def towers(draw):
    """A tower of any shape, items for it, and which modalities each item has (in some items, none)."""
    modalities = MODALITIES[: draw(st.integers(1, 3))]
    experts = draw(st.integers(1, 5))
    config = raw_model(
        modalities=modalities,
        dimension=draw(st.integers(1, 4)),
        experts=experts,
        active_experts=draw(st.integers(1, experts)),
        fusion=draw(st.sampled_from(["sparsemax", "softmax"])),
        fusion_gate=draw(st.sampled_from(["linear", "mlp"])),
        center=draw(st.booleans()),
        normalise=draw(st.booleans()),
    )
    seed, n = draw(st.integers(0, 10_000)), draw(st.integers(1, 6))
    tower, dimensions = make_tower(config, seed)
    row = st.lists(st.booleans(), min_size=len(modalities), max_size=len(modalities))
    present = torch.tensor(draw(st.lists(row, min_size=n, max_size=n)))
    return tower, random_items(dimensions, n, seed), present


def forward_of(**parts) -> ItemForward:
    """An ItemForward of hand-set parts; what a test doesn't name is left empty."""
    empty = dict.fromkeys(
        ("embeddings", "modality_embeddings", "fusion", "dense_gates", "active_gates", "present"),
        torch.empty(0),
    )
    return ItemForward(**(empty | parts))
