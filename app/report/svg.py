"""The report's figure as plain SVG, so that the file needs no script: the same layout as the page's own figure."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from app import words
from app.parts.thought import LABEL, Block, Layout, arrange, flows
from app.theme.palette import HATCHES, colour
from app.theme.templates import render
from mamex.launch.result import LaunchResult

WIDTH = 760
#: Left and right edges of the three columns of blocks.
LEFT, MIDDLE, RIGHT = (0.0, 26.0), (320.0, 440.0), (734.0, 760.0)


@dataclass(frozen=True)
class Filling:
    """What the bands of one modality are filled with."""

    colour: str
    hatched: bool


@dataclass(frozen=True)
class Band:
    """A ribbon: its outline, the number of its filling, and what it says."""

    path: str
    filling: int
    text: str


@dataclass(frozen=True)
class Box:
    """A block as it is drawn; one without a fill is an outline of dots."""

    x: str
    y: str
    width: str
    height: str
    fill: str


@dataclass(frozen=True)
class Label:
    """A line of text."""

    x: str
    y: str
    anchor: str
    text: str
    bold: bool = False


def thought_svg(result: LaunchResult) -> Markup:
    """Modalities -> experts -> fused product; the widths of the bands are alpha times the gate weight."""
    layout = arrange(result)
    return render(
        "report/flow.svg",
        width=WIDTH,
        height=f"{layout.height + 8:.0f}",
        fillings=[Filling(colour(modality), bool(HATCHES.get(modality, "."))) for modality in result.fusion],
        bands=_bands(result, layout),
        boxes=_boxes(result, layout),
        labels=_labels(result, layout),
    )


def _bands(result: LaunchResult, layout: Layout) -> list[Band]:
    """Two a flow: into its expert, and out of it."""
    # A number is safe in the name of a pattern whatever the modality is called.
    numbers = {modality: number for number, modality in enumerate(result.fusion)}
    bands = []
    for flow in flows(result):
        key, number = (flow.modality, flow.expert), numbers[flow.modality]
        expert = layout.experts[key]
        text = (
            f"{words.capital(words.modality(flow.modality))}, {words.expert(flow.expert).lower()}: "
            f"{words.percent(flow.weight)} of the product"
        )
        bands.append(Band(_ribbon((LEFT[1], MIDDLE[0]), layout.exits[key], expert), number, text))
        bands.append(Band(_ribbon((MIDDLE[1], RIGHT[0]), expert, layout.entries[key]), number, text))
    return bands


def _ribbon(x: tuple[float, float], start: Block, end: Block) -> str:
    """From one block to another, flat at both ends, as wide as the blocks are tall."""
    half = (x[0] + x[1]) / 2
    return (
        f"M{x[0]:.1f} {start.top:.1f}C{half:.1f} {start.top:.1f} {half:.1f} {end.top:.1f} {x[1]:.1f} {end.top:.1f}"
        f"V{end.bottom:.1f}C{half:.1f} {end.bottom:.1f} {half:.1f} {start.bottom:.1f} {x[0]:.1f} {start.bottom:.1f}Z"
    )


def _boxes(result: LaunchResult, layout: Layout) -> list[Box]:
    """The blocks of all three columns."""
    given = [(m, block) for m, block in layout.modalities.items() if result.routing[m] is not None]
    return [
        *(_box(LEFT, block, colour(modality)) for modality, block in given),
        *(
            _box(MIDDLE, block, colour(modality) if _share(result, modality, expert) * result.fusion[modality] else "")
            for (modality, expert), block in layout.experts.items()
        ),
        *(_box(RIGHT, entry, colour(modality)) for (modality, _), entry in layout.entries.items()),
    ]


def _box(x: tuple[float, float], block: Block, fill: str) -> Box:
    return Box(f"{x[0]}", f"{block.top:.1f}", f"{x[1] - x[0]:.1f}", f"{block.height:.1f}", fill)


def _labels(result: LaunchResult, layout: Layout) -> list[Label]:
    """The name of each block, and of each column."""
    middle = sum(MIDDLE) / 2
    labels = []
    for modality, line in layout.captions.items():
        name = words.capital(words.modality(modality))
        missing = result.routing[modality] is None
        text = f"{name}: not given" if missing else f"{name} {words.percent(result.fusion[modality])}"
        labels.append(_label(0.0, line - 6, "start", text))
    for (modality, expert), block in layout.experts.items():
        share = _share(result, modality, expert)
        text = f"{words.expert(expert)} {words.percent(share) if share > 0 else 'rests'}"
        labels.append(_label(middle, block.top - 5, "middle", text))
    heads = ((0.0, "start", "What you gave"), (middle, "middle", "Experts"), (float(WIDTH), "end", "Together"))
    return labels + [_label(x, LABEL - 6, anchor, text, bold=True) for x, anchor, text in heads]


def _label(x: float, y: float, anchor: str, text: str, bold: bool = False) -> Label:
    return Label(f"{x:.1f}", f"{y:.1f}", anchor, text, bold)


def _share(result: LaunchResult, modality: str, expert: int) -> float:
    """What an expert takes of its modality."""
    routing = result.routing[modality]
    assert routing is not None
    return routing.active[expert]
