"""The map of the catalogue as a figure: groups by colour and symbol, found items bold, the new product a star."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go

from app import words
from app.parts.figures import LETTERS, dressed
from app.tabs.catalogue_map.groups import Grouping
from app.theme.palette import INK
from app.theme.plotly_text import bold, lines

HEIGHT = 600
#: More points than this are drawn on the graphics card.
MOST_VECTORS = 3000
#: Points that a browser moves about without stuttering.
MOST_DRAWN = 6000
_STAR = "#D4145A"


@dataclass(frozen=True)
class Point:
    """The new product: its name, where it lies, and the rows of the items nearest to it."""

    name: str
    place: tuple[float, float]
    nearest: Sequence[int]


def map_figure(
    coordinates: np.ndarray,
    positions: np.ndarray,
    titles: Sequence[str],
    grouping: Grouping,
    found: np.ndarray | None = None,
    product: Point | None = None,
    zoom: bool = False,
) -> go.Figure:
    """Draw the map.

    Args:
        coordinates: of the items on sale (C, 2).
        positions: their positions in the dataset (C,), handed to the page with each point.
        titles: their titles (C).
        grouping: their groups.
        found: rows that a search found; the others fade. None if nothing was searched for.
        product: the new product, if there is one.
        zoom: whether dragging zooms; on a phone it would keep the page from scrolling.
    """
    figure = go.Figure()
    drawn = drawn_rows(len(coordinates), found)
    kind = go.Scatter if len(drawn) <= MOST_VECTORS else go.Scattergl
    highlighted = np.isin(drawn, found) if found is not None else None
    for place, group in enumerate(grouping.groups):
        here = grouping.member[drawn] == place
        rows = drawn[here]
        selected = None if highlighted is None else np.flatnonzero(highlighted[here]).tolist()
        figure.add_trace(
            kind(
                x=coordinates[rows, 0].round(2).tolist(),
                y=coordinates[rows, 1].round(2).tolist(),
                mode="markers",
                name=words.text(_short(group.name)),
                text=[lines(_short(titles[row]), _short(group.name)) for row in rows],
                hoverinfo="text",
                customdata=positions[rows].tolist(),
                marker={
                    "color": group.colour,
                    "symbol": group.symbol,
                    "size": 8,
                    "opacity": 0.85,
                    "line": {"width": 0},
                },
                selectedpoints=selected,
                selected={"marker": {"size": 12, "opacity": 1}},
                unselected={"marker": {"opacity": 0.12}},
            )
        )
    if product is not None:
        _add_product(figure, coordinates, product)
    axis = {"visible": False, "fixedrange": not zoom}
    # No common scale of the axes: they have no meaning, and a wide screen is used better.
    return dressed(figure, HEIGHT).update_layout(
        dragmode="zoom" if zoom else False,
        hovermode="closest",
        showlegend=True,
        legend={"orientation": "h", "x": 0, "y": -0.01, "yanchor": "top", "itemsizing": "constant", "font": LETTERS},
        xaxis=axis,
        yaxis=axis,
    )


def _add_product(figure: go.Figure, coordinates: np.ndarray, product: Point) -> None:
    x, y = product.place
    lines_x: list[float | None] = []
    lines_y: list[float | None] = []
    for row in product.nearest:
        lines_x += [x, float(coordinates[row, 0]), None]
        lines_y += [y, float(coordinates[row, 1]), None]
    figure.add_trace(
        go.Scatter(
            x=lines_x,
            y=lines_y,
            mode="lines",
            line={"color": _STAR, "width": 1.6, "dash": "dot"},
            hoverinfo="skip",
            name="its nearest",
        )
    )
    figure.add_trace(
        go.Scatter(
            x=[x],
            y=[y],
            mode="markers",
            marker={"symbol": "star", "size": 24, "color": _STAR, "line": {"width": 1.5, "color": "#FFFFFF"}},
            text=[lines(bold(_short(product.name)), "the new one")],
            hoverinfo="text",
            name="the new one",
        )
    )
    figure.add_annotation(
        x=x, y=y, text=bold(_short(product.name, 28)), showarrow=False, yshift=22,
        font={"size": 14, "color": INK},
    )  # fmt: skip


def drawn_rows(count: int, found: np.ndarray | None, most: int = MOST_DRAWN) -> np.ndarray:
    """The rows that are drawn, ascending: all, or of a large shop what was found and a fixed random part."""
    if count <= most:
        return np.arange(count)
    part = np.random.default_rng(0).choice(count, most, replace=False)
    return np.union1d(part, found[:most] if found is not None else part)


def _short(text: str, most: int = 60) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
