"""Bags, suitcases and baskets."""

import math

from shapes import ball, box, cylinder, lathe, rounded_rectangle, slab, tube


def backpack(look):
    """Rucksack with front pocket, top handle and shoulder straps."""
    main, trim = look.main(), look.of("leather", "brown" if look.colour != "brown" else "beige")
    width, depth, height = look.by_form((0.85, 0.4, 1.05), (0.8, 0.38, 1.15), (0.62, 0.34, 1.3))
    box((width, depth, height), (0, 0, height / 2), main, look.by_form(0.19, 0.06, 0.14))
    box(
        (width * 0.76, 0.18, height * 0.42),
        (0, -depth / 2 - 0.04, height * 0.3),
        main,
        look.by_form(0.085, 0.03, 0.07),
    )
    if look.angular:
        box(
            (width * 0.98, depth * 1.04, height * 0.2),
            (0, -0.03, height * 0.9),
            look.of(look.material, look.colour),
            0.05,
        )
        for x in (-0.2, 0.2):
            box((0.06, 0.02, height * 0.42), (x, -depth / 2 - 0.045, height * 0.66), trim, 0.008)
            box((0.09, 0.03, 0.07), (x, -depth / 2 - 0.055, height * 0.58), look.of("metal", "yellow"), 0.01)
    else:
        arc = [
            (width * 0.4 * math.cos(a), -depth / 2 - 0.012, height * 0.62 + height * 0.26 * math.sin(a))
            for a in (math.pi * i / 12 for i in range(13))
        ]
        tube(arc, 0.014, look.of("metal", "grey"))
        tube(
            [
                (-width * 0.3, -depth / 2 - 0.13, height * 0.46),
                (width * 0.3, -depth / 2 - 0.13, height * 0.46),
            ],
            0.012,
            look.of("metal", "grey"),
            curved=False,
        )
    tube(
        [
            (-0.12, 0.05, height - 0.02),
            (-0.1, 0.05, height + 0.1),
            (0.1, 0.05, height + 0.1),
            (0.12, 0.05, height - 0.02),
        ],
        0.025,
        trim,
    )
    for side in (-1, 1):
        x = side * width * 0.34
        tube(
            [
                (x, depth * 0.4, height * 0.93),
                (x + side * 0.2, depth * 0.9, height * 0.8),
                (x + side * 0.24, depth * 0.8, height * 0.35),
                (x + side * 0.08, depth * 0.4, height * 0.1),
            ],
            0.045,
            trim,
        )


def handbag(look):
    """Handbag with flap or clasp and curved handles."""
    main, gold = look.main(), look.of("metal", look.rng.choice(("yellow", "grey")))
    width, depth, height = look.by_form((1.1, 0.4, 0.72), (1.1, 0.42, 0.8), (1.15, 0.24, 0.55))
    flare = look.by_form(0.78, 0.98, 0.92)
    outline = [(-width / 2, 0), (width / 2, 0), (width / 2 * flare, height), (-width / 2 * flare, height)]
    slab(outline, depth, main, (0, depth / 2, 0.01), (90, 0, 0), look.by_form(0.13, 0.03, 0.06))
    if not look.rounded:
        flap = rounded_rectangle(width * 0.93, height * 0.5, look.by_form(0.1, 0.03, 0.12))
        slab(flap, 0.03, look.plain(), (0, -depth / 2 - 0.004, height * 0.76), (90, 0, 0), 0.012)
    box((0.11, 0.03, 0.08), (0, -depth / 2 - 0.04, height * 0.54), gold, 0.012)
    rise = look.by_form(0.5, 0.45, 0.62)
    for y in (-0.11, 0.11) if not look.slender else (0,):
        arch = [
            (width * 0.28 * math.cos(a), y, height - 0.03 + rise * math.sin(a))
            for a in (math.pi * i / 12 for i in range(13))
        ]
        tube(arch, 0.028, look.of("leather", "brown" if look.colour != "brown" else "black"))
        for side in (-1, 1):
            ball(0.04, (side * width * 0.28, y - 0.01, height - 0.02), gold)


