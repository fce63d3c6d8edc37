"""The paper's claims, tested where the truth is known: ``python assets/studio/checks/claims.py``.

Trains MAMEX and its own ablations on the catalogue, by split seed, with the shipped checkpoint's settings, and writes
``assets/results/catalogue/claims.json``:

* Recall@20 of cold test products, over all of them and over those with uninformative words or picture;
* the fusion weights against the planted truth (as ``evaluate`` does for one seed);
* how many of a product's true top tenth of shoppers are in its predicted top tenth (chance: 0.1);
* the mutual information between the strongest expert and the true category or material, beside a shuffled baseline.

Run it from the repository's root in the project's environment; it takes some minutes a seed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT), str(ROOT / "assets" / "studio")]

import numpy as np  # noqa: E402
import torch  # noqa: E402
from sklearn.metrics import mutual_info_score  # noqa: E402
from truth import Truth  # noqa: E402

from mamex.benchmark.gate_truth import area_under_curve, picture_weights  # noqa: E402
from mamex.checkpoint.manifest import read_manifest  # noqa: E402
from mamex.config import Config, override, parse_config  # noqa: E402
from mamex.data.cold_start import ColdStartData, cold_start_data  # noqa: E402
from mamex.data.dataset import (  # noqa: E402
    Dataset,
    ItemFeatures,
    read_dataset,
)
from mamex.data.splits import SplitInteractions  # noqa: E402
from mamex.encoders import load_encoder  # noqa: E402
from mamex.encoders.features import item_features  # noqa: E402
from mamex.evaluation import dot_products, evaluate  # noqa: E402
from mamex.files.writing import write_json  # noqa: E402
from mamex.training.loop import TrainedModel, fit  # noqa: E402

#: MAMEX and what each ablation changes.
VARIANTS = {
    "mamex": [],
    "image only": ["model.modalities=image"],
    "text only": ["model.modalities=text"],
    "w/o MMF (averaging)": ["model.fusion=average"],
    "w/o MoE": ["model.experts=1", "model.active_experts=1"],
}
SHUFFLES = 20


def recall_by_group(data: ColdStartData, scorer: Any, informative: np.ndarray) -> dict[str, float]:
    """Recall@20 with all test products, or only those of one group, as positives; all cold products compete."""
    groups = {"all": np.ones(data.n_items, dtype=bool)}
    groups |= {"words uninformative": informative == "image", "picture uninformative": informative == "text"}
    test = data.interactions.test
    result = {}
    for name, members in groups.items():
        pairs = SplitInteractions(data.interactions.train, data.interactions.validation, test[members[test[:, 1]]])
        part = ColdStartData(data.features, data.present, data.part, pairs, data.n_users)
        result[name] = evaluate(scorer, part, "test").mean["recall@20"]
    return result


def audience_precision(users: torch.Tensor, items: torch.Tensor, utility: np.ndarray) -> float:
    """Share of each product's true top tenth of shoppers among its predicted top tenth, mean over products."""
    size = len(users) // 10
    scores = (users / users.norm(dim=1, keepdim=True).clamp(min=1e-9)) @ items.T
    predicted = scores.topk(size, dim=0).indices.numpy()
    true = np.argpartition(-utility, size, axis=0)[:size]
    return float(np.mean([len(np.intersect1d(p, t)) / size for p, t in zip(predicted.T, true.T, strict=True)]))


def expert_information(trained: TrainedModel, data: ColdStartData, truth: Truth, items: np.ndarray) -> dict[str, Any]:
    """Mutual information (nats) of each modality's strongest expert with true attributes of informative products."""
    gates = trained.tower(data.features, data.present).dense_gates.argmax(dim=-1).numpy()
    random = np.random.default_rng(0)
    result: dict[str, Any] = {}
    for column, modality in enumerate(data.features):
        usable = items[np.isin(truth.items["informative"].to_numpy()[items], ["both", modality])]
        for attribute in ("category", "material"):
            values = truth.items[attribute].to_numpy()[usable]
            expert = gates[usable, column]
            shuffled = [mutual_info_score(random.permutation(expert), values) for _ in range(SHUFFLES)]
            result[f"{modality}, {attribute}"] = {
                "mutual_information": float(mutual_info_score(expert, values)),
                "shuffled": float(np.mean(shuffled)),
            }
    return result


def run_seed(features: ItemFeatures, dataset: Dataset, truth: Truth, shipped: Config, seed: int) -> dict[str, Any]:
    """All claims for one split."""
    config = shipped.with_seed(seed)
    data = cold_start_data(dataset, features, config.data, seed)
    informative = truth.items["informative"].to_numpy()
    result: dict[str, Any] = {"recall@20": {}}
    for name, changes in VARIANTS.items():
        variant = override(config, changes)
        kept = [list(features.values).index(m) for m in variant.model.modalities]
        view = ColdStartData(
            {m: features.values[m] for m in variant.model.modalities},
            data.present[:, kept],
            data.part,
            data.interactions,
            data.n_users,
        )
        trained = fit(view, variant)
        items = trained.tower(view.features, view.present).embeddings
        scorer = dot_products(trained.users, items)
        result["recall@20"][name] = recall_by_group(view, scorer, informative)
        print(f"seed {seed}, {name}: {result['recall@20'][name]}, best epoch {trained.best.epoch}", flush=True)
        if name == "mamex":
            test = np.flatnonzero(data.part == 2)
            fusion = trained.tower(view.features, view.present).fusion
            image, text = picture_weights(fusion, view, informative)
            result["gate_auc"] = area_under_curve(image, text)
            result["gate_difference"] = float(image.mean() - text.mean())
            utility = truth.utility_matrix()[:, test]
            result["audience_precision"] = audience_precision(trained.users, items[test], utility)
            result["experts"] = expert_information(trained, view, truth, np.arange(data.n_items))
    return result


def main() -> None:
    """Run all seeds and write the results."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--set", nargs="+", default=[], metavar="NAME=VALUE", help="other than the shipped settings")
    parser.add_argument("--out", type=Path, default=ROOT / "assets" / "results" / "catalogue" / "claims.json")
    arguments = parser.parse_args()
    dataset = read_dataset(ROOT / "assets" / "catalogue")
    truth = Truth.load()
    shipped = override(parse_config(read_manifest(ROOT / "checkpoints" / "demo").config), arguments.set)
    assert list(truth.items.index) == list(dataset.items["item_id"])
    assert list(truth.shopper_ids) == list(dataset.user_ids)
    features = item_features(dataset, load_encoder("compact"), ("image", "text"))
    results = {str(seed): run_seed(features, dataset, truth, shipped, seed) for seed in range(arguments.seeds)}
    protocol = {"seeds": list(range(arguments.seeds)), "split": "8:1:1 by item", "candidates": "cold"}
    settings = {"settings": shipped.model_dump(mode="json")}
    write_json(arguments.out, {**protocol, **settings, "by_seed": results})
    print(f"Written to {arguments.out}")


if __name__ == "__main__":
    main()
