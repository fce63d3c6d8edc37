"""Sample the shop: every product's true attributes, from one seed.

Each group of attributes has its own random stream, so changing the words' facts never changes a picture.
"""

import random
from dataclasses import dataclass

from archetypes import ARCHETYPES, Archetype
from palette import COLOURS, METAL_TONES, WOOD_TONES

SEED = 2026
PER_ARCHETYPE = 23
UNINFORMATIVE = 0.15  # share of products with an empty-talk picture, and again of words
MISSING = 0.012  # share lacking the picture, and again lacking the words
CARTONS = 24  # different pictures of a carton, each shared by several products

FORMS = ("rounded", "angular", "slender")
PATTERNS = ("stripes", "checks", "dots", "waves", "speckled")
PATTERNED_MATERIALS = ("ceramic", "fabric", "plastic", "paper", "rubber", "wicker")
STYLES = ("scandinavian", "industrial", "classic", "retro", "bohemian", "modern")

CARES = ("wipe clean", "machine wash", "hand wash", "carefree")
PURPOSES = ("gift", "small flats", "families", "travel", "entertaining", "everyday", "collectors")
AGES = ("children", "young adults", "adults", "all ages")
CAPACITIES = ("compact", "standard", "generous")
MOODS = ("calm", "playful", "festive", "cosy", "focused")
ORIGINS = ("handmade", "recycled", "fair trade", "workshop made", "factory made")

# what would read absurd
WASHABLE = ("tableware", "textiles", "toys", "bags", "kitchen")
STAYS_HOME = ("furniture", "lamps", "plants", "clocks_frames")
NOT_FOR_CHILDREN = (
    "wine_glass",
    "candle",
    "cactus",
    "kettle",
    "frying_pan",
    "pepper_mill",
    "saucepan",
    "dumbbell",
)


@dataclass(frozen=True)
class Product:
    """One product with everything that is true about it."""

    item_id: str
    archetype: str
    category: str
    form: str  # picture only
    colour: str  # picture only
    accent: str  # picture only
    pattern: str  # picture only
    material: str  # both
    style: str  # words, and through its pattern partly the picture
    care: str  # words only, as are all below
    purpose: str
    age: str
    capacity: str
    mood: str
    origin: str
    price: float
    picture: str  # photo, carton or missing
    words: str  # copy, filler or missing

    @property
    def image(self) -> str:
        """File name of the picture, empty where it is missing."""
        if self.picture == "carton":
            return f"carton-{int(self.item_id[1:]) % CARTONS:02d}.webp"
        return f"{self.item_id}.webp" if self.picture == "photo" else ""

    @property
    def informative(self) -> str:
        """Which modality tells something: both, image or text."""
        if self.picture != "photo":
            return "text"
        return "both" if self.words == "copy" else "image"


def stream(name: str, index: int | str, seed: int = SEED) -> random.Random:
    """Independent random numbers for one purpose and one product."""
    return random.Random(f"{seed}:{name}:{index}")


def sample_catalogue(seed: int = SEED, per_archetype: int = PER_ARCHETYPE) -> list[Product]:
    """All products, in item id order; ids are shuffled so that they say nothing."""
    pairs = [(a, n) for a in ARCHETYPES for n in range(per_archetype)]
    numbers = list(range(1, len(pairs) + 1))
    stream("order", 0, seed).shuffle(numbers)
    conditions = _conditions(len(pairs), seed)
    products = [
        _product(a, n, f"p{number:04d}", condition, seed)
        for (a, n), number, condition in zip(pairs, numbers, conditions, strict=True)
    ]
    return sorted(products, key=lambda p: p.item_id)


def _conditions(count: int, seed: int) -> list[tuple[str, str]]:
    """Disjoint groups: carton picture, filler words, no picture, no words; the rest has both."""
    few, many = round(MISSING * count), round(UNINFORMATIVE * count)
    groups = (
        [("carton", "copy")] * many
        + [("photo", "filler")] * many
        + [("missing", "copy")] * few
        + [("photo", "missing")] * few
    )
    groups += [("photo", "copy")] * (count - len(groups))
    stream("conditions", 0, seed).shuffle(groups)
    return groups


def _product(kind: Archetype, n: int, item_id: str, condition: tuple[str, str], seed: int) -> Product:
    seen = stream(f"seen:{kind.name}", n, seed)
    told = stream(f"told:{kind.name}", n, seed)
    material = kind.materials[n % len(kind.materials)]
    colour = _colour(seen, kind, material)
    style = told.choice(STYLES)
    pattern = _pattern(seen, kind, material, style)
    low, high = kind.price
    price = round(low * (high / low) ** min(max(told.gauss(0.45, 0.22), 0.0), 1.0)) - 0.05
    return Product(
        item_id=item_id,
        archetype=kind.name,
        category=kind.category,
        form=FORMS[seen.randrange(3)],
        colour=colour,
        accent=_accent(seen, colour),
        pattern=pattern,
        material=material,
        style=style,
        care=told.choice(_sensible_cares(kind)),
        purpose=told.choice([p for p in PURPOSES if p != "travel" or kind.category not in STAYS_HOME]),
        age=told.choice([a for a in AGES if a != "children" or kind.name not in NOT_FOR_CHILDREN]),
        capacity=told.choice(CAPACITIES),
        mood=told.choice(MOODS),
        origin=told.choice(ORIGINS),
        price=price,
        picture=condition[0],
        words=condition[1],
    )


def _sensible_cares(kind: Archetype) -> list[str]:
    return [c for c in CARES if c != "machine wash" or kind.category in WASHABLE]


def _colour(rng: random.Random, kind: Archetype, material: str) -> str:
    """Natural tones are common where the material has one; else any colour goes."""
    if material == "stone":
        return rng.choice(("white", "black", "grey", "beige", "green", "pink"))
    natural = {"wood": tuple(WOOD_TONES), "metal": tuple(METAL_TONES), "wicker": ("beige", "brown", "white")}
    if material in natural and rng.random() < 0.45:
        return rng.choice(natural[material])
    if kind.name == "teddy" and rng.random() < 0.4:
        return rng.choice(("brown", "beige"))
    return rng.choice(tuple(COLOURS))


def _accent(rng: random.Random, colour: str) -> str:
    """Second colour of a pattern, always well apart from the first."""
    dark = ("black", "brown", "navy", "purple", "green", "red", "blue")
    return rng.choice(("white", "beige", "yellow") if colour in dark else ("navy", "black", "red"))


def _pattern(rng: random.Random, kind: Archetype, material: str, style: str) -> str:
    """Patterns live on printable materials; bohemian and retro goods carry more of them."""
    chance = 0.65 if style in ("bohemian", "retro") else 0.35
    if material not in PATTERNED_MATERIALS or rng.random() > chance:
        return "plain"
    return rng.choice(PATTERNS)
