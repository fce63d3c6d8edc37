"""The shop's colours, by name, as sRGB hex."""

COLOURS = {
    "white": "#ecebe6",
    "black": "#17181a",
    "grey": "#85898c",
    "beige": "#cdb795",
    "brown": "#6b4226",
    "red": "#b3201d",
    "orange": "#dd6a1b",
    "yellow": "#e3b224",
    "green": "#39713f",
    "mint": "#93cbb0",
    "blue": "#2f6fbf",
    "navy": "#1b2b52",
    "pink": "#e08fa3",
    "purple": "#67408c",
}

WOOD_TONES = {"white": "#d9d2c4", "beige": "#c49a63", "brown": "#6a3d1f", "black": "#231c18"}
METAL_TONES = {
    "white": "#d8d8da",
    "grey": "#a9acb0",
    "yellow": "#c9a04a",
    "orange": "#b9714a",
    "black": "#2a2b2e",
}


def linear(hex_colour: str) -> tuple[float, float, float, float]:
    """Convert an sRGB hex colour to the linear RGBA that Cycles expects."""
    channels = (int(hex_colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    rgb = tuple(c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return (*rgb, 1.0)
