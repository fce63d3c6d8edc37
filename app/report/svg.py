"""The report's figure as plain SVG, so that the file needs no script: the same layout as the page's own figure."""

from __future__ import annotations

from html import escape

from app import words
from app.parts.thought import LABEL, Block, Layout, arrange, flows
from app.theme.palette import HATCHES, colour
from mamex.launch.result import LaunchResult

WIDTH = 760
#: Left and right edges of the three columns of blocks.
LEFT, MIDDLE, RIGHT = (0.0, 26.0), (320.0, 440.0), (734.0, 760.0)


def thought_svg(result: LaunchResult) -> str:
    """Modalities -> experts -> fused product; the widths of the bands are alpha times the gate weight."""
    layout = arrange(result)
    parts = [_patterns(result)]
    for flow in flows(result):
        key, fill = (flow.modality, flow.expert), f"url(#band-{_place(result, flow.modality)})"
        expert = layout.experts[key]
        text = (
            f"{words.capital(words.modality(flow.modality))}, {words.expert(flow.expert).lower()}: "
            f"{words.percent(flow.weight)} of the product"
        )
        parts.append(_band((LEFT[1], MIDDLE[0]), layout.exits[key], expert, fill, text))
        parts.append(_band((MIDDLE[1], RIGHT[0]), expert, layout.entries[key], fill, text))
    parts += [*_modalities(result, layout), *_experts(result, layout)]
    parts += [_box(RIGHT, entry, colour(modality)) for (modality, _), entry in layout.entries.items()]
    middle = sum(MIDDLE) / 2
    heads = ((0.0, "start", "What you gave"), (middle, "middle", "Experts"), (float(WIDTH), "end", "Together"))
    parts += [_text(x, LABEL - 6, text, anchor, bold=True) for x, anchor, text in heads]
    label = "How the product was read; the table below has the numbers"
    box = f"0 0 {WIDTH} {layout.height + 8:.0f}"
    return f'<svg viewBox="{box}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _place(result: LaunchResult, modality: str) -> int:
    """A modality's number, safe in the name of a pattern whatever the modality is called."""
    return list(result.fusion).index(modality)


def _patterns(result: LaunchResult) -> str:
    """One filling a modality: its colour, faded, with its own hatching."""
    patterns = []
    for modality in result.fusion:
        fill = colour(modality)
        lines = f'<path d="M0 8 8 0" stroke="{fill}" stroke-width="1.4"/>' if HATCHES.get(modality, ".") else ""
        patterns.append(
            f'<pattern id="band-{_place(result, modality)}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<rect width="8" height="8" fill="{fill}" fill-opacity=".45"/>{lines}</pattern>'
        )
    return f"<defs>{''.join(patterns)}</defs>"


def _band(x: tuple[float, float], start: Block, end: Block, fill: str, text: str) -> str:
    """A ribbon from one block to another, flat at both ends, as wide as the blocks are tall."""
    half = (x[0] + x[1]) / 2
    path = (
        f"M{x[0]:.1f} {start.top:.1f}C{half:.1f} {start.top:.1f} {half:.1f} {end.top:.1f} {x[1]:.1f} {end.top:.1f}"
        f"V{end.bottom:.1f}C{half:.1f} {end.bottom:.1f} {half:.1f} {start.bottom:.1f} {x[0]:.1f} {start.bottom:.1f}Z"
    )
    return f'<path d="{path}" fill="{fill}"><title>{escape(text)}</title></path>'


def _modalities(result: LaunchResult, layout: Layout) -> list[str]:
    parts = []
    for modality, block in layout.modalities.items():
        name = words.capital(words.modality(modality))
        if result.routing[modality] is None:
            text = f"{name}: not given"
        else:
            parts.append(_box(LEFT, block, colour(modality)))
            text = f"{name} {words.percent(result.fusion[modality])}"
        parts.append(_text(0, layout.captions[modality] - 6, text, "start"))
    return parts


def _experts(result: LaunchResult, layout: Layout) -> list[str]:
    parts = []
    for (modality, expert), block in layout.experts.items():
        routing = result.routing[modality]
        assert routing is not None
        share = routing.active[expert]
        used = share > 0 and result.fusion[modality] > 0
        parts.append(_box(MIDDLE, block, colour(modality) if used else None))
        text = f"{words.expert(expert)} {words.percent(share) if share > 0 else 'rests'}"
        parts.append(_text(sum(MIDDLE) / 2, block.top - 5, text, "middle"))
    return parts


def _box(x: tuple[float, float], block: Block, fill: str | None) -> str:
    """A block; one without a fill is an outline of dots."""
    look = f'fill="{fill}"' if fill else 'fill="none" stroke="#8A8F98" stroke-dasharray="2 3"'
    return f'<rect x="{x[0]}" y="{block.top:.1f}" width="{x[1] - x[0]:.1f}" height="{block.height:.1f}" {look}/>'


def _text(x: float, y: float, text: str, anchor: str, bold: bool = False) -> str:
    weight = ' font-weight="700"' if bold else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{weight}>{escape(text)}</text>'
