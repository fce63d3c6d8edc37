"""Pots, plants, vases and watering cans."""

import math

from shapes import add_mesh, ball, cylinder, lathe, ring, tube


def _pot(look, radius=0.36, height=0.6):
    """Plant pot filled with soil; returns the height of the soil."""
    main = look.main()
    radius, height = radius * look.by_form(1.0, 1.0, 0.85), height * look.by_form(0.9, 0.9, 1.25)
    outer = look.by_form(
        [(0, 0), (radius * 0.6, 0), (radius * 1.05, height * 0.5), (radius * 0.9, height)],
        [(0, 0), (radius * 0.7, 0), (radius, height)],
        [(0, 0), (radius * 0.85, 0), (radius * 0.9, 0.04), (radius, height)],
    )
    inner = [(r - 0.035, z) for r, z in reversed(outer) if z > 0] + [(0, height * 0.8)]
    lathe(outer + inner, main, curved=look.rounded, segments=look.by_form(56, look.rng.choice((4, 6, 56)), 56))
    soil = radius * look.by_form(0.9, 0.66, 0.92)
    cylinder(soil, 0.02, (0, 0, height * 0.86), look.of("paper", "brown"))
    return height * 0.86


def _leaf(look, root, direction, length, width, droop):
    """One blade growing from `root` towards a compass `direction` (radians), bending down."""
    steps, lift = 10, look.between(0.9, 1.3)
    vertices, faces = [], []
    for i in range(steps + 1):
        t = i / steps
        out = length * t * 0.7
        z = root[2] + length * (lift * t - droop * t * t)
        half = width * math.sin(math.pi * min(t * 0.92 + 0.06, 1)) ** 0.8
        for side in (-1, 0, 1):
            across = direction + math.pi / 2
            vertices.append(
                (
                    root[0] + out * math.cos(direction) + side * half * math.cos(across),
                    root[1] + out * math.sin(direction) + side * half * math.sin(across),
                    z + abs(side) * half * 0.35,
                )
            )
    for i in range(steps):
        for k in (0, 1):
            a = 3 * i + k
            faces.append((a, a + 1, a + 4, a + 3))
    add_mesh("leaf", vertices, faces, look.of("leaf", "green"), smooth_angle=80)


def potted_plant(look):
    """Leafy house plant: broad leaves, stiff blades or grassy tuft."""
    soil = _pot(look)
    count, length, width, droop = look.by_form((16, 0.75, 0.15, 0.7), (12, 0.95, 0.07, 0.1), (26, 0.9, 0.035, 0.75))
    for n in range(count):
        direction = 2.4 * n + look.between(-0.3, 0.3)
        stretch = look.between(0.7, 1.15)
        _leaf(
            look,
            (0.04 * math.cos(direction), 0.04 * math.sin(direction), soil),
            direction,
            length * stretch,
            width,
            droop * look.between(0.7, 1.3),
        )


def cactus(look):
    """Ribbed cactus: ball, column with arms, or slim trio."""
    soil = _pot(look, 0.34, 0.45)
    for x, y, radius, height in look.by_form(
        [(0, 0, 0.3, 0.42)],
        [(0, 0, 0.15, 0.85)],
        [(-0.1, 0, 0.085, 0.9), (0.12, 0.04, 0.08, 0.65), (0, -0.12, 0.07, 0.45)],
    ):
        _ribbed(look, (x, y, soil - 0.03), radius, height)
    if look.angular:
        for side, z in ((-1, 0.35), (1, 0.5)):
            tube(
                [(0.1 * side, 0, soil + z), (0.3 * side, 0, soil + z), (0.32 * side, 0, soil + z + 0.25)],
                [0.07, 0.085, 0.06],
                look.of("leaf", "green"),
            )
            ball(0.06, (0.32 * side, 0, soil + z + 0.25), look.of("leaf", "green"))
    if look.rng.random() < 0.4:
        top = soil + look.by_form(0.4, 0.84, 0.88)
        ball(0.05, (0 if not look.slender else -0.1, 0, top), look.of("plastic", "pink"), (1.2, 1.2, 0.8))


