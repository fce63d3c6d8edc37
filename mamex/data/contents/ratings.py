"""Ratings as programs and people write them."""

from __future__ import annotations

import numpy as np
import pandas as pd


def parse_ratings(values: pd.Series) -> np.ndarray:
    """(n,) float64; NaN where there is no finite number."""
    ratings = pd.to_numeric(values, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    return np.where(np.isfinite(ratings), ratings, np.nan)
