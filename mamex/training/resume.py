"""Going on with a run elsewhere: what it was begun with is kept beside its state, once, and not with every epoch.

Features of the same picture differ in their last digits between machines, numbers of threads and batches, and a run
whose features change goes on as another run. So it goes on with those that it began with, if what is there now differs
from them by rounding alone; and if more differs, it is said what.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from mamex.checkpoint.checks import BOOL, FLOAT, Shape, read_tensors
from mamex.config import Config
from mamex.data.cold_start import ColdStartData
from mamex.data.dataset import Dataset
from mamex.errors import CheckpointError
from mamex.files.writing import atomic_path

#: Inside the checkpoint folder while training runs: the features and the tables that the run was begun with.
BEGINNING = "training-data.safetensors"
#: By how much of its length a row of features may differ and be of the same item: graphics processors count with as
#: few as ten binary digits, and a picture that differs to the eye differs a hundred times as much.
ROUNDING = 1e-3
#: Settings that differ are named, these many.
MOST_NAMED = 5
#: What of a problem's tables is compared, by name, and what a person calls it.
TABLES = {"items": "the items", "users": "the users", "interactions": "the interactions", "split": "the split"}


def keep_beginning(path: Path, data: ColdStartData, dataset: Dataset) -> None:
    """Write what a run is begun with, features and hashes of the tables, atomically; about as large as a checkpoint."""
    tensors = {f"features.{name}": values.detach().cpu().contiguous() for name, values in data.features.items()}
    metadata = {"tables": json.dumps(_tables(data, dataset))}
    with atomic_path(path) as temporary:
        save_file({**tensors, "present": data.present.contiguous()}, temporary, metadata=metadata)


def as_begun(state: Path, config: Config, data: ColdStartData, dataset: Dataset) -> tuple[ColdStartData, list[str]]:
    """The problem that a run was begun with, where it is the one that is there now.

    Args:
        state: what ``fit`` saves; ``BEGINNING`` lies beside it.
        config: the settings now.
        data, dataset: the problem now.

    Returns:
        the problem to go on with, and what a person should know of it, in words.

    Raises:
        CheckpointError: the run is of other settings or other data, and which; or what was kept of it is damaged.
    """
    was, fingerprint = _identity(state)
    if changed := _changed(was, config.model_dump(mode="json")):
        raise CheckpointError(
            f"The run in {state.parent} was started with other settings ({changed}); resume it with the same --data "
            "and --set, or choose another --out."
        )
    if fingerprint == data.fingerprint:
        return data, []
    path = state.with_name(BEGINNING)
    if not path.is_file():  # begun before that was kept
        raise _other_data(state, "its items, its interactions or its features")
    tables, widths = _kept_tables(path)
    differ = [words for name, words in TABLES.items() if tables.get(name) != _tables(data, dataset)[name]]
    if differ:
        raise _other_data(state, " and ".join(differ))
    if fault := _other_widths(widths, data):
        raise _other_data(state, fault)
    begun = _kept(path, data)
    if begun.fingerprint != fingerprint:
        raise _damaged(path)
    notes = [_compared(state, modality, begun, data) for modality in data.features]
    return begun, [note for note in notes if note]


def _identity(state: Path) -> tuple[dict[str, Any], str]:
    """The settings that a state names, and the fingerprint of its data."""
    try:
        with safe_open(state, framework="pt") as saved:
            identity = json.loads((saved.metadata() or {})["identity"])
        return dict(identity["config"]), str(identity["data"])
    except (OSError, KeyError, ValueError, TypeError, RecursionError, SafetensorError) as error:
        raise _damaged(state) from error


def _changed(was: dict[str, Any], now: dict[str, Any]) -> str:
    """The settings that differ, each with what it was and is; "" if none does."""
    before, after = _flat(was), _flat(now)
    names = [name for name in {**after, **before} if before.get(name, ...) != after.get(name, ...)]
    shown = [f"{name} was {_value(before, name)} and is {_value(after, name)}" for name in names[:MOST_NAMED]]
    return "; ".join(shown + ([f"and {len(names) - MOST_NAMED} more"] if len(names) > MOST_NAMED else []))


def _flat(settings: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}": value}
    return flat


def _value(settings: dict[str, Any], name: str) -> str:
    if name not in settings:
        return "not there"
    value = settings[name]
    text = ",".join(map(str, value)) if isinstance(value, list) else str(value)
    return (text if len(text) <= 60 else text[:59] + "…") or "empty"


def _tables(data: ColdStartData, dataset: Dataset) -> dict[str, str]:
    """SHA-256 of each table of a problem."""
    pairs = dataset.interactions[["user", "item"]].to_numpy(dtype=np.int64)
    return {
        "items": _hash("\0".join(dataset.items["item_id"]).encode("utf-8", "surrogatepass")),
        "users": _hash("\0".join(map(str, dataset.user_ids)).encode("utf-8", "surrogatepass")),
        "interactions": _hash(np.ascontiguousarray(pairs).tobytes()),
        "split": _hash(data.part.tobytes()),
    }


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _kept_tables(path: Path) -> tuple[dict[str, Any], dict[str, Shape]]:
    """What ``keep_beginning`` noted of the tables, and the shape of each modality's features."""
    try:
        with safe_open(path, framework="pt") as saved:
            tables = dict(json.loads((saved.metadata() or {})["tables"]))
            names = [name for name in saved.keys() if name.startswith("features.")]  # noqa: SIM118 (not a dict)
            return tables, {n.removeprefix("features."): tuple(saved.get_slice(n).get_shape()) for n in names}
    except (OSError, KeyError, ValueError, TypeError, RecursionError, SafetensorError) as error:
        raise _damaged(path) from error