def _ribbed(look, at, radius, height):
    ribs, rows = 12, 18
    green, spine = look.of("leaf", "green"), look.of("paper", "beige")
    vertices, faces, around = [], [], ribs * 4
    for i in range(rows + 1):
        t = i / rows
        profile = radius * (math.sin(math.pi * min(0.25 + 0.75 * t, 1)) ** 0.5 if t > 0.5 else 1 - 0.15 * (1 - 2 * t))
        for s in range(around):
            angle = 2 * math.pi * s / around
            r = profile * (1 + 0.1 * math.cos(ribs * angle))
            vertices.append((at[0] + r * math.cos(angle), at[1] + r * math.sin(angle), at[2] + height * t))
    for i in range(rows):
        for s in range(around):
            t = (s + 1) % around
            faces.append((i * around + s, i * around + t, (i + 1) * around + t, (i + 1) * around + s))
    add_mesh("cactus", vertices, faces, green, smooth_angle=80)
    for i in range(3, rows - 1, 3):
        for s in range(0, around, 4):
            x, y, z = vertices[i * around + s]
            tip = (x + (x - at[0]) * 0.22, y + (y - at[1]) * 0.22, z + 0.02)
            tube([(x, y, z), tip], [0.006, 0.002], spine, curved=False, sides=4)


def vase(look):
    """Empty vase: gourd, faceted or bottle."""
    main, height = look.main(), look.by_form(1.0, 1.1, 1.5) * look.between(0.9, 1.1)
    wide = look.by_form(0.42, 0.36, 0.26) * look.between(0.9, 1.1)
    outer = look.by_form(
        [
            (0, 0),
            (wide * 0.5, 0),
            (wide, height * 0.35),
            (wide * 0.45, height * 0.8),
            (wide * 0.35, height * 0.88),
            (wide * 0.55, height),
        ],
        [(0, 0), (wide * 0.55, 0), (wide, height * 0.6), (wide * 0.5, height)],
        [(0, 0), (wide * 0.8, 0), (wide, height * 0.25), (wide * 0.3, height * 0.6), (wide * 0.26, height)],
    )
    inner = [(max(r - 0.03, 0), max(z, 0.06)) for r, z in reversed(outer)]
    lathe(outer + inner, main, curved=not look.angular, segments=7 if look.angular else 64)


def watering_can(look):
    """Can with a long spout, a rose and a handle."""
    main, plain = look.main(), look.plain()
    radius, height = look.by_form(0.42, 0.4, 0.3), look.by_form(0.6, 0.62, 0.7)
    profile = look.by_form(
        [(0, 0), (radius * 0.9, 0), (radius * 1.05, height * 0.5), (radius * 0.6, height), (0, height)],
        [(0, 0), (radius, 0), (radius, height), (0, height)],
        [(0, 0), (radius, 0), (radius * 0.55, height), (0, height)],
    )
    lathe(profile, main, curved=look.rounded)
    tip = (radius + 0.7, 0, height * 1.15)
    tube([(radius * 0.8, 0, height * 0.2), (radius + 0.3, 0, height * 0.62), tip], [0.075, 0.05, 0.04], main)
    lathe([(0, 0), (0.04, 0), (0.13, 0.1), (0.13, 0.12), (0, 0.14)], plain, tip, rotate=(0, 55, 0))
    tube(
        [
            (-radius * 0.9, 0, height * 0.2),
            (-radius - 0.35, 0, height * 0.55),
            (-radius * 0.6, 0, height * 1.35),
            (radius * 0.3, 0, height * 1.0),
        ],
        0.035,
        plain,
    )
    ring(radius * look.by_form(0.6, 0.5, 0.5), 0.02, (0, 0, height), plain)
