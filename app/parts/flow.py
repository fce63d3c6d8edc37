"""The figure of one launch, for the page and for the mailed report: modalities -> experts -> the fused product.

What is drawn is computed here, as values; ``templates/flow.svg`` writes it down. Across, everything is a share of the
figure's width, so that it fits a phone, a desktop and paper; heights are pixels, so that letters keep their size.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from app import words
from app.parts.thought import LABEL, Block, Layout, arrange, flows
from app.theme.palette import colour, hatch
from app.theme.templates import render
from mamex.launch.result import LaunchResult

#: Left and right edges of the three columns of blocks, in hundredths of the width.
LEFT, MIDDLE, RIGHT = (0.0, 3.5), (42.0, 60.0), (96.5, 100.0)
#: Letters stand so far above the block that they name.
_ABOVE = 6.0
#: The line at the bottom in which a flow that is pointed at says what it is.
_SAID = 26.0


@dataclass(frozen=True)
class Filling:
    """What the bands of one modality are filled with; its hatching is "", "/", "x" or "."."""

    colour: str
    hatch: str


@dataclass(frozen=True)
class Box:
    """A rectangle: hundredths of the width across, pixels down. Its fill is a colour; "" for an outline of dots."""

    x: float
    y: float
    width: float
    height: float
    fill: str = ""


@dataclass(frozen=True)
class Band:
    """A ribbon inside its box: its left end is this high and its right end that high, in parts of the box's height."""

    box: Box
    left: tuple[float, float]
    right: tuple[float, float]


@dataclass(frozen=True)
class Stream:
    """What one expert gives: two bands, into the expert and out of it.

    Attributes:
        weight: alpha times the gate weight.
        filling: its number among the figure's fillings; safe in the name of a pattern whatever the modality is called.
        text: what it says when it is pointed at, and to screen readers.
    """

    modality: str
    expert: int
    weight: float
    filling: int
    text: str
    bands: tuple[Band, Band]


@dataclass(frozen=True)
class Label:
    """A line of text that stands on y, the number in it in bold; ``anchor`` is SVG's: start, middle, end."""

    x: float
    y: float
    anchor: str
    text: str
    number: str = ""
    head: bool = False


@dataclass(frozen=True)
class Figure:
    """All of it, in the order in which it is drawn."""

    height: float
    fillings: list[Filling]
    streams: list[Stream]
    boxes: list[Box]
    labels: list[Label]

    @property
    def said_at(self) -> tuple[float, float]:
        """Where a stream that is pointed at says what it is: hundredths across, pixels down."""
        return sum(MIDDLE) / 2, self.height - 8


def flow(result: LaunchResult) -> Markup:
    """The figure as SVG, which needs no script."""
    return render("parts/templates/flow.svg", figure=flow_figure(result))


def flow_figure(result: LaunchResult) -> Figure:
    """What is drawn; the widths of the bands are alpha times the gate weight."""
    layout = arrange(result)
    return Figure(
        height=layout.height + 8 + _SAID,
        fillings=[Filling(colour(modality), hatch(modality)) for modality in result.fusion],
        streams=_streams(result, layout),
        boxes=_boxes(result, layout),
        labels=_labels(result, layout),
    )


def _streams(result: LaunchResult, layout: Layout) -> list[Stream]:
    numbers = {modality: number for number, modality in enumerate(result.fusion)}
    streams = []
    for one in flows(result):
        key = (one.modality, one.expert)
        name = f"{words.capital(words.modality(one.modality))}, {words.expert(one.expert).lower()}"
        into = _band((LEFT[1], MIDDLE[0]), layout.exits[key], layout.experts[key])
        out = _band((MIDDLE[1], RIGHT[0]), layout.experts[key], layout.entries[key])
        text = f"{name}: {words.percent(one.weight)} of the product"
        streams.append(Stream(*key, one.weight, numbers[one.modality], text, (into, out)))
    return streams


def _band(x: tuple[float, float], start: Block, end: Block) -> Band:
    top, bottom = min(start.top, end.top), max(start.bottom, end.bottom)
    height = bottom - top
    left, right = (((block.top - top) / height, (block.bottom - top) / height) for block in (start, end))
    return Band(Box(x[0], top, x[1] - x[0], height), left, right)


def _boxes(result: LaunchResult, layout: Layout) -> list[Box]:
    """The blocks of all three columns; an expert that gives nothing is an outline."""
    given = [(modality, block) for modality, block in layout.modalities.items() if result.routing[modality] is not None]
    return [
        *(_box(LEFT, block, colour(modality)) for modality, block in given),
        *(
            _box(MIDDLE, block, colour(modality) if _share(result, modality, expert) * result.fusion[modality] else "")
            for (modality, expert), block in layout.experts.items()
        ),
        *(_box(RIGHT, entry, colour(modality)) for (modality, _), entry in layout.entries.items()),
    ]


def _box(x: tuple[float, float], block: Block, fill: str) -> Box:
    return Box(x[0], block.top, x[1] - x[0], block.height, fill)


def _labels(result: LaunchResult, layout: Layout) -> list[Label]:
    """The name of each column, and of each block with its number."""
    middle = sum(MIDDLE) / 2
    heads = ((LEFT[0], "start", "What you gave"), (middle, "middle", "Experts"), (RIGHT[1], "end", "Together"))
    labels = [Label(x, LABEL - _ABOVE, anchor, text, head=True) for x, anchor, text in heads]
    for modality, line in layout.captions.items():
        name = words.capital(words.modality(modality))
        given = result.routing[modality] is not None
        text, number = (name, words.percent(result.fusion[modality])) if given else (f"{name}: not given", "")
        labels.append(Label(LEFT[0], line - _ABOVE, "start", text, number))
    for (modality, expert), block in layout.experts.items():
        share = _share(result, modality, expert)
        name = words.expert(expert)
        text, number = (name, words.percent(share)) if share > 0 else (f"{name} rests", "")
        labels.append(Label(middle, block.top - _ABOVE, "middle", text, number))
    return labels


def _share(result: LaunchResult, modality: str, expert: int) -> float:
    """What an expert takes of its modality."""
    routing = result.routing[modality]
    assert routing is not None
    return routing.active[expert]