def suitcase(look):
    """Trolley case with ribs, handle and wheels; the retro form has corner caps."""
    main, dark = look.main(), look.of("plastic", "black" if look.colour != "black" else "grey")
    width, depth, height = look.by_form((0.85, 0.4, 1.15), (0.9, 0.36, 1.15), (0.7, 0.34, 1.2))
    lift = 0.1
    box((width, depth, height), (0, 0, lift + height / 2), main, look.by_form(0.13, 0.03, 0.08))
    if look.material == "plastic" or look.rounded:
        for n in range(7):
            x = -width * 0.36 + width * 0.72 * n / 6
            box((width * 0.06, 0.03, height * 0.82), (x, -depth / 2, lift + height / 2), main, 0.014)
    else:
        for x in (-0.3, 0.3):
            box(
                (0.08, depth + 0.03, height + 0.03),
                (x * width, 0, lift + height / 2),
                look.of("leather", "brown"),
                0.01,
            )
    for x in (-1, 1):
        tube(
            [(x * 0.16, depth * 0.3, lift + height - 0.05), (x * 0.16, depth * 0.3, lift + height + 0.38)],
            0.017,
            look.of("metal", "grey"),
            curved=False,
        )
        for y in (-1, 1):
            cylinder(0.05, 0.05, (x * width * 0.38, y * depth * 0.32 + 0.025, 0.05), dark, rotate=(90, 0, 0))
            box((0.07, 0.08, 0.06), (x * width * 0.38, y * depth * 0.32, 0.09), dark, 0.01)
    box((0.4, 0.07, 0.07), (0, depth * 0.3, lift + height + 0.38), dark, 0.03)
    tube(
        [
            (-0.13, -0.05, lift + height - 0.01),
            (-0.1, -0.05, lift + height + 0.07),
            (0.1, -0.05, lift + height + 0.07),
            (0.13, -0.05, lift + height - 0.01),
        ],
        0.025,
        dark,
    )


def basket(look):
    """Woven basket with a rim and, by form, a hoop or two ears."""
    main = look.main()
    radius, height = look.by_form((0.55, 0.6), (0.5, 0.55), (0.42, 0.95))
    outer = [
        (0, 0),
        (radius * 0.75, 0),
        (radius * look.by_form(1.05, 0.9, 0.9), height * 0.5),
        (radius, height),
    ]
    inner = [(r - 0.035, max(z, 0.04)) for r, z in reversed(outer) if r > 0] + [(0, 0.04)]
    lathe(outer + inner, main, curved=look.rounded, segments=look.by_form(64, 4, 64))
    rows = 9
    for n in range(rows + 1 if not look.angular else 0):
        t = n / rows
        bulge = look.by_form(0.08, 0, 0) * math.sin(math.pi * t)
        r = radius * (0.76 + 0.24 * t + bulge)
        braid = [
            (r * math.cos(a), r * math.sin(a), height * t + 0.012 * math.sin(16 * a + math.pi * n))
            for a in (2 * math.pi * i / 96 for i in range(97))
        ]
        tube(braid, 0.026, main, curved=False, sides=6)
    rope = look.plain()
    if look.rounded:
        tube(
            [(radius * math.cos(a), 0, height + 0.7 * math.sin(a)) for a in (math.pi * i / 12 for i in range(13))],
            0.03,
            rope,
        )
        return
    reach = radius * (0.72 if look.angular else 1.0)
    for side in (-1, 1):
        tube(
            [
                (side * reach, -0.14, height - 0.03),
                (side * (reach + 0.08), -0.1, height + 0.13),
                (side * (reach + 0.08), 0.1, height + 0.13),
                (side * reach, 0.14, height - 0.03),
            ],
            0.028,
            rope,
        )
