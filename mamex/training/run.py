"""Whole runs: from a dataset folder to a checkpoint."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import torch

from mamex.checkpoint.checkpoint import Checkpoint, load_checkpoint
from mamex.checkpoint.manifest import MANIFEST
from mamex.config import Config
from mamex.data.cold_start import ColdStartData, cold_start_data
from mamex.data.dataset import Dataset, read_dataset
from mamex.encoders import load_encoder
from mamex.encoders.features import item_features
from mamex.errors import CheckpointError
from mamex.files.run_lock import check_free, check_writable, is_empty, only_run
from mamex.progress import Progress, silent
from mamex.retrieval.catalogue import Catalogue
from mamex.retrieval.item_map import item_map
from mamex.retrieval.thresholds import admission_thresholds, catalogue_reach
from mamex.training.learnable import learnable
from mamex.training.loop import TARGET, TrainedModel, choose_device, fit, summary_of
from mamex.training.odd_shops import what_says_little
from mamex.training.records import LOG, EpochRecord, write_log
from mamex.training.resume import BEGINNING, as_begun, keep_beginning
from mamex.training.state import check_state

#: Inside the checkpoint folder while training runs: the state from which ``--resume`` goes on.
STATE = "training-state.safetensors"
#: How a message begins that somebody should act on.
WARNING = "Warning: "


class Display(Protocol):
    """Who watches a run: the terminal, or an app's progress bar."""

    @property
    def progress(self) -> Progress: ...

    def message(self, text: str) -> None: ...

    def epoch(self, record: EpochRecord) -> None: ...


class LoggedRun:
    """Nobody watches: what a run says goes to the logger ``mamex``, its warnings as warnings, epochs at level INFO."""

    progress = staticmethod(silent)

    def __init__(self) -> None:
        self._logger = logging.getLogger("mamex")

    def message(self, text: str) -> None:
        """One line of words."""
        self._logger.log(logging.WARNING if text.startswith(WARNING) else logging.INFO, text)

    def epoch(self, record: EpochRecord) -> None:
        """One line of numbers."""
        self._logger.info("epoch %d: validation %s %.4f", record.epoch, TARGET, record.validation[TARGET])


def train_run(
    folder: str | Path,
    out: str | Path,
    config: Config | None = None,
    device: str = "auto",
    resume: bool = False,
    display: Display | None = None,
    cache_folder: Path | None = None,
) -> Checkpoint:
    """Read, encode, split, train and save.

    Args:
        folder: the dataset folder.
        out: the checkpoint folder.
        config: the settings; the defaults if None.
        device: auto, cpu or cuda.
        resume: go on with the run that ``out`` holds.
        display: is told how it goes; the logger ``mamex`` if None.
        cache_folder: where features are kept; the user's own cache if None.

    Raises:
        DatasetError, EncoderError, ConfigError: the input can't be used; each says why.
        CheckpointError: ``out`` can't be written to, holds something already or is another run's, or the state to
            resume is of another run or damaged; or the weights ran away.
        StorageError: the disk is full; ``resume`` goes on once there is room.
        KeyboardInterrupt: stopped by the user; the state in ``out`` is what ``resume`` goes on from.
    """
    folder, out, config, display = Path(folder), Path(out), config or Config(), display or LoggedRun()
    state = out / STATE
    if resume and (out / MANIFEST).exists() and not state.exists():
        display.message(f"{out} is finished already.")
        return load_checkpoint(out)
    if out.exists() and not out.is_dir():
        raise CheckpointError(f"{out} is a file; choose a folder for --out.")
    check_free(out, "--out")
    _refuse_foreign(out, resume)
    check_writable(out, "--out")
    if resume and not state.exists():
        display.message(f"There is nothing to resume in {out}; the training begins anew.")
    torch_device = choose_device(device)
    problem = _read(folder, config, torch_device, display, cache_folder)
    with only_run(out, "--out"):
        _refuse_foreign(out, resume)  # another run may have come and gone meanwhile
        problem = _as_begun(problem, display, state)
        trained = _trained(problem, torch_device, display, state)
        _refuse_divergence(trained)
        checkpoint = _checkpoint(problem, trained)
        write_log(out / LOG, trained.records)
        checkpoint.save(out)
        (out / BEGINNING).unlink(missing_ok=True)
        state.unlink()
    best = trained.best
    display.message(
        f"Best epoch {best.epoch}: validation NDCG@20 {best.validation['ndcg@20']:.4f}, "
        f"Recall@20 {best.validation['recall@20']:.4f}. Saved to {out}"
    )
    return checkpoint


