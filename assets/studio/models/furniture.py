"""Furniture, in metres; the front faces -y."""

from shapes import box, cylinder, pillow, rounded_rectangle, slab, tube


def _legs(look, width, depth, height, material, splay=0.06, radius=0.022):
    for x in (-1, 1):
        for y in (-1, 1):
            top = (x * width / 2, y * depth / 2, height)
            foot = (top[0] + x * splay, top[1] + y * splay, 0)
            if look.angular:
                box((0.045, 0.045, height), (top[0], top[1], height / 2), material, 0.004)
            else:
                tube([foot, top], [radius * 0.65, radius], material, curved=False, sides=16)


def chair(look):
    """Side chair: shell back, ladder back or spindle back."""
    main, wood = look.main(), look.plain()
    seat = 0.45
    width, depth = look.between(0.42, 0.5), look.between(0.42, 0.48)
    slab(rounded_rectangle(width, depth, look.by_form(0.14, 0.02, 0.08)), 0.04, main, (0, 0, seat - 0.04))
    _legs(look, width - 0.1, depth - 0.1, seat - 0.03, wood)
    top = look.by_form(0.84, 0.9, 1.0) + look.between(-0.03, 0.05)
    back = depth / 2 - 0.03
    posts = [-(width / 2 - 0.03), width / 2 - 0.03]
    if look.rounded:
        slab(
            rounded_rectangle(width, top - seat - 0.1, 0.14),
            0.03,
            main,
            (0, back + 0.05, (seat + top) / 2 + 0.05),
            (80, 0, 0),
            0.012,
        )
        for x in posts:
            tube([(x * 0.7, back, seat - 0.02), (x * 0.7, back + 0.03, seat + 0.2)], 0.016, wood, curved=False)
        return
    for x in posts:
        tube([(x, back, seat - 0.02), (x, back + 0.07, top)], 0.018, wood, curved=False)
    if look.angular:
        for n in range(3):
            z = seat + 0.14 + n * (top - seat - 0.18) / 2
            box((width - 0.06, 0.02, 0.075), (0, back + 0.07 * (z - seat) / (top - seat), z), main, 0.006)
        return
    box((width - 0.02, 0.03, 0.06), (0, back + 0.07, top - 0.02), main, 0.012)
    for n in range(1, 6):
        x = posts[0] + n * (posts[1] - posts[0]) / 6
        tube([(x, back, seat - 0.02), (x, back + 0.065, top - 0.03)], 0.008, wood, curved=False)


def sofa(look):
    """Couch of two or three seats with loose cushions."""
    main, seats = look.main(), look.rng.choice((2, 3))
    width, depth = 0.68 * seats + 0.2, 0.85
    soft = look.by_form(0.1, 0.02, 0.05)
    arm = look.by_form(0.22, 0.18, 0.09)
    lift = look.by_form(0.08, 0.06, 0.16)
    box((width, depth, 0.24), (0, 0, lift + 0.12), main, soft * 0.6)
    box((width, 0.2, 0.66), (0, depth / 2 - 0.1, lift + 0.4), main, soft)
    for x in (-1, 1):
        box((arm, depth, 0.5), (x * (width / 2 - arm / 2), 0, lift + 0.28), main, soft)
    inner = (width - 2 * arm) / seats
    for n in range(seats):
        x = -(width / 2 - arm) + inner * (n + 0.5)
        box((inner - 0.01, depth - 0.22, 0.17), (x, -0.08, lift + 0.31), main, 0.05)
        box((inner - 0.02, 0.18, 0.42), (x, depth / 2 - 0.27, lift + 0.58), main, 0.08, (-12, 0, 0))
    feet = look.of("wood", "brown")
    for x in (-1, 1):
        for y in (-1, 1):
            cylinder(0.022, lift + 0.02, (x * (width / 2 - 0.08), y * (depth / 2 - 0.08), 0), feet, top=0.03)


def table(look):
    """Dining table: round pedestal, rectangular, or on hairpin-thin legs."""
    main, trim = look.main(), look.of("metal", "black") if look.material == "stone" else look.plain()
    height = 0.74
    if look.rounded:
        radius = look.between(0.5, 0.65)
        cylinder(radius, 0.04, (0, 0, height - 0.04), main, bevel=0.015, segments=72)
        cylinder(0.06, height - 0.05, (0, 0, 0.01), trim, top=0.045)
        cylinder(0.3, 0.03, (0, 0, 0), trim)
        return
    width, depth = look.between(1.3, 1.7), look.between(0.75, 0.9)
    thick = look.by_form(0.04, 0.06, 0.025)
    box((width, depth, thick), (0, 0, height - thick / 2), main, 0.006)
    if look.angular:
        box((width - 0.14, depth - 0.14, 0.08), (0, 0, height - thick - 0.04), trim, 0.004)
        for x in (-1, 1):
            for y in (-1, 1):
                box(
                    (0.08, 0.08, height - thick),
                    (x * (width / 2 - 0.06), y * (depth / 2 - 0.06), (height - thick) / 2),
                    trim,
                    0.006,
                )
        return
    _legs(look, width - 0.3, depth - 0.24, height - thick, trim, 0.08, 0.02)


