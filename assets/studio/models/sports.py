"""Sports gear."""

import math

from mathutils import Vector
from shapes import add_mesh, box, cylinder, placement, ring, tube
from shapes import ball as sphere


def dumbbell(look):
    """One or two dumbbells: round discs, hexagonal heads or slim heads."""
    main, chrome = look.main(), look.of("metal", "grey")
    for y in (0,) if look.slender else (-0.32, 0.32):
        radius, thick = look.by_form(0.28, 0.27, 0.2), look.by_form(0.14, 0.3, 0.22)
        z = radius * (0.87 if look.angular else 1)
        tube([(-0.45, y, z), (0.45, y, z)], 0.055, chrome, curved=False, sides=20)
        for side in (-1, 1):
            discs = (
                [(radius, thick, 0.3), (radius * 0.75, thick * 0.8, 0.46)] if look.rounded else [(radius, thick, 0.3)]
            )
            for r, t, x in discs:
                start = x if side > 0 else -x - t
                cylinder(r, t, (start, y, z), main, rotate=(0, 90, 0), segments=look.by_form(56, 6, 56), bevel=0.03)


def ball(look):
    """Ball: basketball seams, football panels or striped."""
    main, seam = look.main(), look.of("rubber", "black" if look.colour != "black" else "white")
    sphere(0.5, (0, 0, 0.5), main)
    if look.rounded:
        for turn in ((0, 0, 0), (90, 0, 0), (90, 0, 90)):
            ring(
                0.5,
                0.008,
                (0, 0, 0.5),
                seam,
                rotate=tuple(t + 24 if i == 0 else t for i, t in enumerate(turn)),
            )
        for side in (-1, 1):
            ring(0.4, 0.008, (0.3 * side, 0, 0.5), seam, rotate=(24, 90, 0))
    elif look.angular:
        _panels(seam)
    else:
        for tilt in (-0.28, 0, 0.28):
            ring(
                math.sqrt(0.25 - tilt * tilt),
                0.012,
                (0, -0.35 * tilt, 0.5 + tilt * 0.93),
                seam,
                rotate=(20, 0, 0),
            )


def _panels(material):
    """The twelve dark pentagons of a football."""
    golden = (1 + math.sqrt(5)) / 2
    norm = math.sqrt(1 + golden**2)
    corners = [(0, a, b * golden) for a in (-1, 1) for b in (-1, 1)]
    corners += [(a, b * golden, 0) for a in (-1, 1) for b in (-1, 1)]
    corners += [(b * golden, 0, a) for a in (-1, 1) for b in (-1, 1)]
    for x, y, z in corners:
        polar = math.degrees(math.acos(z / norm))
        turn = math.degrees(math.atan2(y, x))
        at = tuple(0.455 * c / norm for c in (x, y, z))
        cylinder(0.17, 0.05, (at[0], at[1], at[2] + 0.5), material, rotate=(0, polar, turn), segments=5, top=0.15)


def racket(look):
    """Tennis racket lying tilted, with strings and a ball."""
    main, string = look.main(), look.of("plastic", "white" if look.colour != "white" else "grey")
    a, b = look.by_form((0.36, 0.44), (0.34, 0.42), (0.27, 0.4))
    frame = [(a * math.cos(t), 0, 1.35 + b * math.sin(t)) for t in (2 * math.pi * i / 40 for i in range(41))]
    tube(frame, 0.028, main, curved=False)
    for n in range(-6, 7):
        x = a * n / 7
        half = b * math.sqrt(1 - (n / 7) ** 2)
        tube([(x, 0, 1.35 - half), (x, 0, 1.35 + half)], 0.005, string, curved=False, sides=5)
        z = b * n / 7
        half = a * math.sqrt(1 - (n / 7) ** 2)
        tube([(-half, 0, 1.35 + z), (half, 0, 1.35 + z)], 0.005, string, curved=False, sides=5)
    for side in (-1, 1):
        tube([(side * a * 0.72, 0, 1.35 - b * 0.7), (side * 0.03, 0, 0.62)], 0.024, main, curved=False)
    tube([(0, 0, 0.64), (0, 0, 0.02)], [0.034, 0.042], look.of("leather", look.accent), curved=False, sides=8)
    sphere(0.1, (a + 0.12, -0.1, 0.1), look.of("fabric", "yellow"))


def skateboard(look):
    """Skateboard on its wheels, or tipped so that the deck shows."""
    main, metal, wheel = look.main(), look.of("metal", "grey"), look.of("plastic", look.accent)
    width, length = look.by_form(0.42, 0.38, 0.3), 1.5
    tilt = look.rng.choice((0, 62))
    turn = placement((0, 0, width * 0.45 if tilt else 0), (tilt, 0, 0))
    _deck(main, width, length, look.by_form(0.5, 0.2, 0.4), turn)
    for side in (-1, 1):
        x = side * length * 0.26
        box((0.1, width * 0.6, 0.06), turn @ Vector((x, 0, 0.15)), metal, 0.01, (tilt, 0, 0))
        for y in (-1, 1):
            axle = turn @ Vector((x, y * width * 0.34 + 0.04, 0.085))
            cylinder(0.085, 0.08, axle, wheel, rotate=(90 + tilt, 0, 0))


def _deck(material, width, length, taper, turn):
    """Board with round ends of `taper` (share of the half length) that kick up."""
    vertices, faces, uvs = [], [], []
    rows, columns = 60, 10
    for i in range(rows + 1):
        x = 2 * i / rows - 1
        into = max(0.0, abs(x) - (1 - taper * 0.5)) / (taper * 0.5)
        half = width / 2 * math.sqrt(max(1 - into**2, 0.0))
        kick = 0.13 * max(0.0, abs(x) - 0.62) / 0.38
        for j in range(columns + 1):
            vertices.append((x * length / 2, (2 * j / columns - 1) * half, 0.2 + kick))
    for i in range(rows):
        for j in range(columns):
            a = i * (columns + 1) + j
            faces.append((a, a + columns + 1, a + columns + 2, a + 1))
            uvs += [vertices[v][:2] for v in faces[-1]]
    board = add_mesh("deck", vertices, faces, material, uvs=uvs, place=turn)
    board.modifiers.new("thickness", "SOLIDIFY").thickness = 0.03
