"""Cups, pots, plates and glasses, in units of ten centimetres."""

from shapes import ball, cylinder, lathe, ring, tube


def mug(look):
    """Handled cup with something hot inside."""
    main = look.main()
    radius, height = look.by_form(0.46, 0.44, 0.38), look.by_form(0.85, 0.95, 1.25)
    wall = 0.04
    outer = look.by_form(
        [
            (0, 0),
            (radius * 0.6, 0),
            (radius * 0.98, height * 0.3),
            (radius, height * 0.65),
            (radius * 0.92, height),
        ],
        [(0, 0), (radius * 0.96, 0), (radius, 0.03), (radius, height)],
        [(0, 0), (radius * 0.75, 0), (radius * 0.8, 0.03), (radius, height)],
    )
    inner = [(max(r - wall, 0), max(z, 0.08)) for r, z in reversed(outer)]
    lathe(outer + inner, main, curved=look.rounded)
    cylinder(radius - wall - 0.03, 0.01, (0, 0, height * 0.84), look.of("ceramic", "brown"))
    side, reach = radius * 0.95, look.by_form(0.34, 0.3, 0.28)
    loop = [
        (side - 0.03, 0, height * 0.8),
        (side + reach, 0, height * 0.76),
        (side + reach, 0, height * 0.38),
        (side - 0.06, 0, height * 0.25),
    ]
    tube(loop, 0.055, look.plain(), curved=not look.angular)


def teapot(look):
    """Pot with spout, handle and lid."""
    main, plain = look.main(), look.plain()
    radius, height = look.by_form(0.6, 0.55, 0.42), look.by_form(0.8, 0.8, 1.15)
    body = look.by_form(
        [
            (0, 0),
            (radius * 0.6, 0),
            (radius, height * 0.42),
            (radius * 0.75, height * 0.85),
            (radius * 0.4, height),
        ],
        [(0, 0), (radius, 0), (radius * 0.6, height), (radius * 0.4, height)],
        [
            (0, 0),
            (radius * 0.9, 0),
            (radius, height * 0.2),
            (radius * 0.7, height * 0.9),
            (radius * 0.5, height),
        ],
    )
    lathe([*body, (0, height)], main, curved=not look.angular, segments=8 if look.angular else 56)
    lathe([(radius * 0.42, height - 0.02), (radius * 0.3, height + 0.08), (0, height + 0.11)], main)
    ball(0.07, (0, 0, height + 0.15), plain)
    tube(
        [
            (radius * 0.75, 0, height * 0.3),
            (radius + 0.22, 0, height * 0.55),
            (radius + 0.42, 0, height * 0.98),
        ],
        [0.15, 0.09, 0.06],
        main,
    )
    tube(
        [
            (-radius * 0.6, 0, height * 0.85),
            (-radius - 0.35, 0, height * 0.85),
            (-radius - 0.3, 0, height * 0.35),
            (-radius * 0.85, 0, height * 0.22),
        ],
        0.055,
        plain,
    )


def plate(look):
    """Dinner plate seen from above, sometimes as a stack of two."""
    main = look.main()
    radius = look.between(0.95, 1.1)
    rim = look.by_form(0.26, 0.12, 0.18)
    sides = 8 if look.angular else 72
    profile = [
        (0, 0.02),
        (radius * 0.6, 0.02),
        (radius * 0.72, rim * 0.6),
        (radius, rim),
        (radius, rim - 0.03),
        (radius * 0.72, rim * 0.6 - 0.05),
        (radius * 0.5, 0),
        (0, 0),
    ]
    lathe(profile, main, segments=sides)
    if look.slender:
        ring(radius, 0.02, (0, 0, rim), look.of("metal", "yellow"))
    if look.rng.random() < 0.35:
        lathe([(r * 0.72, z + 0.06) for r, z in profile], main, segments=sides)


def bowl(look):
    """Open bowl, on a foot ring."""
    main = look.main()
    radius, height = look.by_form(0.8, 0.85, 0.65), look.by_form(0.5, 0.42, 0.62)
    outer = look.by_form(
        [(0, 0), (0.3, 0), (0.32, 0.05), (radius * 0.85, height * 0.5), (radius, height)],
        [(0, 0), (0.4, 0), (radius, height)],
        [(0, 0), (0.25, 0), (0.22, 0.1), (radius * 0.8, height * 0.6), (radius, height)],
    )
    inner = [(max(r - 0.04, 0), z + 0.06 if z < height else height) for r, z in reversed(outer)]
    lathe(outer + inner, main, curved=not look.angular, segments=10 if look.angular else 64)


def wine_glass(look):
    """Stemmed glass: balloon, tulip or flute, often with wine."""
    main = look.main()
    radius, bowl_height, stem = look.by_form((0.42, 0.75, 0.75), (0.44, 0.6, 0.7), (0.24, 1.0, 0.7))
    foot = [(0, 0), (0.36, 0), (0.36, 0.012), (0.05, 0.05), (0.03, 0.12), (0.03, stem)]
    cup = look.by_form(
        [
            (radius * 0.5, stem + 0.08),
            (radius, stem + bowl_height * 0.42),
            (radius * 0.75, stem + bowl_height),
        ],
        [(radius, stem + bowl_height)],
        [
            (radius * 0.75, stem + 0.15),
            (radius, stem + bowl_height * 0.5),
            (radius * 0.86, stem + bowl_height),
        ],
    )
    inner = [(r - 0.018, z + 0.015) for r, z in reversed(cup)]
    lathe(foot + cup + inner + [(0, stem + 0.05)], main)
    if look.rng.random() < 0.65:
        level = stem + bowl_height * 0.5
        wine = look.of("ceramic", look.rng.choice(("red", "purple")))
        filled = [(0, stem + 0.07)] + [(r - 0.022, z) for r, z in cup if z <= level]
        edge = (cup[0][0] if len(cup) == 1 else radius) * (0.5 if look.angular else 0.97) - 0.02
        lathe([*filled, (edge, level), (0, level)], wine)
