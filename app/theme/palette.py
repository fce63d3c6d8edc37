"""Colours and hatchings of the modalities: told apart without colour too."""

from __future__ import annotations

from mamex.modalities import AUDIO, IMAGE, TEXT

#: Okabe and Ito's blue, vermillion and green, darkened until white text on them has a contrast of 4.5.
COLOURS = {IMAGE: "#0068A6", TEXT: "#B54A00", AUDIO: "#00765A"}
#: Plotly's and SVG's hatchings, so that no modality is known by its colour alone.
HATCHES = {IMAGE: "", TEXT: "/", AUDIO: "x"}
_OTHERS = ("#7A4FA3", "#5B6470", "#8A6D00")

#: The figures' text and lines: mid-tones that either mode can read; the page's CSS finds text by this very colour and
#: gives it the mode's own.
INK = "#6B7281"
FAINT = "#9AA1AC"
CLEAR = "rgba(0,0,0,0)"


def colour(modality: str) -> str:
    """A modality's colour; those without one of their own get one by their name."""
    return COLOURS.get(modality) or _OTHERS[sum(modality.encode()) % len(_OTHERS)]


def hatch(modality: str) -> str:
    """A modality's hatching, "" for solid."""
    return HATCHES.get(modality, ".")


def faded(hexadecimal: str, opacity: float) -> str:
    """``#0068A6`` -> ``rgba(0,104,166,0.4)``."""
    red, green, blue = (int(hexadecimal[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
