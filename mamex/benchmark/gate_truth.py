"""Does the gate emphasise the informative modality? Only a simulated shop can tell, for there the truth is known.

A dataset folder may hold ``truth.csv`` with the columns item_id and informative: "both", or the name of the one
modality that informs. The question is how well the picture's fusion weight separates the products whose words say
nothing (informative: image) from those whose picture says nothing (informative: text), among cold test products that
have both modalities.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy.stats import mannwhitneyu
from torch import Tensor

from mamex.checkpoint.checkpoint import Checkpoint
from mamex.data.cold_start import ColdStartData
from mamex.data.splits import Part
from mamex.errors import DatasetError
from mamex.files.plain_files import NotPlainError, read_plain
from mamex.modalities import IMAGE, TEXT

TRUTH = "truth.csv"
MOST_MEGABYTES = 100


def gate_truth(checkpoint: Checkpoint, truth: Path) -> dict[str, Any]:
    """Area under the ROC curve and mean picture weights of the two groups.

    Raises:
        DatasetError: the file is no such table, or a group has no cold test product.

    Returns:
        "auc" (0.5 is chance, and what fixed averaging gives), the mean picture weight of either group and their
        difference, and the groups' sizes.
    """
    data = checkpoint.data
    fusion = checkpoint.tower(data.features, data.present).fusion
    try:
        content = io.BytesIO(read_plain(truth, MOST_MEGABYTES * 2**20))
        table = pd.read_csv(content, dtype=str, keep_default_na=False, usecols=["item_id", "informative"])
        informative = table.set_index("item_id")["informative"].reindex(checkpoint.dataset.items["item_id"]).to_numpy()
    except (NotPlainError, KeyError, ValueError, OverflowError) as error:
        raise DatasetError(f"{truth} needs the columns item_id, each once, and informative; correct it.") from error
    image, text = picture_weights(fusion, data, informative)
    if not len(image) or not len(text):
        raise DatasetError(f"{truth} leaves a group without cold test products; correct its column 'informative'.")
    return {
        "auc": area_under_curve(image, text),
        "auc_with_fixed_averaging": 0.5,
        "mean_image_weight": {"words_uninformative": float(image.mean()), "picture_uninformative": float(text.mean())},
        "difference": float(image.mean() - text.mean()),
        "products": {"words_uninformative": len(image), "picture_uninformative": len(text)},
        "group": "cold test products with picture and words",
    }


def picture_weights(fusion: Tensor, data: ColdStartData, informative: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The picture's fusion weights of cold test products with both modalities, by what is informative.

    Args:
        fusion: fusion weights of all items (n_items, M).
        data: the split, and which modalities each item has.
        informative: (n_items,) "both", or the one modality that informs.

    Returns:
        weights where only the picture informs, and where only the words do.
    """
    weights = fusion[:, list(data.features).index(IMAGE)].numpy()
    usable = (data.part == Part.TEST) & data.present.all(dim=1).numpy()
    return weights[usable & (informative == IMAGE)], weights[usable & (informative == TEXT)]


def area_under_curve(positive: np.ndarray, negative: np.ndarray) -> float:
    """Probability that a value of ``positive`` is above one of ``negative``, ties counting half."""
    return float(mannwhitneyu(positive, negative).statistic) / (len(positive) * len(negative))
