"""Clocks, hourglasses and picture frames."""

import math

from shapes import ball, box, cylinder, lathe, ring, rounded_rectangle, slab, tube


def _dial(look, radius, at, marks=12):
    """Clock face looking towards -y: plate, hour marks and two hands."""
    x, y, z = at
    dark = look.rng.random() < 0.25
    face, ink = (
        look.of("paper", "black" if dark else "white"),
        look.of("plastic", "white" if dark else "black"),
    )
    cylinder(radius, 0.01, (x, y, z), face, rotate=(90, 0, 0), segments=72)
    for n in range(marks):
        angle = 2 * math.pi * n / marks
        big = n % 3 == 0
        box(
            (0.035 if big else 0.018, 0.006, radius * (0.18 if big else 0.1)),
            (x + 0.84 * radius * math.sin(angle), y - 0.013, z + 0.84 * radius * math.cos(angle)),
            ink,
            0,
            (0, math.degrees(angle), 0),
        )
    hour, minute = look.between(0, 360), look.between(0, 360)
    for turn, length, thick in ((hour, 0.5, 0.045), (minute, 0.76, 0.03)):
        angle = math.radians(turn)
        box(
            (thick * radius * 1.6, 0.008, length * radius),
            (x + length / 2 * radius * math.sin(angle), y - 0.022, z + length / 2 * radius * math.cos(angle)),
            ink,
            0,
            (0, turn, 0),
        )
    ball(0.03 * radius / 0.5, (x, y - 0.025, z), look.of("metal", "yellow"))


def wall_clock(look):
    """Wall clock: round, square, or a sunburst."""
    main, radius = look.main(), 0.5
    if look.angular:
        slab(rounded_rectangle(1.16, 1.16, 0.03), 0.1, main, (0, 0.05, 0), (90, 0, 0), 0.015)
    else:
        lathe(
            [(0, 0), (0.56, 0), (0.58, 0.06), (0.54, 0.12), (0.5, 0.1), (0.5, 0.05)],
            main,
            (0, 0.05, 0),
            rotate=(90, 0, 0),
        )
    _dial(look, radius, (0, -0.03 if not look.angular else -0.05, 0))
    if look.slender:
        for n in range(24):
            angle = 2 * math.pi * n / 24
            reach = 0.82 if n % 2 else 0.72
            tube(
                [
                    (0.55 * math.cos(angle), 0.03, 0.55 * math.sin(angle)),
                    (reach * math.cos(angle), 0.03, reach * math.sin(angle)),
                ],
                [0.022, 0.01],
                main,
                curved=False,
            )


def alarm_clock(look):
    """Bedside alarm clock: twin bells, cube or mantel arch."""
    main, chrome = look.main(), look.of("metal", "grey")
    z = 0.62
    if look.angular:
        box((1.1, 0.45, 1.1), (0, 0, 0.56), main, 0.04)
        _dial(look, 0.44, (0, -0.23, 0.56))
        box((0.35, 0.15, 0.06), (0, 0, 1.13), chrome, 0.02)
        return
    lathe(
        [(0, 0), (0.48, 0), (0.52, 0.05), (0.52, 0.32), (0.48, 0.36), (0.45, 0.33)],
        main,
        (0, 0.18, z),
        rotate=(90, 0, 0),
    )
    _dial(look, 0.45, (0, -0.14, z))
    for side in (-1, 1):
        tube([(side * 0.3, 0, z - 0.38), (side * 0.42, 0, 0)], [0.05, 0.03], chrome, curved=False)
        if look.rounded:
            lathe(
                [(0.2, 0), (0.17, 0.1), (0, 0.15)],
                look.of("metal", "yellow"),
                (side * 0.3, 0, z + 0.46),
                rotate=(0, 33 * side, 0),
            )
    if look.rounded:
        tube([(-0.12, 0, z + 0.5), (0, 0, z + 0.78), (0.12, 0, z + 0.5)], 0.02, chrome)
        ball(0.05, (0, 0, z + 0.62), chrome)
    else:
        ring(0.14, 0.025, (0, 0, z + 0.62), chrome, rotate=(90, 0, 0))
        cylinder(0.05, 0.06, (0, 0, z + 0.48), chrome)


