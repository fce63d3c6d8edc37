"""A checkpoint scored beside simple methods: ``metrics.json``."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import torch

from mamex.baselines import ContentKNN, RandomOrder, Recommender, Ridge, WeightedRidge
from mamex.benchmark.gate_truth import TRUTH, gate_truth
from mamex.benchmark.report.summary import summarise
from mamex.checkpoint.checkpoint import Checkpoint, load_checkpoint
from mamex.checkpoint.records import METRICS
from mamex.data.cold_start import cold_start_data
from mamex.data.dataset import ItemFeatures
from mamex.evaluation import Evaluation, dot_products, evaluate
from mamex.files.run_lock import only_run
from mamex.files.writing import write_json
from mamex.insight.held_out import warnings_of_test
from mamex.modalities import IMAGE, TEXT
from mamex.progress import Progress, silent
from mamex.training.loop import choose_device, fit


def evaluate_run(
    folder: str | Path, seeds: int = 1, device: str = "auto", progress: Progress = silent
) -> dict[str, Any]:
    """Score a checkpoint beside random, content-kNN and ridge, and write ``metrics.json`` into it.

    The first seed is the checkpoint's own; each further one splits the items and trains anew with the same settings.

    Args:
        folder: the checkpoint folder.
        seeds: how many splits in all.
        device: auto, cpu or cuda.
        progress: is told of each seed.

    Raises:
        CheckpointError: the folder is no usable checkpoint.
        ConfigError: the device can't be had.
        DatasetError: a further seed leaves a part of the split empty, or ``truth.csv`` can't be used.
    """
    folder = Path(folder)
    checkpoint = load_checkpoint(folder)
    torch_device = choose_device(device)
    with only_run(folder, "--checkpoint"):  # a folder that can't be written to is told before minutes of work
        return _evaluate(checkpoint, folder, seeds, torch_device, progress)


def _evaluate(
    checkpoint: Checkpoint, folder: Path, seeds: int, torch_device: torch.device, progress: Progress
) -> dict[str, Any]:
    runs: dict[str, list[dict[str, float]]] = {}
    first = checkpoint.config.training.seed
    names = list(range(first, first + seeds))
    started = time.perf_counter()
    for place, seed in enumerate(names):
        progress("Evaluating seeds", place, seeds)
        for method, result in _evaluate_seed(checkpoint, seed, torch_device).items():
            runs.setdefault(method, []).append(result.mean)
    progress("Evaluating seeds", seeds, seeds)
    report: dict[str, Any] = {
        "protocol": _protocol(checkpoint, names),
        "methods": summarise(runs),
        "per_seed": {method: dict(zip(map(str, names), values, strict=True)) for method, values in runs.items()},
        "warnings": warnings_of_test(checkpoint),
        "checkpoint": checkpoint.identifier,
        "seconds": round(time.perf_counter() - started, 1),
    }
    write_json(folder / METRICS, report)  # before the truth is read: a fault in it must not lose the work of minutes
    truth = checkpoint.dataset.folder / TRUTH
    if truth.is_file() and {IMAGE, TEXT} <= set(checkpoint.data.features):
        report["gate_truth"] = gate_truth(checkpoint, truth)
        write_json(folder / METRICS, report)
    return report


def _evaluate_seed(checkpoint: Checkpoint, seed: int, device: torch.device) -> dict[str, Evaluation]:
    config = checkpoint.config
    if seed == config.training.seed:
        data, tower, users = checkpoint.data, checkpoint.tower, checkpoint.users
    else:
        features = ItemFeatures(dict(checkpoint.data.features), checkpoint.data.present)
        data = cold_start_data(checkpoint.dataset, features, config.data, seed)
        trained = fit(data, config.with_seed(seed), device)
        tower, users = trained.tower, trained.users
    items = tower(data.features, data.present).embeddings
    candidates = config.evaluation.candidates
    results = {"mamex": evaluate(dot_products(users, items), data, "test", candidates)}
    baselines: list[Recommender] = [WeightedRidge(candidates), Ridge(candidates), ContentKNN(), RandomOrder()]
    for baseline in baselines:
        baseline.fit(data, seed)
        results[baseline.name] = evaluate(baseline.score, data, "test", candidates)
    return results


def _protocol(checkpoint: Checkpoint, seeds: list[int]) -> dict[str, Any]:
    data, config = checkpoint.data, checkpoint.config
    counts = data.part_sizes
    return {
        "dataset": checkpoint.dataset.name,
        "split": f"items {counts[0]}/{counts[1]}/{counts[2]} train/validation/test, "
        "all interactions of held-out items removed from training",
        "candidates": config.evaluation.candidates,
        "metrics": "Recall@K = hits/|positives|, NDCG@K with IDCG over min(K, |positives|), "
        "macro mean over users with a test positive",
        "selection": "best validation NDCG@20; test scored once",
        "seeds": seeds,
        "encoder": checkpoint.encoder_identity["name"],
    }
