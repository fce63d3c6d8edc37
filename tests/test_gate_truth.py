"""The planted truth that the fusion weights are held against."""

import json

import numpy as np
import pandas as pd
import pytest

from mamex.checkpoint import load_checkpoint
from mamex.gate_truth import area_under_curve, gate_truth


def test_area_under_the_curve_counts_pairs():
    assert area_under_curve(np.array([3.0, 2.0]), np.array([1.0, 0.0])) == 1
    assert area_under_curve(np.array([0.0]), np.array([1.0, 2.0])) == 0
    assert area_under_curve(np.array([0.5, 0.5]), np.array([0.5])) == 0.5
    assert area_under_curve(np.array([0.9, 0.1]), np.array([0.5])) == 0.5


def test_groups_are_cold_test_products_with_both_modalities(tiny_checkpoint, tmp_path):
    checkpoint = load_checkpoint(tiny_checkpoint)
    ids = checkpoint.dataset.items["item_id"]
    usable = (checkpoint.data.part == 2) & checkpoint.data.present.all(dim=1).numpy()
    informative = np.full(len(ids), "both", dtype=object)
    informative[np.flatnonzero(usable)] = np.resize(["image", "text"], usable.sum())
    pd.DataFrame({"item_id": ids, "informative": informative}).to_csv(tmp_path / "truth.csv", index=False)
    result = gate_truth(checkpoint, tmp_path / "truth.csv")
    weights = checkpoint.tower(checkpoint.data.features, checkpoint.data.present).fusion[:, 0].numpy()
    image, text = (weights[usable & (informative == group)] for group in ("image", "text"))
    assert result["products"] == {"words_uninformative": len(image), "picture_uninformative": len(text)}
    assert result["difference"] == pytest.approx(image.mean() - text.mean())
    assert result["auc"] == pytest.approx(np.mean([[(a > b) + (a == b) / 2 for b in text] for a in image]))
    json.dumps(result)
