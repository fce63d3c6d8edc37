"""Can a simple content model find the buyers of unseen products? `python -m checks.learnability`

Ridge regression of the purchase matrix on centred, normalised features; 20 % of the products are cold.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd
from paths import CATALOGUE
from truth import Truth

from .encoders import centred, encode_pictures, encode_words

TOP = 20
STRENGTHS = (3.0, 10.0, 30.0)


def load_features(folder: Path, items: pd.DataFrame) -> dict[str, np.ndarray]:
    """Raw features of both modalities, NaN rows where one is missing."""
    pictures = np.full((len(items), 1280), np.nan, np.float32)
    known = sorted({name for name in items["image"] if name and (folder / name).exists()})
    encoded = dict(zip(known, encode_pictures([folder / name for name in known])[0], strict=True))
    for row, name in enumerate(items["image"]):
        if name in encoded:
            pictures[row] = encoded[name]
    texts = [f"{t}. {d}" if t else "" for t, d in zip(items["title"], items["description"], strict=True)]
    words = encode_words(texts)
    words[[not text for text in texts]] = np.nan
    return {"image": pictures, "text": words}


def prepare(raw: np.ndarray, warm: np.ndarray) -> np.ndarray:
    """Centre on the warm products and normalise; a missing modality becomes zero."""
    present = ~np.isnan(raw[:, 0])
    unit = centred(np.nan_to_num(raw), raw[warm & present])
    return unit * present[:, None]


def ridge_scores(features: np.ndarray, bought: np.ndarray, warm: np.ndarray, strength: float) -> np.ndarray:
    """Scores [n_shoppers, n_cold] of the cold products."""
    x, y = features[warm], bought[:, warm].T.astype(np.float32)
    gram = x.T @ x + strength * np.eye(x.shape[1], dtype=np.float32)
    return (features[~warm] @ np.linalg.solve(gram, x.T @ (y - y.mean(0)))).T


def recall(scores: np.ndarray, bought: np.ndarray) -> float:
    """Mean share of a shopper's cold purchases found in the top 20."""
    buyers = bought.any(1)
    top = np.argpartition(-scores[buyers], TOP, axis=1)[:, :TOP]
    hits = np.take_along_axis(bought[buyers], top, axis=1).sum(1)
    return float((hits / bought[buyers].sum(1)).mean())


def audience_precision(scores: np.ndarray, utility: np.ndarray) -> float:
    """How much of a product's true top 10 % of shoppers is among its predicted top 10 % (chance: 0.1)."""
    size = len(utility) // 10
    shares = [
        len(np.intersect1d(np.argpartition(-s, size)[:size], np.argpartition(-u, size)[:size])) / size
        for s, u in zip(scores.T, utility.T, strict=True)
    ]
    return float(np.mean(shares))


def main() -> None:
    """Print recall and audience precision of each modality alone, of both, and of the truth itself."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--catalogue", type=Path, default=CATALOGUE)
    parser.add_argument("--features", type=Path, help="npz to keep the features in, for a second run")
    parser.add_argument("--seeds", type=int, default=3)
    options = parser.parse_args()
    folder = options.catalogue
    items = pd.read_csv(folder / "items.csv", keep_default_na=False)
    if options.features and options.features.exists():
        raw = dict(np.load(options.features))
    else:
        raw = load_features(folder, items)
        if options.features:
            np.savez(options.features, **raw)
    world = Truth.load(folder)
    purchases = pd.read_csv(folder / "interactions.csv.gz")
    bought = np.zeros((len(world.shopper_ids), len(items)), bool)
    bought[
        pd.Index(world.shopper_ids).get_indexer(purchases["user_id"]),
        pd.Index(items["item_id"]).get_indexer(purchases["item_id"]),
    ] = True
    results = [one_split(raw, bought, world.utility_matrix(), seed) for seed in range(options.seeds)]
    print(pd.concat(results).groupby(level=0, sort=False).mean().round(4).to_string())


def one_split(raw: dict[str, np.ndarray], bought: np.ndarray, utility: np.ndarray, seed: int) -> pd.DataFrame:
    """All measurements on one random choice of cold products, each at its best ridge strength."""
    rng = np.random.default_rng(seed)
    warm = rng.random(bought.shape[1]) >= 0.2
    unit = {name: prepare(features, warm) for name, features in raw.items()}
    inputs = {"images only": unit["image"], "text only": unit["text"], "both": np.hstack(list(unit.values()))}
    cold_bought, cold_utility = bought[:, ~warm], utility[:, ~warm]
    rows = {"random": rng.random(cold_utility.shape)}
    for name, features in inputs.items():
        tries = [ridge_scores(features, bought, warm, strength) for strength in STRENGTHS]
        rows[name] = max(tries, key=lambda s: recall(s, cold_bought))
    rows["true utility"] = cold_utility
    return pd.DataFrame(
        {
            name: {"recall@20": recall(s, cold_bought), "audience": audience_precision(s, cold_utility)}
            for name, s in rows.items()
        }
    ).T


if __name__ == "__main__":
    main()
