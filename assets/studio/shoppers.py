"""Simulated shoppers: tastes drawn around personas, then purchases drawn from the true utility.

A shopper's taste for each value of an attribute mixes what the persona likes with a personal deviation, is
standardised over the products on sale and scaled by the attribute's weight. A weight is thus the standard
deviation that the attribute adds to a shopper's utility over the catalogue; Gumbel purchase noise has 1.28.
"""

import numpy as np
import pandas as pd
from personas import LIKES
from truth import Truth

N_SHOPPERS = 2500
HISTORY = (10, 60)
DAYS, FIRST_DAY = 730, "2024-09-01"

WEIGHTS = {
    # told by picture and words
    "category": 1.5,
    "archetype": 0.7,
    "material": 0.5,
    # told by the picture only
    "colour": 1.5,
    "form": 1.1,
    "pattern": 0.8,
    # told by the words only
    "age": 1.0,
    "care": 1.0,
    "purpose": 0.9,
    "capacity": 0.6,
    "mood": 0.5,
    "style": 0.4,
    "origin": 0.2,
}
PERSONAL = 0.55  # personal deviation, against a persona's likes of standard deviation one
PRICE_SENSITIVITY = (0.35, 0.25)  # mean and deviation
APPEAL = 0.45  # deviation of the quality that everybody sees and no attribute tells


def with_market(items: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Add `dearness` (relative price) and `appeal` (common quality) to the products."""
    price = np.log(items["price"].astype(float))
    relative = price - price.groupby(items["archetype"]).transform("mean")
    appeal = np.round(rng.normal(0, APPEAL, len(items)), 4)
    return items.assign(dearness=np.round(relative / relative.std(), 4), appeal=appeal)


def sample_shoppers(items: pd.DataFrame, rng: np.random.Generator) -> Truth:
    """Draw personas, tastes and price sensitivities."""
    personas = rng.choice(list(LIKES), N_SHOPPERS, p=rng.dirichlet(np.full(len(LIKES), 12.0)))
    values, blocks = [], []
    for attribute, weight in WEIGHTS.items():
        names = sorted(items[attribute].unique())
        share = items[attribute].value_counts(normalize=True)[names].to_numpy()
        liked = np.stack([_standardise(_persona_taste(p, attribute, names), share) for p in LIKES])
        known = {p: n for n, p in enumerate(LIKES)}
        taste = liked[[known[p] for p in personas]] + rng.normal(0, PERSONAL, (N_SHOPPERS, len(names)))
        blocks.append(weight * _standardise(taste, share))
        values += [f"{attribute}={name}" for name in names]
    mean, deviation = PRICE_SENSITIVITY
    return Truth(
        items=items,
        shopper_ids=np.array([f"shopper-{n:04d}" for n in range(1, N_SHOPPERS + 1)]),
        personas=personas,
        values=np.array(values),
        tastes=np.hstack(blocks).astype(np.float16),
        sensitivity=np.maximum(rng.normal(mean, deviation, N_SHOPPERS), 0).astype(np.float16),
    )


def _persona_taste(persona: str, attribute: str, names: list[str]) -> np.ndarray:
    """1 for what the persona likes, 0 for the rest; archetypes have no persona, only personal taste."""
    liked = LIKES[persona].get(attribute, ())
    return np.array([float(name in liked) for name in names])


def _standardise(taste: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Zero mean and unit deviation over the products (whose values occur with `share`)."""
    centred = taste - (taste * share).sum(-1, keepdims=True)
    deviation = np.sqrt((centred**2 * share).sum(-1, keepdims=True))
    return centred / np.maximum(deviation, 1e-9)


def draw_purchases(world: Truth, rng: np.random.Generator) -> pd.DataFrame:
    """Each shopper's basket of distinct products: the top of utility plus Gumbel noise, then dated."""
    noisy = world.utility_matrix() + rng.gumbel(size=(len(world.shopper_ids), len(world.items)))
    low, high = HISTORY
    counts = np.clip(np.round(low + rng.gamma(1.35, 11.0, len(noisy))), low, high).astype(int)
    rows = []
    for row, (shopper, count) in enumerate(zip(world.shopper_ids, counts, strict=True)):
        bought = np.argpartition(-noisy[row], count)[:count]
        joined = rng.integers(0, DAYS // 2)
        days = np.sort(rng.integers(joined, DAYS, count))
        dates = np.datetime64(FIRST_DAY) + days
        rows += zip([shopper] * count, world.items.index[rng.permutation(bought)], dates.astype(str), strict=True)
    purchases = pd.DataFrame(rows, columns=["user_id", "item_id", "timestamp"])
    return purchases.sort_values(["timestamp", "user_id", "item_id"], ignore_index=True)
