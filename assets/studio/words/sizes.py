"""How each category, or archetype, speaks of capacity; every phrase completes a sentence."""

SIZES: dict[str, dict[str, tuple[str, ...]]] = {
    "furniture": {
        "compact": ("fits the narrowest corner", "takes up hardly any floor"),
        "standard": ("suits a room of ordinary size", "has the usual measurements"),
        "generous": ("is built on a grand scale", "is extra large and gives a big room its centre"),
    },
    "lamps": {
        "compact": ("lights just a bedside or a niche", "is a small lamp of 25 watts"),
        "standard": ("lights an average room", "gives as much light as a 60 watt bulb"),
        "generous": ("floods a large room with light", "is extra bright, at 1,500 lumen"),
    },
    "tableware": {
        "compact": ("holds a single small portion", "is the small size, 150 ml"),
        "standard": ("holds a regular portion", "is the medium size, 350 ml"),
        "generous": ("holds enough for a crowd", "is the extra large size, well over a litre"),
    },
    "textiles": {
        "compact": ("comes in the small size", "is the small version"),
        "standard": ("comes in the standard size", "has the usual measurements"),
        "generous": ("comes in the extra large size", "is generously cut, big enough for two"),
    },
    "plants": {
        "compact": ("needs no more than a windowsill", "stays small, 12 cm across"),
        "standard": ("is of medium size", "stands about 30 cm tall"),
        "generous": ("is big enough to stand on the floor", "is extra large, nearly a metre tall"),
    },
    "audio": {
        "compact": ("is small enough to slip into a bag", "plays for six hours on one charge"),
        "standard": ("is of regular size", "plays for twenty hours on one charge"),
        "generous": ("is extra large, with power for a party", "plays for sixty hours on one charge"),
    },
    "desk": {
        "compact": ("is small and leaves the desk free", "comes in the travel-sized version"),
        "standard": ("is made for an ordinary desk", "comes in the regular size"),
        "generous": ("is extra large, for a big workstation", "comes in the oversized version"),
    },
    "toys": {
        "compact": ("is the small version that fits a pocket", "is a small set"),
        "standard": ("is the regular set", "is of medium size"),
        "generous": ("is the extra large version", "is a big set with enough to share"),
    },
    "sports": {
        "compact": ("is the small, light version for beginners", "is a light one, easy to carry"),
        "standard": ("has the regulation size", "is the regular, medium weight version"),
        "generous": ("is the large, heavy version for advanced training", "is oversized"),
    },
    "bags": {
        "compact": ("holds just phone and keys: 4 litres", "is small and light, at 5 litres"),
        "standard": ("holds a day's things: 18 litres", "is medium-sized, at 20 litres"),
        "generous": ("holds luggage for a week: 45 litres", "is extra roomy, at 50 litres"),
    },
    "clocks_frames": {
        "compact": ("is small, 12 cm across", "is a small piece for a shelf"),
        "standard": ("measures a handy 30 cm", "is of medium size"),
        "generous": ("is a large piece, 60 cm across", "is extra large and seen from afar"),
    },
    "kitchen": {
        "compact": ("is small, just right to cook for one", "is the small size for single households"),
        "standard": ("is right for two to four people", "is the medium size"),
        "generous": ("is big enough to cook for ten", "is the extra large size"),
    },
    # archetypes that measure themselves otherwise than the rest of their category
    "candle": {
        "compact": ("is small and burns for eight hours", "is the small size"),
        "standard": ("burns for twenty hours", "is of regular size"),
        "generous": ("burns for sixty hours", "is the extra large size"),
    },
    "watering_can": {
        "compact": ("holds just half a litre", "is small and light"),
        "standard": ("holds a litre and a half", "is of medium size"),
        "generous": ("holds a good five litres", "is extra large"),
    },
    "vase": {
        "compact": ("is small, 12 cm tall", "holds a single stem"),
        "standard": ("is of medium size", "stands about 25 cm tall"),
        "generous": ("is extra large, over half a metre tall", "holds a huge bouquet"),
    },
    "mug": {
        "compact": ("is the small espresso size, 80 ml",),
        "standard": ("holds a regular 300 ml",),
        "generous": ("is extra large and holds half a litre",),
    },
    "teapot": {
        "compact": ("is the small size, for a single cup",),
        "standard": ("is of medium size, for three cups",),
        "generous": ("is extra large, for ten cups",),
    },
    "wine_glass": {
        "compact": ("is the small size, 180 ml",),
        "standard": ("holds a regular 350 ml",),
        "generous": ("is extra large, with room for 700 ml",),
    },
}
