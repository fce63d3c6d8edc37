"""What the shop sells: each archetype's category, materials and price range."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Archetype:
    """One kind of product; `name` is also the name of the function that models it."""

    name: str
    category: str
    materials: tuple[str, ...]
    price: tuple[float, float]
    mount: str = "floor"  # how the studio shows it: floor, wall, hang or flat


def _family(category: str, *rows: tuple) -> list[Archetype]:
    return [
        Archetype(name, category, tuple(materials.split()), price, *mount) for name, materials, price, *mount in rows
    ]


ARCHETYPES: tuple[Archetype, ...] = tuple(
    _family(
        "furniture",
        ("chair", "wood plastic metal", (49, 240)),
        ("sofa", "fabric leather", (390, 1900)),
        ("table", "wood metal stone", (120, 900)),
        ("bookcase", "wood metal", (80, 520)),
        ("drawers", "wood plastic", (110, 640)),
        ("bed", "wood metal fabric", (260, 1400)),
    )
    + _family(
        "lamps",
        ("table_lamp", "ceramic wood metal glass", (25, 180)),
        ("floor_lamp", "metal wood", (60, 340)),
        ("pendant", "metal glass ceramic", (35, 260), "hang"),
        ("candle", "wax", (6, 38)),
    )
    + _family(
        "tableware",
        ("mug", "ceramic glass metal", (6, 32)),
        ("teapot", "ceramic glass metal", (22, 120)),
        ("plate", "ceramic stone", (6, 42), "flat"),
        ("bowl", "ceramic wood glass", (8, 60)),
        ("wine_glass", "glass", (7, 44)),
    )
    + _family(
        "textiles",
        ("cushion", "fabric leather", (14, 80)),
        ("blanket", "fabric", (25, 190)),
        ("towel", "fabric", (8, 48)),
        ("rug", "fabric", (40, 420), "flat"),
    )
    + _family(
        "plants",
        ("potted_plant", "ceramic stone plastic", (14, 90)),
        ("cactus", "ceramic stone plastic", (8, 42)),
        ("vase", "ceramic glass stone", (15, 140)),
        ("watering_can", "metal plastic", (12, 70)),
    )
    + _family(
        "audio",
        ("speaker", "wood plastic fabric", (40, 480)),
        ("headphones", "plastic leather", (30, 380)),
        ("radio", "wood plastic leather", (35, 260)),
        ("turntable", "wood plastic", (120, 620)),
    )
    + _family(
        "desk",
        ("keyboard", "plastic metal", (25, 190), "flat"),
        ("mouse", "plastic metal", (12, 95), "flat"),
        ("monitor", "plastic metal", (120, 680)),
        ("pencil_cup", "wood metal ceramic plastic", (8, 40)),
        ("notebook", "leather fabric paper", (6, 48), "flat"),
    )
    + _family(
        "toys",
        ("teddy", "fabric", (14, 70)),
        ("abacus", "wood", (16, 60)),
        ("toy_train", "wood plastic", (18, 90)),
        ("puzzle_cube", "plastic", (8, 30)),
    )
    + _family(
        "sports",
        ("dumbbell", "metal rubber", (12, 110)),
        ("ball", "rubber leather", (12, 70)),
        ("racket", "metal wood", (25, 210)),
        ("skateboard", "wood", (40, 190)),
    )
    + _family(
        "bags",
        ("backpack", "fabric leather", (35, 220)),
        ("handbag", "leather fabric", (40, 380)),
        ("suitcase", "plastic metal fabric", (70, 420)),
        ("basket", "wicker", (15, 85)),
    )
    + _family(
        "clocks_frames",
        ("wall_clock", "wood metal plastic", (18, 140), "wall"),
        ("alarm_clock", "metal plastic wood", (15, 75)),
        ("hourglass", "wood metal", (14, 60)),
        ("picture_frame", "wood metal", (10, 95), "wall"),
    )
    + _family(
        "kitchen",
        ("frying_pan", "metal", (22, 160)),
        ("kettle", "metal ceramic", (28, 150)),
        ("cutting_board", "wood", (14, 85), "flat"),
        ("pepper_mill", "wood metal", (14, 70)),
        ("saucepan", "metal", (28, 190)),
    )
)

BY_NAME = {a.name: a for a in ARCHETYPES}
CATEGORIES = tuple(dict.fromkeys(a.category for a in ARCHETYPES))
