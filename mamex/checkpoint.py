"""The checkpoint folder: everything that scoring, explaining and evaluating need, and no pickle.

::

    checkpoint.json        what made it: schema version, settings, encoder identity, training summary, hashes
    model.safetensors      the item tower and every user's embedding e_u
    features.safetensors   the encoder's features of every item, and which modalities each has
    audience.safetensors   thresholds tau_u(K) and each item's reach, for K = 10, 20, 50
    map.safetensors        where each warm item lies on the map of the catalogue
    items.csv              the items, all columns of the dataset
    split.csv              item_id -> train, validation or test
    users.csv              user_id, in the order of the embeddings
    interactions.csv.gz    user, item (positions), timestamp
    log.jsonl              one line a validation of the training run
    metrics.json           written by ``python -m mamex evaluate``

``checkpoint.json`` is written last and holds the hashes of the others: a folder without it is unfinished, and one whose
files don't match it is damaged.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from mamex.audience import LIST_LENGTHS
from mamex.cold_start import ColdStartData
from mamex.config import Config, parse_config
from mamex.dataset import Dataset
from mamex.dataset_about import About
from mamex.errors import CheckpointError, MamexError
from mamex.files import atomic_path, file_hash, write_json
from mamex.model import ItemTower
from mamex.routers import item_tower
from mamex.splits import Split, read_split, split_interactions, write_split

FORMAT = "mamex-checkpoint"
SCHEMA_VERSION = 3
MANIFEST = "checkpoint.json"
_HASHED = (
    "model.safetensors",
    "features.safetensors",
    "audience.safetensors",
    "map.safetensors",
    "items.csv",
    "split.csv",
    "users.csv",
    "interactions.csv.gz",
)

#: Settings that came after schema 3, at the value that stands for a program without them.
_CAME_LATER = {"training": {"start_share": 0.0}}


@dataclass
class Checkpoint:
    """A trained model with the shop it was trained on.

    Attributes:
        config: the settings of the run.
        encoder_identity: what ``Encoder.identity`` was; another encoder's features would mean nothing to the tower.
        tower: the item tower, in evaluation mode.
        users: user embeddings e_u (n_users, d).
        dataset: items, users and interactions as they were read (ratings are not kept); its folder has the pictures.
        data: features, split, and interactions by part.
        thresholds: tau_u(K) (n_users, 3) for K in ``LIST_LENGTHS``.
        reach: of each warm item (n_warm, 3), rows in the order of ``data.warm_items``.
        coordinates: of each warm item on the map (n_warm, 2), rows as of ``reach``; see ``mamex.item_map``.
        summary: how training went, the model's identifier, and the familiarity limits of each modality.
        folder: where it was loaded from or saved to, with the log and the metrics; None before that.
    """

    config: Config
    encoder_identity: dict[str, Any]
    tower: ItemTower
    users: Tensor
    dataset: Dataset
    data: ColdStartData
    thresholds: Tensor
    reach: Tensor
    coordinates: Tensor
    summary: dict[str, Any]
    folder: Path | None = None

    def save(self, folder: Path) -> None:
        """Write the folder; each file atomically, the manifest last. From then on it is the checkpoint's own."""
        folder.mkdir(parents=True, exist_ok=True)
        (folder / MANIFEST).unlink(missing_ok=True)
        modalities = list(self.data.features)
        tower = {f"tower.{name}": value for name, value in self.tower.state_dict().items()}
        _save_tensors(folder / "model.safetensors", {**tower, "users": self.users})
        features = {f"features.{name}": self.data.features[name] for name in modalities}
        _save_tensors(folder / "features.safetensors", {**features, "present": self.data.present})
        _save_tensors(folder / "audience.safetensors", {"thresholds": self.thresholds, "reach": self.reach})
        _save_tensors(folder / "map.safetensors", {"coordinates": self.coordinates})
        _save_table(folder / "items.csv", self.dataset.items)
        write_split(folder / "split.csv", Split(self.config.training.seed, self.data.part), self.dataset.items)
        _save_table(folder / "users.csv", pd.DataFrame({"user_id": self.dataset.user_ids}))
        _save_table(folder / "interactions.csv.gz", self.dataset.interactions[["user", "item", "timestamp"]])
        manifest = {
            "format": FORMAT,
            "schema_version": SCHEMA_VERSION,
            "config": self.config.model_dump(mode="json"),
            "encoder": self.encoder_identity,
            "modalities": {name: self.data.features[name].shape[1] for name in modalities},
            "list_lengths": list(LIST_LENGTHS),
            # Relative, so that a repository with both folders can be moved; the pictures are not copied.
            "dataset_folder": os.path.relpath(self.dataset.folder.resolve(), folder.resolve()),
            "about": self.dataset.about.model_dump(),
            "summary": self.summary,
            "hashes": {name: file_hash(folder / name) for name in _HASHED},
        }
        write_json(folder / MANIFEST, manifest)
        self.folder = folder

    @property
    def identifier(self) -> str:
        """Twelve characters that name this very model, from the hash of its weights and users."""
        return str(self.summary.get("identifier", ""))


