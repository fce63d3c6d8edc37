"""Lamps and candles."""

import math

from shapes import ball, cylinder, lathe, ring, tube


def _shade(look, radius, top, height, z):
    glow = look.of("glow", look.rng.choice(("white", "beige", look.colour)))
    lathe([(radius, z), (top, z + height), (top - 0.004, z + height), (radius - 0.004, z)], glow)
    for r, level in ((radius, z), (top, z + height)):
        ring(r, 0.004, (0, 0, level), look.of("fabric", "beige"))


def table_lamp(look):
    """Turned foot under a fabric shade."""
    main, height = look.main(), look.by_form(0.28, 0.3, 0.4)
    if look.rounded:
        wide = look.between(0.12, 0.17)
        profile = [
            (0, 0),
            (0.08, 0),
            (wide, height * 0.4),
            (0.06, height * 0.85),
            (0.025, height),
            (0, height),
        ]
        lathe(profile, main, curved=True)
    elif look.angular:
        cylinder(0.11, height, (0, 0, 0), main, top=0.05, segments=look.rng.choice((4, 6)))
    else:
        cylinder(0.1, 0.025, (0, 0, 0), main)
        cylinder(0.018, height, (0, 0, 0.02), main)
    tube([(0, 0, height - 0.02), (0, 0, height + 0.12)], 0.01, look.of("metal", "yellow"), curved=False)
    base = look.between(0.17, 0.22)
    _shade(look, base, base * look.by_form(0.7, 1.0, 0.55), look.between(0.17, 0.24), height + 0.04)


def floor_lamp(look):
    """Tall lamp: drum on a pole, arc, or tripod."""
    main = look.main()
    height = look.between(1.3, 1.5)
    if look.angular:
        for n in range(3):
            angle = 2 * math.pi * n / 3 + 0.4
            tube(
                [(0.32 * math.cos(angle), 0.32 * math.sin(angle), 0), (0, 0, height - 0.1)],
                0.016,
                main,
                curved=False,
            )
    else:
        cylinder(0.16, 0.025, (0, 0, 0), main)
        tube([(0, 0, 0.02), (0, 0, height)], look.by_form(0.02, 0.02, 0.012), main, curved=False)
    base = look.by_form(0.26, 0.22, 0.18)
    _shade(look, base, base * look.by_form(0.65, 1.0, 0.8), look.by_form(0.26, 0.3, 0.36), height - 0.08)


def pendant(look):
    """Hanging lamp: dome, cone or bell on a cable."""
    main, radius = look.main(), look.between(0.2, 0.28)
    height = look.by_form(0.24, 0.22, 0.36)
    radius = radius * look.by_form(1.0, 1.1, 0.6)
    profile = look.by_form(
        [(radius, 0), (radius * 0.93, height * 0.4), (radius * 0.6, height * 0.8), (0.04, height)],
        [(radius, 0), (0.05, height)],
        [(radius, 0), (radius * 0.8, height * 0.15), (radius * 0.62, height * 0.6), (0.04, height)],
    )
    outer = lathe(profile, main, curved=not look.angular)
    outer.modifiers.new("thickness", "SOLIDIFY").thickness = 0.006
    cylinder(0.04, 0.07, (0, 0, height - 0.01), look.of("metal", "yellow"))
    tube([(0, 0, height), (0, 0, height + 0.5)], 0.006, look.of("plastic", "black"), curved=False)
    ball(0.06, (0, 0, 0.06), look.of("glow", "white"))


def candle(look):
    """Pillar, square or taper candles with a small flame."""
    main, wick = look.main(), look.of("paper", "black")
    spots = look.by_form([(0, 0)], [(-0.09, 0.04), (0.09, 0)], [(-0.08, 0.0), (0.0, 0.05), (0.08, 0.0)])
    for x, y in spots:
        height = look.between(0.14, 0.24) * look.by_form(1, 1, 1.8)
        radius = look.by_form(0.06, 0.06, 0.014)
        if look.slender:
            cylinder(0.04, 0.02, (x, y, 0), look.of("metal", "yellow"))
            cylinder(0.02, 0.03, (x, y, 0.02), look.of("metal", "yellow"))
        cylinder(radius, height, (x, y, 0.0), main, segments=4 if look.angular else 48)
        tube([(x, y, height - 0.005), (x + 0.002, y, height + 0.02)], 0.0025, wick, curved=False)
        ball(0.008, (x, y, height + 0.032), look.of("glow", "yellow"), (1, 1, 2.4))
