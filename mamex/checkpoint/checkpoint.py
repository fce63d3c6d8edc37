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
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import save_file
from torch import Tensor

from mamex.checkpoint.checks import (
    BOOL,
    FLOAT,
    check_audience,
    check_features,
    check_finite,
    check_problem,
    check_tables,
    read_interactions,
    read_tensors,
    tensor_shapes,
    tower_shapes,
)
from mamex.checkpoint.manifest import FORMAT, HASHED, MANIFEST, SCHEMA_VERSION, Manifest, read_manifest, unreadable
from mamex.checkpoint.shop_folder import ShopFolder, find_shop, written_folder
from mamex.config import Config, parse_config
from mamex.data.about import About
from mamex.data.cold_start import ColdStartData
from mamex.data.dataset import Dataset
from mamex.data.splits import Split, read_split, split_interactions, write_split
from mamex.errors import CheckpointError, MamexError
from mamex.files.bounded_json import brief, first_fault
from mamex.files.writing import atomic_path, file_hash, storage_errors, write_json
from mamex.modalities import PICTURE_COLUMN
from mamex.model.paper import ItemTower
from mamex.model.routers import item_tower
from mamex.retrieval.thresholds import LIST_LENGTHS


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
        coordinates: of each warm item on the map (n_warm, 2), rows as of ``reach``; see ``mamex.retrieval.item_map``.
        summary: how training went, the model's identifier, the familiarity limits of each modality, and where the
            settings asked for modalities of which nothing could be learnt, why each was left out.
        folder: where it was loaded from or saved to, with the log and the metrics; None before that.
        notes: what whoever uses it should know, one sentence each: that the shop's pictures are not here.
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
    notes: tuple[str, ...] = ()

    def save(self, folder: Path) -> None:
        """Write the folder; each file atomically, the manifest last. From then on it is the checkpoint's own.

        Raises:
            StorageError: it can't be written; what is there has no manifest then, and counts as unfinished.
        """
        with storage_errors(folder):
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
            "dataset_folder": written_folder(self.dataset.folder, folder),
            "about": self.dataset.about.model_dump(),
            "summary": self.summary,
            "hashes": {name: file_hash(folder / name) for name in HASHED},
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
    try:
        for name, expected in manifest.hashes.items():
            path = folder / name
            if not path.is_file() or file_hash(path) != expected:
                raise CheckpointError(
                    f"The checkpoint {folder} is damaged: {name} is missing or changed; train it again."
                )
    except OSError as error:
        raise unreadable(folder, f"{name}: {error.strerror}") from error
    try:
        return _assemble(folder, manifest)
    except ValidationError as error:
        raise unreadable(folder, first_fault(error)) from error
    except (KeyError, ValueError, TypeError, OverflowError, RuntimeError, SafetensorError, MamexError) as error:
        raise unreadable(folder, brief(error).rstrip(".")) from error
    except (OSError, EOFError, zlib.error) as error:
        raise unreadable(folder, brief(error)) from error


def _assemble(folder: Path, manifest: Manifest) -> Checkpoint:
    config = parse_config(manifest.config)
    if list(manifest.modalities) != list(config.model.modalities):
        raise CheckpointError("its settings and its features name other modalities")
    if any(len(shares) != config.model.experts for shares in manifest.summary.expert_use.values()):
        raise CheckpointError("its settings and its summary differ in the number of experts")
    shop = find_shop(folder, manifest.dataset_folder)
    dataset = _load_dataset(folder, manifest, shop)
    data = _load_data(folder, manifest, config, dataset)
    tower, users = _load_model(folder, manifest, config, dataset.n_users)
    audience = read_tensors(
        folder / "audience.safetensors",
        {
            "thresholds": ((dataset.n_users, len(LIST_LENGTHS)), FLOAT),
            "reach": ((len(data.warm_items), len(LIST_LENGTHS)), FLOAT),
        },
    )
    check_audience(audience["thresholds"], audience["reach"])
    on_map = read_tensors(folder / "map.safetensors", {"coordinates": ((len(data.warm_items), 2), FLOAT)})
    check_finite("map.safetensors", on_map)
    return Checkpoint(
        config=config,
        encoder_identity=manifest.encoder.model_dump(),
        tower=tower,
        users=users,
        dataset=dataset,
        data=data,
        thresholds=audience["thresholds"],
        reach=audience["reach"],
        coordinates=on_map["coordinates"],
        summary=manifest.summary.model_dump(exclude_unset=True),  # as it was written, whatever came later
        folder=folder,
        # Of a shop without pictures nothing is missing.
        notes=(shop.gone,) if shop.gone and (dataset.items[PICTURE_COLUMN] != "").any() else (),
    )


def _load_dataset(folder: Path, manifest: Manifest, shop: ShopFolder) -> Dataset:
    """The shop as it was read, and where its pictures are."""
    items, users = _load_table(folder / "items.csv"), _load_table(folder / "users.csv")
    check_tables(items, users)
    interactions = read_interactions(folder / "interactions.csv.gz", len(users), len(items))
    return Dataset(
        name=shop.name,
        folder=shop.path,
        items=items,
        user_ids=users["user_id"].to_numpy(),
        interactions=interactions.assign(rating=np.nan),
        about=About.model_validate(manifest.about),
    )


def _load_data(folder: Path, manifest: Manifest, config: Config, dataset: Dataset) -> ColdStartData:
    split = read_split(folder / "split.csv", dataset.items, config.training.seed)
    count = dataset.n_items
    expected = {f"features.{name}": ((count, width), FLOAT) for name, width in manifest.modalities.items()}
    expected["present"] = ((count, len(manifest.modalities)), BOOL)
    stored = read_tensors(folder / "features.safetensors", expected)
    check_finite("features.safetensors", stored)
    features = {name: stored[f"features.{name}"] for name in manifest.modalities}
    check_features(features, stored["present"])
    data = ColdStartData(
        features=features,
        present=stored["present"],
        part=split.part,
        interactions=split_interactions(dataset, split),
        n_users=dataset.n_users,
    )
    check_problem(data)
    return data


def _load_model(folder: Path, manifest: Manifest, config: Config, n_users: int) -> tuple[ItemTower, Tensor]:
    """The item tower, and every user's embedding."""
    path = folder / "model.safetensors"
    found = {name.removeprefix("tower."): shape for name, shape in tensor_shapes(path).items()}
    shapes = tower_shapes(config.model, manifest.modalities, found)
    expected = {f"tower.{name}": (shape, FLOAT) for name, shape in shapes.items()}
    model = read_tensors(path, {**expected, "users": ((n_users, config.model.dimension), FLOAT)})
    check_finite(path.name, model)
    users = model.pop("users")
    tower = item_tower(config.model, manifest.modalities)
    tower.load_state_dict({name.removeprefix("tower."): value for name, value in model.items()})
    return tower.eval().requires_grad_(False), users


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