def load_checkpoint(folder: str | Path) -> Checkpoint:
    """Read and verify a checkpoint folder.

    Raises:
        CheckpointError: one sentence on what is wrong: no checkpoint, unfinished, foreign, newer, older, or damaged.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    for name, expected in manifest["hashes"].items():
        path = folder / name
        if not path.is_file() or file_hash(path) != expected:
            raise CheckpointError(f"The checkpoint {folder} is damaged: {name} is missing or changed; train it again.")
    try:
        return _assemble(folder, manifest)
    except (KeyError, ValueError, RuntimeError, SafetensorError, MamexError) as error:
        raise CheckpointError(
            f"The checkpoint {folder} can't be read ({error}); it may be from another version, train it again."
        ) from error


def read_manifest(folder: Path) -> dict[str, Any]:
    """``checkpoint.json`` of a folder, checked to be ours and of this program's schema.

    A checkpoint older than a setting was trained without it, so it does not get the setting's default.

    Raises:
        CheckpointError: see ``load_checkpoint``.
    """
    path = folder / MANIFEST
    if not folder.is_dir():
        raise CheckpointError(
            f"There is no checkpoint at {folder}; make one with python -m mamex train --data DIR --out {folder}."
        )
    if not path.is_file():
        raise CheckpointError(
            f"{folder} holds no finished checkpoint; if its training was interrupted, run it again with --resume."
        )
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
        version = manifest["schema_version"] if manifest["format"] == FORMAT else None
        ours = isinstance(version, int) and isinstance(manifest["hashes"], dict)
    except (OSError, ValueError, KeyError, TypeError):
        ours = False
    if not ours:
        raise CheckpointError(f"{path} was not written by MAMEX; give the folder of a MAMEX checkpoint.")
    if manifest["schema_version"] > SCHEMA_VERSION:
        raise CheckpointError(
            f"The checkpoint {folder} was written by a newer MAMEX (schema {manifest['schema_version']}; "
            f"this one reads {SCHEMA_VERSION}); update MAMEX."
        )
    if manifest["schema_version"] < SCHEMA_VERSION:
        raise CheckpointError(
            f"The checkpoint {folder} was written by an older MAMEX (schema {manifest['schema_version']}; "
            f"this one reads {SCHEMA_VERSION}); train it again."
        )
    missing = [name for name in _HASHED if name not in manifest["hashes"]]
    if missing:
        raise CheckpointError(f"The checkpoint {folder} is damaged: its manifest lacks {missing[0]}; train it again.")
    for section, settings in _CAME_LATER.items():
        if section in manifest.get("config", {}):
            manifest["config"][section] = settings | manifest["config"][section]
    return manifest


def _assemble(folder: Path, manifest: dict[str, Any]) -> Checkpoint:
    config = parse_config(manifest["config"])
    interactions = pd.read_csv(folder / "interactions.csv.gz", parse_dates=["timestamp"])
    pictures = (folder.resolve() / manifest["dataset_folder"]).resolve()
    dataset = Dataset(
        name=pictures.name,
        folder=pictures,
        items=_load_table(folder / "items.csv"),
        user_ids=_load_table(folder / "users.csv")["user_id"].to_numpy(),
        interactions=interactions.assign(rating=np.nan),
        about=About.model_validate(manifest["about"]),
    )
    split = read_split(folder / "split.csv", dataset.items, config.training.seed)
    features = load_file(folder / "features.safetensors")
    model = load_file(folder / "model.safetensors")
    audience = load_file(folder / "audience.safetensors")
    tower = item_tower(config.model, manifest["modalities"])
    tower.load_state_dict({k.removeprefix("tower."): v for k, v in model.items() if k.startswith("tower.")})
    return Checkpoint(
        config=config,
        encoder_identity=manifest["encoder"],
        tower=tower.eval().requires_grad_(False),
        users=model["users"],
        dataset=dataset,
        data=ColdStartData(
            features={name: features[f"features.{name}"] for name in manifest["modalities"]},
            present=features["present"],
            part=split.part,
            interactions=split_interactions(dataset, split),
            n_users=dataset.n_users,
        ),
        thresholds=audience["thresholds"],
        reach=audience["reach"],
        coordinates=load_file(folder / "map.safetensors")["coordinates"],
        summary=manifest["summary"],
        folder=folder,
    )


def _save_tensors(path: Path, tensors: dict[str, Tensor]) -> None:
    with atomic_path(path) as temporary:
        save_file({name: value.detach().cpu().contiguous() for name, value in tensors.items()}, temporary)


def _save_table(path: Path, table: pd.DataFrame) -> None:
    # Texts in quotation marks, because readers end a line at a bare carriage return inside one.
    text = table.to_csv(index=False, quoting=csv.QUOTE_NONNUMERIC)
    with atomic_path(path) as temporary:
        if path.suffix == ".gz":
            # No time stamp and no name inside, so that the same run gives the same bytes.
            with temporary.open("wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0) as packed:
                packed.write(text.encode())
        else:
            temporary.write_bytes(text.encode())


def _load_table(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)
