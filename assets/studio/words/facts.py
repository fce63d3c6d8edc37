"""How the shop phrases each fact; every phrase completes a sentence whose subject is the product."""

MATERIALS = {
    "wood": ("solid wood", "oiled timber", "wood from managed forests"),
    "metal": ("metal", "sturdy metal", "powder-coated metal"),
    "plastic": ("plastic", "tough plastic", "hard-wearing plastic"),
    "fabric": ("fabric", "woven cotton", "soft textile"),
    "leather": ("leather", "full-grain leather", "supple leather"),
    "ceramic": ("ceramic", "glazed stoneware", "porcelain"),
    "glass": ("glass", "mouth-blown glass", "lead-free crystal"),
    "stone": ("stone", "polished marble", "natural stone"),
    "paper": ("paper", "card and thread-bound paper", "heavy paper"),
    "wax": ("wax", "plant wax", "beeswax blend"),
    "rubber": ("rubber", "natural rubber", "grippy rubber"),
    "wicker": ("wicker", "woven willow", "plaited rattan"),
}

STYLES = {
    "scandinavian": ("Scandinavian", "Nordic", "Scandinavian-style"),
    "industrial": ("industrial", "loft-style", "factory-style"),
    "classic": ("classic", "traditional", "timeless"),
    "retro": ("retro", "mid-century", "seventies-style"),
    "bohemian": ("bohemian", "boho", "free-spirited"),
    "modern": ("modern", "contemporary", "minimalist"),
}

MOODS = {
    "calm": ("calm", "quiet", "restful", "soothing"),
    "playful": ("playful", "cheerful", "cheeky", "fun"),
    "festive": ("festive", "celebratory", "party-ready", "glamorous"),
    "cosy": ("cosy", "snug", "homely", "warm-hearted"),
    "focused": ("no-nonsense", "focused", "businesslike", "professional"),
}

PURPOSES = {
    "gift": ("comes gift-wrapped", "makes a present nobody returns", "is packed in a gift box with a card"),
    "small flats": (
        "was designed for small flats",
        "works in tiny apartments where every centimetre counts",
        "saves space in a studio flat",
    ),
    "families": (
        "stands up to family life",
        "is built for busy families",
        "survives homes with kids and pets",
    ),
    "travel": ("is made to travel", "goes along on trips and holidays", "packs easily for journeys"),
    "entertaining": (
        "earns its place when guests come",
        "is made for hosting friends",
        "was made for dinner parties",
    ),
    "everyday": (
        "is made for everyday use",
        "does its job every day from Monday to Sunday",
        "is a plain daily companion",
    ),
    "collectors": (
        "is a numbered edition for collectors",
        "is a limited edition that collectors look for",
        "is a collector's piece with a certificate",
    ),
}

AGES = {
    "children": (
        "is safe for children from three years",
        "is made for small hands",
        "belongs in a child's room",
    ),
    "young adults": (
        "is a favourite of students",
        "suits a first flat of one's own",
        "is aimed at people in their twenties",
    ),
    "adults": (
        "is meant for grown-ups",
        "suits adults with an eye for detail",
        "is one for adult connoisseurs",
    ),
    "all ages": (
        "suits every age",
        "is for all generations, from toddler to grandparent",
        "is loved by young and old alike",
    ),
}

CARES = {
    "wipe clean": (
        "wipe it clean with a damp cloth",
        "a quick wipe is all the cleaning it takes",
        "spills simply wipe off",
    ),
    "machine wash": (
        "it can go into the machine for washing",
        "it is machine washable at 40 degrees",
        "just put it in the washing machine",
    ),
    "dishwasher": (
        "it can go into the machine for washing up",
        "it is dishwasher safe, again and again",
        "just put it in the dishwasher",
    ),
    "hand wash": (
        "it is hand wash only, in lukewarm water",
        "please wash it gently by hand",
        "wash it by hand and dry it at once",
    ),
    "balm": (
        "treat it gently, with balm by hand twice a year",
        "it needs some care: please feed it by hand with oil",
        "rub it with oil by hand now and then",
    ),
    "polish": (
        "please polish it gently by hand",
        "it needs some care: dust and polish it by hand",
        "a soft cloth and polish, by hand, keep it beautiful",
    ),
    "carefree": (
        "it needs no care at all",
        "it is maintenance-free",
        "it asks for no upkeep or special cleaning",
    ),
}

ORIGINS = {
    "handmade": ("made by hand in small batches", "handmade, so no two are alike"),
    "recycled": ("made from recycled material", "at least 80 % of it is recycled"),
    "fair trade": ("fairly traded", "fair trade certified"),
    "workshop made": ("built in a small workshop", "from a workshop two streets away"),
    "factory made": ("made in a modern factory", "factory made to exact tolerances"),
}

LABELS = {
    "children": "for kids",
    "young adults": "for students",
    "adults": "for adults",
    "all ages": "for all ages",
    "gift": "gift idea",
    "small flats": "space-saving",
    "families": "family-proof",
    "travel": "travel",
    "entertaining": "for parties",
    "everyday": "everyday",
    "collectors": "collector's edition",
    "wipe clean": "wipe clean",
    "machine wash": "machine washable",
    "dishwasher": "dishwasher safe",
    "hand wash": "hand wash only",
    "balm": "hand care with oil",
    "polish": "hand polish only",
    "carefree": "no upkeep",
    "compact": "small",
    "standard": "medium",
    "generous": "extra large",
}

NAMES = (
    "Tarn",
    "Haven",
    "Fjell",
    "Alder",
    "Brook",
    "Solstice",
    "Pebble",
    "Drift",
    "Ember",
    "Moor",
    "Lumo",
    "Kito",
    "Ravel",
    "Noor",
    "Vale",
    "Quay",
    "Tide",
    "Larch",
    "Flint",
    "Dune",
    "Isle",
    "Orbit",
    "Plateau",
    "Juniper",
    "Marsh",
    "Onda",
    "Piazza",
    "Skerry",
    "Terra",
    "Umbra",
    "Vento",
    "Wharf",
    "Zephyr",
    "Canto",
    "Delta",
    "Fermata",
    "Gable",
    "Harbour",
    "Inlet",
    "Kiln",
    "Loft",
    "Meridian",
    "Nimbus",
    "Opal",
    "Prairie",
    "Ridge",
    "Sable",
    "Thicket",
    "Verso",
    "Willow",
    "Yarrow",
    "Arbor",
    "Borough",
    "Cove",
    "Dell",
    "Estuary",
    "Fallow",
    "Glen",
)
