"""How the page names and writes things, in one place."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markupsafe import Markup, escape

from mamex.data.about import About
from mamex.modalities import MODALITIES

STAGES = {
    "load_encoder": "loading the encoder",
    "encode_image": "looking at the picture",
    "encode_text": "reading the words",
    "model": "experts and fusion",
    "neighbours": "what is nearest",
    "audience": "finding who gets it",
    "reasons": "explaining why",
}
UNBROKEN = "\u00a0"
_PLACES = re.compile(r"(\bno |'s |\bread )(\w+)")


def modality(name: str) -> str:
    """``image`` -> ``picture``; an unknown modality keeps its name."""
    return MODALITIES[name].label if name in MODALITIES else name


def capital(text: str) -> str:
    """The first letter large, the rest as it is."""
    return text[:1].upper() + text[1:]


def expert(index: int) -> str:
    """Experts count from 1 for people."""
    return f"Expert {index + 1}"


def stage(name: str) -> str:
    """A stage of ``LaunchResult.timings`` as an activity."""
    if name in STAGES:
        return STAGES[name]
    return f"reading the {modality(name.removeprefix('encode_'))}" if name.startswith("encode_") else name


def warning(sentence: str) -> str:
    """A warning of the launcher with the page's names of modalities."""
    named = _PLACES.sub(lambda match: match[1] + modality(match[2]), sentence)
    return named.replace("'s words is ", "'s words are ").replace(" tokens:", " word pieces:")


def percent(share: float) -> str:
    """``0.0405`` -> ``4.1 %``; whole numbers from 10 % on, because more digits would only look exact.

    The space doesn't break, so that no line starts with a percent sign.
    """
    if share >= 0.0995 or share == 0:
        return f"{share * 100:.0f}{UNBROKEN}%"
    return f"under 0.1{UNBROKEN}%" if share < 0.001 else f"{share * 100:.1f}{UNBROKEN}%"


def standing(share: float, about: About) -> tuple[str, str, str]:
    """How a reach compares, given the share of the items on sale whose reach is lower.

    Returns:
        a sentence in three parts; the one in the middle is what it says, to be set in bold.
    """
    if share >= 1:
        return "a wider reach than ", "every", f" {about.item} on sale"
    if share <= 0:
        return "", "no", f" {about.item} on sale reaches fewer"
    # Rounding must not turn "nearly all" into "all".
    return "a wider reach than ", percent(min(share, 0.99)), f" of the {about.items} on sale"


def similarity(cosine: float) -> str:
    """A cosine as a person reads it: 0.84."""
    return f"{cosine:.2f}"


def count(number: int, singular: str, plural: str | None = None) -> str:
    """``1 shopper``, ``1,110 shoppers``."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def people(about: About, number: int) -> Markup:
    """``1,110 shoppers``, in the dataset's own words, safe to put into HTML."""
    return text(count(number, about.user, about.users))


def things(about: About, number: int) -> Markup:
    """``1,219 products``, in the dataset's own words, safe to put into HTML."""
    return text(count(number, about.item, about.items))


def an(noun: str) -> Markup:
    """``a product``, ``an album``, safe to put into HTML."""
    return text(with_article(noun))


def with_article(noun: str) -> str:
    """``a product``, ``an album``, as it is."""
    return f"{'an' if noun[:1].lower() in tuple('aeiou') else 'a'} {noun}"


def text(words: str) -> Markup:
    """Words that are not ours, safe to put into HTML."""
    return escape(words)


def digits_for(largest: float) -> int:
    """Decimals that show three significant digits of the largest number shown."""
    digits, size = 2, abs(largest)
    while size and size < 1 and digits < 8:
        size *= 10
        digits += 1
    return digits


def rounded_parts(parts: Sequence[float], total: float, digits: int) -> tuple[list[float], float]:
    """Round parts and their total so that the rounded parts still add up to the rounded total.

    Each part is at most one unit of the last digit away from its true value, because parts that were rounded separately
    and seem not to add up would make an exact explanation look approximate.
    """
    unit = 10.0**-digits
    goal = round(total / unit)
    floors = [int(part // unit) for part in parts]
    remainders = sorted(range(len(parts)), key=lambda i: floors[i] - parts[i] / unit)
    # A part of exactly zero belongs to an expert at rest; it must stay zero.
    movable = [i for i in remainders if parts[i] != 0]
    for place in range(max(0, min(goal - sum(floors), len(movable)))):
        floors[movable[place]] += 1
    return [round(value * unit, digits) for value in floors], round(goal * unit, digits)


def shopper(user_id: str) -> str:
    """A shopper's name on the page: the demo's "shopper-0231" reads "Shopper 0231", other ids stay as they are."""
    return user_id.replace("shopper-", "Shopper ", 1) if user_id.startswith("shopper-") else user_id
