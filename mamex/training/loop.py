"""The training loop: epochs, validation, early stopping, a log, and a state from which a killed run goes on.

A run that was killed at any moment and resumed reaches the same weights, bit for bit, as one that was not (same
machine, CPU): each epoch draws its random numbers from (seed, epoch) alone, and the state is written, atomically, after
each epoch.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from mamex.config import Config
from mamex.data.cold_start import ColdStartData
from mamex.errors import CheckpointError, ConfigError
from mamex.evaluation import dot_products, evaluate
from mamex.files.writing import atomic_path
from mamex.model.paper import ItemForward, ItemTower
from mamex.model.routers import item_tower
from mamex.training.learner import Learner
from mamex.training.records import EpochRecord

#: What early stopping watches.
TARGET = "ndcg@20"


class EnoughTrainingError(Exception):
    """Raised by an ``EpochCallback``: stop here, the best epoch so far is good enough."""


#: Called after each epoch; may raise KeyboardInterrupt to stop the run, which is saved by then, or
#: EnoughTrainingError to end it as if this had been the last epoch.
EpochCallback = Callable[[EpochRecord], None]


@dataclass(frozen=True)
class TrainedModel:
    """The weights of the best epoch, on the CPU, and how the run went."""

    tower: ItemTower
    users: Tensor  # e_u (n_users, d)
    records: list[EpochRecord]

    @property
    def best(self) -> EpochRecord:
        return [record for record in self.records if record.best][-1]


def choose_device(name: str) -> torch.device:
    """``auto`` is the first GPU if there is one.

    Raises:
        ConfigError: cuda was asked for and there is none.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if name == "cuda" and not torch.cuda.is_available():
        raise ConfigError("There is no CUDA device here; use --device cpu or auto.")
    return torch.device(name)


def fit(
    data: ColdStartData,
    config: Config,
    device: torch.device | None = None,
    callback: EpochCallback | None = None,
    state_path: Path | None = None,
) -> TrainedModel:
    """Train on the warm items, stop when validation NDCG@20 no longer improves, return the best epoch's model.

    Args:
        data: the problem, already split.
        config: the settings; ``config.training.seed`` drives initial weights and sampling.
        device: where to train; the CPU if None.
        callback: told of each epoch.
        state_path: where the state is kept; if the file exists the run goes on from it.

    Raises:
        CheckpointError: the state in ``state_path`` is of a run with other settings or other data, or is damaged.
    """
    learner = Learner(data, config, device or torch.device("cpu"))
    run = _Run(learner, data, config)
    if state_path is not None and state_path.exists():
        run.restore(state_path)
    while not run.finished:
        record = run.epoch()
        if state_path is not None:
            run.save(state_path)
        if callback is not None:
            try:
                callback(record)
            except EnoughTrainingError:
                break
    return run.result()


class _Run:
    """A run in progress: the learner, the records so far and the best weights so far."""

    def __init__(self, learner: Learner, data: ColdStartData, config: Config) -> None:
        self.learner, self.data, self.config = learner, data, config
        self.records: list[EpochRecord] = []
        self.best_weights: dict[str, Tensor] = {}
        # What must be equal for a saved state to go on.
        self._identity = json.dumps(
            {"config": config.model_dump(mode="json"), "data": data.fingerprint}, sort_keys=True
        )

    @property
    def finished(self) -> bool:
        return bool(self.records) and self._epochs_left(self.records) <= 0

    def epoch(self) -> EpochRecord:
        """Train one epoch and validate; epoch 0 is the starting point, validated as it is."""
        number = len(self.records)
        started = time.perf_counter()
        losses = self.learner.train_epoch(number) if number else {}
        weights, warm = self.learner.export()
        validation = self._validate(weights)
        best_so_far = max((record.validation[TARGET] for record in self.records), default=-1.0)
        best = validation[TARGET] > best_so_far
        if best:
            self.best_weights = weights
        spent = (self.records[-1].seconds if self.records else 0.0) + time.perf_counter() - started
        use, fusion = _usage(warm, list(self.data.features))
        record = EpochRecord(number, losses, use, fusion, validation, best, spent, 0.0)
        left = self._epochs_left([*self.records, record]) * spent / max(number, 1)
        self.records.append(replace(record, seconds_left=left))
        return self.records[-1]

    def _epochs_left(self, records: list[EpochRecord]) -> int:
        settings = self.config.training
        best = max(record.epoch for record in records if record.best)
        return min(settings.epochs, best + settings.patience) - records[-1].epoch

    def _validate(self, weights: dict[str, Tensor]) -> dict[str, float]:
        scorer = dot_products(weights["users"], weights["items"])
        return evaluate(scorer, self.data, "validation", self.config.evaluation.candidates).mean

    def save(self, path: Path) -> None:
        """Write learner, best weights and records as one safetensors file."""
        tensors = {f"learner.{name}": value for name, value in self.learner.state().items()}
        tensors |= {f"best.{name}": value for name, value in self.best_weights.items()}
        records = json.dumps([asdict(record) for record in self.records])
        with atomic_path(path) as temporary:
            contiguous = {name: value.detach().cpu().contiguous() for name, value in tensors.items()}
            save_file(contiguous, temporary, metadata={"identity": self._identity, "records": records})

    def restore(self, path: Path) -> None:
        """Go on from what ``save`` wrote.

        Raises:
            CheckpointError: see ``fit``.
        """
        try:
            with safe_open(path, framework="pt") as saved:
                metadata = saved.metadata()
                tensors = {name: saved.get_tensor(name) for name in saved.keys()}  # noqa: SIM118 (not a dict)
        except Exception as error:
            raise CheckpointError(f"The training state {path} is damaged; delete it and start anew.") from error
        if metadata["identity"] != self._identity:
            raise CheckpointError(
                f"The run in {path.parent} was started with other settings or other data; resume it with the same "
                "--data and --set, or choose another --out."
            )
        self.records = [EpochRecord(**record) for record in json.loads(metadata["records"])]
        self.learner.load_state(_under("learner.", tensors))
        self.best_weights = _under("best.", tensors)

    def result(self) -> TrainedModel:
        tower = item_tower(self.config.model, {m: v.shape[1] for m, v in self.data.features.items()})
        tower.load_state_dict(_under("tower.", self.best_weights))
        return TrainedModel(tower.eval().requires_grad_(False), self.best_weights["users"], self.records)


def _under(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}


def _usage(items: ItemForward, modalities: list[str]) -> tuple[dict[str, list[float]], dict[str, float]]:
    """Mean active gate and mean fusion weight of each modality over the items that have it; zeros if none has."""
    use: dict[str, list[float]] = {}
    fusion: dict[str, float] = {}
    for column, modality in enumerate(modalities):
        here = items.present[:, column]
        having = max(int(here.sum()), 1)
        use[modality] = (items.active_gates[here, column].sum(dim=0) / having).tolist()
        fusion[modality] = float(items.fusion[here, column].sum()) / having
    return use, fusion


def summary_of(trained: TrainedModel) -> dict[str, Any]:
    """What a checkpoint keeps of its run."""
    return {
        "best_epoch": trained.best.epoch,
        "epochs": len(trained.records),
        "seconds": round(trained.records[-1].seconds, 1),
        "seconds_to_best": round(trained.best.seconds, 1),
        "validation": trained.best.validation,
        "expert_use": trained.best.expert_use,
        "fusion": trained.best.fusion,
    }
