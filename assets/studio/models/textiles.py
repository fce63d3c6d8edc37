"""Cushions, blankets, towels and rugs."""

import math

from shapes import add_mesh, box, lathe, pillow, placement, sheet, tube


def cushion(look):
    """Throw pillow leaning back: square, bolster-like or oblong."""
    main = look.main()
    width, depth = look.by_form((1.0, 1.0), (1.0, 1.0), (1.35, 0.8))
    tilt = look.between(62, 78)
    lift = depth / 2 * math.sin(math.radians(tilt))
    pinch = look.by_form(-0.04, 0.08, 0.06)
    pillow(
        width,
        depth,
        look.by_form(0.5, 0.34, 0.36),
        main,
        (0, 0, lift + 0.02),
        (tilt, 0, look.between(-14, 14)),
        pinch,
    )


def blanket(look):
    """Folded throw: a stack of soft layers with fringes."""
    main = look.main()
    layers = look.by_form(3, 4, 2)
    width, depth, thick = 1.2, look.by_form(0.9, 0.9, 0.7), look.by_form(0.13, 0.09, 0.09)
    for n in range(layers):
        z = thick * (n + 0.5)
        box((width, depth, thick * 1.02), (0, 0.01 * n, z), main, thick * 0.48)
    z = thick * layers

    def fold(u, v):
        return z + 0.012 * math.sin(3 * u + 2 * v) + 0.006

    sheet(fold, width * 0.98, depth * 0.96, main, thickness=0.02)
    fringe = look.of("fabric", look.accent)
    for n in range(40):
        x = -width * 0.48 + width * 0.96 * n / 39
        y = -depth / 2
        tube(
            [(x, y + 0.02, z), (x, y - 0.03, z - 0.01), (x + look.between(-0.01, 0.01), y - 0.045, z - 0.14)],
            0.008,
            main if n % 2 else fringe,
            sides=6,
        )


def towel(look):
    """Rolled towels, or a folded stack, with a woven border."""
    main, border = look.main(), look.of("fabric", look.accent)
    if look.angular:
        for n in range(3):
            box((1.0, 0.7, 0.16), (look.between(-0.01, 0.01), 0, 0.08 + 0.16 * n), main, 0.075)
            box((0.06, 0.704, 0.15), (0.32, 0, 0.08 + 0.16 * n), border, 0.07)
        return
    radius = look.by_form(0.2, 0.2, 0.15)
    spots = [(-radius, radius), (radius, radius), (0, radius * 2.7)]
    for x, z in spots:
        spiral = [
            (
                radius * (0.12 + 0.88 * i / 90) * math.cos(i / 90 * 7 * math.pi),
                radius * (0.12 + 0.88 * i / 90) * math.sin(i / 90 * 7 * math.pi),
            )
            for i in range(91)
        ]
        _rolled(spiral, look.by_form(0.9, 0.9, 1.2), (x, 0, z), main)
        lathe(
            [(radius * 1.01, 0), (radius * 1.02, 0.03), (radius * 1.01, 0.06)],
            border,
            (x, -0.3, z),
            rotate=(90, 0, 0),
        )


def _rolled(spiral, length, at, material):
    n = len(spiral)
    vertices = [(x, y, z) for y in (-length / 2, length / 2) for x, z in spiral]
    faces = [(i, i + 1, n + i + 1, n + i) for i in range(n - 1)]
    roll = add_mesh("roll", vertices, faces, material, smooth_angle=80, place=placement(at))
    roll.modifiers.new("thickness", "SOLIDIFY").thickness = 0.022


def rug(look):
    """Flat rug: round, rectangular with a border, or a long runner with fringes."""
    main, border = look.main(), look.of("fabric", look.accent)
    if look.rounded:
        lathe([(0, 0.03), (0.9, 0.03), (0.92, 0.015), (0.92, 0)], main, segments=72)
        lathe([(0.92, 0), (0.99, 0.0), (1.0, 0.02), (0.98, 0.034), (0.91, 0.032)], border, segments=72)
        return
    width, depth = look.by_form(1, 1.7, 2.0), look.by_form(1, 1.15, 0.75)

    def ripple(u, v):
        return 0.03 + 0.006 * math.sin(4 * u + 1.5 * v)

    sheet(ripple, width, depth, main, thickness=0.025)
    if look.angular:
        for y in (-1, 1):
            box((width, 0.05, 0.012), (0, y * (depth / 2 - 0.1), 0.038), border, 0.004)
            box((0.05, depth - 0.2, 0.012), (y * (width / 2 - 0.1), 0, 0.038), border, 0.004)
        return
    for side in (-1, 1):
        for n in range(30):
            y = -depth / 2 + depth * (n + 0.5) / 30
            tube(
                [
                    (side * width / 2, y, 0.02),
                    (side * (width / 2 + 0.12), y + look.between(-0.01, 0.01), 0.006),
                ],
                0.006,
                border,
                curved=False,
                sides=6,
            )