def hourglass(look):
    """Sand timer between two plates and turned posts."""
    main, sand = look.main(), look.of("paper", look.rng.choice(("beige", "white", "pink", "blue")))
    height, radius = look.by_form((1.2, 0.4), (1.2, 0.4), (1.6, 0.34))
    sides = look.by_form(56, look.rng.choice((4, 6)), 56)
    for z in (0, height + 0.08):
        cylinder(radius * 1.25, 0.08, (0, 0, z), main, segments=sides, bevel=0.02)
    middle = 0.08 + height / 2
    bulb = [
        (radius * 0.6, 0.08),
        (radius * 0.86, 0.08 + height * 0.14),
        (radius * 0.6, middle - height * 0.16),
        (0.045, middle),
        (radius * 0.6, middle + height * 0.16),
        (radius * 0.86, 0.08 + height * 0.86),
        (radius * 0.6, 0.08 + height),
    ]
    lathe(bulb, look.of("glass", "white"), curved=True)
    lathe(
        [
            (0, 0.09),
            (radius * 0.6, 0.09),
            (radius * 0.82, 0.08 + height * 0.14),
            (0.02, 0.08 + height * 0.32),
        ],
        sand,
    )
    lathe([(0.02, middle + 0.02), (radius * 0.55, middle + height * 0.16), (0, middle + height * 0.17)], sand)
    for n in range(3):
        angle = 2 * math.pi * n / 3 + 0.5
        x, y = radius * math.cos(angle) * 1.06, radius * math.sin(angle) * 1.06
        tube(
            [
                (x, y, 0.06),
                (x, y, 0.35 * height),
                (x, y, height / 2 + 0.08),
                (x, y, 0.75 * height),
                (x, y, height + 0.1),
            ],
            look.by_form([0.04, 0.025, 0.045, 0.025, 0.04], 0.035, 0.02),
            main,
            curved=False,
        )


def picture_frame(look):
    """Framed abstract print behind a mount."""
    main, paper = look.main(), look.of("paper", "white")
    width, height = look.by_form((1.0, 1.0), (1.25, 0.95), (0.8, 1.25))
    border = look.by_form(0.12, 0.1, 0.05)
    for side in (-1, 1):
        box(
            (width + 2 * border, 0.07, border),
            (0, 0, side * (height + border) / 2),
            main,
            look.by_form(0.035, 0.004, 0.01),
        )
        box(
            (border, 0.07, height + border),
            (side * (width + border) / 2, 0, 0),
            main,
            look.by_form(0.035, 0.004, 0.01),
        )
    box((width, 0.01, height), (0, 0.01, 0), paper, 0)
    w, h = width * 0.66, height * 0.66
    tones = [
        look.of("paper", c) for c in look.rng.sample(("red", "orange", "yellow", "mint", "blue", "navy", "pink"), 4)
    ]
    box((w, 0.006, h), (0, 0.003, 0), look.of("paper", "beige"), 0)
    cylinder(w * 0.2, 0.004, (look.between(-0.2, 0.2) * w, 0.0, 0.2 * h), tones[0], rotate=(90, 0, 0))
    for n, tone in enumerate(tones[1:]):
        level = -0.5 * h + 0.13 * h * (3 - n)
        hill = [
            (w * (t - 0.5), level + 0.1 * h * math.sin(4 * t + 2 * n + look.between(0, 1.5)))
            for t in (i / 24 for i in range(25))
        ]
        outline = [(-w / 2, -h / 2), (w / 2, -h / 2), *reversed(hill)]
        slab(outline, 0.002, tone, (0, -0.003 * (n + 1), 0), (90, 0, 0), 0)