@dataclass(frozen=True)
class _Problem:
    """What is trained on: a shop as it was read, its features in parts, and what is left of the settings."""

    dataset: Dataset
    data: ColdStartData
    config: Config
    identity: dict[str, Any]
    left_out: dict[str, str]


def _read(folder: Path, config: Config, device: torch.device, display: Display, cache_folder: Path | None) -> _Problem:
    """Read, encode and split; what was lost on the way is told before anything is trained."""
    dataset = read_dataset(folder, config.data)
    for note in dataset.notes:
        display.message(f"Note: {note}")
    for warning in dataset.warnings:
        display.message(WARNING + warning)
    encoder = load_encoder(config.encoder, folder, device)
    features = item_features(dataset, encoder, config.model.modalities, display.progress, cache_folder)
    for warning in features.warnings:
        display.message(WARNING + warning)
    found = learnable(cold_start_data(dataset, features, config.data, config.training.seed), config, dataset)
    for warning in (*found.warnings, *what_says_little(found.data, found.config)):
        display.message(WARNING + warning)
    display.message(
        f"{dataset.n_users:,} users, {dataset.n_items:,} items ({len(found.data.warm_items):,} warm), "
        f"{len(found.data.interactions.train):,} training interactions, on {device}"
    )
    return _Problem(dataset, found.data, found.config, encoder.identity, found.left_out)


def _as_begun(problem: _Problem, display: Display, state: Path) -> _Problem:
    """The problem of the run that ``state`` is of, where there is one; what is left of any other run goes."""
    if not state.exists():
        state.with_name(BEGINNING).unlink(missing_ok=True)
        return problem
    check_state(state, problem.config, problem.data)
    data, notes = as_begun(state, problem.config, problem.data, problem.dataset)
    if notes:
        check_state(state, problem.config, data)
    for note in notes:
        display.message(f"Note: {note}")
    return replace(problem, data=data)


def _trained(problem: _Problem, device: torch.device, display: Display, state: Path) -> TrainedModel:
    """Train, from the beginning or from where ``state`` left off; what it was begun with is kept beside that."""
    beginning = state.with_name(BEGINNING)

    def after_epoch(record: EpochRecord) -> None:
        # Not before: a folder without a state counts as empty, and another run may begin there.
        if not beginning.exists():
            keep_beginning(beginning, problem.data, problem.dataset)
        display.epoch(record)

    return fit(problem.data, problem.config, device, after_epoch, state)


def _refuse_foreign(out: Path, resume: bool) -> None:
    """A run begins in an empty folder, or goes on in its own, which holds its state or what it ended with."""
    if not out.exists() or is_empty(out, BEGINNING):
        return
    if not resume:
        raise CheckpointError(f"{out} is not empty; choose another --out, or add --resume to go on with the run there.")
    if not (out / STATE).exists() and not (out / MANIFEST).exists():
        raise CheckpointError(f"{out} holds no run that could be gone on with, but other files; choose another --out.")


def _refuse_divergence(trained: TrainedModel) -> None:
    """A model whose numbers have run away ranks nothing, and no program would load it."""
    weights = [trained.users, *trained.tower.state_dict().values()]
    if not all(bool(torch.isfinite(values).all()) for values in weights):
        raise CheckpointError(
            "The training went astray: its weights are no finite numbers any more; lower training.learning_rate or "
            "training.gate_rate and train into another --out."
        )


def _checkpoint(problem: _Problem, trained: TrainedModel) -> Checkpoint:
    """Put a trained model together with what the demo needs: thresholds, reach, map, familiarity limits."""
    dataset, data = problem.dataset, problem.data
    catalogue = Catalogue.of(trained.tower, data, dataset)
    thresholds = admission_thresholds(trained.users, catalogue.embeddings, catalogue.bought)
    limits = {modality: catalogue.spaces[modality].familiarity_limit() for modality in data.features}
    identifier = hashlib.sha256(trained.users.numpy().tobytes()).hexdigest()[:12]
    summary = {**summary_of(trained), "identifier": identifier, "familiarity_limits": limits}
    if problem.left_out:
        summary["left_out"] = problem.left_out
    return Checkpoint(
        config=problem.config,
        encoder_identity=problem.identity,
        tower=trained.tower,
        users=trained.users,
        dataset=dataset,
        data=data,
        thresholds=thresholds,
        reach=catalogue_reach(trained.users, catalogue.embeddings, catalogue.bought, thresholds),
        coordinates=item_map(catalogue.embeddings),
        summary=summary,
    )
