"""The planted truth that the fusion weights are held against."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest

from mamex.benchmark.evaluate import evaluate_run
from mamex.benchmark.gate_truth import area_under_curve, gate_truth
from mamex.checkpoint.checkpoint import load_checkpoint
from mamex.errors import DatasetError
from tests.support.shops.builders import write_tiny_dataset
from tests.support.shops.shop import train_on


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


SAYS = "needs the columns item_id, each once, and informative"


@pytest.mark.parametrize("table", ["item_id\n00001\n", "informative\nboth\n", "", "item_id,informative\n1,a\n1,a\n"])
def test_a_table_of_another_kind_is_one_sentence(tiny_checkpoint, tmp_path, table):
    (tmp_path / "truth.csv").write_text(table)
    with pytest.raises(DatasetError, match=SAYS):
        gate_truth(load_checkpoint(tiny_checkpoint), tmp_path / "truth.csv")


def test_such_a_table_loses_no_evaluation(tiny_checkpoint, tmp_path):
    run = shutil.copytree(tiny_checkpoint.parent, tmp_path / "run")
    (run / "shop" / "truth.csv").write_text("item_id\n00001\n")
    with pytest.raises(DatasetError, match=SAYS):
        evaluate_run(run / "checkpoint", 1, "cpu")
    assert json.loads((run / "checkpoint" / "metrics.json").read_text())["methods"]["mamex"]


def test_a_model_of_words_alone_has_no_fusion_to_hold_against_it(tmp_path):
    write_tiny_dataset(tmp_path / "shop")
    (tmp_path / "shop" / "truth.csv").write_text("item_id,informative\n00001,both\n")
    checkpoint = train_on(tmp_path, "model.modalities=text")
    assert "gate_truth" not in evaluate_run(checkpoint, 1, "cpu")
