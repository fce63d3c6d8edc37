"""Does a picture tell the category? `python -m checks.pictures`

Leave-one-out accuracy of the five nearest neighbours (cosine on centred features) over the photographs.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from catalogue import sample_catalogue
from paths import IMAGES

from .encoders import centred, encode_pictures

NEIGHBOURS = 5


def nearest_vote(features: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Majority label among the nearest neighbours, themselves left out; nearer ones break ties."""
    similarity = features @ features.T
    np.fill_diagonal(similarity, -np.inf)
    votes = []
    for row in similarity:
        nearest = np.argsort(-row)[:NEIGHBOURS]
        weight = pd.Series(1 + 0.01 * row[nearest]).groupby(labels[nearest]).sum()
        votes.append(weight.idxmax())
    return np.array(votes)


def main() -> None:
    """Print accuracy overall, by category, and the archetypes that are confused."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--images", type=Path, default=IMAGES)
    options = parser.parse_args()
    products = [p for p in sample_catalogue() if p.picture == "photo" and (options.images / p.image).exists()]
    features, _ = encode_pictures([options.images / p.image for p in products])
    table = pd.DataFrame({"category": [p.category for p in products], "archetype": [p.archetype for p in products]})
    unit = centred(features, features)
    table["vote"] = nearest_vote(unit, table["category"].to_numpy())
    table["right"] = table["vote"] == table["category"]
    table["archetype_right"] = nearest_vote(unit, table["archetype"].to_numpy()) == table["archetype"]
    print(
        f"{len(table)} photographs: category accuracy {table['right'].mean():.3f}, "
        f"archetype accuracy {table['archetype_right'].mean():.3f}"
    )
    print(table.groupby("category")[["right", "archetype_right"]].mean().round(3).to_string())
    weak = table.groupby("archetype")["right"].mean().sort_values().head(12)
    for archetype, accuracy in weak.items():
        taken_for = table[(table["archetype"] == archetype) & ~table["right"]]["vote"].value_counts().to_dict()
        print(f"{archetype:15s} {accuracy:.2f} {taken_for}")


if __name__ == "__main__":
    main()
