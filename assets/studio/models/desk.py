"""Things on a desk."""

import math

from shapes import ball, box, cylinder, lathe, rounded_rectangle, slab, tube


def keyboard(look):
    """Computer keyboard with rows of keys."""
    main = look.main()
    columns = look.by_form(13, 15, 15)
    keys = look.of("plastic", "white" if look.colour not in ("white", "beige") else "grey")
    width, depth = columns * 0.105 + 0.08, 0.62
    slab(
        rounded_rectangle(width, depth, look.by_form(0.09, 0.01, 0.03)),
        look.by_form(0.07, 0.07, 0.04),
        main,
        bevel=0.012,
    )
    top = look.by_form(0.07, 0.07, 0.04)
    for row in range(5):
        y = 0.22 - row * 0.108
        spans = [1] * columns if row < 4 else [1.5, 1, 1.5, columns - 8, 1.5, 1, 1.5]
        x = -columns * 0.0525
        for n, span in enumerate(spans):
            key = look.of("plastic", look.accent) if (row, n) in ((0, 0), (2, len(spans) - 1)) else keys
            box(
                (0.105 * span - 0.016, 0.09, 0.04),
                (x + 0.0525 * span, y, top + 0.018),
                key,
                look.by_form(0.016, 0.003, 0.008),
            )
            x += 0.105 * span


def mouse(look):
    """Computer mouse with wheel and, mostly, a cable."""
    main = look.main()
    width, length, height = look.by_form((0.64, 0.95, 0.3), (0.58, 1.0, 0.27), (0.48, 1.05, 0.22))
    rows, around = 22, 36
    profile = [(math.sin(math.pi / 2 * i / rows), math.cos(math.pi / 2 * i / rows)) for i in range(rows + 1)]
    power = look.by_form(0.75, 0.5, 0.65)
    shell = [(r**power, h) for r, h in reversed(profile)]
    lathe([(0, 0), *shell], main, (0, 0, 0.01), segments=around, scale=(width / 2, length / 2, height))
    dark = look.of("rubber", "black" if look.colour != "black" else "grey")
    tube(
        [
            (0, -length * 0.47, height * 0.3),
            (0, -length * 0.38, height * 0.64),
            (0, -length * 0.2, height * 0.925),
            (0, -length * 0.02, height * 1.015),
        ],
        0.008,
        dark,
    )
    cylinder(0.075, 0.06, (-0.03, -length * 0.28, height * 0.82), dark, rotate=(0, 90, 0))
    if look.rng.random() < 0.9:
        tube(
            [
                (0, -length * 0.46, height * 0.2),
                (0.02, -length * 0.75, 0.03),
                (0.2, -length * 0.85, 0.02),
                (0.45, -length * 0.5, 0.02),
                (0.7, -length * 0.2, 0.02),
            ],
            0.018,
            dark,
        )


def monitor(look):
    """Computer screen on a stand, showing a picture."""
    main, screen = look.main(), look.of("screen", "black")
    width, height = look.by_form((1.4, 0.85), (1.4, 0.85), (1.8, 0.8))
    z = 0.42 + height / 2
    slab(
        rounded_rectangle(width, height, look.by_form(0.06, 0.005, 0.02)),
        0.06,
        main,
        (0, 0, z),
        (90, 0, 0),
        0.01,
    )
    box((width - 0.07, 0.01, height - 0.07), (0, -0.062, z), screen, 0)
    if look.rng.random() < 0.5:
        glow = look.of("glow", look.rng.choice(("blue", "mint", "purple", "orange")))
        box((width - 0.08, 0.004, height - 0.08), (0, -0.068, z), glow, 0)
    box((look.by_form(0.2, 0.14, 0.08), 0.05, 0.5), (0, 0.03, 0.27), main, 0.01)
    if look.rounded:
        cylinder(0.32, 0.025, (0, 0.0, 0), main)
    else:
        box((0.6, 0.36, 0.025), (0, 0, 0.0125), main, 0.008)


def pencil_cup(look):
    """Cup with pencils, pens and a ruler."""
    main = look.main()
    radius, height = look.by_form(0.34, 0.34, 0.26), look.by_form(0.7, 0.75, 0.85)
    sides = look.by_form(56, look.rng.choice((4, 6)), 56)
    bulge = look.by_form(1.12, 1.0, 1.0)
    outer = [(0, 0), (radius * 0.92, 0), (radius * bulge, height * 0.5), (radius, height)]
    inner = [(r - 0.03, max(z, 0.03)) for r, z in reversed(outer) if r > 0] + [(0, 0.03)]
    lathe(outer + inner, main, curved=look.rounded, segments=sides)
    for n in range(look.rng.choice((5, 6, 7, 8))):
        angle, lean = 2.4 * n, look.between(0.4, 0.75) * radius
        colour = look.rng.choice(("red", "yellow", "blue", "green", "black", "orange", "purple"))
        foot = (-lean * 0.5 * math.cos(angle), -lean * 0.5 * math.sin(angle), 0.04)
        head = (lean * math.cos(angle), lean * math.sin(angle), height + look.between(0.25, 0.5))
        tip = tuple(h + 0.09 * (h - f) for h, f in zip(head, foot, strict=True))
        tube([foot, head], 0.036, look.of("plastic", colour), curved=False, sides=6)
        tube([head, tip], [0.036, 0.006], look.of("wood", "beige"), curved=False, sides=6)
        ball(0.012, tip, look.of("plastic", colour))


def notebook(look):
    """Notebook: hardcover with band, spiral bound, or a slim pocket book with a pen."""
    main, paper = look.main(), look.of("paper", "white")
    width, depth = look.by_form((0.85, 1.15), (0.9, 1.2), (0.62, 1.15))
    thick = look.by_form(0.14, 0.1, 0.07)
    corner = look.by_form(0.07, 0.005, 0.03)
    for z in (0, thick):
        slab(rounded_rectangle(width, depth, corner), 0.016, main, (0, 0, z), bevel=0.004)
    box((width - 0.04, depth - 0.04, thick - 0.014), (0.0, 0, thick / 2 + 0.008), paper, 0.002)
    top = thick + 0.017
    if look.angular:
        for n in range(18):
            y = -depth / 2 + 0.07 + (depth - 0.14) * n / 17
            loop = [
                (-width / 2 + 0.05 * math.cos(a), y, thick / 2 + (thick / 2 + 0.04) * math.sin(a))
                for a in (2 * math.pi * i / 12 for i in range(13))
            ]
            tube(loop, 0.009, look.of("metal", "grey"), curved=False, sides=6)
    else:
        box((0.035, depth + 0.006, 0.006), (width * 0.36, 0, top + 0.002), look.of("fabric", look.accent), 0)
        box((0.03, depth + 0.02, thick + 0.016), (-width / 2 - 0.006, 0, thick / 2 + 0.008), main, 0.012)
    if look.slender:
        tube(
            [(width * 0.75, -depth * 0.4, 0.04), (width * 0.75, depth * 0.4, 0.04)],
            0.04,
            look.of("metal", "black"),
            curved=False,
        )
        tube(
            [(width * 0.75, -depth * 0.4, 0.04), (width * 0.75, -depth * 0.5, 0.04)],
            [0.03, 0.005],
            look.of("metal", "yellow"),
            curved=False,
        )
