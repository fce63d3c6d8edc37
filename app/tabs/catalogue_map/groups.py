"""How the map's items are put into groups that a colour and a symbol can tell apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app import words
from app.state.shop import Shop
from app.theme.palette import colour

#: Of middle lightness, so that both modes show them; told apart by their symbols too.
COLOURS = ("#0068A6", "#C05000", "#00805F", "#8A5FB5", "#8A6D00", "#C2417C", "#1389A0", "#8C5A4A")
SYMBOLS = ("circle", "square", "diamond", "cross", "x", "triangle-up", "triangle-down", "pentagon")
MOST_GROUPS = len(COLOURS)
OTHER, OTHER_COLOUR, OTHER_SYMBOL, UNNAMED_SYMBOL = "other", "#7A828E", "circle-open", "square-open"
#: Edges of the classes of fusion weights.
WEIGHT_STEPS = (0.2, 0.4, 0.6, 0.8)


@dataclass(frozen=True)
class Group:
    """One entry of the legend."""

    name: str
    colour: str
    symbol: str


@dataclass(frozen=True)
class Grouping:
    """Groups, and which of them each item on sale belongs to: ``member`` (C,) holds places in ``groups``."""

    groups: list[Group]
    member: np.ndarray


def choices(shop: Shop) -> list[tuple[str, str]]:
    """What the map can be coloured by: a name for people, and the key that ``grouping`` takes."""
    modalities = shop.launcher.modalities
    found = [("Category", "category")] if "category" in shop.launcher.checkpoint.dataset.items else []
    found += [(f"Strongest expert of the {words.modality(name)}", f"expert {name}") for name in modalities]
    # Of two weights that sum to 1, one tells both.
    weighed = modalities[:1] if len(modalities) <= 2 else modalities
    return found + [(f"Weight of the {words.modality(name)}", f"weight {name}") for name in weighed]


def grouping(shop: Shop, key: str) -> Grouping:
    """The groups of all items on sale by a key of ``choices``."""
    catalogue = shop.launcher.catalogue
    if key == "category":
        return by_name(list(shop.launcher.checkpoint.dataset.items["category"].iloc[catalogue.positions]))
    kind, modality = key.split(" ", 1)
    place = shop.launcher.modalities.index(modality)
    present = catalogue.forward.present[:, place].numpy()
    if kind == "expert":
        strongest = catalogue.forward.active_gates[:, place].argmax(dim=1).tolist()
        names = [words.expert(expert) if here else "" for expert, here in zip(strongest, present, strict=True)]
        return by_name(names, unnamed=f"no {words.modality(modality)}", by_size=False)
    others = [name for name in shop.launcher.modalities if name != modality]
    opposite = colour(others[0]) if len(others) == 1 else OTHER_COLOUR
    return by_weight(catalogue.forward.fusion[:, place].numpy(), opposite, colour(modality))


def by_name(names: Sequence[str], unnamed: str = OTHER, by_size: bool = True) -> Grouping:
    """The largest groups of equal names; then one of all the smaller ones, and one of the items without a name.

    Args:
        names: one an item, "" for none.
        unnamed: what the group without a name is called; the smaller groups join it if both are called the same.
        by_size: largest first in the legend; by name, and numbers in their order, if not.
    """
    counts = Counter(name for name in names if name)
    chosen = sorted(counts, key=lambda name: (-counts[name], name))[:MOST_GROUPS]
    if not by_size:
        chosen = sorted(chosen, key=lambda name: (len(name), name))  # so that 10 comes after 9
    groups = [Group(name, COLOURS[place], SYMBOLS[place]) for place, name in enumerate(chosen)]
    shown = [name if name in chosen else OTHER if name else unnamed for name in names]
    if OTHER in shown and OTHER not in chosen:
        groups.append(Group(OTHER, OTHER_COLOUR, OTHER_SYMBOL))
    if unnamed in shown and unnamed not in (OTHER, *chosen):
        groups.append(Group(unnamed, OTHER_COLOUR, UNNAMED_SYMBOL))
    places = {group.name: place for place, group in enumerate(groups)}
    return Grouping(groups, np.array([places[name] for name in shown], dtype=np.int64))


def by_weight(weights: np.ndarray, low: str, high: str) -> Grouping:
    """Classes of a fusion weight (C,), from one colour over grey to another."""
    shades = (low, _between(low, OTHER_COLOUR), OTHER_COLOUR, _between(OTHER_COLOUR, high), high)
    groups = [
        Group(
            f"{start * 100:.0f} to {end * 100:.0f}{words.UNBROKEN}%",
            shades[place],
            SYMBOLS[place],
        )
        for place, (start, end) in enumerate(pairwise((0.0, *WEIGHT_STEPS, 1.0)))
    ]
    return Grouping(groups, np.digitize(weights, WEIGHT_STEPS))


def _between(start: str, end: str) -> str:
    """The colour half-way from one to another."""
    channels = ((int(start[i : i + 2], 16) + int(end[i : i + 2], 16)) // 2 for i in (1, 3, 5))
    return "#" + "".join(f"{channel:02X}" for channel in channels)
