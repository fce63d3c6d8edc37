"""Where everything stands in the picture of one launch: modalities on the left, experts, the fused product.

All heights are pixels. One product is ``SCALE`` pixels tall; a modality takes alpha of them, an expert alpha times its
gate weight, so that whatever flows in flows out.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mamex.launch.result import LaunchResult

SCALE = 170.0
LABEL = 20.0  # the line of text above a block
GAP = 7.0  # between experts
GROUP_GAP = 22.0  # between modalities
RESTING = 7.0  # the height of an expert that is not used
TOP = 26.0  # the line of column headings


@dataclass(frozen=True)
class Flow:
    """What one expert of one modality gives to the product: alpha times its gate weight."""

    modality: str
    expert: int
    weight: float


@dataclass(frozen=True)
class Block:
    """A box of the picture: its top edge and height."""

    top: float
    height: float

    @property
    def bottom(self) -> float:
        return self.top + self.height


@dataclass
class Layout:
    """All boxes; ``exits`` and ``entries`` are where each flow leaves its modality and enters the product."""

    height: float = 0.0
    modalities: dict[str, Block] = field(default_factory=dict)
    captions: dict[str, float] = field(default_factory=dict)  # the line of each modality's name
    experts: dict[tuple[str, int], Block] = field(default_factory=dict)
    exits: dict[tuple[str, int], Block] = field(default_factory=dict)
    entries: dict[tuple[str, int], Block] = field(default_factory=dict)
    product: Block = Block(0.0, 0.0)


def flows(result: LaunchResult) -> list[Flow]:
    """All flows above 0, in the order of modalities and experts; they add up to 1."""
    return [
        Flow(modality, expert, result.fusion[modality] * share)
        for modality, routing in result.routing.items()
        if routing is not None
        for expert, share in enumerate(routing.active)
        if result.fusion[modality] * share > 0
    ]


def arrange(result: LaunchResult) -> Layout:
    """Put every box in its place."""
    layout = Layout()
    weights = {(flow.modality, flow.expert): flow.weight for flow in flows(result)}
    y = TOP
    for modality, routing in result.routing.items():
        top = y
        # At the top of the group, where the bands have not yet climbed to.
        layout.captions[modality] = y + LABEL
        for expert in range(len(routing.active) if routing else 0):
            height = max(weights.get((modality, expert), 0.0) * SCALE, 0.0)
            layout.experts[modality, expert] = Block(y + LABEL, height or RESTING)
            y += LABEL + (height or RESTING) + GAP
        if routing is None:
            y += LABEL + RESTING + GAP
        height = result.fusion[modality] * SCALE
        layout.modalities[modality] = Block((top + y - GAP + LABEL) / 2 - height / 2, height)
        y += GROUP_GAP
    layout.height = y - GROUP_GAP
    layout.product = Block((TOP + layout.height + LABEL) / 2 - SCALE / 2, SCALE)
    _stack(layout, weights)
    return layout


def _stack(layout: Layout, weights: dict[tuple[str, int], float]) -> None:
    """Pile the flows on each other where they leave a modality and where they enter the product."""
    entry = layout.product.top
    leaving = {modality: block.top for modality, block in layout.modalities.items()}
    for key, weight in weights.items():
        height = weight * SCALE
        layout.exits[key] = Block(leaving[key[0]], height)
        layout.entries[key] = Block(entry, height)
        leaving[key[0]] += height
        entry += height
