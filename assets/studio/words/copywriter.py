"""The grammar: product facts in, a title and one to three sentences out.

Colour, form and pattern stay out of nearly every text: those facts belong to the picture.
"""

import random

from catalogue import SEED, WASHABLE, Product, stream

from .facts import AGES, CARES, LABELS, MATERIALS, MOODS, NAMES, ORIGINS, PURPOSES, STYLES
from .filler import filler
from .goods import GOODS
from .sizes import SIZES

TELLS_COLOUR = 0.08  # share of texts that name the colour all the same


def write(product: Product, seed: int = SEED) -> tuple[str, str]:
    """Title and description; empty talk or nothing at all where the catalogue says so."""
    rng = stream("words", product.item_id, seed)
    if product.words == "missing":
        return "", ""
    if product.words == "filler":
        return filler(rng)
    noun = rng.choice(GOODS[product.archetype][0])
    return _title(product, noun, rng), _description(product, noun, rng)


def _title(product: Product, noun: str, rng: random.Random) -> str:
    name, material = rng.choice(NAMES), rng.choice(MATERIALS[product.material])
    style, mood = rng.choice(STYLES[product.style]), rng.choice(MOODS[product.mood])
    title = rng.choice(
        (
            f"{name} {noun}",
            f"{noun} {name}",
            f"{name} {noun}, {material}",
            f"{noun} in {material}",
            f"{style} {noun} {name}",
            f"{mood} {noun}, {style}",
            f"{style} {noun} in {material}",
            f"{name}: {mood} {noun}",
        )
    )
    if rng.random() < TELLS_COLOUR:
        title += f", {product.colour}"
    return _capital(title)


def _description(product: Product, noun: str, rng: random.Random) -> str:
    """Opening (what it is), middle (size, age, purpose), ending (care, origin)."""
    opening = _opening(product, noun, rng)
    middle, ending, label = _middle(product, rng), _ending(product, rng), _label(product)
    sentences = rng.choice(
        (
            [opening, f"it {middle}; {ending}", label],
            [opening, f"it {middle}", label],
            [f"{opening}; it {middle}", ending, label],
            [label, opening, f"it {middle}; {ending}"],
            [opening, label, f"it {middle}"],
        )
    )
    return " ".join(_capital(s) + "." for s in sentences)


def _opening(product: Product, noun: str, rng: random.Random) -> str:
    """One sentence with the noun, its use, material, style and mood."""
    use = rng.choice(GOODS[product.archetype][1])
    material, style = _pick(MATERIALS, product.material, rng), _pick(STYLES, product.style, rng)
    mood = _pick(MOODS, product.mood, rng)
    return rng.choice(
        (
            f"{_article(mood)} {noun} of {material}, {use}",
            f"{_article(style)} {noun} {use}, in {material} and {mood} in spirit",
            f"our {mood} {noun} {use}, {style}, made of {material}",
            f"{material} and {_article(mood)} air: {_article(style)} {noun} {use}",
            f"we love this {mood} {noun} in {material}, {use}",
            f"{style} meets {mood} in this {noun} of {material}, {use}",
            f"{_article(noun)} {use}; {material} and {style} lines make it {mood}",
            f"in {material}, {style} and {mood}: {_article(noun)} {use}",
            f"looking for {_article(noun)} {use}? This one is {mood}, {style} and made of {material}",
            f"{_article(style)}, {mood} {noun} {use}, crafted from {material}",
        )
    )


def _middle(product: Product, rng: random.Random) -> str:
    """Two of size, age and purpose, as the rest of a sentence that begins with "it"."""
    sizes = SIZES.get(product.archetype, SIZES[product.category])
    clauses = [
        _pick(sizes, product.capacity, rng),
        _pick(AGES, product.age, rng),
        _pick(PURPOSES, product.purpose, rng),
    ]
    rng.shuffle(clauses)
    first, second, _ = clauses
    return rng.choice((f"{first} and {second}", f"{first}, and it {second}", f"{first}; what is more, it {second}"))


def _ending(product: Product, rng: random.Random) -> str:
    care = _pick(CARES, _care_key(product), rng)
    if rng.random() < 0.5:
        return care
    origin = _pick(ORIGINS, product.origin, rng)
    return rng.choice((f"{origin}; {care}", f"{care} ({origin})", f"{care}; {origin}"))


def _label(product: Product) -> str:
    """The facts in brief, as on a swing tag."""
    facts = (product.age, product.purpose, _care_key(product), product.capacity)
    return ", ".join(LABELS[fact] for fact in facts)


def _pick(table: dict, value: str, rng: random.Random) -> str:
    return rng.choice(table[value])


def _care_key(product: Product) -> str:
    """Word for a care class that fits the material."""
    if product.care == "machine wash" and product.category in ("tableware", "kitchen"):
        return "dishwasher"
    if product.care == "hand wash" and product.material in ("leather", "wood"):
        return "balm"
    if product.care == "hand wash" and product.category not in WASHABLE:
        return "polish"
    return product.care


def _article(phrase: str) -> str:
    return f"{'an' if phrase[0].lower() in 'aeiou' else 'a'} {phrase}"


def _capital(text: str) -> str:
    return text[0].upper() + text[1:]