def bookcase(look):
    """Open shelves, partly filled with books."""
    main = look.main()
    width = look.by_form(0.8, 1.0, 0.5) * look.between(0.95, 1.05)
    shelves = look.by_form(3, 3, 5)
    height, depth, board = 0.36 * shelves + 0.06, 0.3, 0.025
    for x in (-1, 1):
        box((board, depth, height), (x * (width - board) / 2, 0, height / 2), main, 0.004)
    box((width, 0.012, height), (0, depth / 2 - 0.006, height / 2), main, 0)
    gap = (height - board) / shelves
    for n in range(shelves + 1):
        box((width, depth, board), (0, 0, board / 2 + n * gap), main, 0.004)
    for n in range(shelves):
        _books(look, -width / 2 + board, width / 2 - board, n * gap + board, gap - 0.05)


def _books(look, left, right, z, room):
    x, stop = left + 0.01, left + (right - left) * look.between(0.5, 1.0)
    while True:
        thick, tall = look.between(0.025, 0.05), look.between(0.6, 0.95) * room
        if x + thick > stop:
            return
        colour = look.rng.choice(("white", "beige", "brown", "navy", "grey", "red", "green"))
        box((thick * 0.94, 0.19, tall), (x + thick / 2, 0.0, z + tall / 2), look.of("paper", colour), 0.003)
        x += thick


def drawers(look):
    """Chest of drawers on short feet."""
    main, rows = look.main(), look.rng.choice((3, 4))
    width, depth = look.by_form(0.9, 1.0, 0.55), 0.45
    height = look.by_form(0.22, 0.22, 0.27) * rows
    lift = look.by_form(0.1, 0.03, 0.16)
    box((width, depth, height), (0, 0, lift + height / 2), main, look.by_form(0.04, 0.004, 0.012))
    row = (height - 0.06) / rows
    knob = look.of("metal", look.rng.choice(("black", "yellow", "grey")))
    for n in range(rows):
        z = lift + 0.03 + row * (n + 0.5)
        box(
            (width - 0.08, 0.02, row - 0.02),
            (0, -depth / 2 - 0.008, z),
            main,
            look.by_form(0.02, 0.002, 0.006),
        )
        if look.angular:
            box((0.2, 0.025, 0.018), (0, -depth / 2 - 0.03, z), knob, 0.004)
            continue
        for x in (-0.22, 0.22):
            cylinder(0.02, 0.03, (x * width, -depth / 2 - 0.015, z), knob, rotate=(90, 0, 0))
    for x in (-1, 1):
        for y in (-1, 1):
            cylinder(0.018, lift, (x * (width / 2 - 0.06), y * (depth / 2 - 0.06), 0), main, top=0.025)


def bed(look):
    """Double bed with headboard, duvet and two pillows."""
    main, linen = look.main(), look.of("fabric", "white")
    width, length = look.by_form(1.6, 1.7, 1.3), 2.05
    lift = look.by_form(0.12, 0.08, 0.25)
    box((width, length, 0.16), (0, 0, lift + 0.08), main, look.by_form(0.06, 0.01, 0.02))
    head = look.by_form(0.6, 0.55, 0.75)
    outline = rounded_rectangle(width, head + 0.3, look.by_form(0.3, 0.02, 0.08))
    slab(outline, 0.07, main, (0, length / 2 + 0.06, lift + head / 2 + 0.05), (90, 0, 0), 0.015)
    box((width - 0.08, length - 0.06, 0.2), (0, 0, lift + 0.25), linen, 0.06)
    box(
        (width + 0.02, length * 0.66, 0.12),
        (0, -length * 0.18, lift + 0.34),
        look.of("fabric", look.colour),
        0.05,
    )
    for x in (-1, 1):
        pillow(width * 0.42, 0.42, 0.2, linen, (x * width * 0.24, length / 2 - 0.25, lift + 0.43), (18, 0, 0))
        for y in (-1, 1):
            cylinder(0.03, lift + 0.02, (x * (width / 2 - 0.08), y * (length / 2 - 0.08), 0), main)