def _other_widths(shapes: dict[str, Shape], data: ColdStartData) -> str:
    """In what the features differ before one looks at their numbers; "" if in nothing."""
    for modality, values in data.features.items():
        if modality in shapes and shapes[modality][1:] != tuple(values.shape[1:]):
            was, now = shapes[modality][-1], values.shape[1]
            return f"the encoder: an item had {was:,} features of {modality} and has {now:,}"
    return ""


def _kept(path: Path, data: ColdStartData) -> ColdStartData:
    """The problem with the features that were kept of it."""
    expected: dict[str, tuple[Shape, str]] = {
        f"features.{modality}": (tuple(values.shape), FLOAT) for modality, values in data.features.items()
    }
    expected["present"] = (tuple(data.present.shape), BOOL)
    try:
        kept = read_tensors(path, expected)
    except (OSError, ValueError, SafetensorError, CheckpointError) as error:
        raise _damaged(path) from error
    return replace(data, features={m: kept[f"features.{m}"] for m in data.features}, present=kept["present"])


def _compared(state: Path, modality: str, begun: ColdStartData, data: ColdStartData) -> str:
    """A note if a modality's features differ by rounding, "" if they don't differ at all.

    Raises:
        CheckpointError: they differ by more.
    """
    column = list(data.features).index(modality)
    gained = int((begun.present[:, column] != data.present[:, column]).sum())
    if gained:
        raise _other_data(state, f"which items have {modality}, for {gained:,} of them")
    was, now = begun.features[modality], data.features[modality]
    length = was.norm(dim=1).clamp(min=torch.finfo(was.dtype).tiny)
    apart = (now - was).norm(dim=1) / length
    other = int((~(apart <= ROUNDING)).sum())
    if other:
        raise _other_data(state, f"the features of {modality}, for {other:,} of {len(was):,} items")
    if not bool(apart.any()):
        return ""
    return (
        f"Features of {modality} differ by rounding from those that the run began with ({float(apart.max()):.0e} at "
        "most); it goes on with its own."
    )


def _other_data(state: Path, what: str) -> CheckpointError:
    return CheckpointError(
        f"The run in {state.parent} was started with other data: what differs is {what}; resume it with the same "
        "--data and --set, or choose another --out."
    )


def _damaged(path: Path) -> CheckpointError:
    return CheckpointError(f"The training state {path} is damaged; delete the files of the run there and start anew.")
