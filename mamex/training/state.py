"""Whether a training state can be gone on from: looked at before the run, where a wrong one is one sentence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import torch
from pydantic import Field, TypeAdapter
from safetensors import SafetensorError, safe_open

from mamex.checkpoint.checks import FLOAT, Shape, read_tensors, tensor_shapes, tower_shapes
from mamex.checkpoint.schemas import StoredRecord, check_records
from mamex.config import Config
from mamex.data.cold_start import ColdStartData
from mamex.errors import CheckpointError
from mamex.model.routers import item_tower
from mamex.model.user_tower import UserTower
from mamex.training.learner import Learner

_RECORDS: TypeAdapter[list[StoredRecord]] = TypeAdapter(Annotated[list[StoredRecord], Field(min_length=1)])
#: How the names of what the optimiser remembers begin.
MOMENTS = "learner.optimizer."


class _Outline(Learner):
    """A learner without numbers: it knows the names, shapes and order of what training changes."""

    def __init__(self, config: Config, widths: dict[str, int]) -> None:
        self.config = config
        with torch.device("meta"):
            self.tower = item_tower(config.model, widths)
            self.user_tower = UserTower(sum(self.tower.widths.values()), config.model.dimension)

    def shapes(self) -> dict[str, Shape]:
        """Name -> shape of every weight, average and moment; moments are there from the first step on."""
        weights = {name: tuple(value.shape) for name, value in self._parameters()}
        found = {f"learner.{kind}.{name}": s for kind in ("weight", "average") for name, s in weights.items()}
        ordered = [value for group in self._parameter_groups() for value in group["params"]]
        for index, value in enumerate(ordered):
            found[f"{MOMENTS}{index}.step"] = ()
            found |= {f"{MOMENTS}{index}.{moment}": tuple(value.shape) for moment in ("exp_avg", "exp_avg_sq")}
        return found


def check_state(path: Path, config: Config, data: ColdStartData) -> None:
    """Make sure that ``fit`` can go on from a state; whether it is of the same run, ``fit`` checks itself.

    Raises:
        CheckpointError: it is damaged or was not written by a run.
    """
    try:
        if not path.is_file():
            raise ValueError("a folder, or a pipe that nobody writes to")
        with safe_open(path, framework="pt") as saved:
            metadata = saved.metadata() or {}
        records = _RECORDS.validate_json(metadata["records"])  # one at least, for a state is written after an epoch
        check_records(records)
        if metadata["identity"] == _identity(config, data):
            _check_tensors(path, config, data)
    except (OSError, KeyError, ValueError, SafetensorError, CheckpointError) as error:
        raise CheckpointError(f"The training state {path} is damaged; delete it and start anew.") from error


def _identity(config: Config, data: ColdStartData) -> str:
    """What ``fit`` writes there; another run's tensors may have other shapes, and ``fit`` has a sentence for that."""
    return json.dumps({"config": config.model_dump(mode="json"), "data": data.fingerprint}, sort_keys=True)


def _check_tensors(path: Path, config: Config, data: ColdStartData) -> None:
    widths = {modality: values.shape[1] for modality, values in data.features.items()}
    found = tensor_shapes(path)
    kept = {name.removeprefix("best.tower."): shape for name, shape in found.items()}
    tower = tower_shapes(config.model, widths, kept)
    dimension = config.model.dimension
    expected = {f"best.tower.{name}": shape for name, shape in tower.items()}
    expected |= {"best.users": (data.n_users, dimension), "best.items": (data.n_items, dimension)}
    expected |= _in_part(_Outline(config, widths).shapes(), set(found))
    read_tensors(path, {name: (shape, FLOAT) for name, shape in expected.items()})


def _in_part(outline: dict[str, Shape], found: set[str]) -> dict[str, Shape]:
    """What of an outline must be there: before the first step, and where no loss reaches, there are no moments."""
    begun = {name.rpartition(".")[0] for name in found if name.startswith(MOMENTS)}
    return {n: s for n, s in outline.items() if not n.startswith(MOMENTS) or n.rpartition(".")[0] in begun}
