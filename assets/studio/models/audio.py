"""Speakers, headphones, radios and turntables."""

import math

from shapes import ball, box, cylinder, lathe, ring, rounded_rectangle, slab, tube


def _driver(look, radius, x, z, front):
    cone, trim = look.of("rubber", "black"), look.of("metal", "grey")
    ring(radius, radius * 0.1, (x, front, z), trim, rotate=(90, 0, 0))
    lathe(
        [(radius, 0), (radius * 0.75, 0.03), (radius * 0.35, -0.04), (0, -0.04)],
        cone,
        (x, front - 0.005, z),
        rotate=(90, 0, 0),
    )
    ball(radius * 0.3, (x, front + 0.02, z), look.of("plastic", "black"), (1, 0.6, 1))


def speaker(look):
    """Loudspeaker box with a woofer and a tweeter."""
    main = look.main()
    width, depth, height = look.by_form((0.62, 0.5, 0.9), (0.6, 0.55, 0.95), (0.38, 0.4, 1.4))
    box((width, depth, height), (0, 0, height / 2 + 0.02), main, look.by_form(0.12, 0.008, 0.03))
    front = -depth / 2 - 0.006
    panel = look.of("plastic", "black" if look.colour != "black" else "grey")
    slab(
        rounded_rectangle(width * 0.9, height * 0.94, look.by_form(0.12, 0.01, 0.03)),
        0.012,
        panel,
        (0, front + 0.006, height / 2 + 0.02),
        (90, 0, 0),
        0.004,
    )
    _driver(look, width * 0.34, 0, height * 0.34, front - 0.006)
    _driver(look, width * 0.17, 0, height * 0.78, front - 0.006)
    if look.slender:
        _driver(look, width * 0.34, 0, height * 0.58, front - 0.006)


def headphones(look):
    """Over-ear headphones standing on their cups."""
    main, pad = look.main(), look.of("leather", "black" if look.colour != "black" else "grey")
    span, cup = look.by_form(0.46, 0.48, 0.42), look.by_form(0.27, 0.25, 0.22)
    arch = [(span * math.cos(a), 0, 0.45 + 0.62 * math.sin(a)) for a in (math.pi * i / 12 for i in range(13))]
    tube(arch, look.by_form(0.055, 0.035, 0.028), main)
    tube([(x * 0.94, 0, z - 0.04) for x, _, z in arch[3:10]], 0.05, pad)
    for side in (-1, 1):
        x = side * (span - 0.03)
        turn = (0, 90 * side, 0)
        height = cup + 0.02
        sides = look.by_form(48, 8, 48)
        lathe(
            [(0, 0.1), (cup * 0.75, 0.1), (cup, 0.03), (cup, -0.03), (0, -0.03)],
            main,
            (x, 0, height),
            rotate=turn,
            segments=sides,
        )
        ring(cup * 0.72, cup * 0.3, (x - side * 0.07, 0, height), pad, rotate=turn)
        cylinder(cup * 0.4, 0.012, (x + side * 0.1, 0, height), look.of("metal", "grey"), rotate=turn)


def radio(look):
    """Portable radio: grille, dial, knobs, handle and aerial."""
    main, dark = look.main(), look.of("fabric", "black")
    width, depth, height = look.by_form((1.2, 0.36, 0.72), (1.25, 0.34, 0.7), (1.4, 0.28, 0.55))
    outline = rounded_rectangle(width, height, look.by_form(0.22, 0.02, 0.08))
    slab(outline, depth, main, (0, depth / 2, height / 2 + 0.02), (90, 0, 0), 0.02)
    front = -depth / 2 - 0.004
    grille = rounded_rectangle(width * 0.46, height * 0.72, look.by_form(0.14, 0.01, 0.05))
    slab(grille, 0.01, dark, (-width * 0.21, front + 0.004, height / 2 + 0.02), (90, 0, 0), 0.003)
    for n in range(9):
        z = height * 0.2 + n * height * 0.6 / 8 + 0.02
        box((width * 0.42, 0.008, 0.012), (-width * 0.21, front - 0.008, z), look.of("metal", "grey"), 0.003)
    box(
        (width * 0.36, 0.012, height * 0.26),
        (width * 0.24, front, height * 0.68),
        look.of("paper", "beige"),
        0.004,
    )
    box(
        (0.012, 0.016, height * 0.24),
        (width * 0.2, front - 0.004, height * 0.68),
        look.of("plastic", "red"),
        0,
    )
    for x in (0.14, 0.34):
        cylinder(0.085, 0.06, (width * x, front + 0.005, height * 0.3), look.of("metal", "grey"), rotate=(90, 0, 0))
    tube(
        [
            (-width * 0.4, 0, height),
            (-width * 0.38, 0, height + 0.14),
            (width * 0.38, 0, height + 0.14),
            (width * 0.4, 0, height),
        ],
        0.022,
        look.of("leather", "brown"),
        curved=False,
    )
    tube(
        [(width * 0.44, 0.08, height), (width * 0.5 + 0.25, 0.08, height + 0.75)],
        [0.014, 0.007],
        look.of("metal", "white"),
        curved=False,
    )


def turntable(look):
    """Record player with a record on its platter and a tone arm."""
    main, chrome = look.main(), look.of("metal", "white")
    width, depth = look.by_form((1.3, 1.0), (1.3, 1.0), (1.45, 1.0))
    thick = look.by_form(0.2, 0.2, 0.1)
    slab(rounded_rectangle(width, depth, look.by_form(0.16, 0.01, 0.05)), thick, main, (0, 0, 0.04), bevel=0.02)
    for x in (-1, 1):
        for y in (-1, 1):
            cylinder(0.06, 0.05, (x * width * 0.4, y * depth * 0.38, 0), look.of("rubber", "black"))
    x, z = -width * 0.1, thick + 0.04
    cylinder(0.45, 0.035, (x, 0, z), chrome)
    cylinder(0.43, 0.012, (x, 0, z + 0.035), look.of("screen", "black"), segments=72)
    for groove in (0.2, 0.27, 0.34, 0.4):
        ring(groove, 0.002, (x, 0, z + 0.047), look.of("plastic", "grey"))
    cylinder(0.14, 0.003, (x, 0, z + 0.047), look.of("paper", look.rng.choice(("red", "yellow", "white", "blue"))))
    cylinder(0.012, 0.05, (x, 0, z + 0.04), chrome)
    pivot = (width * 0.38, depth * 0.3, z)
    cylinder(0.09, 0.07, pivot, chrome)
    tube(
        [
            (pivot[0], pivot[1] + 0.12, z + 0.09),
            (pivot[0], pivot[1], z + 0.09),
            (pivot[0] - 0.01, -0.15, z + 0.08),
            (x + 0.3, -0.22, z + 0.06),
        ],
        0.016,
        chrome,
        curved=False,
    )
    box((0.06, 0.1, 0.03), (x + 0.3, -0.22, z + 0.065), look.of("plastic", "black"), 0.006)
    cylinder(0.05, 0.03, (width * 0.38, -depth * 0.36, z), chrome)
