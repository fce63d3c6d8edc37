"""Toys."""

import math

from shapes import ball, box, cylinder, tube

BRIGHT = ("red", "yellow", "blue", "green", "orange", "purple")


def teddy(look):
    """Sitting teddy bear."""
    main, paw = look.main(), look.of("fabric", "beige" if look.colour != "beige" else "white")
    black = look.of("plastic", "black")
    fat = look.by_form(1.08, 1.0, 0.84)
    ball(0.4, (0, 0, 0.42), main, (fat, 0.9 * fat, 1.08))
    ball(0.27, (0, -0.16, 0.4), paw, (fat, 0.8, 1.1))
    head = 1.05 + (0.08 if look.slender else 0)
    ball(0.33, (0, -0.02, head), main, (1.08, 0.98, 0.98))
    ball(0.15, (0, -0.29, head - 0.08), paw, (1.1, 0.9, 0.85))
    ball(0.045, (0, -0.43, head - 0.03), black, (1.3, 0.8, 0.9))
    for side in (-1, 1):
        ball(0.125, (0.27 * side, 0.02, head + 0.27), main, (1, 0.6, 1))
        ball(0.075, (0.27 * side, -0.05, head + 0.27), paw, (1, 0.5, 1))
        ball(0.038, (0.12 * side, -0.315, head + 0.08), black)
        tube(
            [(0.3 * side, -0.05, 0.68), (0.5 * side, -0.16, 0.5), (0.52 * side, -0.26, 0.34)],
            [0.13, 0.14, 0.12],
            main,
        )
        ball(0.125, (0.52 * side, -0.26, 0.33), main)
        tube(
            [(0.2 * side, -0.12, 0.16), (0.34 * side, -0.45, 0.15), (0.38 * side, -0.6, 0.16)],
            [0.18, 0.16, 0.15],
            main,
        )
        ball(0.17, (0.38 * side, -0.6, 0.18), main, (1, 0.6, 1.1))
        ball(0.12, (0.38 * side, -0.67, 0.18), paw, (1, 0.4, 1.1))
    if look.angular:
        bow = look.of("fabric", look.accent)
        for side in (-1, 1):
            ball(0.1, (0.11 * side, -0.33, 0.79), bow, (1.2, 0.5, 0.8))
        ball(0.045, (0, -0.38, 0.79), bow)


def abacus(look):
    """Counting frame with coloured beads."""
    main = look.main()
    width, rows = look.by_form(1.2, 1.3, 1.0), look.by_form(5, 6, 8)
    height = 0.17 * rows + 0.12
    for x in (-1, 1):
        box((0.07, 0.09, height), (x * width / 2, 0, height / 2 + 0.04), main, look.by_form(0.03, 0.004, 0.01))
        box((0.09, 0.5, 0.05), (x * width / 2, 0, 0.025), main, 0.01)
    for z in (0.07, height):
        box((width, 0.07, 0.06), (0, 0, z), main, look.by_form(0.025, 0.004, 0.01))
    first = look.rng.randrange(6)
    for row in range(rows):
        z = 0.2 + 0.17 * row
        tube([(-width / 2, 0, z), (width / 2, 0, z)], 0.01, look.of("metal", "grey"), curved=False)
        bead = look.of("plastic", BRIGHT[(row + first) % 6])
        split = look.rng.randrange(2, 9)
        for n in range(10):
            x = -width / 2 + 0.085 + n * 0.088 * (width - 0.2) / 1.0 + (0.08 if n >= split else 0)
            ball(0.068, (x, 0, z), bead, (look.by_form(0.62, 0.5, 0.62) * (width - 0.2), 1, 1))


def toy_train(look):
    """Locomotive with one or two wagons."""
    main = look.main()
    black, gold = look.of("plastic", "black"), look.of("plastic", look.accent)
    soft = look.by_form(0.06, 0.006, 0.03)
    box((0.75, 0.34, 0.08), (0, 0, 0.19), black, 0.01)
    cylinder(0.16, 0.46, (-0.36, 0, 0.38), main, rotate=(0, 90, 0), segments=look.by_form(48, 8, 48))
    box((0.28, 0.34, 0.46), (0.23, 0, 0.45), main, soft)
    box((0.34, 0.4, 0.04), (0.23, 0, 0.7), gold, soft / 2)
    box((0.14, 0.35, 0.14), (0.23, 0, 0.54), black, 0.02)
    cylinder(0.05, 0.2, (-0.24, 0, 0.5), black, top=0.08)
    ball(0.06, (-0.02, 0, 0.55), gold)
    _wheels(look, (-0.26, 0.0, 0.26))
    for n in range(look.by_form(1, 1, 2)):
        x = 0.8 + 0.7 * n
        box((0.55, 0.32, 0.06), (x, 0, 0.19), black, 0.01)
        box((0.52, 0.32, 0.24), (x, 0, 0.34), gold if n == 0 else main, soft)
        tube([(x - 0.42, 0, 0.2), (x - 0.26, 0, 0.2)], 0.02, black, curved=False)
        for k in range(3):
            ball(0.09, (x - 0.15 + 0.15 * k, 0, 0.48), look.of("plastic", BRIGHT[k * 2]))
        _wheels(look, (x - 0.17, x + 0.17))


def _wheels(look, xs):
    rubber, hub = look.of("plastic", "red"), look.of("plastic", "yellow")
    for x in xs:
        for y in (-1, 1):
            cylinder(0.12, 0.05, (x, y * 0.2 + 0.025, 0.12), rubber, rotate=(90, 0, 0))
            cylinder(0.04, 0.07, (x, y * 0.2 + 0.035, 0.12), hub, rotate=(90, 0, 0))


def puzzle_cube(look):
    """Twisty cube of coloured tiles, often caught mid-turn."""
    body, n = look.main(), look.by_form(2, 3, 4)
    stickers = [look.of("plastic", c) for c in ("red", "yellow", "blue", "green", "orange", "white")]
    cell = 1.0 / n
    twist = look.rng.choice((0, 0, 24, 38))
    for k in range(n):
        turn = twist if k == n - 1 else 0
        box((0.985, 0.985, cell - 0.012), (0, 0, (k + 0.5) * cell), body, 0.02, (0, 0, turn))
        for side in range(4):
            for m in range(n):
                across = (m + 0.5) * cell - 0.5
                angle = math.radians(90 * side + turn)
                x = math.cos(angle) * across + math.sin(angle) * 0.494
                y = math.sin(angle) * across - math.cos(angle) * 0.494
                box(
                    (cell * 0.86, 0.012, cell * 0.86),
                    (x, y, (k + 0.5) * cell),
                    look.rng.choice(stickers),
                    0.005,
                    (0, 0, 90 * side + turn),
                )
    for i in range(n):
        for j in range(n):
            angle = math.radians(twist)
            u, v = (i + 0.5) * cell - 0.5, (j + 0.5) * cell - 0.5
            box(
                (cell * 0.86, cell * 0.86, 0.012),
                (u * math.cos(angle) - v * math.sin(angle), u * math.sin(angle) + v * math.cos(angle), 0.996),
                look.rng.choice(stickers),
                0.005,
                (0, 0, twist),
            )
