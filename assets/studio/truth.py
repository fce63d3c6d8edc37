"""The planted truth: what every shopper would really think of every product.

    utility(u, i) = Σ_attributes taste_u[attribute=value_i] − sensitivity_u · dearness_i + appeal_i

`taste` and `sensitivity` come from `catalogue/shoppers.npz`, attributes, `dearness` (log price against the
archetype's mean, standardised) and `appeal` from `catalogue/truth.csv`. Purchases add Gumbel noise to it.

It imports none of its neighbours, so it can be loaded on its own.

    >>> world = Truth.load(Path("assets/catalogue"))
    >>> world.audience("p0001", share=0.1)      # the shoppers who would like it most
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

CATALOGUE = Path(__file__).parent.parent / "catalogue"


@dataclass(frozen=True)
class Truth:
    """Products with their attributes, shoppers with their tastes."""

    items: pd.DataFrame  # truth.csv, indexed by item_id
    shopper_ids: np.ndarray  # [n_shoppers] str
    personas: np.ndarray  # [n_shoppers] str
    values: np.ndarray  # [n_values] "attribute=value", the columns of tastes
    tastes: np.ndarray  # [n_shoppers, n_values]
    sensitivity: np.ndarray  # [n_shoppers] dislike of a dear price

    @classmethod
    def load(cls, folder: Path = CATALOGUE) -> "Truth":
        """Read the truth shipped beside the catalogue."""
        items = pd.read_csv(folder / "truth.csv", keep_default_na=False).set_index("item_id")
        with np.load(folder / "shoppers.npz", allow_pickle=False) as saved:
            return cls(
                items,
                saved["shopper_ids"],
                saved["personas"],
                saved["values"],
                saved["tastes"],
                saved["sensitivity"],
            )

    def utility_matrix(self) -> np.ndarray:
        """True utility of every product for every shopper, float32 [n_shoppers, n_items]."""
        tastes = self.tastes.astype(np.float32) @ one_hot(self.items, self.values).T
        dearness = self.items["dearness"].to_numpy(np.float32)
        appeal = self.items["appeal"].to_numpy(np.float32)
        return tastes - np.outer(self.sensitivity.astype(np.float32), dearness) + appeal

    def audience(self, item_id: str, share: float = 0.1) -> np.ndarray:
        """Ids of the `share` of shoppers for whom the product's true utility is highest."""
        utility = self.utility_matrix()[:, self.items.index.get_loc(item_id)]
        return self.shopper_ids[np.argsort(-utility, kind="stable")[: round(share * len(utility))]]


def one_hot(items: pd.DataFrame, values: np.ndarray) -> np.ndarray:
    """Which "attribute=value" holds for which item, float32 [n_items, n_values]."""
    pairs = [value.split("=") for value in values]
    return np.stack([(items[name] == value).to_numpy(np.float32) for name, value in pairs], axis=1)
