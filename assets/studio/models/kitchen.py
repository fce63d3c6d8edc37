"""Pans, kettles, boards and mills."""

import math

from shapes import ball, box, cylinder, lathe, ring, rounded_rectangle, slab, tube


def frying_pan(look):
    """Shallow pan with one long handle."""
    main, inside = look.main(), look.of("plastic", "black" if look.colour != "black" else "grey")
    radius, height = look.by_form(0.6, 0.58, 0.5), look.by_form(0.2, 0.15, 0.12)
    lathe([(0, 0), (radius * 0.8, 0), (radius * 0.84, 0.015), (radius, height), (radius - 0.02, height)], main)
    lathe([(radius - 0.02, height), (radius * 0.8, 0.035), (0, 0.03)], inside)
    grip = look.of("wood", "brown") if look.rounded else look.of("plastic", "black")
    tube(
        [(radius * 0.93, 0, height * 0.75), (radius + 0.18, 0, height + 0.06)],
        0.032,
        look.of("metal", "grey"),
        curved=False,
    )
    tube(
        [
            (radius + 0.15, 0, height + 0.05),
            (radius + 0.5, 0, height + 0.14),
            (radius + 0.95, 0, height + 0.17),
        ],
        [0.04, 0.055, 0.045],
        grip,
    )


def kettle(look):
    """Stove kettle with an arched handle and a short spout."""
    main, dark = look.main(), look.of("wood", "brown") if look.rounded else look.of("plastic", "black")
    radius, height = look.by_form(0.56, 0.55, 0.42), look.by_form(0.66, 0.6, 0.85)
    profile = look.by_form(
        [
            (0, 0),
            (radius * 0.85, 0),
            (radius, height * 0.3),
            (radius * 0.7, height * 0.8),
            (radius * 0.3, height),
            (0, height),
        ],
        [(0, 0), (radius, 0), (radius * 0.55, height), (0, height)],
        [(0, 0), (radius, 0), (radius * 0.95, height * 0.5), (radius * 0.6, height * 0.9), (0, height)],
    )
    lathe(profile, main, curved=not look.angular)
    lathe([(radius * 0.36, height - 0.03), (radius * 0.3, height + 0.05), (0, height + 0.07)], look.plain())
    ball(0.06, (0, 0, height + 0.12), dark)
    tube(
        [
            (radius * 0.7, 0, height * 0.5),
            (radius + 0.12, 0, height * 0.72),
            (radius + 0.28, 0, height * 1.02),
        ],
        [0.11, 0.08, 0.055],
        look.plain(),
    )
    arch = [
        (radius * 0.66 * math.cos(a), 0, height * 0.82 + 0.55 * math.sin(a))
        for a in (math.pi * i / 12 for i in range(13))
    ]
    tube(arch, 0.025, look.of("metal", "grey"))
    tube(arch[3:10], 0.05, dark)


def cutting_board(look):
    """Chopping board leaning back, with a handle, a juice groove or both, and some food."""
    main = look.main()
    width, height = look.by_form((0.9, 0.9), (1.2, 0.85), (0.6, 1.2))
    outline = rounded_rectangle(width, height, look.by_form(0.44, 0.03, 0.15))
    slab(outline, 0.06, main, (0, 0, 0.0), bevel=0.015)
    if not look.angular:
        slab(rounded_rectangle(0.17, 0.42, 0.08), 0.06, main, (0, height / 2 + 0.14, 0), bevel=0.015)
        cylinder(0.035, 0.064, (0, height / 2 + 0.26, 0.0), look.of("plastic", "black"))
    knife, grip = look.of("metal", "white"), look.of("wood", "brown")
    x = width * look.between(0.12, 0.25)
    blade = [(-0.05, -0.3), (0.0, -0.36), (0.05, 0.05), (-0.05, 0.05)]
    slab(blade, 0.008, knife, (x, 0.02, 0.062), bevel=0.0)
    box((0.075, 0.32, 0.045), (x, 0.22, 0.085), grip, 0.015)
    for n in range(3):
        ball(0.085, (-width * 0.2 + 0.02 * n, -0.2 + 0.19 * n, 0.13), look.of("ceramic", "red"), (1, 1, 0.9))
        cylinder(0.018, 0.02, (-width * 0.2 + 0.02 * n, -0.2 + 0.19 * n, 0.2), look.of("leaf", "green"))


def pepper_mill(look):
    """Turned pepper mill, often with its salt twin."""
    main = look.main()
    height = look.by_form(1.0, 0.95, 1.6)
    twins = [(0, look.main())] if look.slender else [(-0.26, main), (0.26, look.of(look.material, look.accent))]
    for x, material in twins:
        if look.angular:
            cylinder(0.19, height * 0.7, (x, 0, 0), material, top=0.13, segments=8)
            cylinder(0.14, height * 0.18, (x, 0, height * 0.73), material, top=0.16, segments=8)
        else:
            lathe(
                [
                    (0, 0),
                    (0.2, 0),
                    (0.2, 0.08),
                    (0.12, height * 0.35),
                    (0.14, height * 0.55),
                    (0.09, height * 0.68),
                    (0, height * 0.68),
                ],
                material,
                (x, 0, 0),
                curved=True,
            )
            lathe(
                [
                    (0.05, height * 0.67),
                    (0.15, height * 0.74),
                    (0.15, height * 0.86),
                    (0.06, height * 0.95),
                    (0, height * 0.95),
                ],
                material,
                (x, 0, 0),
                curved=True,
            )
        ring(0.1, 0.018, (x, 0, height * 0.69), look.of("metal", "grey"))
        ball(0.045, (x, 0, height * 0.98), look.of("metal", "grey"))


def saucepan(look):
    """Cooking pot with a lid: two ears, or one long handle."""
    main, dark = look.main(), look.of("plastic", "black")
    radius, height = look.by_form((0.58, 0.5), (0.6, 0.55), (0.42, 0.6))
    profile = look.by_form(
        [(0, 0), (radius * 0.85, 0), (radius, 0.12), (radius, height)],
        [(0, 0), (radius, 0), (radius, height)],
        [(0, 0), (radius * 0.9, 0), (radius, height)],
    )
    lathe([*profile, (0, height)], main, curved=False)
    ring(radius, 0.018, (0, 0, height), look.of("metal", "grey"))
    lid = look.of("glass", "white") if look.rng.random() < 0.35 else look.plain()
    lathe([(radius * 0.98, height + 0.015), (radius * 0.7, height + 0.09), (0, height + 0.14)], lid)
    cylinder(0.03, 0.08, (0, 0, height + 0.12), look.of("metal", "grey"))
    ball(0.07, (0, 0, height + 0.21), dark, (1, 1, 0.7))
    if look.slender:
        tube([(radius, 0, height * 0.8), (radius + 0.75, 0, height * 0.95)], [0.035, 0.05], dark, curved=False)
        return
    for side in (-1, 1):
        tube(
            [
                (side * (radius - 0.02), -0.16, height * 0.78),
                (side * (radius + 0.15), -0.12, height * 0.8),
                (side * (radius + 0.15), 0.12, height * 0.8),
                (side * (radius - 0.02), 0.16, height * 0.78),
            ],
            0.032,
            look.plain() if look.rounded else dark,
        )
